"""The list of candidates in the back office: what its address asks, what it shows, what it does to many."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from candidates.models import Candidate, Skill
from candidates.tests.factories import CandidateFactory, SkillFactory, SourceFactory
from interviews.tests.factories import InterviewFactory
from organizations import browsing
from organizations.models import SavedFilter
from organizations.saved_filters import save_filter
from organizations.tests.browser import choose, page
from organizations.tests.factories import EmployeeFactory, OrganizationFactory

LIST = page(Candidate, "changelist")
FILTERS = page(Candidate, "filters")
EXPORT = page(Candidate, "export")


@pytest.fixture
def recruiter(enter):
    return enter("RECRUITER")


@pytest.fixture
def make(organization):
    """Name → a candidate of that first name."""

    def make(name, **fields):
        return CandidateFactory(organization=organization, first_name=name, **fields)

    return make


def listed(client, **asked):
    """First names, in the order of the list."""
    answer = client.get(LIST, asked)
    assert answer.status_code == 200
    return [candidate.first_name for candidate in answer.context["cl"].result_list]


def test_the_latest_application_comes_first(recruiter, make):
    now = timezone.now()
    for name, days in (("Ann", 3), ("Bob", 1), ("Cid", 2)):
        make(name, applied_date=now - timedelta(days=days))

    assert listed(recruiter) == ["Bob", "Cid", "Ann"]
    assert listed(recruiter, o="applied") == ["Ann", "Cid", "Bob"]
    assert listed(recruiter, o="-name") == ["Cid", "Bob", "Ann"]
    assert listed(recruiter, o="no such order") == ["Bob", "Cid", "Ann"]


def test_those_without_a_rating_come_last_either_way(recruiter, make):
    make("Ann", rating=None)
    make("Bob", rating="2.5")
    make("Cid", rating="4.5")

    assert listed(recruiter, o="-rating") == ["Cid", "Bob", "Ann"]
    assert listed(recruiter, o="rating") == ["Bob", "Cid", "Ann"]


class TestAsking:
    @pytest.fixture(autouse=True)
    def four(self, make, organization):
        now = timezone.now()
        fair = SourceFactory(organization=organization, name="Fair")
        ann = make("Ann", rating="4.5", source=fair, notes="Speaks Danish")
        bob = make("Bob", status="INTERVIEWED", rating="2", applied_date=now - timedelta(days=20))
        make("Cid", status="REJECTED", applied_date=now - timedelta(days=40))
        make("Dee", is_archived=True)
        SkillFactory(candidate=ann, name="TypeScript")
        InterviewFactory(candidate=ann, start_time=now + timedelta(days=1), end_time=now + timedelta(days=2))
        InterviewFactory(candidate=bob, start_time=now - timedelta(days=2), end_time=now - timedelta(days=1))
        self.source = fair

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({}, "Ann Bob Cid"),
            ({"status": "INTERVIEWED"}, "Bob"),
            ({"status": ["APPLIED", "REJECTED"]}, "Ann Cid"),
            ({"skill": "typescript"}, "Ann"),
            ({"rating_from": "3.0"}, "Ann"),
            ({"rating_to": "2.0"}, "Bob"),
            ({"waiting": "30"}, "Cid"),
            ({"interview": "upcoming"}, "Ann"),
            ({"interview": "any"}, "Ann Bob"),
            ({"interview": "none"}, "Cid"),
            ({"archived": "only"}, "Dee"),
            ({"archived": "all", "status": "APPLIED"}, "Ann Dee"),
            ({"q": "typescr"}, "Ann"),
            ({"q": "danish", "status": "REJECTED"}, ""),
        ],
        ids=str,
    )
    def test_each_condition_finds_its_own(self, recruiter, asked, found):
        assert sorted(listed(recruiter, **asked)) == found.split()

    def test_by_source_and_by_days(self, recruiter):
        today = timezone.localdate()

        assert listed(recruiter, source=self.source.pk) == ["Ann"]
        assert listed(recruiter, applied_from=today - timedelta(days=1)) == ["Ann"]
        assert listed(recruiter, applied_from=today - timedelta(days=30), applied_to=today - timedelta(days=10)) == [
            "Bob"
        ]

    def test_what_makes_no_sense_is_left_out_and_said(self, recruiter):
        answer = recruiter.get(
            LIST, {"applied_from": "yesterday", "status": "LOST", "source": "no-id", "waiting": "-1"}
        )

        assert len(answer.context["cl"].result_list) == 3
        assert len(answer.context["cl"].complaints) == 4
        assert "Enter a valid date." in answer.text

    def test_words_that_can_not_be_searched_for_find_nothing(self, recruiter):
        answer = recruiter.get(LIST, {"q": "..."})

        assert answer.context["cl"].result_list == []
        assert "write one or more words" in answer.text

    def test_each_condition_can_be_taken_away(self, recruiter):
        asked = {"status": ["APPLIED"], "skill": ["TypeScript"], "o": ["-rating"]}

        chips = recruiter.get(LIST, asked).context["cl"].chips

        assert dict(chips) == {
            "Status: Applied": "?skill=TypeScript&o=-rating",
            "Skill: TypeScript": "?status=APPLIED&o=-rating",
        }


def test_the_best_match_comes_first_unless_sorted(recruiter, make):
    make("Ann", notes="Was told of by Python")
    make("Python")

    assert listed(recruiter, q="python") == ["Python", "Ann"]
    assert listed(recruiter, q="python", o="name") == ["Ann", "Python"]


def test_a_row_shows_the_next_interview_that_is_not_called_off(recruiter, make):
    ann, now = make("Ann"), timezone.now()
    for days, is_cancelled in ((1, True), (3, False), (2, False), (-1, False)):
        start = now + timedelta(days=days)
        InterviewFactory(
            candidate=ann, start_time=start, end_time=start + timedelta(hours=1), is_cancelled=is_cancelled
        )

    (row,) = recruiter.get(LIST).context["cl"].result_list

    assert [interview.start_time.date() for interview in row.to_come] == [
        (now + timedelta(days=days)).date() for days in (2, 3)
    ]


def test_a_strangers_source_filters_nothing(recruiter, make):
    make("Ann")
    theirs = SourceFactory()
    CandidateFactory(organization=theirs.organization, source=theirs)

    answer = recruiter.get(LIST, {"source": theirs.pk})

    assert [candidate.first_name for candidate in answer.context["cl"].result_list] == ["Ann"]
    assert theirs.name not in answer.text


def test_someone_of_two_organizations_can_look_at_one(recruiter, make):
    elsewhere = OrganizationFactory(name="Elsewhere")
    EmployeeFactory(organization=elsewhere, role_name="VIEWER", user=recruiter.employee.user)
    make("Ann")
    CandidateFactory(organization=elsewhere, first_name="Eve")

    assert listed(recruiter) == ["Eve", "Ann"]
    assert listed(recruiter, organization=elsewhere.pk) == ["Eve"]


def test_pages_follow_one_another(recruiter, make, monkeypatch):
    monkeypatch.setattr("candidates.office.admin.CandidateAdmin.list_per_page", 2)
    monkeypatch.setattr(browsing, "FEW", 2)
    for name in "ABCDE":
        make(name, notes="Danish")

    first = recruiter.get(LIST, {"q": "danish", "o": "name"}).context["cl"]
    last = recruiter.get(f"{LIST}{first.after.replace('p=2', 'p=3')}").context["cl"]

    assert [c.first_name for c in first.result_list] == ["A", "B"]
    assert [c.first_name for c in last.result_list] == ["E"]
    assert (first.count_text, first.before, last.after) == ("2+", "", "")
    assert "p=2" in last.before
    assert listed(recruiter, p="1000000") == []


@pytest.mark.parametrize(
    "asked", [{}, {"q": "person"}, {"status": "APPLIED", "skill": "Go"}, {"o": "-rating"}], ids=str
)
def test_a_list_costs_the_same_for_2_rows_and_20(recruiter, make, asked):
    def add(number):
        for _ in range(number):
            SkillFactory(name="Go", candidate=InterviewFactory(candidate=make("Person")).candidate)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            recruiter.get(LIST, asked)
        return len(captured)

    add(2)
    queries()
    few = queries()
    add(18)

    assert queries() == few


class TestManyAtOnce:
    def test_a_rejection_is_asked_about_first_and_may_be_given_a_note(self, recruiter, make):
        chosen = {"action": "reject", "_selected_action": [make("Ann").pk, make("Bob").pk]}

        asked = recruiter.post(LIST, chosen)
        assert "Reject 2 candidates" in asked.text
        assert not Candidate.objects.filter(status="REJECTED").exists()
        recruiter.post(LIST, {**chosen, "post": "yes", "note": "Position filled"})

        assert Candidate.objects.filter(status="REJECTED", status_history__note="Position filled").count() == 2

    def test_all_that_match_are_meant_not_only_those_of_the_page(self, recruiter, make, monkeypatch):
        monkeypatch.setattr("candidates.office.admin.CandidateAdmin.list_per_page", 2)
        many = [make(name) for name in "ABCD"]
        other = make("Other", status="INTERVIEWED")

        chosen = {"action": "archive", "_selected_action": [many[0].pk], "select_across": "1"}
        recruiter.post(f"{LIST}?status=APPLIED", chosen)

        assert Candidate.objects.filter(is_archived=True).count() == 4
        other.refresh_from_db()
        assert not other.is_archived

    def test_too_many_are_none(self, recruiter, make, monkeypatch):
        monkeypatch.setattr("candidates.office.bulk.MOST_HIRES", 1)

        answer = choose(recruiter, "hire", make("Ann"), make("Bob"))

        assert "At most 1 at once: narrow the list." in answer.text
        assert not Candidate.objects.filter(status="HIRED").exists()

    def test_what_was_archived_by_mistake_is_back_by_one_button(self, recruiter, make):
        ann = make("Ann")

        told = choose(recruiter, "archive", ann)
        assert listed(recruiter) == []
        undo(recruiter, told)

        assert listed(recruiter) == ["Ann"]

    def test_a_button_of_someone_else_undoes_nothing(self, recruiter, make, enter):
        told = choose(recruiter, "archive", make("Ann"))

        answer = undo(enter("RECRUITER"), told)

        assert "It is too late to undo this." in answer.text
        assert Candidate.objects.get().is_archived

    def test_a_skill_is_named_for_all(self, recruiter, make):
        candidates = [make("Ann"), make("Bob")]
        chosen = {"action": "add_skill", "_selected_action": [c.pk for c in candidates], "post": "yes"}

        assert "This field is required." in recruiter.post(LIST, chosen).text
        recruiter.post(LIST, {**chosen, "name": "Go", "level": "EXPERT"})

        assert list(Skill.objects.values_list("name", "level")) == [("Go", "EXPERT")] * 2


def undo(client, told):
    """Press the button of the message on a page."""
    token = told.text.split('name="token" value="')[1].split('"')[0]
    return client.post(page(Candidate, "undo"), {"token": token}, follow=True)


class TestExport:
    def test_the_file_holds_what_the_list_shows(self, recruiter, make):
        make("Ann", rating="4.5")
        make("Bob", status="REJECTED")
        make("Cid", is_archived=True)

        answer = recruiter.get(EXPORT, {"format": "csv", "status": "APPLIED"})

        assert answer["Content-Disposition"] == f'attachment; filename="candidates-{timezone.localdate()}.csv"'
        assert [row["firstName"] for row in rows_of(answer)] == ["Ann"]

    def test_ticked_rows_are_a_file_too(self, recruiter, make):
        ann, _bob = make("=cmd|' /C calc'!A0"), make("Bob")

        answer = recruiter.post(LIST, {"action": "export_csv", "_selected_action": [ann.pk]})

        assert [row["firstName"] for row in rows_of(answer)] == ["'=cmd|' /C calc'!A0"]
        assert recruiter.get(EXPORT, {"format": "xlsx"}).getvalue()[:2] == b"PK"

    def test_who_may_only_look_takes_nothing_along(self, enter, make, recruiter):
        make("Ann")
        elsewhere = CandidateFactory(organization=OrganizationFactory())
        EmployeeFactory(organization=elsewhere.organization, role_name="VIEWER", user=recruiter.employee.user)

        assert enter("VIEWER").get(EXPORT, {"format": "csv"}).status_code == 403
        assert [row["firstName"] for row in rows_of(recruiter.get(EXPORT, {"format": "csv"}))] == ["Ann"]
        assert recruiter.get(EXPORT, {"format": "exe"}).status_code == 404


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode())))


class TestSavedFilters:
    def test_what_is_asked_is_kept_under_a_name(self, recruiter):
        asked = "status=APPLIED&rating_from=4.0&q="

        answer = recruiter.post(FILTERS, {"do": "save", "name": "Good ones", "asked": asked}, follow=True)

        assert answer.redirect_chain[-1][0] == f"{LIST}?status=APPLIED&rating_from=4.0"
        assert [saved.name for saved in answer.context["saved"]] == ["Good ones"]

    def test_it_is_renamed_and_deleted(self, recruiter):
        saved = save_filter("Good", list_of="candidates.candidate", query_string="o=name", by=recruiter.employee.user)

        recruiter.post(FILTERS, {"do": "rename", "id": saved.pk, "name": "Better"})
        assert "Better" in recruiter.get(FILTERS).text
        recruiter.post(FILTERS, {"do": "delete", "id": saved.pk})
        assert not SavedFilter.objects.exists()

    def test_it_is_nobody_elses(self, recruiter, enter):
        saved = save_filter("Mine", list_of="candidates.candidate", query_string="o=name", by=recruiter.employee.user)
        colleague = enter("RECRUITER")

        assert "Mine" not in colleague.get(LIST).text
        for sent in ({"do": "rename", "name": "Yours"}, {"do": "delete"}):
            assert colleague.post(FILTERS, {**sent, "id": saved.pk}).status_code == 404
        assert SavedFilter.objects.get().name == "Mine"

    def test_a_name_that_is_taken_is_told(self, recruiter):
        for _ in range(2):
            answer = recruiter.post(FILTERS, {"do": "save", "name": "Mine", "asked": "o=name"}, follow=True)

        assert "You have a filter of this name already." in answer.text


class TestNames:
    """That are offered while one types."""

    def test_skills_that_begin_so_each_once(self, recruiter, make):
        for name in ("Go", "GO", "Golang", "Rust", "Ägypt"):
            SkillFactory(candidate=make("Someone"), name=name)
        SkillFactory(name="Goat herding")

        offered = recruiter.get(page(Candidate, "skill_names"), {"skill": "go"}).text

        assert offered.count("<option") == 2
        assert "Golang" in offered
        assert "Ägypt" in recruiter.get(page(Candidate, "skill_names"), {"name": "äg"}).text

    def test_sources_for_who_may_see_them(self, recruiter, organization, enter):
        SourceFactory(organization=organization, name="A <fair>")

        assert "A &lt;fair&gt;" in recruiter.get(page(Candidate, "source_names")).text
        assert enter("INTERVIEWER").get(page(Candidate, "source_names")).status_code == 403


def test_the_address_of_a_row_knows_the_list_that_it_stood_in(recruiter, make):
    ann = make("Ann")

    text = recruiter.get(LIST, {"status": "APPLIED"}).text

    asked = urlencode({"_changelist_filters": "status=APPLIED"})
    assert f'href="{reverse("admin:candidates_candidate_change", args=[ann.pk])}?{asked}"' in text
