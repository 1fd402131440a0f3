"""The cast of every test: `recruiter` acts, `stranger` belongs elsewhere, `anonymous` is turned away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from organizations.models import Employee, Organization, User
from organizations.sessions import open_session
from organizations.tests.browser import signed_in
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, UserFactory


def client_of(user: User) -> APIClient:
    """A signed-in client that sends a real token."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {open_session(user)['token']}")
    client.user = user
    return client


@pytest.fixture
def organization(db) -> Organization:
    return OrganizationFactory()


@pytest.fixture
def sign_in(organization) -> Callable[..., APIClient]:
    """Role name → a client signed in as a new employee of the organization, known as `client.employee`."""

    def sign_in(role_name: str, organization: Organization = organization, **fields) -> APIClient:
        employee = EmployeeFactory(organization=organization, role_name=role_name, **fields)
        client = client_of(employee.user)
        client.employee = employee
        return client

    return sign_in


@pytest.fixture
def recruiter(sign_in) -> APIClient:
    return sign_in("RECRUITER")


@pytest.fixture
def admin(sign_in) -> APIClient:
    return sign_in("ADMIN")


@pytest.fixture
def interviewer(sign_in) -> APIClient:
    return sign_in("INTERVIEWER")


@pytest.fixture
def viewer(sign_in) -> APIClient:
    return sign_in("VIEWER")


@pytest.fixture
def stranger(sign_in) -> APIClient:
    """An ADMIN, of another organization."""
    return sign_in("ADMIN", organization=OrganizationFactory())


@pytest.fixture
def enter(organization) -> Callable[..., Client]:
    """Role name → a browser signed in to the admin as a new employee of the organization, `client.employee`."""

    def enter(role_name: str, organization: Organization = organization) -> Client:
        employee = EmployeeFactory(organization=organization, role_name=role_name)
        client = signed_in(employee.user)
        client.employee = employee
        return client

    return enter


@pytest.fixture
def anonymous(db) -> APIClient:
    return APIClient()


@pytest.fixture
def superuser(db) -> APIClient:
    return client_of(UserFactory(is_superuser=True))


@pytest.fixture
def colleague(organization) -> Employee:
    """An employee of the organization with the role INTERVIEWER."""
    return EmployeeFactory(organization=organization, role_name="INTERVIEWER")


@pytest.fixture
def mails(settings, django_capture_on_commit_callbacks, mailoutbox):
    """What was mailed, in tests whose transaction never commits: use as `with mails() as sent:`."""
    from contextlib import contextmanager

    @contextmanager
    def sent():
        with django_capture_on_commit_callbacks(execute=True):
            yield mailoutbox

    return sent


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """That the browser tests were left out must not be overlooked."""
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if "browser" in report.keywords]
    if skipped:
        reason = skipped[0].longrepr[2].removeprefix("Skipped: ")
        terminalreporter.section(f"{len(skipped)} BROWSER TESTS WERE SKIPPED", red=True, bold=True)
        terminalreporter.line(reason, red=True, bold=True)
