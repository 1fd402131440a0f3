"""The page of one candidate: its head, its tabs, and what its buttons do."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from candidates.actions import move, name_skills
from candidates.edits import edit
from candidates.models import Candidate, Skill
from candidates.tests.factories import CandidateFactory, DocumentFactory, SkillFactory, StatusChangeFactory
from candidates.timeline import PAGE, timeline
from interviews.tests.factories import FeedbackFactory, InterviewerFactory
from organizations.models import Employee
from organizations.tests.browser import page, send
from organizations.tests.factories import EmployeeFactory, OrganizationFactory

PAGES = ("change", "interviews", "feedback", "documents", "timeline")
SOON = timezone.now() + timedelta(days=1)


@pytest.fixture
def recruiter(enter):
    return enter("RECRUITER")


@pytest.fixture
def jane(organization):
    return CandidateFactory(organization=organization, first_name="Jane", last_name="Doe", phone_number="+1 555-0100")


def at(name, candidate):
    return page(Candidate, name, candidate.pk)


class TestHead:
    def test_it_says_who_it_is_and_how_to_reach_them(self, recruiter, jane):
        for name in PAGES:
            text = recruiter.get(at(name, jane)).text
            assert f'href="mailto:{jane.email}"' in text
            assert 'href="tel:+15550100"' in text

    @pytest.mark.parametrize(
        ("role", "status", "moves"),
        [
            ("RECRUITER", "APPLIED", ["INTERVIEWED", "REJECTED", "HIRED"]),
            ("RECRUITER", "REJECTED", ["APPLIED", "INTERVIEWED", "HIRED"]),
            ("RECRUITER", "HIRED", []),
            ("VIEWER", "APPLIED", []),
        ],
    )
    def test_it_offers_the_moves_that_are_allowed(self, enter, organization, role, status, moves):
        candidate = CandidateFactory(organization=organization, status=status)

        head = enter(role).get(at("timeline", candidate)).context["head"]

        assert [move["status"] for move in head.moves] == moves

    def test_it_leads_to_the_next_of_the_list(self, recruiter, organization):
        now = timezone.now()
        first, second, third = (
            CandidateFactory(organization=organization, applied_date=now - timedelta(days=days)) for days in (1, 2, 3)
        )
        CandidateFactory(organization=organization, status="REJECTED")

        way = recruiter.get(at("timeline", second), {"_changelist_filters": "status=APPLIED"}).context["head"].way

        assert (way["place"], way["count"], way["title"]) == (2, 3, "Applied")
        asked = urlencode({"_changelist_filters": "status=APPLIED"})
        assert (way["before"], way["after"]) == (f"{at('timeline', first)}?{asked}", f"{at('timeline', third)}?{asked}")

    def test_tabs_count_what_one_may_see(self, enter, jane, organization):
        interviewer = enter("INTERVIEWER")
        mine = InterviewerFactory(interview__candidate=jane, employee=interviewer.employee)
        FeedbackFactory(participation=InterviewerFactory(interview__candidate=jane))
        DocumentFactory(candidate=jane)

        counts = {
            role: {tab["name"]: tab["count"] for tab in client.get(at("timeline", jane)).context["head"].tabs}
            for role, client in (("RECRUITER", enter("RECRUITER")), ("INTERVIEWER", interviewer))
        }

        assert counts["RECRUITER"] == {"change": None, "interviews": 2, "feedback": 1, "documents": 1, "timeline": None}
        assert counts["INTERVIEWER"]["interviews"] == 1
        assert counts["INTERVIEWER"]["feedback"] == 0
        assert mine.interview.candidate == jane


def test_a_stranger_finds_no_page_and_a_viewer_presses_no_button(enter, jane):
    stranger, viewer = enter("ADMIN", OrganizationFactory()), enter("VIEWER")
    skill = SkillFactory(candidate=jane)
    buttons = {"move": {"to": "REJECTED"}, "archive": {}, "skills": {"name": "Go"}}

    for name in PAGES:
        assert stranger.get(at(name, jane)).status_code == 404
        assert viewer.get(at(name, jane)).status_code == 200
    for name, sent in buttons.items():
        assert stranger.post(at(name, jane), sent).status_code == 404
        assert viewer.post(at(name, jane), sent).status_code == 403
    assert viewer.post(at("skills", jane), {"remove": skill.pk}).status_code == 403
    jane.refresh_from_db()
    assert (jane.status, jane.is_archived, list(jane.skills.all())) == ("APPLIED", False, [skill])


class TestMoving:
    def test_at_once_and_back_by_one_button(self, recruiter, jane):
        told = recruiter.post(at("move", jane), {"to": "INTERVIEWED", "tab": "timeline"}, follow=True)

        assert "Jane Doe moved to Interviewed." in told.text
        assert told.redirect_chain[-1][0] == at("timeline", jane)
        token = told.text.split('name="token" value="')[1].split('"')[0]
        recruiter.post(page(Candidate, "undo"), {"token": token})
        jane.refresh_from_db()
        assert jane.status == "APPLIED"

    def test_a_rejection_is_asked_about_and_keeps_its_note(self, recruiter, jane):
        assert "Reject Jane Doe" in recruiter.get(at("move", jane), {"to": "REJECTED"}).text
        recruiter.post(at("move", jane), {"to": "REJECTED", "note": "Position filled"})

        assert jane.status_history.get().note == "Position filled"
        assert "Position filled" in recruiter.get(at("timeline", jane)).text

    def test_a_hire_is_final_and_says_so(self, recruiter, jane):
        assert "That is final." in recruiter.get(at("move", jane), {"to": "HIRED"}).text
        told = recruiter.post(at("move", jane), {"to": "HIRED"}, follow=True)
        assert "Jane Doe moved to Hired." in told.text
        assert "Undo" not in told.text

        again = recruiter.post(at("move", jane), {"to": "REJECTED"}, follow=True)
        assert "The candidate is hired; that is final." in again.text
        assert Employee.objects.filter(email=jane.email).count() == 1

    def test_there_is_no_other_status(self, recruiter, jane):
        assert recruiter.get(at("move", jane), {"to": "LOST"}).status_code == 404
        assert recruiter.post(at("move", jane), {"to": "LOST"}).status_code == 404

    def test_a_note_that_is_too_long_is_asked_for_again(self, recruiter, jane):
        answer = recruiter.post(at("move", jane), {"to": "REJECTED", "note": "x" * 2001})

        assert "at most 2000 characters" in answer.text
        assert not jane.status_history.exists()


def test_one_is_archived_and_fetched_back(recruiter, jane):
    for is_archived in (True, False):
        recruiter.post(at("archive", jane))
        jane.refresh_from_db()
        assert jane.is_archived is is_archived


class TestSkills:
    def test_one_is_named_and_taken_away(self, recruiter, jane):
        recruiter.post(at("skills", jane), {"name": "Go", "level": "EXPERT"})
        assert list(jane.skills.values_list("name", "level")) == [("Go", "EXPERT")]
        recruiter.post(at("skills", jane), {"name": "GO", "level": "BEGINNER"})
        assert list(jane.skills.values_list("name", "level")) == [("Go", "BEGINNER")]

        recruiter.post(at("skills", jane), {"remove": jane.skills.get().pk})
        assert not Skill.objects.exists()

    def test_who_asks_in_the_background_gets_them_alone(self, recruiter, jane):
        answer = recruiter.post(at("skills", jane), {"name": "Go"}, headers={"HX-Request": "true"})

        assert answer.text.strip().startswith("<section")
        assert "Go" in answer.text
        wrong = recruiter.post(at("skills", jane), {"name": ""}, headers={"HX-Request": "true"})
        assert "This field is required." in wrong.text

    @pytest.mark.parametrize("pk", ["no-id", "00000000-0000-0000-0000-000000000000"])
    def test_a_skill_of_someone_else_is_not_theirs_to_lose(self, recruiter, jane, pk):
        other = SkillFactory(candidate__organization=jane.organization)

        assert recruiter.post(at("skills", jane), {"remove": pk}).status_code == 404
        assert recruiter.post(at("skills", jane), {"remove": other.pk}).status_code == 404


def test_a_save_stays_on_the_way_through_the_list(recruiter, jane):
    asked = urlencode({"_changelist_filters": "status=APPLIED"})

    answer = send(recruiter, f"{at('change', jane)}?{asked}", notes="Called")

    assert answer.redirect_chain[-1][0] == f"{at('change', jane)}?{asked}"
    assert answer.context["head"].way["place"] == 1


class TestTimeline:
    def test_the_newest_is_first_with_who_and_what(self, recruiter, jane):
        user = recruiter.employee.user
        edit(jane, by=user, phone_number="555 0199")
        move(jane, "REJECTED", by=user, note="Position filled")
        name_skills(jane, [{"name": "Go"}], by=user)

        entries, has_older = timeline(jane, user, before=SOON)

        said = [(entry.text, entry.by, entry.note, entry.details) for entry in entries]
        me = str(recruiter.employee)
        assert said == [
            ("Skill added: Go", me, "", ()),
            ("Moved from Applied to Rejected", me, "Position filled", ()),
            ("Profile changed", me, "", ("Phone number: +1 555-0100 → 555 0199",)),
            ("Added", "", "", ()),
        ]
        assert has_older is False

    def test_it_goes_on_where_a_page_ended(self, recruiter, jane):
        moment = timezone.now()
        for number in range(PAGE + 5):
            StatusChangeFactory(candidate=jane, created_at=moment - timedelta(days=number))
        url = at("timeline", jane)

        older = recruiter.get(url).context["older"]
        rest = recruiter.get(f"{url}{older}").context

        shown = [entry for _day, entries in rest["days"] for entry in entries]
        # The page before has 49, and that they were added.
        assert [entry.text for entry in shown] == ["Moved from Applied to Interviewed"] * 6
        assert rest["older"] == ""
        assert recruiter.get(url, {"before": "yesterday"}).status_code == 200

    def test_another_login_is_not_named(self, recruiter, jane):
        outsider = EmployeeFactory().user
        edit(jane, by=outsider, notes="Called")

        text = recruiter.get(at("timeline", jane)).text

        assert "by someone else" in text
        assert outsider.email not in text

    def test_interviews_and_feedback_are_in_it(self, recruiter, jane):
        given = FeedbackFactory(participation__interview__candidate=jane, rating="4.5")
        texts = [entry.text for entry in timeline(jane, recruiter.employee.user, before=SOON)[0]]

        assert f"Interview scheduled: {given.interview.title}" in texts
        assert f"Feedback given: {given.interview.title}" in texts

    def test_feedback_stays_blind_until_the_own_is_given(self, enter, jane):
        interviewer = enter("INTERVIEWER")
        mine = InterviewerFactory(interview__candidate=jane, employee=interviewer.employee)
        FeedbackFactory(participation=InterviewerFactory(interview=mine.interview), rating="1.5")
        url = at("timeline", jane)

        assert "Feedback given" not in interviewer.get(url).text
        FeedbackFactory(participation=mine, rating="4.5")
        assert interviewer.get(url).text.count("Feedback given") == 2


def test_the_tabs_of_a_floor_above_lead_to_it(recruiter, jane):
    assert recruiter.get(at("interviews", jane)).status_code == 200
    add = reverse("admin:interviews_interview_add")
    assert f"{add}?candidate={jane.pk}" in recruiter.get(at("interviews", jane)).text
