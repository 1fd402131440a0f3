"""What an interviewer sees: the own interviews and their candidates; others' feedback only after the own."""

from __future__ import annotations

import pytest

from candidates.tests.factories import (
    CandidateFactory,
    DocumentFactory,
    EducationFactory,
    ExperienceFactory,
    SkillFactory,
    SourceFactory,
)
from interviews.actions import give_feedback
from interviews.models import Feedback, Interview
from interviews.tests.factories import InterviewerFactory, InterviewFactory
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, RoleFactory, built_in_role


@pytest.fixture
def own(interviewer, organization, colleague) -> Interview:
    """An interview of `interviewer` and `colleague`, on which `colleague` gave feedback."""
    candidate = CandidateFactory(organization=organization, source=SourceFactory(organization=organization))
    interview = InterviewFactory(candidate=candidate)
    for employee in (interviewer.employee, colleague):
        InterviewerFactory(interview=interview, employee=employee)
    give_feedback(interview, colleague, by=colleague.user, rating=2, description="Weak")
    return interview


@pytest.fixture
def others(own, colleague) -> Interview:
    """An interview of the same candidate in which `interviewer` does not take part, with feedback."""
    interview = InterviewerFactory(interview__candidate=own.candidate, employee=colleague).interview
    give_feedback(interview, colleague, by=colleague.user, rating=1)
    return interview


@pytest.fixture
def give_own(interviewer, own):
    def give_own() -> Feedback:
        return give_feedback(own, interviewer.employee, by=interviewer.user, rating=4)

    return give_own


def ids(client, address) -> set:
    return {row["id"] for row in client.get(address).json()["items"]}


# Whose rows.


def test_an_interviewer_sees_the_own_interviews_only(interviewer, own, others):
    assert ids(interviewer, "/api/candidate-interview") == {str(own.pk)}
    assert interviewer.get(f"/api/candidate-interview/{own.pk}").status_code == 200
    assert interviewer.get(f"/api/candidate-interview/{others.pk}").status_code == 404
    assert interviewer.get(f"/api/candidate-interview/{others.pk}/feedbacks").status_code == 404


def test_an_interviewer_sees_the_candidates_of_the_own_interviews_only(interviewer, organization, own):
    CandidateFactory(organization=organization)

    assert ids(interviewer, "/api/candidate") == {str(own.candidate_id)}


def test_an_interviewer_sees_what_the_candidate_brings_along(interviewer, own, others):
    parts = {
        "skills": SkillFactory(candidate=own.candidate),
        "experience": ExperienceFactory(candidate=own.candidate),
        "educations": EducationFactory(candidate=own.candidate),
        "documents": DocumentFactory(candidate=own.candidate),
    }

    relations = [*parts, "user", "interviews", "source"]
    shown = interviewer.get(f"/api/candidate/{own.candidate_id}?relations={','.join(relations)}").json()

    assert {name: [row["id"] for row in shown[name]] for name in parts} == {
        name: [str(part.pk)] for name, part in parts.items()
    }
    assert shown["user"]["email"] == own.candidate.email
    assert [row["id"] for row in shown["interviews"]] == [str(own.pk)]
    assert shown["source"] is None


def test_an_interviewer_sees_nothing_of_other_candidates(interviewer, organization, own):
    other = CandidateFactory(organization=organization)
    for factory in (SkillFactory, ExperienceFactory, EducationFactory, DocumentFactory):
        factory(candidate=other)

    for name in ("skill", "experience", "education", "document"):
        assert interviewer.get(f"/api/candidate-{name}/count").json() == 0


def test_an_interviewer_sees_the_names_of_those_who_interview_with_them(interviewer, organization, own, colleague):
    EmployeeFactory(organization=organization)

    shown = interviewer.get(f"/api/candidate-interview/{own.pk}?relations=interviewers.employee.user").json()

    names = {row["employee"]["user"]["firstName"] for row in shown["interviewers"]}
    assert names == {interviewer.employee.first_name, colleague.first_name}
    assert ids(interviewer, "/api/employee") == {str(interviewer.employee.pk), str(colleague.pk)}


def test_who_is_taken_off_sees_the_interview_no_longer(interviewer, recruiter, own):
    own.interviewers.get(employee=interviewer.employee).delete()

    assert interviewer.get("/api/candidate-interview/count").json() == 0
    assert interviewer.get("/api/candidate/count").json() == 0
    assert interviewer.get("/api/candidate-feedback/count").json() == 0


# Every door to others' feedback.


