"""What must hold for every page that people see: of the back office and of those behind a mailed link."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from playwright.sync_api import Error, expect
from playwright.sync_api import Page as Window

from ats_project.tests.browser.accessibility import in_light_and_dark
from ats_project.tests.pages import Page, pages
from ats_project.tests.rows import a_row
from ats_project.tests.world import World
from invitations.models import digest
from invitations.tests.factories import InvitationFactory
from organizations.models import Organization, Owned
from organizations.passwords import password_token
from organizations.sessions import open_session
from organizations.tests.factories import EmployeeFactory

NARROW = {"width": 390, "height": 844}
each_floor = pytest.mark.parametrize("floor", ["", *settings.DOMAIN_APPS], ids=lambda floor: floor or "site")


def wrong(window: Window) -> list[str]:
    """In light, in dark, and on a phone, where a page that is wider than the screen can't be read."""
    window.set_viewport_size({"width": 1440, "height": 900})
    found = in_light_and_dark(window)
    window.set_viewport_size(NARROW)
    width = window.evaluate("document.documentElement.scrollWidth")
    return found if width <= NARROW["width"] else [*found, f"on a phone it is {width} px wide"]


def distinct(pages: Iterable[Page]) -> list[Page]:
    """What is asked before a row is deleted, and its history, look the same for all models: one stands for a floor."""
    kinds = {"delete": "delete", "history": "history"}
    return list({kinds.get(page.name.rpartition("_")[2], page.name): page for page in pages}.values())


def row_of(model: type[Model], organization: Organization) -> Model:
    owned = model is not Organization and issubclass(model, Owned)
    rows = model._default_manager.filter(organization=organization) if owned else model._default_manager.all()
    return rows.first() or a_row(model, organization)


def shows(window: Window, address: str) -> bool:
    """Opens it. False for what is no page: it is forbidden to all, only posted to, a file, or a part of a page."""
    try:
        return window.goto(address).ok and window.evaluate("document.doctype !== null")
    except Error as error:
        if "ERR_HTTP_RESPONSE_CODE_FAILURE" in error.message:
            # The browser's own page comes then, and would come in the way of the next.
            window.wait_for_url(re.compile("^chrome-error:"), wait_until="commit")
            # So that the next one of these is waited for too.
            window.goto("about:blank")
            return False
        if "Download is starting" in error.message:
            return False
        raise


def told(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{name}: {line}" for name, lines in found.items() for line in lines)


@pytest.fixture
def window(visit, organization):
    """Of someone who may open every page, in an organization with a row of every kind."""
    user = EmployeeFactory(organization=organization, role_name="ADMIN", user__is_superuser=True).user
    World(organization)
    open_session(user)
    return visit(user)


@each_floor
def test_each_page_is_readable_in_light_and_dark_and_on_a_phone(floor, window, organization, complaints, caplog):
    # Rows that are never added or deleted by hand; and addresses that are only posted to.
    complaints.expect("403 (Forbidden)")
    complaints.expect("status of 405")
    # Parts of pages that are asked for something: the next cards of a column, a range of the calendar.
    complaints.expect("status of 400")
    caplog.set_level("ERROR", logger="django.request")
    found = {}
    for page in distinct(page for page in pages() if page.floor == floor):
        if shows(window, page.url(page.model and row_of(page.model, organization).pk)):
            found[page.name] = wrong(window)

    assert told(found) == ""


def test_the_pages_behind_mailed_links_are_readable_for_all(page, organization, complaints):
    # A link that is over is answered with 404.
    complaints.expect("/invitation?")
    complaints.expect("/password?")
    invitation = InvitationFactory(organization=organization, token_hash=digest("a-token"))
    user = EmployeeFactory(organization=organization, role_name="VIEWER").user
    links = {
        "an invitation": {"invitation": {"email": invitation.email, "token": "a-token"}},
        "an invitation that is over": {"invitation": {"email": invitation.email, "token": "another"}},
        "a new password": {"password": {"token": password_token(user)}},
        "a new password, too late": {"password": {"token": "another"}},
        "a forgotten password": {"admin_password_reset": {}},
        "the door": {"admin:login": {}},
    }
    found = {}
    for name, link in links.items():
        for address, asked in link.items():
            page.goto(f"{reverse(address)}?{urlencode(asked)}")
            found[name] = wrong(page)

    assert told(found) == ""


def test_what_is_hard_to_read_or_has_no_name_is_found(page, complaints):
    page.set_content(
        "<html lang=en><title>A page</title><style>html {background: #fff} @media (prefers-color-scheme: dark) "
        "{html {background: #777}}</style><main style='color: #666'><h1>Words</h1><input></main></html>"
    )

    assert [line.partition(" [")[0] for line in in_light_and_dark(page)] == ["light: label:", "dark: color-contrast:"]


def test_a_page_turns_dark_with_the_computer(as_role):
    window = as_role("VIEWER")
    window.goto("/admin/")
    page = window.locator("html")
    expect(page).not_to_have_class(re.compile("dark"))

    window.emulate_media(color_scheme="dark")
    expect(page).to_have_class(re.compile("dark"))

    window.emulate_media(color_scheme="light")
    expect(page).not_to_have_class(re.compile("dark"))
