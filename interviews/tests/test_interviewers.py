"""Who takes part in an interview: a set of employees, of which no one leaves who has given feedback."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interviews.actions import give_feedback
from interviews.models import Interviewer
from interviews.tests.factories import InterviewerFactory, InterviewFactory
from organizations.tests.factories import EmployeeFactory, RoleFactory


@pytest.fixture
def interview(organization):
    return InterviewFactory(candidate__organization=organization)


@pytest.fixture
def ann(organization):
    return EmployeeFactory(organization=organization, role_name="INTERVIEWER", first_name="Ann")


@pytest.fixture
def bob(organization):
    return EmployeeFactory(organization=organization, role_name="INTERVIEWER", first_name="Bob")


@pytest.fixture
def of_ann(interview, ann) -> Interviewer:
    return InterviewerFactory(interview=interview, employee=ann)


def present(interview) -> set:
    return {interviewer.employee for interviewer in interview.interviewers.all()}


def put(client, interview, *interviewers):
    address = f"/api/candidate-interview/{interview.pk}?relations=interviewers.employee.user"
    return client.put(address, {"interviewers": interviewers})


def by_employee(*employees) -> list[dict]:
    return [{"employeeId": str(employee.pk)} for employee in employees]


# As a part of the interview.


def test_a_put_replaces_the_set(recruiter, interview, of_ann, bob):
    response = put(recruiter, interview, *by_employee(bob))

    assert response.status_code == 200
    assert [row["employee"]["user"]["firstName"] for row in response.json()["interviewers"]] == ["Bob"]
    assert present(interview) == {bob}


def test_a_put_without_interviewers_leaves_them_alone(recruiter, interview, of_ann, ann):
    recruiter.put(f"/api/candidate-interview/{interview.pk}", {"title": "Another title"})

    assert present(interview) == {ann}


def test_an_empty_list_takes_all_off(recruiter, interview, of_ann):
    assert put(recruiter, interview).json()["interviewers"] == []
    assert present(interview) == set()


@pytest.mark.parametrize("key", ["id", "employeeId", "both", "whole"])
def test_who_is_sent_back_stays_the_same_row(recruiter, interview, of_ann, ann, bob, key):
    shown = recruiter.get(f"/api/candidate-interview/{interview.pk}?relations=interviewers.employee.user").json()
    (row,) = shown["interviewers"]
    sent = {"both": {"id": row["id"], "employeeId": row["employeeId"]}, "whole": row}.get(key) or {key: row[key]}

    response = put(recruiter, interview, sent, *by_employee(bob))

    assert response.status_code == 200
    assert of_ann in interview.interviewers.all()
    assert present(interview) == {ann, bob}


def test_one_of_several_rows_that_were_read_is_left_out(recruiter, interview, of_ann, ann, bob):
    InterviewerFactory(interview=interview, employee=bob)
    shown = recruiter.get(f"/api/candidate-interview/{interview.pk}?relations=interviewers.employee").json()

    put(recruiter, interview, *(row for row in shown["interviewers"] if row["employeeId"] == str(ann.pk)))

    assert list(interview.interviewers.all()) == [of_ann]


def test_a_row_does_not_change_hands(recruiter, interview, of_ann, bob):
    response = put(recruiter, interview, {"id": str(of_ann.pk), "employeeId": str(bob.pk)})

    assert response.status_code == 400
    assert list(interview.interviewers.all()) == [of_ann]


def test_the_same_employee_twice_is_refused(recruiter, interview, of_ann, ann, bob):
    twice = [by_employee(bob, bob), [{"id": str(of_ann.pk)}, *by_employee(ann)], [{"id": str(of_ann.pk)}] * 2]
    for interviewers in twice:
        response = put(recruiter, interview, *interviewers)
        assert response.status_code == 400
        assert response.json()["message"] == ["interviewers: The same employee stands here twice."]
    assert list(interview.interviewers.all()) == [of_ann]


def test_a_new_interview_has_no_one_twice(recruiter, interview, ann):
    body = {
        "title": "Talk",
        "startTime": "2030-01-01T10:00:00Z",
        "endTime": "2030-01-01T11:00:00Z",
        "candidateId": str(interview.candidate_id),
        "interviewers": by_employee(ann, ann),
    }

    assert recruiter.post("/api/candidate-interview", body).status_code == 400


@pytest.mark.parametrize(
    "interviewer",
    [{"employeeId": None}, {"employeeId": 5}, {"employeeId": "x"}, {"id": "x"}, {"name": "Ann"}, "text", 5, None, []],
    ids=str,
)
def test_what_is_no_interviewer_is_refused(recruiter, interview, of_ann, interviewer):
    response = put(recruiter, interview, interviewer)

    assert response.status_code == 400
    assert response.json()["details"][0]["field"].startswith("interviewers")
    assert list(interview.interviewers.all()) == [of_ann]


def test_an_employee_of_another_organization_is_no_one_here(recruiter, interview, of_ann, stranger):
    """In the words for an id that does not exist."""
    foreign = put(recruiter, interview, *by_employee(stranger.employee))
    unknown = put(recruiter, interview, {"employeeId": "01890000-0000-7000-8000-000000000000"})

    assert foreign.status_code == unknown.status_code == 400
    assert foreign.json()["message"] == unknown.json()["message"]
    assert list(interview.interviewers.all()) == [of_ann]


def test_who_belongs_to_two_organizations_does_not_mix_them(recruiter, interview, stranger):
    """The recruiter sees the employees of both, and still the interview is of one."""
    there = stranger.employee.organization
    EmployeeFactory(user=recruiter.user, organization=there, role_name="ADMIN")

    response = put(recruiter, interview, *by_employee(stranger.employee))

    assert response.status_code == 400
    assert response.json()["message"] == ["interviewers: There is no such row."]


def test_a_row_of_another_interview_is_no_row_here(recruiter, interview, organization):
    elsewhere = InterviewerFactory(interview__candidate__organization=organization)

    response = put(recruiter, interview, {"id": str(elsewhere.pk)})

    assert response.status_code == 400
    assert present(interview) == set()


def test_interviewers_who_are_hidden_from_the_caller_are_not_taken_off(sign_in, organization, interview, of_ann, bob):
    """A role that plans, but sees no interviewers: its empty list is no order to take off whom it can't see."""
    planner = sign_in("EMPLOYEE", role=_planner(organization, "interviews.add_interviewer"))
    assert put(planner, interview).json()["interviewers"] == []

    response = put(planner, interview, *by_employee(bob))

    assert response.status_code == 200
    assert present(interview) == {of_ann.employee, bob}


