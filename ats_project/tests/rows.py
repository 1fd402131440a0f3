"""A new row of any model that belongs to organizations, for the rules that hold for all of them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from candidates.tests.factories import (
    CandidateFactory,
    DocumentFactory,
    EditFactory,
    EducationFactory,
    ExperienceFactory,
    ImportFactory,
    SkillFactory,
    SourceFactory,
    StatusChangeFactory,
)
from contacts.tests.factories import ContactFactory, MemberFactory
from interviews.tests.factories import FeedbackFactory, InterviewerFactory, InterviewFactory
from invitations.tests.factories import InvitationFactory
from organizations.models import Organization, Owned
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, RoleFactory
from pipelines.tests.factories import PipelineFactory, StageFactory

FACTORIES = {
    factory._meta.model: factory
    for factory in (
        CandidateFactory, ContactFactory, DocumentFactory, EditFactory, EducationFactory, EmployeeFactory,
        ExperienceFactory, FeedbackFactory, ImportFactory, InterviewFactory, InterviewerFactory, InvitationFactory,
        MemberFactory, OrganizationFactory, PipelineFactory,
        RoleFactory, SkillFactory, SourceFactory, StageFactory, StatusChangeFactory,
    )
}  # fmt: skip
#: The models of the back office whose rows belong to organizations.
REGISTERED = sorted((m for m in admin.site._registry if issubclass(m, Owned)), key=lambda m: m._meta.label)
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


def queries(client: Client, url: str) -> int:
    """How many a page takes."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
        assert response.status_code == 200
    return len(captured)
