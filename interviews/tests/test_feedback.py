"""Feedback: once for an interviewer and interview, and the means of interview and candidate follow it."""

from __future__ import annotations

import pytest

from candidates.tests.factories import CandidateFactory
from interviews.models import Feedback
from interviews.tests.factories import InterviewerFactory, InterviewFactory
from organizations.tests.factories import EmployeeFactory, RoleFactory

NOBODY = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def candidate(organization):
    return CandidateFactory(organization=organization)


@pytest.fixture
def interview(candidate, colleague):
    """An interview in which `colleague` takes part."""
    interview = InterviewFactory(candidate=candidate)
    InterviewerFactory(interview=interview, employee=colleague)
    return interview


@pytest.fixture
def give(recruiter):
    """Write feedback through one of its two doors."""

    def give(interview, employee=None, client=recruiter, door="nested", **fields):
        body = {"rating": 4, **fields, **({"interviewerId": str(employee.pk)} if employee else {})}
        if door == "flat":
            return client.post("/api/candidate-feedback", {**body, "interviewId": str(interview.pk)})
        return client.post(f"/api/candidate-interview/{interview.pk}/feedbacks", body)

    return give


doors = pytest.mark.parametrize("door", ["nested", "flat"])


@doors
def test_feedback_is_given(give, recruiter, interview, candidate, colleague, door):
    response = give(interview, colleague, door=door, rating=4.5, description="Good fit", status="HIRED")

    assert response.status_code == 201
    shown = response.json()
    expected = {
        "rating": 4.5,
        "description": "Good fit",
        "status": "HIRED",
        "interviewId": str(interview.pk),
        "candidateId": str(candidate.pk),
        "interviewerId": str(colleague.pk),
        "organizationId": str(interview.organization_id),
        "createdById": str(recruiter.user.pk),
    }
    assert {key: shown[key] for key in expected} == expected


def test_a_proposal_does_not_move_the_candidate(give, interview, candidate, colleague):
    give(interview, colleague, status="HIRED")

    candidate.refresh_from_db()
    assert candidate.status == "APPLIED"


def test_description_and_proposal_may_be_left_out(give, interview, colleague):
    shown = give(interview, colleague).json()

    assert (shown["description"], shown["status"]) == (None, None)


@doors
@pytest.mark.parametrize("rating", [-0.5, 5.5, 4.25, 0.1, "4", "4.5", None, True, [4], {}, 1e300])
def test_a_rating_is_a_number_from_0_to_5_in_half_steps(give, interview, colleague, door, rating):
    response = give(interview, colleague, door=door, rating=rating)

    assert response.status_code == 400
    assert response.json()["details"][0]["field"] == "rating"
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("rating", [0, 0.5, 5, 5.0])
def test_both_ends_of_the_scale_are_ratings(give, interview, colleague, rating):
    assert give(interview, colleague, rating=rating).json()["rating"] == rating


@doors
def test_a_rating_is_required(recruiter, interview, colleague, door):
    body = {"interviewerId": str(colleague.pk)}
    if door == "flat":
        response = recruiter.post("/api/candidate-feedback", {**body, "interviewId": str(interview.pk)})
    else:
        response = recruiter.post(f"/api/candidate-interview/{interview.pk}/feedbacks", body)

    assert response.status_code == 400
    assert response.json()["message"] == ["rating: This field is required."]


@pytest.mark.parametrize(
    "body", [{"status": "MAYBE"}, {"description": 5}, {"candidateId": NOBODY}, {"mood": "good"}], ids=str
)
def test_what_is_no_feedback_is_refused(give, interview, colleague, body):
    response = give(interview, colleague, **body)

    assert response.status_code == 400
    assert response.json()["details"][0]["field"] == next(iter(body))
    assert not Feedback.objects.exists()


# Who gives it.


@doors
def test_only_who_takes_part_gives_feedback(give, organization, interview, door):
    bystander = EmployeeFactory(organization=organization, role_name="INTERVIEWER")

    response = give(interview, bystander, door=door)

    assert response.status_code == 400
    assert response.json()["message"] == ["interviewerId: This employee is no interviewer of the interview."]


@doors
def test_an_employee_of_another_organization_is_no_one_here(give, interview, stranger, door):
    response = give(interview, stranger.employee, door=door)

    assert response.status_code == 400
    assert response.json()["message"] == ["interviewerId: There is no such row."]


@doors
def test_one_feedback_for_an_interviewer_and_interview(give, interview, candidate, colleague, door):
    give(interview, colleague, rating=4)

    response = give(interview, colleague, door=door, rating=1)

    assert response.status_code == 409
    assert response.json()["message"] == "This interviewer gave feedback on the interview already."
    candidate.refresh_from_db()
    assert candidate.ratings == 4


def test_the_same_interviewer_gives_feedback_on_another_interview(give, interview, candidate, colleague):
    give(interview, colleague)
    second = InterviewerFactory(interview__candidate=candidate, employee=colleague).interview

    assert give(second, colleague).status_code == 201


