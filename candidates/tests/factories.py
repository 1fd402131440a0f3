from __future__ import annotations

import factory
from django.utils import timezone

from candidates.models import Candidate, Document, Edit, Education, Experience, Import, Skill, Source, StatusChange
from organizations.tests.factories import EmployeeFactory, OrganizationFactory


class SourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Source

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence("Source {}".format)


class CandidateFactory(factory.django.DjangoModelFactory):
    """In any status, with what the status brings along."""

    class Meta:
        model = Candidate

    organization = factory.SubFactory(OrganizationFactory)
    first_name = factory.Sequence("First {}".format)
    last_name = factory.Sequence("Last {}".format)
    email = factory.Sequence("candidate{}@example.com".format)
    hired_date = factory.LazyAttribute(lambda c: timezone.now() if c.status == "HIRED" else None)
    reject_date = factory.LazyAttribute(lambda c: timezone.now() if c.status == "REJECTED" else None)
    status = "APPLIED"
    employee = factory.Maybe(
        factory.LazyAttribute(lambda c: c.status == "HIRED"),
        factory.SubFactory(EmployeeFactory, organization=factory.SelfAttribute("..organization")),
    )


class _PartFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    candidate = factory.SubFactory(CandidateFactory)
    organization = factory.SelfAttribute("candidate.organization")


class SkillFactory(_PartFactory):
    class Meta:
        model = Skill

    name = factory.Sequence("Skill {}".format)
    level = "EXPERT"


class ExperienceFactory(_PartFactory):
    class Meta:
        model = Experience

    occupation = "Senior Developer"
    company = "Previous Company"


class EducationFactory(_PartFactory):
    class Meta:
        model = Education

    school_name = "MIT"
    completion_date = "2020-06-01"


class DocumentFactory(_PartFactory):
    class Meta:
        model = Document

    name = "CV"
    document_url = "https://files.example.com/cv.pdf"


class StatusChangeFactory(_PartFactory):
    class Meta:
        model = StatusChange

    from_status = "APPLIED"
    to_status = "INTERVIEWED"


class EditFactory(_PartFactory):
    class Meta:
        model = Edit

    subject = "SKILL"
    kind = "ADDED"
    title = "Python"


class ImportFactory(factory.django.DjangoModelFactory):
    """One that is done, of a file that is not kept any more."""

    class Meta:
        model = Import

    organization = factory.SubFactory(OrganizationFactory)
    file_name = factory.Sequence("list {}.csv".format)
    stored_as = factory.Sequence("{:032x}".format)
    size = 1000
    state = "DONE"
