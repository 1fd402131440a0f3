from __future__ import annotations

import pytest

from candidates.actions import hire
from candidates.models import Candidate, Document, Skill, Source, StatusChange
from candidates.tests.factories import (
    CandidateFactory,
    DocumentFactory,
    SkillFactory,
    SourceFactory,
    StatusChangeFactory,
)
from interviews.tests.factories import FeedbackFactory, InterviewerFactory
from organizations.models import Employee
from organizations.tests.browser import choose, filled, page, send, signed_in
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, RoleFactory


@pytest.fixture
def recruiter(enter):
    return enter("RECRUITER")


def change(candidate):
    return page(Candidate, "change", candidate.pk)


def test_an_application_is_written_down(recruiter, organization):
    source = SourceFactory(organization=organization, name="LinkedIn")
    sent = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com", "source_name": "linkedin"}
    table = {"skills-TOTAL_FORMS": 1, "skills-0-name": "TypeScript", "skills-0-level": "EXPERT"}

    send(recruiter, page(Candidate, "add"), **sent, **table)

    jane = Candidate.objects.get(email="jane.doe@example.com")
    assert (jane.status, jane.source, jane.organization) == ("APPLIED", source, organization)
    assert jane.created_by == recruiter.employee.user
    assert jane.notes is None
    skill = jane.skills.get()
    assert (skill.name, skill.organization, skill.created_by) == ("TypeScript", organization, jane.created_by)


def test_a_candidate_of_an_address_is_there_once(recruiter, organization):
    jane = CandidateFactory(organization=organization, email="jane@example.com")

    answer = send(recruiter, page(Candidate, "add"), first_name="J", email="JANE@example.com")

    assert "A candidate with this e-mail exists already." in answer.text
    assert Candidate.objects.get() == jane


def test_a_source_that_is_not_known_is_made(recruiter, organization):
    candidate = CandidateFactory(organization=organization, source=SourceFactory(organization=organization))

    send(recruiter, change(candidate), source_name="A fair")
    candidate.refresh_from_db()
    assert (candidate.source.name, candidate.source.organization) == ("A fair", organization)

    send(recruiter, change(candidate), source_name="")
    candidate.refresh_from_db()
    assert candidate.source is None


def test_a_part_that_is_refused_takes_the_whole_with_it(recruiter):
    sent = {"first_name": "Jane", "email": "jane@example.com"}
    table = {"skills-TOTAL_FORMS": 2, "skills-0-name": "Go", "skills-1-name": "GO"}

    answer = send(recruiter, page(Candidate, "add"), **sent, **table)

    assert "The candidate has this skill already." in answer.text
    assert not Candidate.objects.exists()


def test_parts_are_changed_and_taken_off(recruiter, organization):
    candidate = CandidateFactory(organization=organization)
    first, second = DocumentFactory.create_batch(2, candidate=candidate)

    send(recruiter, change(candidate), **{"documents-0-name": "Letter", "documents-1-DELETE": "on"})

    first.refresh_from_db()
    assert first.name == "Letter"
    assert not Document.objects.filter(pk=second.pk).exists()


def test_no_form_moves_a_candidate(recruiter, organization):
    candidate = CandidateFactory(organization=organization)

    send(recruiter, change(candidate), status="HIRED", hired_date="2024-01-01", ratings="5", notes="Good")

    candidate.refresh_from_db()
    assert (candidate.status, candidate.hired_date, candidate.ratings, candidate.notes) == (
        "APPLIED",
        None,
        None,
        "Good",
    )


def test_a_form_opened_before_a_hire_does_not_undo_it(recruiter, organization):
    candidate = CandidateFactory(organization=organization)
    form = filled(recruiter.get(change(candidate)))
    hire(candidate, by=recruiter.employee.user)

    recruiter.post(change(candidate), {**form, "notes": "Called"})

    candidate.refresh_from_db()
    assert (candidate.status, candidate.notes) == ("HIRED", "Called")


def test_the_button_hires_and_says_who_could_not_be(recruiter, organization):
    jane = CandidateFactory(organization=organization)
    joe = CandidateFactory(organization=organization, status="HIRED", first_name="Joe", last_name="Roe")

    answer = choose(recruiter, "hire", jane, joe)

    assert "1 candidate moved to Hired." in answer.text
    assert "1 candidate stays as it is: The candidate is hired already. (1)" in answer.text
    assert Employee.objects.get(email=jane.email).role.is_plain_employee
    assert StatusChange.objects.get(candidate=jane).created_by == recruiter.employee.user


def test_the_buttons_move_there_and_back(recruiter, organization):
    candidate = CandidateFactory(organization=organization)

    choose(recruiter, "reject", candidate)
    assert Candidate.objects.get().status == "REJECTED"
    choose(recruiter, "move_to_applied", candidate)
    assert Candidate.objects.get().status == "APPLIED"
    choose(recruiter, "move_to_interviewed", candidate)
    assert Candidate.objects.get().status == "INTERVIEWED"