def doors_to_feedback(interview) -> dict:
    """Address → how to find the ratings in its answer."""
    candidate = interview.candidate_id
    return {
        "/api/candidate-feedback": lambda b: [row["rating"] for row in b["items"]],
        "/api/candidate-feedbacks/pagination": lambda b: [row["rating"] for row in b["items"]],
        f"/api/candidate-feedback?where[interviewId]={interview.pk}": lambda b: [row["rating"] for row in b["items"]],
        f"/api/candidate-interview/{interview.pk}/feedbacks": lambda b: [row["rating"] for row in b["items"]],
        f"/api/candidate-interview/{interview.pk}?relations=feedbacks": lambda b: _ratings(b),
        "/api/candidate-interview?relations=feedbacks": lambda b: _ratings(b["items"][0]),
        f"/api/candidate/{candidate}?relations=feedbacks": lambda b: _ratings(b),
        f"/api/candidate/{candidate}?relations=interviews.feedbacks": lambda b: _ratings(b["interviews"][0]),
        f"/api/candidate/{candidate}?relations=interview.feedbacks": lambda b: _ratings(b["interview"][0]),
    }


def _ratings(row) -> list:
    return [feedback["rating"] for feedback in row["feedbacks"]]


def test_others_feedback_is_hidden_until_the_own_is_given(interviewer, own, others, give_own):
    for address, ratings in doors_to_feedback(own).items():
        assert ratings(interviewer.get(address).json()) == [], address

    give_own()

    for address, ratings in doors_to_feedback(own).items():
        assert sorted(ratings(interviewer.get(address).json())) == [2, 4], address


def test_one_row_of_feedback_is_not_found_until_the_own_is_given(interviewer, own, others, give_own):
    theirs = own.feedbacks.get()
    elsewhere = others.feedbacks.get()
    assert interviewer.get(f"/api/candidate-feedback/{theirs.pk}").status_code == 404
    assert interviewer.put(f"/api/candidate-feedback/{theirs.pk}", {"rating": 1}).status_code == 404

    give_own()

    assert interviewer.get(f"/api/candidate-feedback/{theirs.pk}").json()["description"] == "Weak"
    assert interviewer.get(f"/api/candidate-feedback/{elsewhere.pk}").status_code == 404


@pytest.mark.parametrize(
    "question",
    [
        "candidate-feedback/count",
        "candidate-feedback/count?where[rating]=2",
        "candidate-interview/count?where[feedbacks][rating]=2",
        "candidate-interview/count?where[feedbacks][rating][lte]=2",
        "candidate-interview/count?where[feedbacks][status]=null",
        "candidate/count?where[feedbacks][rating]=2",
        "candidate/count?where[feedbacks][rating][ne]=5",
    ],
)
def test_hidden_feedback_does_not_count(interviewer, own, question, give_own):
    assert interviewer.get(f"/api/{question}").json() == 0

    give_own()

    assert interviewer.get(f"/api/{question}").json() > 0


def test_hidden_feedback_gives_no_one_away(interviewer, own, colleague, give_own):
    question = f"/api/candidate-interview/count?where[feedbacks][interviewerId]={colleague.pk}"
    assert interviewer.get(question).json() == 0

    give_own()

    assert interviewer.get(question).json() == 1


def test_hidden_feedback_does_not_sort(interviewer, organization, own, colleague):
    """Of two interviews with hidden feedback, the order tells nothing: sorting is by what one sees."""
    response = interviewer.get("/api/candidate-feedback?order[rating]=ASC")

    assert response.status_code == 200
    assert response.json() == {"items": [], "total": 0}


# The figures made of feedback.


def doors_to_the_mean(interview) -> dict:
    candidate = interview.candidate_id
    return {
        f"/api/candidate-interview/{interview.pk}": lambda b: b["rating"],
        "/api/candidate-interview": lambda b: b["items"][0]["rating"],
        f"/api/candidate/{candidate}?relations=interviews": lambda b: b["interviews"][0]["rating"],
        f"/api/candidate/{candidate}?relations=interview": lambda b: b["interview"][0]["rating"],
        "/api/candidate-interviewer?relations=interview": lambda b: b["items"][0]["interview"]["rating"],
    }


def test_the_mean_of_an_interview_is_null_until_the_own_feedback_is_given(interviewer, own, others, give_own):
    for address, rating in doors_to_the_mean(own).items():
        assert rating(interviewer.get(address).json()) is None, address

    mine = give_own()

    for address, rating in doors_to_the_mean(own).items():
        assert rating(interviewer.get(address).json()) == 3, address
    shown = interviewer.get(f"/api/candidate-feedback/{mine.pk}?relations=interview").json()
    assert shown["interview"]["rating"] == 3


def test_the_mean_of_a_candidate_is_null_throughout(interviewer, recruiter, own, give_own):
    mine = give_own()

    addresses = {
        f"/api/candidate/{own.candidate_id}": lambda b: b,
        "/api/candidate": lambda b: b["items"][0],
        f"/api/candidate-interview/{own.pk}?relations=candidate": lambda b: b["candidate"],
        f"/api/candidate-feedback/{mine.pk}?relations=candidate": lambda b: b["candidate"],
        "/api/candidate-interviewer?relations=interview.candidate": lambda b: b["items"][0]["interview"]["candidate"],
    }
    for address, candidate in addresses.items():
        assert candidate(interviewer.get(address).json())["ratings"] is None, address
    assert recruiter.get(f"/api/candidate/{own.candidate_id}").json()["ratings"] == 3


