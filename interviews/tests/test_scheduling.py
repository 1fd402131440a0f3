"""When interviews take place: no one is in two at a time, and what was read can be sent back."""

from __future__ import annotations

import pytest

from candidates.tests.factories import CandidateFactory, SkillFactory
from interviews.actions import give_feedback
from interviews.models import Interview
from interviews.tests.factories import InterviewerFactory, InterviewFactory
from interviews.views import InterviewViewSet
from organizations.tests.factories import EmployeeFactory, RoleFactory

EVERYTHING = ",".join(InterviewViewSet.query.relations)


def at(time: str) -> str:
    return f"2030-05-06T{time}:00.000Z"


@pytest.fixture
def candidate(organization):
    return CandidateFactory(organization=organization, first_name="Jane", last_name="Doe")


@pytest.fixture
def ten_to_eleven(candidate, colleague) -> Interview:
    """An interview of `candidate` with `colleague`."""
    interview = InterviewFactory(candidate=candidate, title="First talk", start_time=at("10:00"), end_time=at("11:00"))
    InterviewerFactory(interview=interview, employee=colleague)
    return interview


@pytest.fixture
def plan(recruiter, organization):
    """Ask for an interview; without a candidate, of a new one. `fields` are further keys of the body."""

    def plan(start, end, candidate=None, people=(), client=recruiter, **fields):
        candidate = candidate or CandidateFactory(organization=organization)
        people = [{"employeeId": str(employee.pk)} for employee in people]
        body = {"title": "Second talk", "startTime": start, "endTime": end, "candidateId": str(candidate.pk)}
        return client.post("/api/candidate-interview", {**body, "interviewers": people, **fields})

    return plan


def test_an_interview_is_planned(plan, candidate, organization, colleague, recruiter):
    response = plan(at("10:00"), at("11:00"), candidate, [colleague], location="Room 1", note="Bring the CV")

    assert response.status_code == 201
    shown = response.json()
    assert {key: shown[key] for key in ("title", "startTime", "endTime", "location", "note", "candidateId")} == {
        "title": "Second talk",
        "startTime": at("10:00"),
        "endTime": at("11:00"),
        "location": "Room 1",
        "note": "Bring the CV",
        "candidateId": str(candidate.pk),
    }
    assert (shown["isCancelled"], shown["rating"]) == (False, None)
    assert (shown["organizationId"], shown["createdById"]) == (str(organization.pk), str(recruiter.user.pk))
    interviewers = recruiter.get(f"/api/candidate-interviewer?where[interviewId]={shown['id']}").json()["items"]
    assert [row["employeeId"] for row in interviewers] == [str(colleague.pk)]


def test_an_interview_may_have_no_interviewers(plan):
    assert plan(at("10:00"), at("11:00")).status_code == 201


def test_a_plain_date_is_midnight_and_an_offset_is_told_in_utc(plan):
    shown = plan("2030-05-06", "2030-05-06T03:00:00+02:00").json()

    assert (shown["startTime"], shown["endTime"]) == (at("00:00"), at("01:00"))


@pytest.mark.parametrize("end", [at("10:00"), at("09:00"), "2030-05-06T12:00:00+03:00"])
def test_an_interview_ends_after_it_starts(plan, end):
    response = plan(at("10:00"), end)

    assert response.status_code == 400
    assert [detail["field"] for detail in response.json()["details"]] == ["endTime"]


@pytest.mark.parametrize("change", [{"startTime": at("11:00")}, {"endTime": at("10:00")}])
def test_no_change_makes_an_interview_end_before_it_starts(recruiter, ten_to_eleven, change):
    response = recruiter.put(f"/api/candidate-interview/{ten_to_eleven.pk}", change)

    assert response.status_code == 400
    assert [detail["field"] for detail in response.json()["details"]] == ["endTime"]


