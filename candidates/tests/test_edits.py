"""Every change of what is known of a candidate is on record: what it said, what it says, and whose doing it is."""

from __future__ import annotations

import pytest

from candidates.actions import delete_source, name_skills
from candidates.edits import edit
from candidates.models import Candidate, Document, Edit, Source
from candidates.tests.factories import CandidateFactory, DocumentFactory, SkillFactory, SourceFactory
from organizations.tests.browser import page, send
from organizations.tests.factories import EmployeeFactory, RoleFactory


@pytest.fixture
def jane(organization):
    return CandidateFactory(organization=organization, phone_number="555 0100", notes=None)


def recorded(candidate):
    return [
        (e.subject, e.kind, e.title, e.changes, e.created_by)
        for e in Edit.objects.filter(candidate=candidate).order_by("created_at", "pk")
    ]


def test_a_change_by_the_api_is_recorded_with_both_values(recruiter, jane):
    recruiter.put(f"/api/candidate/{jane.pk}", {"notes": "Called.", "user": {"phoneNumber": "555 0199"}})

    changes = {"phone_number": ["555 0100", "555 0199"], "notes": [None, "Called."]}
    assert recorded(jane) == [("CANDIDATE", "CHANGED", "", changes, recruiter.user)]


def test_a_change_by_the_form_is_recorded_too(enter, jane):
    recruiter = enter("RECRUITER")

    send(recruiter, page(Candidate, "change", jane.pk), phone_number="555 0199")

    changes = {"phone_number": ["555 0100", "555 0199"]}
    assert recorded(jane) == [("CANDIDATE", "CHANGED", "", changes, recruiter.employee.user)]


def test_what_stays_the_same_is_no_change(recruiter, jane):
    before = jane.updated_at

    recruiter.put(f"/api/candidate/{jane.pk}", {"notes": None, "user": {"phoneNumber": "555 0100"}})

    jane.refresh_from_db()
    assert recorded(jane) == []
    assert jane.updated_at > before


def test_a_form_writes_only_what_it_changed(recruiter, jane):
    Candidate.objects.filter(pk=jane.pk).update(notes="From a colleague, meanwhile.")

    edit(jane, by=recruiter.user, phone_number="555 0199")

    jane.refresh_from_db()
    assert (jane.notes, jane.phone_number) == ("From a colleague, meanwhile.", "555 0199")


def test_long_texts_are_recorded_by_their_beginning(recruiter, jane):
    edit(jane, by=recruiter.user, notes="x" * 5000)

    ((*_, changes, _),) = recorded(jane)
    assert changes == {"notes": [None, "x" * 119 + "…"]}


def test_a_source_is_recorded_by_its_name(recruiter, jane):
    fair, board = (SourceFactory(organization=jane.organization, name=name) for name in ("Fair", "Board"))
    edit(jane, by=recruiter.user, source=fair)
    edit(jane, by=recruiter.user, source=board)
    delete_source(board, by=recruiter.user)

    assert [changes for *_, changes, _ in recorded(jane)] == [
        {"source": [None, "Fair"]},
        {"source": ["Fair", "Board"]},
        {"source": ["Board", None]},
    ]
    assert list(Source.objects.all()) == [fair]


def test_a_skill_comes_changes_and_goes_on_record(recruiter, jane):
    url = f"/api/candidate-skill/{recruiter.post('/api/candidate-skill', skill_of(jane)).json()['id']}"
    recruiter.put(url, {"level": "EXPERT"})
    recruiter.delete(url)

    assert recorded(jane) == [
        ("SKILL", "ADDED", "Go", {}, recruiter.user),
        ("SKILL", "CHANGED", "Go", {"level": ["BEGINNER", "EXPERT"]}, recruiter.user),
        ("SKILL", "REMOVED", "Go", {}, recruiter.user),
    ]


def skill_of(candidate):
    return {"candidateId": str(candidate.pk), "name": "Go", "level": "BEGINNER"}


def test_the_tables_on_the_page_are_on_record(enter, jane):
    recruiter, known = enter("RECRUITER"), DocumentFactory(candidate=jane, name="CV")
    rest = {"documents-TOTAL_FORMS": 2, "documents-1-name": "Letter", "documents-1-document_url": "https://a.example"}

    send(recruiter, page(Candidate, "change", jane.pk), **{"documents-0-name": "Résumé", **rest})
    recruiter.post(page(Document, "delete", known.pk), {"post": "yes"})

    assert {entry[:3] for entry in recorded(jane)} == {
        ("DOCUMENT", "ADDED", "Letter"),
        ("DOCUMENT", "CHANGED", "Résumé"),
        ("DOCUMENT", "REMOVED", "Résumé"),
    }


def test_skills_that_are_named_together_are_recorded_one_by_one(recruiter, jane):
    SkillFactory(candidate=jane, name="Go", level="BEGINNER")

    name_skills(jane, [{"name": "GO", "level": "EXPERT"}, {"name": "Rust"}], by=recruiter.user)

    assert {entry[1:3] for entry in recorded(jane)} == {("CHANGED", "Go"), ("ADDED", "Rust")}


def test_who_sees_no_skills_sees_none_of_their_edits(organization, jane):
    seen = ["candidates.view_candidate", "candidates.view_edit"]
    role = RoleFactory(organization=organization, permissions=seen)
    reader = EmployeeFactory(organization=organization, role=role).user
    SkillFactory(candidate=jane)
    edit(jane, by=None, notes="Called.")
    name_skills(jane, [{"name": "Rust"}], by=EmployeeFactory(organization=organization, role_name="ADMIN").user)

    assert [e.subject for e in Edit.objects.permitted(reader)] == ["CANDIDATE"]
