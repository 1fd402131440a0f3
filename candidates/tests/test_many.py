"""What is done to many candidates at once is what is done to each, and can be taken back as long as nobody went on."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates import many
from candidates.actions import move
from candidates.many import archive_all, move_all, name_skill_of_all, take_back_archiving, take_back_moves
from candidates.models import Candidate, Edit, StatusChange
from candidates.tests.factories import CandidateFactory, SkillFactory
from organizations.models import Employee
from organizations.tests.factories import EmployeeFactory, OrganizationFactory


@pytest.fixture
def rita(organization):
    return EmployeeFactory(organization=organization, role_name="RECRUITER").user


@pytest.fixture
def three(organization):
    return CandidateFactory.create_batch(3, organization=organization)


def keys(candidates):
    return [candidate.pk for candidate in candidates]


def statuses(candidates):
    return list(Candidate.objects.filter(pk__in=keys(candidates)).order_by("pk").values_list("status", flat=True))


def test_all_are_moved_with_the_same_note(three, rita):
    outcome = move_all(keys(three), "REJECTED", by=rita, note="Position filled")

    assert outcome.done == 3
    assert statuses(three) == ["REJECTED"] * 3
    changes = StatusChange.objects.values_list("from_status", "to_status", "note", "created_by", "created_at")
    assert set(changes) == {("APPLIED", "REJECTED", "Position filled", rita.pk, outcome.at)}
    rejected = Candidate.objects.first()
    assert (rejected.moved_at, rejected.status_since) == (outcome.at, outcome.at)
    assert rejected.reject_date is not None


def test_those_whom_a_rule_keeps_back_stay_and_are_told(three, organization, rita):
    hired, already = (CandidateFactory(organization=organization, status=s) for s in ("HIRED", "INTERVIEWED"))
    foreign = CandidateFactory(organization=OrganizationFactory())

    outcome = move_all(keys([*three, hired, already, foreign]), "INTERVIEWED", by=rita)

    assert outcome.done == 3
    assert outcome.refusals == {
        "The candidate is hired; that is final.": 1,
        "The candidate is interviewed already.": 1,
        "You may not do this.": 1,
    }
    assert statuses([hired, foreign]) == ["HIRED", "APPLIED"]


def test_hired_are_people_with_a_place(three, rita):
    assert move_all(keys(three), "HIRED", by=rita).done == 3

    assert Employee.objects.filter(email__in=[candidate.email for candidate in three]).count() == 3


def test_a_move_is_taken_back_to_where_each_was(three, organization, rita):
    interviewed = CandidateFactory(organization=organization, status="INTERVIEWED")
    outcome = move_all(keys([*three, interviewed]), "REJECTED", by=rita)

    back = take_back_moves(outcome.at, by=rita)

    assert back.done == 4
    assert statuses([*three, interviewed]) == ["APPLIED"] * 3 + ["INTERVIEWED"]
    assert Candidate.objects.filter(reject_date=None).count() == 4


def test_who_went_on_since_is_left_where_they_are(three, rita):
    outcome = move_all(keys(three), "INTERVIEWED", by=rita)
    move(three[0], "REJECTED", by=rita)

    assert take_back_moves(outcome.at, by=rita).done == 2
    assert statuses(three) == ["REJECTED", "APPLIED", "APPLIED"]


def test_nobody_takes_back_what_another_did(three, organization, rita):
    other = EmployeeFactory(organization=organization, role_name="RECRUITER").user
    moved, archived = move_all(keys(three), "INTERVIEWED", by=rita), archive_all(keys(three), by=rita)

    assert take_back_moves(moved.at, by=other).done == 0
    assert take_back_archiving(archived.at, by=other).done == 0
    assert Candidate.objects.filter(status="INTERVIEWED", is_archived=True).count() == 3


def test_archived_ones_are_fetched_back(three, rita):
    before = CandidateFactory(organization=three[0].organization, is_archived=True)
    outcome = archive_all(keys([*three, before]), by=rita)
    assert outcome.done == 3
    assert Candidate.objects.filter(is_archived=True).count() == 4

    assert take_back_archiving(outcome.at, by=rita).done == 3

    assert Candidate.objects.get(is_archived=True) == before
    assert Edit.objects.filter(candidate=three[0], changes={"is_archived": ["True", "False"]}).exists()


def test_each_has_the_skill_once_with_the_level(three, rita):
    SkillFactory(candidate=three[0], name="GO", level="BEGINNER")
    SkillFactory(candidate=three[1], name="Go", level="EXPERT")

    outcome = name_skill_of_all(keys(three), "Go", level="EXPERT", by=rita)

    assert outcome.done == 2
    skills = [(skill.name, skill.level) for candidate in three for skill in candidate.skills.all()]
    assert skills == [("GO", "EXPERT"), ("Go", "EXPERT"), ("Go", "EXPERT")]
    assert set(Edit.objects.values_list("kind", "title")) == {("CHANGED", "GO"), ("ADDED", "Go")}


def test_a_viewer_changes_none(three, organization):
    viewer = EmployeeFactory(organization=organization, role_name="VIEWER").user

    for act in (
        lambda: move_all(keys(three), "REJECTED", by=viewer),
        lambda: move_all(keys(three), "HIRED", by=viewer),
        lambda: archive_all(keys(three), by=viewer),
        lambda: name_skill_of_all(keys(three), "Go", level=None, by=viewer),
    ):
        outcome = act()
        assert (outcome.done, outcome.refusals) == (0, {"You may not do this.": 3})


@pytest.mark.parametrize(
    "act", [lambda keys, by: move_all(keys, "REJECTED", by=by), lambda keys, by: archive_all(keys, by=by)]
)
def test_the_statements_do_not_grow_with_the_candidates(three, organization, rita, act):
    more = CandidateFactory.create_batch(12, organization=organization)
    assert rita.grants

    with CaptureQueriesContext(connection) as few:
        act(keys(three), rita)
    with CaptureQueriesContext(connection) as many_more:
        act(keys(more), rita)

    assert len(many_more) == len(few)


def test_sets_are_written_one_after_the_other(three, rita, monkeypatch):
    monkeypatch.setattr(many, "SET", 2)

    assert archive_all(keys(three), by=rita).done == 3
    assert Candidate.objects.filter(is_archived=True).count() == 3
