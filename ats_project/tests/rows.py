"""A new row of any model that belongs to organizations, for the rules that hold for all of them."""

from __future__ import annotations

from typing import Any

from candidates.tests.factories import (
    CandidateFactory,
    DocumentFactory,
    EditFactory,
    EducationFactory,
    ExperienceFactory,
    SkillFactory,
    SourceFactory,
    StatusChangeFactory,
)
from contacts.tests.factories import ContactFactory, MemberFactory
from interviews.tests.factories import FeedbackFactory, InterviewerFactory, InterviewFactory
from invitations.tests.factories import InvitationFactory
from organizations.models import Organization
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, RoleFactory
from pipelines.tests.factories import PipelineFactory, StageFactory

FACTORIES = {
    factory._meta.model: factory
    for factory in (
        CandidateFactory, ContactFactory, DocumentFactory, EditFactory, EducationFactory, EmployeeFactory,
        ExperienceFactory,
        FeedbackFactory, InterviewFactory, InterviewerFactory, InvitationFactory, MemberFactory, OrganizationFactory,
        PipelineFactory, RoleFactory, SkillFactory, SourceFactory, StageFactory, StatusChangeFactory,
    )
}  # fmt: skip
#: Where the factory of a part takes the organization from; those of other rows take it as it is.
OWNERS = {
    "Feedback": "participation__interview__candidate__organization",
    "Interview": "candidate__organization",
    "Interviewer": "interview__candidate__organization",
}


def a_row(model: type[Any], organization: Organization, **fields: Any) -> Any:
    if model is Organization:
        return organization
    owner = OWNERS.get(model.__name__) or (f"{model.parent}__organization" if model.parent else "organization")
    return FACTORIES[model](**{owner: organization}, **fields)