def test_the_answer_to_giving_feedback_shows_the_mean(interviewer, own):
    response = interviewer.post(
        f"/api/candidate-interview/{own.pk}/feedbacks?relations=interview,candidate", {"rating": 4}
    )

    assert response.status_code == 201
    assert response.json()["interview"]["rating"] == 3
    assert response.json()["candidate"]["ratings"] is None


@pytest.mark.parametrize("given", [True, False])
@pytest.mark.parametrize(
    "question",
    [
        "candidate-interview?where[rating]=2",
        "candidate-interview?where[rating][gte]=1",
        "candidate-interview?where[rating][isNull]=false",
        "candidate-interview?where[rating][]=1&where[rating][]=2",
        "candidate-interview/count?where[rating]=null",
        "candidate-interview?order[rating]=ASC",
        "candidate?where[ratings][gt]=1",
        "candidate/count?where[ratings][isNull]=true",
        "candidate?order[ratings]=DESC",
    ],
)
def test_blind_figures_can_be_neither_filtered_nor_ordered_by(interviewer, recruiter, own, give_own, question, given):
    if given:
        give_own()

    response = interviewer.get(f"/api/{question}")

    assert response.status_code == 400
    assert "hidden from you" in response.json()["message"][0]
    assert recruiter.get(f"/api/{question}").status_code == 200


# Other roles.


def test_all_feedback_is_a_permission_and_no_roles_name(sign_in, organization, own, others):
    """Whoever sees interviews but no feedback, sees no mean of it either."""
    see = ["candidates.view_candidate", "interviews.view_interview"]
    without = sign_in("EMPLOYEE", role=RoleFactory(organization=organization, permissions=see))
    with_ = sign_in(
        "EMPLOYEE", role=RoleFactory(organization=organization, permissions=[*see, "interviews.view_feedback"])
    )

    for client, mean, ratings in ((without, None, None), (with_, 2, 1.5)):
        shown = client.get(f"/api/candidate-interview/{own.pk}?relations=candidate").json()
        assert (shown["rating"], shown["candidate"]["ratings"]) == (mean, ratings)
    assert without.get("/api/candidate-interview?order[rating]=ASC").status_code == 400
    assert with_.get("/api/candidate-interview?order[rating]=ASC").status_code == 200


@pytest.mark.parametrize("role", ["ADMIN", "RECRUITER", "VIEWER"])
def test_who_sees_all_feedback_need_not_give_any(sign_in, own, others, role):
    shown = sign_in(role).get(f"/api/candidate/{own.candidate_id}?relations=feedbacks,interviews").json()

    assert sorted(row["rating"] for row in shown["feedbacks"]) == [1, 2]
    assert (shown["ratings"], [row["rating"] for row in shown["interviews"]]) == (1.5, [2, 1])


def test_a_recruiter_who_interviews_elsewhere_is_blind_there_only(sign_in, interviewer, own, others):
    """Roles are per organization: recruiter in one, interviewer in the other."""
    there = OrganizationFactory()
    EmployeeFactory(user=interviewer.user, organization=there, role_name="RECRUITER")
    taking_part = InterviewerFactory(interview__candidate__organization=there)
    give_feedback(taking_part.interview, taking_part.employee, by=taking_part.employee.user, rating=5)

    shown = interviewer.get("/api/candidate-interview").json()["items"]

    assert {row["id"]: row["rating"] for row in shown} == {str(own.pk): None, str(taking_part.interview.pk): 5}
    assert {row["ratings"] for row in interviewer.get("/api/candidate").json()["items"]} == {None, 5}


def test_the_feedback_one_gave_in_another_organization_opens_nothing_here(interviewer, own):
    there = OrganizationFactory()
    place = EmployeeFactory(user=interviewer.user, organization=there, role_name="INTERVIEWER")
    taking_part = InterviewerFactory(interview__candidate__organization=there, employee=place)
    give_feedback(taking_part.interview, place, by=interviewer.user, rating=5)

    ratings = [row["rating"] for row in interviewer.get("/api/candidate-feedback").json()["items"]]

    assert ratings == [5]


def test_one_who_was_demoted_to_interviewer_is_blind_at_once(recruiter, organization, own):
    InterviewerFactory(interview=own, employee=recruiter.employee)
    assert recruiter.get(f"/api/candidate-interview/{own.pk}").json()["rating"] == 2

    recruiter.employee.role = built_in_role(organization, "INTERVIEWER")
    recruiter.employee.save()

    assert recruiter.get(f"/api/candidate-interview/{own.pk}").json()["rating"] is None


def test_who_sees_all_feedback_in_one_organization_asks_by_it_there(admin, organization):
    """Blind elsewhere is no reason to be blind at home, when only home is asked for."""
    EmployeeFactory(user=admin.user, role_name="INTERVIEWER")

    for asked in ("order[ratings]=DESC", "where[ratings][gte]=1"):
        assert admin.get(f"/api/candidate?{asked}").status_code == 400
        assert admin.get(f"/api/candidate?{asked}&where[organizationId]={organization.pk}").status_code == 200
