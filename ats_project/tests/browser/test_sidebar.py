"""The way through the back office: what each role finds at its side, and whose rows it shows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from ats_project.sidebar import EVERYDAY, OPERATIONS, ORGANIZATION
from ats_project.tests.browser.conftest import PHONE
from candidates.tests.factories import CandidateFactory
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, UserFactory

RECRUITING = ["Home", "Candidates", "Board", "Interviews", "Calendar"]
SIDEBARS = {
    "ADMIN": [
        *RECRUITING, "Feedback due", "Invitations", "Pipelines", "Contacts", "Import", "Team", "Roles", "Settings",
    ],
    "RECRUITER": [*RECRUITING, "Feedback due", "Invitations", "Pipelines", "Contacts", "Import", "Team", "Roles"],
    "INTERVIEWER": [*RECRUITING, "Feedback due"],
    "VIEWER": [*RECRUITING, "Pipelines", "Contacts", "Team"],
}  # fmt: skip


def sidebar(page: Page) -> Locator:
    return page.locator("#nav-sidebar-apps")


def entries(page: Page) -> list[str]:
    return sidebar(page).locator("a > span:last-child").all_inner_texts()


def there(names: list[str]) -> list[str]:
    known = {str(entry.title) for entry in (*EVERYDAY, *ORGANIZATION, *OPERATIONS)}
    return [name for name in names if name in known]


@pytest.mark.parametrize("role", SIDEBARS)
def test_each_role_finds_at_its_side_what_it_may_see(role, as_role):
    page = as_role(role)

    page.goto("/admin/")

    assert entries(page) == there(SIDEBARS[role])


def test_an_operator_finds_accounts_and_sessions_too(visit, db):
    page = visit(UserFactory(is_superuser=True))

    page.goto("/admin/")

    assert entries(page) == there([*SIDEBARS["ADMIN"], "Accounts", "Sessions"])


def test_the_place_where_one_is_is_marked(as_role):
    page = as_role("VIEWER")
    page.goto("/admin/")

    sidebar(page).get_by_role("link", name="Contacts").click()

    expect(sidebar(page).locator("[aria-current=page] > span:last-child")).to_have_text(["Contacts"])


def test_on_a_phone_the_menu_opens_and_leads_on(as_role):
    page = as_role("VIEWER", **PHONE)
    page.goto("/admin/")
    link = sidebar(page).get_by_role("link", name="Contacts")
    expect(link).not_to_be_in_viewport()

    page.get_by_role("button", name="menu").click()
    link.click()

    expect(page).to_have_url("/admin/contacts/contact/")


def test_a_recruiter_of_two_organizations_looks_at_one_at_a_time(visit, organization):
    other = OrganizationFactory(name="Other Recruiting")
    user = UserFactory()
    for place, candidate in ((organization, "Jane"), (other, "Ali")):
        EmployeeFactory(organization=place, role_name="RECRUITER", user=user)
        CandidateFactory(organization=place, first_name=candidate)
    page = visit(user)

    page.goto("/admin/candidates/candidate/")
    expect(page.get_by_role("main")).to_contain_text("Jane")
    expect(page.get_by_role("main")).to_contain_text("Ali")

    page.locator("#office-place").select_option("Other Recruiting")
    page.wait_for_url("/admin/")
    sidebar(page).get_by_role("link", name="Candidates").click()
    expect(page.get_by_role("main")).to_contain_text("Ali")
    expect(page.get_by_role("main")).not_to_contain_text("Jane")

    # Kept until they choose again.
    page.reload()
    expect(page.locator("#office-place")).to_have_value(str(other.pk))
    page.locator("#office-place").select_option("All mine")
    page.wait_for_url("/admin/")
    page.goto("/admin/candidates/candidate/")
    expect(page.get_by_role("main")).to_contain_text("Jane")


def test_a_stranger_meets_none_of_it(as_role, organization):
    jane = CandidateFactory(organization=organization, first_name="Jane")
    page = as_role("ADMIN", OrganizationFactory())

    page.goto("/admin/candidates/candidate/")
    expect(page.get_by_role("main")).not_to_contain_text("Jane")

    answer = page.request.get(f"/admin/candidates/candidate/{jane.pk}/change/")
    assert answer.status == 404
    assert "Jane" not in answer.text()