def test_a_button_is_for_the_organizations_whose_role_allows_it(recruiter, organization):
    elsewhere = OrganizationFactory()
    EmployeeFactory(organization=elsewhere, role_name="VIEWER", user=recruiter.employee.user)
    mine, theirs = CandidateFactory(organization=organization), CandidateFactory(organization=elsewhere)

    answer = choose(recruiter, "hire", mine, theirs)

    theirs.refresh_from_db()
    assert "1 candidate moved to Hired." in answer.text
    assert "1 candidate stays as it is: You may not do this. (1)" in answer.text
    assert theirs.status == "APPLIED"


def test_a_viewer_has_no_buttons(enter, organization):
    candidate, viewer = CandidateFactory(organization=organization), enter("VIEWER")

    shown = viewer.get(page(Candidate, "changelist"))
    choose(viewer, "hire", candidate)

    assert shown.context["action_form"] is None
    candidate.refresh_from_db()
    assert candidate.status == "APPLIED"


def test_a_strangers_candidate_is_not_hired_by_its_id(enter, organization):
    candidate, stranger = CandidateFactory(organization=organization), enter("ADMIN", OrganizationFactory())

    choose(stranger, "hire", candidate)

    candidate.refresh_from_db()
    assert candidate.status == "APPLIED"


def test_deleting_a_candidate_takes_what_belongs_to_them(recruiter, organization):
    feedback = FeedbackFactory(participation__interview__candidate__organization=organization)
    StatusChangeFactory(candidate=feedback.candidate)

    recruiter.post(page(Candidate, "delete", feedback.candidate_id), {"post": "yes"})

    assert not Candidate.objects.exists()


def test_a_source_in_use_leaves_its_candidates_with_none(recruiter, organization):
    candidate = CandidateFactory(organization=organization, source=SourceFactory(organization=organization))

    choose(recruiter, "delete_selected", candidate.source)

    candidate.refresh_from_db()
    assert not Source.objects.exists()
    assert candidate.source is None


def test_an_interviewer_sees_the_candidates_that_they_interview(enter, organization):
    interviewer, other = enter("INTERVIEWER"), CandidateFactory(organization=organization)
    mine = InterviewerFactory(interview__candidate__organization=organization, employee=interviewer.employee)
    SkillFactory(candidate=mine.interview.candidate, name="Haskell")

    listed = interviewer.get(page(Candidate, "changelist")).context["cl"].result_list

    assert list(listed) == [mine.interview.candidate]
    assert "Haskell" in interviewer.get(change(mine.interview.candidate)).text
    assert interviewer.get(change(other)).status_code == 404


def test_a_mean_of_feedback_is_blind_in_list_page_and_order(enter, organization):
    interviewer = enter("INTERVIEWER")
    mine = InterviewerFactory(interview__candidate__organization=organization, employee=interviewer.employee)
    Candidate.objects.filter(pk=mine.interview.candidate_id).update(ratings="4.25")
    url = page(Candidate, "changelist")

    for client, is_seen in ((interviewer, False), (enter("VIEWER"), True)):
        listed = client.get(url)
        assert ("4.25" in listed.text) is is_seen
        assert ("4.25" in client.get(change(mine.interview.candidate)).text) is is_seen
        ordered = client.get(url, {"o": "-mean"}).context["cl"].asking.order
        assert ("ratings" in {by.column for by in ordered}) is is_seen


def test_a_part_by_itself_takes_the_organization_of_its_candidate(recruiter, organization):
    candidate = CandidateFactory(organization=organization)

    send(recruiter, page(Skill, "add"), candidate=candidate.pk, name="Go")

    assert Skill.objects.get().organization == organization


def test_a_part_is_added_only_where_one_may(recruiter, organization):
    elsewhere = OrganizationFactory()
    EmployeeFactory(organization=elsewhere, role_name="VIEWER", user=recruiter.employee.user)
    candidate = CandidateFactory(organization=elsewhere)

    answer = send(recruiter, page(Skill, "add"), candidate=candidate.pk, name="Go")

    assert "You may not add anything to this." in answer.text
    assert not Skill.objects.exists()


def test_who_would_not_see_what_they_write_does_not_write_it(organization):
    role = RoleFactory(organization=organization, permissions=["candidates.add_candidate", "pipelines.view_stage"])
    client = signed_in(EmployeeFactory(organization=organization, role=role).user)

    answer = send(client, page(Candidate, "add"), first_name="Jane", email="jane@example.com")

    assert "You may not do this." in answer.text
    assert not Candidate.objects.exists()


def test_the_record_of_moves_is_read_and_never_written(recruiter, organization):
    move = StatusChangeFactory(candidate__organization=organization, created_by=recruiter.employee.user)

    shown = recruiter.get(page(StatusChange, "change", move.pk)).text

    assert str(recruiter.employee) in shown
    assert recruiter.get(page(StatusChange, "add")).status_code == 403
    assert recruiter.post(page(StatusChange, "delete", move.pk), {"post": "yes"}).status_code == 403