@pytest.mark.parametrize("wanted", ["add", "take off"])
def test_changing_the_set_needs_the_permission_to_add_and_to_take_off(
    sign_in, organization, interview, of_ann, ann, bob, wanted
):
    planner = sign_in("EMPLOYEE", role=_planner(organization, "interviews.view_interviewer"))

    response = put(planner, interview, *by_employee(ann, bob) if wanted == "add" else ())

    assert response.status_code == 403
    assert present(interview) == {ann}


def _planner(organization, *permissions):
    common = ["candidates.view_candidate", "interviews.view_interview", "interviews.change_interview"]
    return RoleFactory(organization=organization, permissions=[*common, "organizations.view_employee", *permissions])


# As a resource of their own.


def test_an_interviewer_is_added_and_taken_off(recruiter, interview, ann):
    body = {"interviewId": str(interview.pk), "employeeId": str(ann.pk)}

    response = recruiter.post("/api/candidate-interviewers?relations=employee.user", body)

    assert response.status_code == 201
    assert {key: response.json()[key] for key in body} == body
    assert response.json()["employee"]["user"]["firstName"] == "Ann"
    assert response.json()["organizationId"] == str(interview.organization_id)
    assert recruiter.delete(f"/api/candidate-interviewer/{response.json()['id']}").status_code == 204
    assert present(interview) == set()


def test_an_interviewer_is_not_added_twice(recruiter, interview, of_ann, ann):
    response = recruiter.post(
        "/api/candidate-interviewer", {"interviewId": str(interview.pk), "employeeId": str(ann.pk)}
    )

    assert response.status_code == 409
    assert response.json()["message"] == f"{ann.full_name} takes part in the interview already."


def test_an_interviewer_is_not_added_into_a_clash(recruiter, interview, organization, of_ann, ann):
    at_the_same_time = InterviewFactory(
        candidate__organization=organization, start_time=interview.start_time, end_time=interview.end_time
    )

    response = recruiter.post(
        "/api/candidate-interviewer", {"interviewId": str(at_the_same_time.pk), "employeeId": str(ann.pk)}
    )

    assert response.status_code == 409
    assert f"“{interview.title}”" in response.json()["message"]
    assert present(at_the_same_time) == set()


@pytest.mark.parametrize("key", ["interviewId", "employeeId"])
def test_no_one_of_another_organization_is_added(recruiter, interview, ann, stranger, key):
    theirs = InterviewFactory(candidate__organization=stranger.employee.organization)
    body = {"interviewId": str(interview.pk), "employeeId": str(ann.pk)}
    body[key] = str(theirs.pk if key == "interviewId" else stranger.employee.pk)

    response = recruiter.post("/api/candidate-interviewer", body)

    assert response.status_code == 400
    assert response.json()["message"] == [f"{key}: There is no such row."]