@pytest.mark.parametrize(
    "body",
    [
        {"title": ""},
        {"title": "x" * 201},
        {"title": 5},
        {"startTime": "tomorrow"},
        {"startTime": 5},
        {"startTime": None},
        {"endTime": "2030-02-30"},
        {"isCancelled": "true"},
        {"isCancelled": None},
        {"rating": 4},
        {"candidateId": "no-uuid"},
        {"candidateId": None},
        {"interviewers": None},
        {"interviewers": {"employeeId": "x"}},
        {"feedbacks": []},
        {"room": "1"},
    ],
    ids=str,
)
def test_what_is_no_interview_is_refused(plan, body):
    response = plan(at("10:00"), at("11:00"), **body)

    assert response.status_code == 400
    assert next(iter(body)) in response.json()["details"][0]["field"]
    assert not Interview.objects.exists()


# Overlaps.

OVERLAPPING = [("10:00", "11:00"), ("10:59", "12:00"), ("09:00", "10:01"), ("10:15", "10:45"), ("09:00", "12:00")]


@pytest.mark.parametrize(("start", "end"), OVERLAPPING)
def test_an_employee_is_in_one_interview_at_a_time(plan, ten_to_eleven, colleague, start, end):
    response = plan(at(start), at(end), people=[colleague])

    assert response.status_code == 409
    assert response.json()["message"] == (
        f"{colleague} is in “First talk” from 2030-05-06 10:00 UTC to 2030-05-06 11:00 UTC."
    )
    assert Interview.objects.count() == 1


@pytest.mark.parametrize(("start", "end"), OVERLAPPING)
def test_a_candidate_is_in_one_interview_at_a_time(plan, ten_to_eleven, candidate, start, end):
    response = plan(at(start), at(end), candidate)

    assert response.status_code == 409
    assert response.json()["message"].startswith("Jane Doe is in “First talk” from 2030-05-06 10:00 UTC")
    assert Interview.objects.count() == 1


@pytest.mark.parametrize(("start", "end"), [("09:00", "10:00"), ("11:00", "12:00")])
def test_back_to_back_is_no_overlap(plan, ten_to_eleven, candidate, colleague, start, end):
    assert plan(at(start), at(end), candidate, [colleague]).status_code == 201


def test_a_cancelled_interview_takes_no_time(plan, recruiter, ten_to_eleven, candidate, colleague):
    recruiter.put(f"/api/candidate-interview/{ten_to_eleven.pk}", {"isCancelled": True})

    assert plan(at("10:00"), at("11:00"), candidate, [colleague]).status_code == 201


def test_a_cancelled_interview_can_be_planned_beside_another(plan, ten_to_eleven, candidate, colleague):
    assert plan(at("10:00"), at("11:00"), candidate, [colleague], isCancelled=True).status_code == 201


@pytest.mark.parametrize("who", ["candidate", "interviewer"])
def test_a_cancelled_interview_is_not_taken_up_again_into_a_clash(
    plan, recruiter, ten_to_eleven, candidate, colleague, who
):
    recruiter.put(f"/api/candidate-interview/{ten_to_eleven.pk}", {"isCancelled": True})
    same_people = (candidate, []) if who == "candidate" else (None, [colleague])
    plan(at("10:30"), at("11:30"), *same_people)

    response = recruiter.put(f"/api/candidate-interview/{ten_to_eleven.pk}", {"isCancelled": False})

    assert response.status_code == 409
    assert "“Second talk”" in response.json()["message"]
    ten_to_eleven.refresh_from_db()
    assert ten_to_eleven.is_cancelled


@pytest.mark.parametrize("who", ["candidate", "interviewer"])
def test_an_interview_is_not_moved_into_a_clash(plan, recruiter, ten_to_eleven, candidate, colleague, who):
    same_people = (candidate, []) if who == "candidate" else (None, [colleague])
    later = plan(at("12:00"), at("13:00"), *same_people).json()["id"]

    response = recruiter.put(f"/api/candidate-interview/{later}", {"startTime": at("10:30")})

    assert response.status_code == 409
    assert "“First talk”" in response.json()["message"]
    assert recruiter.get(f"/api/candidate-interview/{later}").json()["startTime"] == at("12:00")


