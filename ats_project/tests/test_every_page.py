"""What must hold for every page of the back office, ours and those that every model has: who may open it, what a
stranger sees, and what it costs. What is asked of models is in test_admin.py, what a browser shows in browser/."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ats_project.tests.pages import Page, pages
from ats_project.tests.rows import REGISTERED, a_row, queries
from ats_project.tests.world import World
from candidates.models import Candidate
from candidates.tests.factories import (
    DocumentFactory,
    EditFactory,
    EducationFactory,
    ExperienceFactory,
    SkillFactory,
    StatusChangeFactory,
)
from contacts.models import Contact
from contacts.tests.factories import MemberFactory
from interviews.models import Interview
from interviews.tests.factories import FeedbackFactory, InterviewerFactory, InterviewFactory
from invitations.models import Invitation
from organizations.models import Employee, Organization, Owned
from organizations.tests.factories import OrganizationFactory
from pipelines.models import Pipeline
from pipelines.tests.factories import StageFactory

#: Of one's own filters everyone is the master; the settings lead on to a page.
HARMLESS = {"candidates_candidate_filters", "organizations_organization_settings"}
BEFORE_THE_DOOR = ("admin:login", "admin:logout", "admin:choose", "admin_password_reset", "set_language", "password",
                   "invitation")  # fmt: skip
ROOTS = (Candidate, Contact, Interview, Pipeline)


def opened(client: Client, page: Page, row: Owned | None = None):
    return client.get(page.url(row and row.pk))


def test_who_has_not_signed_in_is_sent_to_the_door(db):
    addresses = {page.name: page.url(uuid4()) for page in pages()}

    answers = {name: Client().get(address) for name, address in addresses.items()}

    door = reverse("admin:login")
    assert {n for n, answer in answers.items() if not answer.headers.get("Location", "").startswith(door)} == set()


def test_what_does_not_come_from_a_page_of_ours_is_refused(enter, caplog):
    recruiter = enter("ADMIN")
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = recruiter.cookies
    addresses = [page.url(uuid4()) for page in pages()] + [reverse(name) for name in BEFORE_THE_DOOR]

    with caplog.at_level("WARNING", logger="django.security.csrf"):
        answers = {address: careful.post(address).status_code for address in addresses}

    assert {address for address, status in answers.items() if status != 403} == set()
    forged = [record for record in caplog.records if record.name == "django.security.csrf"]
    assert len(forged) == len(addresses)


@pytest.fixture
def foreign(organization) -> dict[type[Owned], Owned]:
    """A row of every kind, of an organization that is none of the stranger's."""
    World(organization)
    return {model: a_row(model, organization) for model in REGISTERED}


@pytest.fixture
def stranger(enter) -> Client:
    return enter("ADMIN", OrganizationFactory())


def test_a_strangers_rows_have_no_pages(foreign, stranger):
    found = {}
    for page in pages():
        if page.model in foreign:
            address = page.url(foreign[page.model].pk)
            found[page.name] = {stranger.get(address).status_code, stranger.post(address, {"post": "yes"}).status_code}

    # Forbidden, or not to be asked so, to everyone.
    assert {name: statuses for name, statuses in found.items() if not statuses <= {403, 404, 405}} == {}


def test_no_page_tells_of_a_strangers_rows(foreign, stranger):
    words = {str(row.pk) for model in foreign for row in model.objects.filter(**owner(model, foreign[Organization]))}
    words |= set(Candidate.objects.filter(organization=foreign[Organization]).values_list("email", flat=True))

    told = {page.name: stranger.get(page.url()).getvalue().decode() for page in pages() if not page.model}

    assert {name: known for name, text in told.items() if (known := {word for word in words if word in text})} == {}


def owner(model: type[Owned], organization: Organization) -> dict[str, Organization]:
    return {"pk": organization.pk} if model is Organization else {"organization": organization}


def test_a_viewer_who_posts_by_hand_changes_nothing(foreign, organization, enter):
    viewer = enter("VIEWER")
    asked = [page for page in pages() if page.is_our_own and page.name not in HARMLESS]

    answers = {page.name: viewer.post(page.url(page.model and foreign[page.model].pk)).status_code for page in asked}

    assert {name: status for name, status in answers.items() if status not in (403, 405)} == {}


def grow(organization: Organization, employee: Employee, number: int) -> None:
    """More of everything, of today, and to be done by the employee."""
    World(organization, interviewer=employee, size=number)
    # Without feedback: they owe it.
    InterviewerFactory.create_batch(number, interview__candidate__organization=organization, employee=employee)
    now = timezone.now()
    Interview.objects.update(start_time=now - timedelta(hours=2), end_time=now - timedelta(hours=1))
    Invitation.objects.update(expire_date=now + timedelta(hours=12))


@pytest.mark.parametrize("role", ["ADMIN", "INTERVIEWER", "VIEWER"])
def test_a_page_costs_the_same_for_2_rows_and_20(role, organization, enter):
    client = enter(role)
    grow(organization, client.employee, 2)
    asked = [page for page in pages() if not page.model and client.get(page.url()).status_code == 200]
    few = {page.name: queries(client, page.url()) for page in asked}

    grow(organization, client.employee, 18)

    assert {page.name: queries(client, page.url()) for page in asked} == few
    assert few.keys() >= {"index", "candidates_candidate_changelist", "interviews_interview_changelist"}


def add_parts(row: Owned, employee: Employee, number: int) -> None:
    parts = {
        Candidate: (
            SkillFactory, ExperienceFactory, EducationFactory, DocumentFactory, StatusChangeFactory, EditFactory,
            InterviewFactory,
        ),
        Contact: (MemberFactory,),
        Interview: (InterviewerFactory,),
        Pipeline: (StageFactory,),
    }  # fmt: skip
    for factory in parts[type(row)]:
        factory.create_batch(number, **{row._meta.model_name: row})
    if isinstance(row, Candidate):
        for interview in row.interviews.all():
            FeedbackFactory(participation__interview=interview)
    if isinstance(row, Interview):
        for participation in row.interviewers.filter(feedback=None):
            FeedbackFactory(participation=participation)


@pytest.mark.parametrize("model", ROOTS, ids=lambda model: model._meta.model_name)
@pytest.mark.parametrize("role", ["ADMIN", "VIEWER"])
def test_a_page_costs_the_same_for_2_parts_and_20(model, role, organization, enter):
    client, row = enter(role), a_row(model, organization)
    add_parts(row, client.employee, 2)
    addresses = {page.name: page.url(row.pk) for page in pages() if page.model is model}
    asked = {name: address for name, address in addresses.items() if client.get(address).status_code == 200}
    few = {name: queries(client, address) for name, address in asked.items()}

    add_parts(row, client.employee, 18)

    assert {name: queries(client, address) for name, address in asked.items()} == few
    assert f"{model._meta.app_label}_{model._meta.model_name}_change" in few
