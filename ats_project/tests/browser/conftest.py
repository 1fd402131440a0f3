"""A real browser before a real server. `page` is nobody's, `as_role("RECRUITER")` a colleague's of `organization`.

Rows are committed, since the server reads them on connections of its own; they are gone after the test. A test fails at
its end if a window met an error in its console or asked another host: `complaints.expect("409")` names the one that
belongs to the test. The picture of a window whose test failed is in var/browser/."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from ats_project.chromium import MISSING, chromium, path_of_chromium
from ats_project.tests.browser.complaints import Complaints
from organizations.models import Organization, User
from organizations.tests.factories import EmployeeFactory

#: A test that waits longer for something has failed.
PATIENCE = 10_000
WINDOW = {
    "locale": "en-US",
    "timezone_id": "Europe/Berlin",
    "viewport": {"width": 1440, "height": 900},
    "reduced_motion": "reduce",
}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PICTURES = settings.VAR_DIR / "browser"


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.browser)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Last of all: while a browser runs, an event loop belongs to the thread, which other tests should not meet."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    report = yield
    if report.when == "call" and report.failed:
        for number, page in enumerate(item.funcargs.get("windows", [])):
            path = PICTURES / f"{re.sub(r'[^a-z0-9]+', '-', item.name.lower())}-{number}.png"
            page.screenshot(path=path, full_page=True)
            report.sections.append(("window", f"{page.url}\n{path}"))
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if path_of_chromium() is None:
        pytest.skip(MISSING)
    with chromium() as browser, pytest.MonkeyPatch.context() as patch:
        # Playwright's event loop stands still while a test asks the database: nothing runs at the same time.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield browser


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    complaints = Complaints()
    yield complaints
    assert complaints.unexpected() == []


@pytest.fixture
def windows() -> list[Page]:
    """The pages that the test has opened, for their pictures if it fails."""
    return []


@pytest.fixture
def visit(browser, live_server, complaints, windows) -> Iterator[Callable[..., Page]]:
    """`visit(user)` → a page of a new browser of hers, signed in; `visit()` → of nobody's.

    What else is named are options of Playwright's `new_context`: `timezone_id`, `locale`, `color_scheme`, `**PHONE`."""
    contexts: list[BrowserContext] = []

    def visit(user: User | None = None, **options) -> Page:
        context = browser.new_context(base_url=live_server.url, **{**WINDOW, **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        complaints.listen_to(context)
        if user is not None:
            context.add_cookies([cookie_of(user, live_server.url)])
        windows.append(context.new_page())
        return windows[-1]

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def page(visit) -> Page:
    """A page of someone who has not signed in."""
    return visit()


@pytest.fixture
def as_role(visit, organization) -> Callable[..., Page]:
    """Role name → a page of a new employee of the organization, signed in, known as `page.employee`."""

    def as_role(role_name: str, organization: Organization = organization, **options) -> Page:
        employee = EmployeeFactory(organization=organization, role_name=role_name)
        page = visit(employee.user, **options)
        page.employee = employee
        return page

    return as_role


def cookie_of(user: User, url: str) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}