@doors
@pytest.mark.parametrize("says_who", [True, False])
def test_an_interviewer_writes_as_themselves(give, interviewer, interview, says_who, door):
    InterviewerFactory(interview=interview, employee=interviewer.employee)

    response = give(interview, interviewer.employee if says_who else None, client=interviewer, door=door)

    assert response.status_code == 201
    assert response.json()["interviewerId"] == str(interviewer.employee.pk)


@doors
def test_an_interviewer_does_not_write_for_others(give, interviewer, interview, colleague, door):
    InterviewerFactory(interview=interview, employee=interviewer.employee)

    response = give(interview, colleague, client=interviewer, door=door)

    assert response.status_code == 403
    assert not Feedback.objects.exists()


def test_without_a_name_a_recruiter_who_does_not_take_part_gives_none(give, interview):
    response = give(interview)

    assert response.status_code == 400
    assert response.json()["message"] == ["interviewerId: This employee is no interviewer of the interview."]


def test_an_operator_without_a_place_says_whose_feedback_it_is(give, superuser, interview, colleague):
    response = give(interview, client=superuser)

    assert response.status_code == 400
    assert response.json()["message"] == ["interviewerId: This field is required."]
    assert give(interview, colleague, client=superuser).status_code == 201


@pytest.mark.parametrize("role", ["VIEWER", "EMPLOYEE"])
def test_who_may_not_add_feedback_gives_none(give, sign_in, interview, role):
    client = sign_in(role)
    InterviewerFactory(interview=interview, employee=client.employee)

    # To whom the interview does not exist, its path doesn't either; but the resource is refused as a whole before.
    assert give(interview, client=client).status_code == 403
    assert not Feedback.objects.exists()


FEEDBACK_OF_ALL = [
    "candidates.view_candidate", "interviews.view_interview", "interviews.view_interviewer",
    "interviews.view_feedback", "interviews.add_feedback", "interviews.change_feedback", "interviews.delete_feedback",
    "organizations.view_employee",
]  # fmt: skip


@pytest.mark.parametrize("may", [True, False])
@pytest.mark.parametrize("deed", ["give", "change", "delete"])
def test_writing_for_others_is_a_permission(give, sign_in, organization, interview, colleague, deed, may):
    permissions = [*FEEDBACK_OF_ALL, *(["interviews.write_others_feedback"] if may else [])]
    client = sign_in("EMPLOYEE", role=RoleFactory(organization=organization, permissions=permissions))
    if deed == "give":
        response = give(interview, colleague, client=client)
    else:
        given = give(interview, colleague).json()["id"]
        address = f"/api/candidate-feedback/{given}"
        response = client.put(address, {"rating": 1}) if deed == "change" else client.delete(address)

    done = {"give": 201, "change": 200, "delete": 204}[deed]
    assert response.status_code == (done if may else 403)


# The means.


def means(client, interview, candidate) -> tuple:
    shown = client.get(f"/api/candidate-interview/{interview.pk}?relations=candidate").json()
    assert shown["candidate"]["ratings"] == client.get(f"/api/candidate/{candidate.pk}").json()["ratings"]
    return shown["rating"], shown["candidate"]["ratings"]


def test_the_means_follow_feedback_wherever_it_comes_and_goes(
    give, recruiter, organization, interview, candidate, colleague
):
    second = InterviewerFactory(interview=interview).employee
    other_interview = InterviewerFactory(interview__candidate=candidate, employee=colleague).interview
    assert means(recruiter, interview, candidate) == (None, None)

    first = give(interview, colleague, rating=4.5).json()["id"]
    assert means(recruiter, interview, candidate) == (4.5, 4.5)

    give(interview, second, rating=4)
    assert means(recruiter, interview, candidate) == (4.25, 4.25)

    give(other_interview, colleague, rating=2)
    assert means(recruiter, interview, candidate) == (4.25, 3.5)

    recruiter.put(f"/api/candidate-feedback/{first}", {"rating": 0.5})
    assert means(recruiter, interview, candidate) == (2.25, 2.17)

    recruiter.delete(f"/api/candidate-feedback/{first}")
    assert means(recruiter, interview, candidate) == (4, 3)

    recruiter.delete(f"/api/candidate-interview/{other_interview.pk}")
    assert means(recruiter, interview, candidate) == (4, 4)

    recruiter.delete(f"/api/candidate-interview/{interview.pk}")
    assert recruiter.get(f"/api/candidate/{candidate.pk}").json()["ratings"] is None


def test_the_rating_by_hand_is_another_thing(give, recruiter, interview, candidate, colleague):
    recruiter.put(f"/api/candidate/{candidate.pk}", {"rating": 2})

    give(interview, colleague, rating=5)

    shown = recruiter.get(f"/api/candidate/{candidate.pk}").json()
    assert (shown["rating"], shown["ratings"]) == (2, 5)