@pytest.mark.parametrize("change", [{"isArchived": True}, {"isActive": False}], ids=str)
def test_what_an_interviewer_does_not_keep_is_not_silently_dropped(recruiter, interview, ann, change):
    body = {"interviewId": str(interview.pk), "employeeId": str(ann.pk), **change}

    response = recruiter.post("/api/candidate-interviewer", body)

    assert response.status_code == 400
    assert response.json()["message"] == [f"{next(iter(change))}: This can't be written."]


def test_an_interviewer_is_not_changed(recruiter, of_ann, bob):
    response = recruiter.put(f"/api/candidate-interviewer/{of_ann.pk}", {"employeeId": str(bob.pk)})

    assert response.status_code == 405


# Feedback binds.


@pytest.mark.parametrize("door", ["put an empty set", "put another set", "delete"])
def test_who_gave_feedback_is_not_taken_off(recruiter, interview, of_ann, ann, bob, door):
    give_feedback(interview, ann, by=ann.user, rating=4)

    if door == "delete":
        response = recruiter.delete(f"/api/candidate-interviewer/{of_ann.pk}")
    else:
        response = put(recruiter, interview, *by_employee(bob) if door == "put another set" else ())

    assert response.status_code == 409
    assert response.json()["message"] == "This interviewer gave feedback and can't be taken off the interview."
    assert present(interview) == {ann}


def test_who_took_their_feedback_back_can_be_taken_off(recruiter, interview, of_ann, ann):
    feedback = give_feedback(interview, ann, by=ann.user, rating=4)
    recruiter.delete(f"/api/candidate-feedback/{feedback.pk}")

    assert put(recruiter, interview).status_code == 200
    assert present(interview) == set()


# Many at once.

BULK = "/api/candidate-interviewers/bulk"


def many(interview, *employees) -> dict:
    return {"interviewId": str(interview.pk), "employeeIds": [str(employee.pk) for employee in employees]}


def test_many_are_added_at_once_in_the_order_given(recruiter, interview, of_ann, bob, organization):
    cat = EmployeeFactory(organization=organization, first_name="Cat")

    response = recruiter.post(f"{BULK}?relations=employee.user", many(interview, cat, bob))

    assert response.status_code == 201, response.content
    assert [row["employee"]["user"]["firstName"] for row in response.json()] == ["Cat", "Bob"]
    assert (
        response.json()[0]
        == recruiter.get(f"/api/candidate-interviewer/{response.json()[0]['id']}?relations=employee.user").json()
    )
    assert present(interview) == {of_ann.employee, bob, cat}


def test_of_many_none_is_added_if_one_takes_part_already(recruiter, interview, of_ann, ann, bob):
    response = recruiter.post(BULK, many(interview, bob, ann))

    assert response.status_code == 409
    assert response.json()["message"] == f"{ann.full_name} takes part in the interview already."
    assert present(interview) == {ann}


def test_of_many_none_is_added_if_one_is_in_another_interview_then(recruiter, interview, ann, bob):
    other = InterviewFactory(
        candidate__organization=interview.organization, start_time=interview.start_time, end_time=interview.end_time
    )
    InterviewerFactory(interview=other, employee=bob)

    response = recruiter.post(BULK, many(interview, ann, bob))

    assert response.status_code == 409
    assert response.json()["message"].startswith(f"{bob.full_name} is in “{other.title}” from ")
    assert present(interview) == set()


@pytest.mark.parametrize(
    ("ids", "field"),
    [
        (lambda ann: [], "employeeIds"),
        (lambda ann: str(ann.pk), "employeeIds"),
        (lambda ann: [str(ann.pk)] * 2, "employeeIds"),
        (lambda ann: [str(ann.pk), "nobody"], "employeeIds.1"),
        (lambda ann: [str(ann.pk), "018f0000-0000-7000-8000-000000000000"], "employeeIds.1"),
        (lambda ann: [str(EmployeeFactory().pk)], "employeeIds.0"),
    ],
)
def test_many_are_a_list_of_employees_of_the_organization(recruiter, interview, ann, ids, field):
    response = recruiter.post(BULK, {"interviewId": str(interview.pk), "employeeIds": ids(ann)})

    assert response.status_code == 400
    assert [detail["field"] for detail in response.json()["details"]] == [field]
    assert present(interview) == set()


@pytest.mark.parametrize(("client", "status"), [("viewer", 403), ("interviewer", 403), ("stranger", 400)])
def test_who_may_add_many(request, interview, ann, client, status):
    assert request.getfixturevalue(client).post(BULK, many(interview, ann)).status_code == status
    assert present(interview) == set()


def test_adding_many_costs_as_many_statements_as_few(recruiter, organization):
    def statements(size: int) -> int:
        interview = InterviewFactory(candidate__organization=organization)
        employees = EmployeeFactory.create_batch(size, organization=organization)
        with CaptureQueriesContext(connection) as captured:
            assert recruiter.post(BULK, many(interview, *employees)).status_code == 201
        return len(captured)

    assert statements(2) == statements(30)