def test_an_interview_does_not_clash_with_itself(recruiter, ten_to_eleven):
    response = recruiter.put(
        f"/api/candidate-interview/{ten_to_eleven.pk}", {"startTime": at("10:30"), "endTime": at("11:30")}
    )

    assert response.status_code == 200
    assert (response.json()["startTime"], response.json()["endTime"]) == (at("10:30"), at("11:30"))


def test_moving_and_taking_the_busy_one_off_go_in_one_change(plan, recruiter, ten_to_eleven, colleague):
    later = plan(at("12:00"), at("13:00"), people=[colleague]).json()["id"]

    response = recruiter.put(f"/api/candidate-interview/{later}", {"startTime": at("10:30"), "interviewers": []})

    assert response.status_code == 200
    assert response.json()["startTime"] == at("10:30")


def test_the_interviews_of_another_organization_do_not_clash(plan, colleague):
    """Who works for two organizations is planned by each of them without a word about the other."""
    elsewhere = InterviewFactory(start_time=at("10:00"), end_time=at("11:00"))
    InterviewerFactory(
        interview=elsewhere, employee=EmployeeFactory(user=colleague.user, organization=elsewhere.organization)
    )

    assert plan(at("10:00"), at("11:00"), people=[colleague]).status_code == 201


def test_a_clash_names_nothing_that_the_caller_may_not_see(plan, sign_in, organization, ten_to_eleven, candidate):
    """A planner who sees own interviews only is told that there is another one, not which and when."""
    planner = sign_in("EMPLOYEE", role=_planners_role(organization))
    InterviewerFactory(interview__candidate=candidate, employee=planner.employee)

    response = plan(at("09:30"), at("10:30"), candidate, client=planner)

    assert response.status_code == 409
    assert response.json()["message"] == "Jane Doe is in another interview at that time."


def test_a_clash_of_a_hidden_interviewer_does_not_name_them(recruiter, sign_in, organization, ten_to_eleven, colleague):
    later = InterviewFactory(candidate__organization=organization, start_time=at("12:00"), end_time=at("13:00"))
    InterviewerFactory(interview=later, employee=colleague)
    role = RoleFactory(
        organization=organization,
        permissions=["candidates.view_candidate", "interviews.view_interview", "interviews.change_interview"],
    )

    response = sign_in("EMPLOYEE", role=role).put(
        f"/api/candidate-interview/{later.pk}", {"startTime": at("10:30"), "endTime": at("11:30")}
    )

    assert response.status_code == 409
    assert response.json()["message"].startswith("The employee is in “First talk” from 2030-05-06 10:00 UTC")


def _planners_role(organization):
    return RoleFactory(
        organization=organization,
        permissions=["candidates.view_own_candidate", "interviews.view_own_interview", "interviews.add_interview"],
    )


# Changes.


def test_the_candidate_of_an_interview_stays(recruiter, organization, ten_to_eleven, candidate):
    other = CandidateFactory(organization=organization)

    response = recruiter.put(f"/api/candidate-interview/{ten_to_eleven.pk}", {"candidateId": str(other.pk)})

    assert response.status_code == 400
    assert response.json()["details"][0]["field"] == "candidateId"
    ten_to_eleven.refresh_from_db()
    assert ten_to_eleven.candidate == candidate


@pytest.mark.parametrize("method", ["put", "patch"])
def test_what_was_read_is_sent_back_whole_and_changes_nothing(recruiter, ten_to_eleven, candidate, colleague, method):
    SkillFactory(candidate=candidate)
    InterviewerFactory(interview=ten_to_eleven)
    give_feedback(ten_to_eleven, colleague, by=recruiter.user, rating="4.5")
    address = f"/api/candidate-interview/{ten_to_eleven.pk}?relations={EVERYTHING}"
    before = recruiter.get(address).json()

    response = getattr(recruiter, method)(address, before)

    assert response.status_code == 200
    after = response.json()
    assert after == recruiter.get(address).json()
    assert after.pop("updatedAt") >= before.pop("updatedAt")
    assert after == before