def test_interviews_are_asked_for_and_sorted_by_their_mean(give, recruiter, organization):
    by_rating = {}
    for rating in (2, 5, 3.5):
        taking_part = InterviewerFactory(interview__candidate__organization=organization)
        give(taking_part.interview, taking_part.employee, rating=rating)
        by_rating[rating] = str(taking_part.interview.pk)
    unrated = InterviewFactory(candidate__organization=organization)

    sorted_ = recruiter.get("/api/candidate-interview?order[rating]=DESC").json()["items"]
    good = recruiter.get("/api/candidate-interview?where[rating][gte]=3.5&order[rating]=ASC").json()["items"]

    assert [row["id"] for row in sorted_] == [by_rating[5], by_rating[3.5], by_rating[2], str(unrated.pk)]
    assert [row["rating"] for row in good] == [3.5, 5]


# Changes.


@pytest.mark.parametrize("key", ["interviewId", "interviewerId", "candidateId"])
def test_feedback_stays_with_its_interview_interviewer_and_candidate(
    give, recruiter, interview, candidate, colleague, key
):
    taking_part = InterviewerFactory(interview__candidate__organization=candidate.organization)
    other = {
        "interviewId": taking_part.interview_id,
        "interviewerId": taking_part.employee_id,
        "candidateId": taking_part.interview.candidate_id,
    }
    given = give(interview, colleague).json()

    response = recruiter.put(f"/api/candidate-feedback/{given['id']}", {key: str(other[key])})

    assert response.status_code == 400
    assert response.json()["message"] == [f"{key}: This can't be written."]
    assert recruiter.get(f"/api/candidate-feedback/{given['id']}").json() == given


@pytest.mark.parametrize("rating", [None, "4", 4.2, 6])
def test_a_changed_rating_is_a_rating_too(give, recruiter, interview, candidate, colleague, rating):
    given = give(interview, colleague, rating=4).json()

    response = recruiter.put(f"/api/candidate-feedback/{given['id']}", {"rating": rating})

    assert response.status_code == 400
    assert means(recruiter, interview, candidate) == (4, 4)


def test_what_was_read_is_sent_back_whole_and_changes_nothing(give, recruiter, interview, colleague):
    given = give(interview, colleague, description="Good").json()["id"]
    address = f"/api/candidate-feedback/{given}?relations=interview,candidate.user,interviewer.user"
    before = recruiter.get(address).json()

    response = recruiter.put(address, before)

    assert response.status_code == 200
    moved = ("updatedAt", "interview", "candidate")
    assert {k: v for k, v in response.json().items() if k not in moved} == {
        k: v for k, v in before.items() if k not in moved
    }


def test_an_interviewer_changes_their_own(give, interviewer, interview):
    InterviewerFactory(interview=interview, employee=interviewer.employee)
    given = give(interview, client=interviewer, rating=2).json()["id"]

    response = interviewer.put(f"/api/candidate-feedback/{given}", {"rating": 3, "description": "On second thought"})

    assert response.status_code == 200
    assert (response.json()["rating"], response.json()["description"]) == (3, "On second thought")


def test_an_interviewer_changes_no_one_elses_even_once_it_shows(give, interviewer, interview, colleague):
    InterviewerFactory(interview=interview, employee=interviewer.employee)
    give(interview, client=interviewer)
    theirs = give(interview, colleague).json()["id"]

    assert interviewer.get(f"/api/candidate-feedback/{theirs}").status_code == 200
    assert interviewer.put(f"/api/candidate-feedback/{theirs}", {"rating": 1}).status_code == 403


# Lists.


def test_the_feedback_of_an_interview_is_listed_under_it(give, recruiter, organization, interview, colleague):
    given = give(interview, colleague).json()
    elsewhere = InterviewerFactory(interview__candidate__organization=organization)
    give(elsewhere.interview, elsewhere.employee)

    listed = recruiter.get(f"/api/candidate-interview/{interview.pk}/feedbacks?relations=interviewer.user").json()

    assert listed["total"] == 1
    assert listed["items"][0]["id"] == given["id"]
    assert listed["items"][0]["interviewer"]["user"]["firstName"] == colleague.first_name


@pytest.mark.parametrize("name", ["candidate-feedback", "candidate-feedbacks"])
def test_all_feedback_is_asked_for(give, recruiter, interview, candidate, colleague, name):
    given = give(interview, colleague, rating=4, status="REJECTED").json()["id"]
    for question, expected in (
        (f"where[candidateId]={candidate.pk}", [given]),
        (f"where[interviewId]={interview.pk}&where[rating]=4", [given]),
        (f"where[interviewerId]={colleague.pk}&where[status]=REJECTED", [given]),
        ("where[rating][gt]=4", []),
        ("where[status]=null", []),
    ):
        assert [row["id"] for row in recruiter.get(f"/api/{name}?{question}").json()["items"]] == expected, question


def test_a_strangers_interview_has_no_feedback_list(stranger, interview):
    assert stranger.get(f"/api/candidate-interview/{interview.pk}/feedbacks").status_code == 404
    assert stranger.post(f"/api/candidate-interview/{interview.pk}/feedbacks", {"rating": 4}).status_code == 404
    assert stranger.get("/api/candidate-interview/no-uuid/feedbacks").status_code == 400
