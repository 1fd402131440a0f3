"""Two requests at one moment, from two processes and two connections: one wins, the other is told, nothing is half."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.utils import timezone

from candidates.models import Candidate, Skill, Source, StatusChange
from candidates.tests.factories import CandidateFactory
from interviews.models import Feedback, Interview, Interviewer
from interviews.tests.factories import FeedbackFactory, InterviewerFactory, InterviewFactory
from invitations.models import Invitation
from invitations.tests.factories import InvitationFactory
from organizations.models import Employee, Session, User
from organizations.sessions import open_session
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, UserFactory, built_in_role
from pipelines.models import Pipeline, Stage
from pipelines.tests.factories import PipelineFactory

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3


class Ask(NamedTuple):
    """A request; `by` is the user, or nobody."""

    method: str
    path: str
    body: Any = None
    by: User | None = None


class Answer(NamedTuple):
    status: int
    body: Any


class Racer:
    def __init__(self) -> None:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "ats_project.test_settings", "EMAIL_URL": "dummymail://"}
        self.process = subprocess.Popen(  # noqa: S603, our own module
            [sys.executable, "-m", "ats_project.tests.racer", str(connection.settings_dict["NAME"])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def hear(self) -> str:
        line = self.process.stdout.readline()
        assert line, "The racer has died; its stderr says why."
        return line.strip()

    def tell(self, line: str) -> None:
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def leave(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def racers(django_db_setup) -> Iterator[list[Racer]]:
    racers = [Racer(), Racer()]
    for racer in racers:
        assert racer.hear() == "ready"
    yield racers
    for racer in racers:
        racer.leave()


@pytest.fixture
def race(racers) -> Callable[..., list[Answer]]:
    def race(*asks: Ask) -> list[Answer]:
        """The answers, the lower status first."""
        for racer, ask in zip(racers, asks, strict=True):
            token = open_session(ask.by)["token"] if ask.by else None
            racer.tell(json.dumps({"token": token, "method": ask.method, "path": ask.path, "body": ask.body}))
        for racer in racers:
            assert racer.hear() == "set"
        for racer in racers:
            racer.tell("go")
        return sorted((Answer(**json.loads(racer.hear())) for racer in racers), key=lambda answer: answer.status)

    return race


def statuses(answers: list[Answer]) -> list[int]:
    return [answer.status for answer in answers]


def test_of_two_hires_one_hires(race, organization):
    ann, bob = EmployeeFactory.create_batch(2, organization=organization, role_name="RECRUITER")
    for _ in range(ROUNDS):
        candidate = CandidateFactory(organization=organization)
        path = f"/api/candidate/{candidate.pk}/hired"

        hired, late = race(Ask("put", path, {}, by=ann.user), Ask("put", path, {}, by=bob.user))

        assert (hired.status, late.status) == (200, 409)
        assert late.body["details"][0]["code"] == "already_hired"
        employee = Employee.objects.get(organization=organization, email=candidate.email)
        assert hired.body["employeeId"] == str(employee.pk)
        assert StatusChange.objects.filter(candidate=candidate, to_status="HIRED").count() == 1
        assert User.objects.filter(email=candidate.email).count() == 1


def test_a_hire_and_a_rejection_do_not_mix(race, organization):
    ann, bob = EmployeeFactory.create_batch(2, organization=organization, role_name="RECRUITER")
    for _ in range(ROUNDS):
        candidate = CandidateFactory(organization=organization)
        path = f"/api/candidate/{candidate.pk}"

        answers = race(
            Ask("put", path, {"status": "HIRED"}, by=ann.user), Ask("put", path, {"status": "REJECTED"}, by=bob.user)
        )

        candidate.refresh_from_db()
        assert candidate.is_hired
        assert candidate.reject_date is None
        moves = list(candidate.status_history.order_by("created_at").values_list("from_status", "to_status"))
        assert (statuses(answers), moves) in [
            ([200, 409], [("APPLIED", "HIRED")]),
            ([200, 200], [("APPLIED", "REJECTED"), ("REJECTED", "HIRED")]),
        ]


def test_two_organizations_that_hire_one_person_open_one_account(race):
    ann, bob = EmployeeFactory.create_batch(2, role_name="RECRUITER")
    for i in range(ROUNDS):
        email = f"wanted{i}@example.com"
        here = CandidateFactory(organization=ann.organization, email=email, first_name="Jane")
        there = CandidateFactory(organization=bob.organization, email=email.upper(), first_name="J.")

        answers = race(
            Ask("put", f"/api/candidate/{here.pk}/hired", {}, by=ann.user),
            Ask("put", f"/api/candidate/{there.pk}/hired", {}, by=bob.user),
        )

        assert statuses(answers) == [200, 200]
        account = User.objects.get(email_folded=email)
        assert {e.first_name for e in account.employees.all()} == {"Jane", "J."}


def test_of_two_acceptances_one_joins(race, organization):
    for i in range(ROUNDS):
        invitation = InvitationFactory(organization=organization, email=f"invited-once{i}@example.com")
        token = invitation.renew_token()
        invitation.save()
        ask = Ask("post", "/api/invite/validate", {"email": invitation.email, "token": token, "firstName": "Jane"})

        joined, late = race(ask, ask)

        assert (joined.status, late.status) == (200, 400)
        assert late.body["details"][0]["code"] == "invalid_invitation"
        employee = Employee.objects.get(user__email=invitation.email)
        assert joined.body["employeeId"] == str(employee.pk)
        invitation.refresh_from_db()
        assert (invitation.answer, invitation.employee_id) == ("ACCEPTED", employee.pk)


def test_of_an_acceptance_and_a_withdrawal_one_wins(race, organization):
    admin = EmployeeFactory(organization=organization, role_name="ADMIN")
    for _ in range(ROUNDS):
        invitation = InvitationFactory(organization=organization, inviter=admin)
        token = invitation.renew_token()
        invitation.save()

        answers = race(
            Ask("post", "/api/invite/validate", {"email": invitation.email, "token": token}),
            Ask("delete", f"/api/invite/{invitation.pk}", by=admin.user),
        )

        is_employed = Employee.objects.filter(user__email=invitation.email).exists()
        is_kept = Invitation.objects.filter(pk=invitation.pk, answer="ACCEPTED").exists()
        assert (statuses(answers), is_employed, is_kept) in [([200, 409], True, True), ([204, 400], False, False)]


def test_an_address_that_is_invited_twice_has_one_open_invitation(race, organization):
    ann, bob = EmployeeFactory.create_batch(2, organization=organization, role_name="ADMIN")
    role = str(built_in_role(organization, "VIEWER").pk)
    for i in range(ROUNDS):
        body = {"emailId": f"twice{i}@example.com", "roleId": role, "organizationId": str(organization.pk)}

        answers = race(Ask("post", "/api/invite", body, by=ann.user), Ask("post", "/api/invite", body, by=bob.user))

        assert statuses(answers) == [201, 201]
        assert answers[0].body["id"] == answers[1].body["id"]
        assert Invitation.objects.filter(email=body["emailId"]).count() == 1


def _interview(candidate: Candidate, at, employees=()) -> dict[str, Any]:
    return {
        "title": "Technical Interview",
        "startTime": at.isoformat(),
        "endTime": (at + timedelta(hours=1)).isoformat(),
        "candidateId": str(candidate.pk),
        "organizationId": str(candidate.organization_id),
        "interviewers": [{"employeeId": str(employee.pk)} for employee in employees],
    }


def test_an_employee_is_not_in_two_interviews_at_a_time(race, organization, colleague):
    ann, bob = EmployeeFactory.create_batch(2, organization=organization, role_name="RECRUITER")
    others = EmployeeFactory.create_batch(2, organization=organization, role_name="INTERVIEWER")
    one, two = CandidateFactory.create_batch(2, organization=organization)
    for day in range(ROUNDS):
        at = timezone.now() + timedelta(days=day)

        # In another order of employees, which must not end in a deadlock.
        made, late = race(
            Ask("post", "/api/candidate-interview", _interview(one, at, [colleague, *others]), by=ann.user),
            Ask(
                "post",
                "/api/candidate-interview",
                _interview(two, at + timedelta(minutes=30), [*reversed(others), colleague]),
                by=bob.user,
            ),
        )

        assert (made.status, late.status) == (201, 409)
        assert late.body["details"][0]["code"] == "overlap"
        assert Interview.objects.count() == day + 1
        assert Interviewer.objects.count() == 3 * (day + 1)


def test_a_candidate_is_not_in_two_interviews_at_a_time(race, organization):
    ann, bob = EmployeeFactory.create_batch(2, organization=organization, role_name="RECRUITER")
    candidate = CandidateFactory(organization=organization)
    for day in range(ROUNDS):
        at = timezone.now() + timedelta(days=day)

        answers = race(
            Ask("post", "/api/candidate-interview", _interview(candidate, at), by=ann.user),
            Ask("post", "/api/candidate-interview", _interview(candidate, at + timedelta(minutes=59)), by=bob.user),
        )

        assert statuses(answers) == [201, 409]
        assert Interview.objects.count() == day + 1


def test_two_interviews_are_not_moved_onto_one_another(race, organization, colleague):
    ann, bob = EmployeeFactory.create_batch(2, organization=organization, role_name="RECRUITER")
    now = timezone.now()
    one, two = (
        InterviewerFactory(
            interview=InterviewFactory(
                candidate=CandidateFactory(organization=organization),
                start_time=now + timedelta(hours=hours),
                end_time=now + timedelta(hours=hours + 1),
            ),
            employee=colleague,
        ).interview
        for hours in (1, 3)
    )
    times = {
        "startTime": (now + timedelta(days=1)).isoformat(),
        "endTime": (now + timedelta(days=1, hours=1)).isoformat(),
    }

    answers = race(
        Ask("put", f"/api/candidate-interview/{one.pk}", times, by=ann.user),
        Ask("put", f"/api/candidate-interview/{two.pk}", times, by=bob.user),
    )

    assert statuses(answers) == [200, 409]
    assert Interview.objects.filter(start_time__gt=now + timedelta(hours=23)).count() == 1


def test_an_interviewer_gives_one_feedback(race, organization):
    for _ in range(ROUNDS):
        interviewer = InterviewerFactory(organization=organization, interview__candidate__organization=organization)
        path = f"/api/candidate-interview/{interviewer.interview_id}/feedbacks"
        user = interviewer.employee.user

        given, late = race(Ask("post", path, {"rating": 4}, by=user), Ask("post", path, {"rating": 2}, by=user))

        assert (given.status, late.status) == (201, 409)
        assert late.body["details"][0]["code"] == "duplicate"
        feedback = Feedback.objects.get(interview=interviewer.interview)
        candidate = Candidate.objects.get(pk=interviewer.interview.candidate_id)
        assert given.body["rating"] == feedback.rating == candidate.ratings


def test_the_means_know_both_of_two_feedbacks(race, organization):
    for _ in range(ROUNDS):
        candidate = CandidateFactory(organization=organization)
        one, two = (InterviewerFactory(interview__candidate=candidate) for _ in range(2))

        answers = race(
            *(
                Ask("post", f"/api/candidate-interview/{i.interview_id}/feedbacks", {"rating": r}, by=i.employee.user)
                for i, r in ((one, 5), (two, 2))
            )
        )

        assert statuses(answers) == [201, 201]
        candidate.refresh_from_db()
        assert candidate.ratings == 3.5


def test_the_means_follow_a_deletion_and_a_new_feedback(race, organization):
    ann, bob = EmployeeFactory.create_batch(2, organization=organization, role_name="RECRUITER")
    interview = InterviewFactory(candidate__organization=organization)
    leaving, _ = (FeedbackFactory(participation__interview=interview, rating=1) for _ in range(2))
    interviewer = InterviewerFactory(interview=interview).employee
    body = {"rating": 5, "interviewerId": str(interviewer.pk)}

    answers = race(
        Ask("delete", f"/api/candidate-feedback/{leaving.pk}", by=ann.user),
        Ask("post", f"/api/candidate-interview/{interview.pk}/feedbacks", body, by=bob.user),
    )

    assert statuses(answers) == [201, 204]
    interview.refresh_from_db()
    interview.candidate.refresh_from_db()
    assert interview.rating == interview.candidate.ratings == 3


def test_two_stages_do_not_share_an_index(race, organization):
    ann, bob = EmployeeFactory.create_batch(2, organization=organization, role_name="RECRUITER")
    for _ in range(ROUNDS):
        pipeline = PipelineFactory(organization=organization)
        body = {"pipelineId": str(pipeline.pk), "name": "Lead", "index": 0}

        made, late = race(
            Ask("post", "/api/pipeline-stage", body, by=ann.user), Ask("post", "/api/pipeline-stage", body, by=bob.user)
        )

        assert made.status == 201
        assert late.status in {400, 409}
        assert Stage.objects.filter(pipeline=pipeline).count() == 1


def test_two_new_stages_without_an_index_come_one_after_the_other(race, organization):
    ann, bob = EmployeeFactory.create_batch(2, organization=organization, role_name="RECRUITER")
    pipeline = PipelineFactory(organization=organization)
    body = {"pipelineId": str(pipeline.pk), "name": "Lead"}

    answers = race(
        Ask("post", "/api/pipeline-stage", body, by=ann.user), Ask("post", "/api/pipeline-stage", body, by=bob.user)
    )

    assert statuses(answers) == [201, 201]
    assert sorted(Stage.objects.filter(pipeline=pipeline).values_list("index", flat=True)) == [0, 1]


def test_two_arrangements_of_a_pipeline_leave_the_whole_of_one(race, organization):
    ann, bob = EmployeeFactory.create_batch(2, organization=organization, role_name="RECRUITER")
    for _ in range(ROUNDS):
        pipeline = PipelineFactory(organization=organization)
        wanted = [["Lead", "Won"], ["Open", "Lost", "Won"]]

        answers = race(
            *(
                Ask("put", f"/api/pipelines/{pipeline.pk}", {"stages": [{"name": name} for name in names]}, by=by.user)
                for by, names in zip((ann, bob), wanted, strict=True)
            )
        )

        assert statuses(answers) == [200, 200]
        stages = Stage.objects.filter(pipeline=pipeline).order_by("index")
        assert [stage.name for stage in stages] in wanted
        assert [stage.index for stage in stages] == list(range(len(stages)))
    assert Pipeline.objects.count() == ROUNDS


def test_a_refresh_token_is_good_for_one_pair(race):
    user = UserFactory()
    for _ in range(ROUNDS):
        ask = Ask("post", "/api/auth/refresh-token", {"refreshToken": open_session(user)["refreshToken"]})

        renewed, late = race(ask, ask)

        assert (renewed.status, late.status) == (200, 401)
        # Two tabs and no thief: the session goes on.
        assert not Session.objects.exclude(revoked_at=None).exists()


@pytest.mark.parametrize("change", ["isActive", "roleId"])
def test_the_last_two_admins_do_not_put_each_other_out(race, change):
    for _ in range(ROUNDS):
        organization = OrganizationFactory()
        ann, bob = EmployeeFactory.create_batch(2, organization=organization, role_name="ADMIN")
        body = {change: False if change == "isActive" else str(built_in_role(organization, "VIEWER").pk)}

        done, late = race(
            Ask("put", f"/api/employee/{bob.pk}", body, by=ann.user),
            Ask("put", f"/api/employee/{ann.pk}", body, by=bob.user),
        )

        assert done.status == 200
        assert late.status in {403, 409}
        assert Employee.objects.filter(organization=organization, is_active=True, role__name="ADMIN").count() == 1


def test_two_candidates_do_not_share_an_address(race, organization):
    ann, bob = EmployeeFactory.create_batch(2, organization=organization, role_name="RECRUITER")
    for i in range(ROUNDS):
        bodies = [
            {"user": {"firstName": "Jane", "email": email}, "skills": [{"name": "Go"}], "source": {"name": f"Fair {i}"}}
            for email in (f"same{i}@example.com", f"SAME{i}@Example.com")
        ]

        made, late = race(
            *(Ask("post", "/api/candidate", body, by=by.user) for by, body in zip((ann, bob), bodies, strict=True))
        )

        assert (made.status, late.status) == (201, 409)
        assert Candidate.objects.filter(email_folded=f"same{i}@example.com").count() == 1
        assert Skill.objects.count() == i + 1
        assert Source.objects.count() == i + 1


def test_two_candidates_of_one_new_source_share_it(race, organization):
    ann, bob = EmployeeFactory.create_batch(2, organization=organization, role_name="RECRUITER")
    for i in range(ROUNDS):
        bodies = [
            {"user": {"firstName": name, "email": f"{name}{i}@example.com"}, "source": {"name": source}}
            for name, source in (("jane", f"Fair {i}"), ("john", f"FAIR {i}"))
        ]

        answers = race(
            *(Ask("post", "/api/candidate", body, by=by.user) for by, body in zip((ann, bob), bodies, strict=True))
        )

        assert statuses(answers) == [201, 201]
        source = Source.objects.get(name_folded=f"fair {i}")
        assert {answer.body["sourceId"] for answer in answers} == {str(source.pk)}


def test_two_passwords_for_one_new_address_open_one_account(race):
    ann, bob = EmployeeFactory.create_batch(2, role_name="RECRUITER")
    for i in range(ROUNDS):
        body = {"user": {"firstName": "Jane", "email": f"new{i}@example.com"}, "password": "temporaryPassword"}

        answers = race(
            Ask("post", "/api/candidate", body, by=ann.user), Ask("post", "/api/candidate", body, by=bob.user)
        )

        assert statuses(answers) == [201, 201]
        account = User.objects.get(email=f"new{i}@example.com")
        assert {answer.body["userId"] for answer in answers} == {str(account.pk)}


def test_a_skill_that_is_named_twice_is_there_once(race, organization):
    ann, bob = EmployeeFactory.create_batch(2, organization=organization, role_name="RECRUITER")
    for _ in range(ROUNDS):
        candidate = CandidateFactory(organization=organization)
        path = f"/api/candidate/{candidate.pk}/skills"

        answers = race(
            Ask("post", path, {"skills": [{"name": "Go", "level": "EXPERT"}, {"name": "C"}]}, by=ann.user),
            Ask("post", path, {"skills": [{"name": "c"}, {"name": "GO", "level": "EXPERT"}]}, by=bob.user),
        )

        assert statuses(answers) == [201, 201]
        assert sorted(skill.name_folded for skill in candidate.skills.all()) == ["c", "go"]


def test_an_employee_is_hired_anew_while_they_work(race, organization):
    """Both write rows that point at the other's locked ones; none waits for the other in a circle."""
    ann, bob = EmployeeFactory.create_batch(2, organization=organization, role_name="RECRUITER")
    for day in range(ROUNDS):
        namesake = CandidateFactory(organization=organization, email=f"x{day}@example.com")
        Candidate.objects.filter(organization=organization, email=bob.email).update(email=f"y{day}@example.com")
        Candidate.objects.filter(pk=namesake.pk).update(email=bob.email)
        meeting = _interview(CandidateFactory(organization=organization), timezone.now() + timedelta(days=day), [bob])

        answers = race(
            Ask("put", f"/api/candidate/{namesake.pk}/hired", {}, by=ann.user),
            Ask("post", "/api/candidate-interview", meeting, by=bob.user),
        )

        assert statuses(answers) == [200, 201]


def test_two_recruiters_hire_each_other(race):
    ann, bob = EmployeeFactory.create_batch(2, role_name="RECRUITER")
    for employer, employee in ((ann, bob), (bob, ann)):
        EmployeeFactory(organization=employer.organization, user=employee.user, role_name="VIEWER")
    hers = CandidateFactory(organization=ann.organization, email=bob.email)
    his = CandidateFactory(organization=bob.organization, email=ann.email)

    answers = race(
        Ask("put", f"/api/candidate/{hers.pk}/hired", {}, by=ann.user),
        Ask("put", f"/api/candidate/{his.pk}/hired", {}, by=bob.user),
    )

    assert statuses(answers) == [200, 200]
    assert StatusChange.objects.filter(to_status="HIRED").count() == 2