@pytest.mark.parametrize(
    "change",
    [
        {"rating": 1},
        {"createdAt": "2020-01-01T00:00:00.000Z"},
        {"createdById": "01890000-0000-7000-8000-000000000000"},
        {"id": "01890000-0000-7000-8000-000000000000"},
        {"organizationId": "01890000-0000-7000-8000-000000000000"},
        {"candidate": {"user": {"firstName": "Eve"}}},
        {"feedbacks": [{"rating": 1}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_cannot_be_written_is_refused(recruiter, ten_to_eleven, change):
    response = recruiter.put(f"/api/candidate-interview/{ten_to_eleven.pk}", change)

    assert response.status_code == 400
    assert response.json()["details"][0]["field"] == next(iter(change))


def test_an_interview_read_before_it_changed_is_not_written_over(recruiter, ten_to_eleven):
    address = f"/api/candidate-interview/{ten_to_eleven.pk}"
    stale = recruiter.get(address).json()
    recruiter.put(address, {"title": "Renamed"})

    response = recruiter.put(address, {**stale, "note": "late"})

    assert response.status_code == 409
    assert recruiter.get(address).json()["note"] is None


def test_an_interview_goes_with_its_interviewers_and_feedback(recruiter, ten_to_eleven, colleague):
    give_feedback(ten_to_eleven, colleague, by=recruiter.user, rating=4)

    assert recruiter.delete(f"/api/candidate-interview/{ten_to_eleven.pk}").status_code == 204

    for resource in ("candidate-interview", "candidate-interviewer", "candidate-feedback"):
        assert recruiter.get(f"/api/{resource}/count").json() == 0


# Asking.


def test_interviews_are_asked_for_by_candidate_person_and_time(
    recruiter, organization, ten_to_eleven, candidate, colleague
):
    InterviewFactory(candidate__organization=organization, start_time=at("15:00"), end_time=at("16:00"))
    for question in (
        f"where[candidateId]={candidate.pk}",
        "where[startTime][lt]=" + at("12:00"),
        "where[endTime][between][]=" + at("10:30") + "&where[endTime][between][]=" + at("11:00"),
        "where[title][contains]=FIRST",
        "where[candidate][user][firstName]=Jane",
        f"where[interviewers][employeeId]={colleague.pk}",
    ):
        listed = recruiter.get(f"/api/candidate-interview?{question}").json()
        assert [row["id"] for row in listed["items"]] == [str(ten_to_eleven.pk)], question
        assert listed["total"] == 1


def test_the_interviews_of_a_candidate_come_in_the_order_of_time(recruiter, candidate):
    for hour in ("15", "09", "12"):
        InterviewFactory(candidate=candidate, start_time=at(f"{hour}:00"), end_time=at(f"{hour}:30"))

    shown = recruiter.get(f"/api/candidate/{candidate.pk}?relations=interviews").json()

    assert [row["startTime"] for row in shown["interviews"]] == [at("09:00"), at("12:00"), at("15:00")]


@pytest.mark.parametrize(("role", "status"), [("VIEWER", 403), ("INTERVIEWER", 403), ("EMPLOYEE", 403), ("ADMIN", 201)])
def test_who_may_plan_interviews(plan, sign_in, role, status):
    assert plan(at("10:00"), at("11:00"), client=sign_in(role)).status_code in {status}


def test_a_foreign_candidate_is_no_candidate(plan, stranger):
    theirs = CandidateFactory(organization=stranger.employee.organization)

    response = plan(at("10:00"), at("11:00"), theirs)

    assert response.status_code == 400
    assert response.json()["message"] == ["candidateId: There is no such row."]
