"""One row of every resource in one organization, related to one another, for the rules that hold for all endpoints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from candidates.tests.factories import (
    CandidateFactory,
    DocumentFactory,
    EducationFactory,
    ExperienceFactory,
    SkillFactory,
    SourceFactory,
    StatusChangeFactory,
)
from contacts.tests.factories import ContactFactory, MemberFactory
from interviews.tests.factories import FeedbackFactory, InterviewerFactory, InterviewFactory
from invitations.tests.factories import InvitationFactory
from organizations.models import Employee, Organization
from organizations.tests.factories import EmployeeFactory, RoleFactory
from pipelines.tests.factories import PipelineFactory, StageFactory


class World:
    """An organization with `size` rows of every kind; `world[prefix]` is one row of that endpoint."""

    def __init__(self, organization: Organization, interviewer: Employee | None = None, size: int = 1) -> None:
        self.organization = organization
        self.interviewer = interviewer or EmployeeFactory(organization=organization, role_name="INTERVIEWER")
        for _ in range(size):
            self._add_one_of_each()

    def _add_one_of_each(self) -> None:
        organization = self.organization
        source = SourceFactory(organization=organization)
        candidate = CandidateFactory(organization=organization, source=source, status="HIRED")
        interview = InterviewFactory(candidate=candidate)
        interviewer = InterviewerFactory(interview=interview, employee=self.interviewer)
        other = InterviewerFactory(interview=interview)
        contact = ContactFactory(organization=organization)
        pipeline = PipelineFactory(organization=organization)
        self.rows: dict[str, Any] = {
            "organization": organization,
            "employee": other.employee,
            "role": RoleFactory(organization=organization),
            "candidate": candidate,
            "candidate-source": source,
            "candidate-skill": SkillFactory(candidate=candidate),
            "candidate-experience": ExperienceFactory(candidate=candidate),
            "candidate-education": EducationFactory(candidate=candidate),
            "candidate-document": DocumentFactory(candidate=candidate),
            "candidate-interview": interview,
            "candidate-interviewer": other,
            "candidate-feedback": FeedbackFactory(participation=interviewer),
            "invite": InvitationFactory(organization=organization),
            "pipelines": pipeline,
            "pipeline-stage": StageFactory(pipeline=pipeline),
            "organization-contact": contact,
        }
        StatusChangeFactory(candidate=candidate)
        FeedbackFactory(participation=other)
        MemberFactory(contact=contact, employee=self.interviewer)
        # A candidate whom the interviewer does not meet.
        InterviewerFactory(interview=InterviewFactory(candidate=CandidateFactory(organization=organization)))

    def __getitem__(self, prefix: str) -> Any:
        return self.rows[prefix]


def new_bodies(world: World) -> dict[str, Callable[[], dict[str, Any]]]:
    """Endpoint → a body that makes a row in the world's organization. Endpoints without POST are not in it."""
    owner = {"organizationId": str(world.organization.pk)}
    candidate = {"candidateId": str(world["candidate"].pk)}
    person = {"firstName": "Ada", "lastName": "Byron", "email": "ada.byron@example.com"}
    times = {"startTime": "2031-01-20T10:00:00.000Z", "endTime": "2031-01-20T11:00:00.000Z"}

    def newcomer() -> str:
        return str(EmployeeFactory(organization=world.organization).pk)

    def unheard() -> dict[str, Any]:
        interviewer = InterviewerFactory(interview=world["candidate-interview"])
        return {"interviewId": str(interviewer.interview_id), "interviewerId": str(interviewer.employee_id)}

    return {
        "role": lambda: {"name": "SOURCER", "permissions": [], **owner},
        "candidate": lambda: {"user": person, **owner},
        "candidate-source": lambda: {"name": "A fair", **owner},
        "candidate-skill": lambda: {"name": "Sailing", "level": "EXPERT", **candidate},
        "candidate-experience": lambda: {"occupation": "Sailor", **candidate},
        "candidate-education": lambda: {"schoolName": "A school", **candidate},
        "candidate-document": lambda: {"name": "CV", "documentUrl": "https://example.com/cv.pdf", **candidate},
        "candidate-interview": lambda: {"title": "A talk", **times, **candidate, **owner},
        "candidate-interviewer": lambda: {
            "interviewId": str(world["candidate-interview"].pk),
            "employeeId": newcomer(),
        },
        "candidate-feedback": lambda: {"rating": 3.5, **unheard()},
        "invite": lambda: {"emailId": "ada@example.com", "roleId": str(world["role"].pk), **owner},
        "pipelines": lambda: {"name": "A pipeline", "stages": [{"name": "First"}], **owner},
        "pipeline-stage": lambda: {"name": "A stage", "pipelineId": str(world["pipelines"].pk)},
        "organization-contact": lambda: {"name": "A contact", **owner},
    }
