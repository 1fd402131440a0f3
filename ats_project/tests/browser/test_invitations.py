"""From the mail to the back office: joining by an invitation, and setting a forgotten password."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from invitations.actions import invite
from organizations.tests.factories import PASSWORD, EmployeeFactory, UserFactory, built_in_role

NEW = "a phrase of my own"


@pytest.fixture
def linked(mailoutbox):
    """The link in the latest mail, as the browser opens it here."""

    def linked(address: str) -> str:
        assert mailoutbox[-1].to == [address]
        (link,) = (line for line in mailoutbox[-1].body.splitlines() if line.startswith("http"))
        return "/" + link.split("/", 3)[3]

    return linked


@pytest.fixture
def invited(organization, linked):
    """Invite an address to recruit: the mailed link."""

    def invited(email: str) -> str:
        by = EmployeeFactory(organization=organization, role_name="ADMIN", first_name="Ada", last_name="Byron")
        invite(email, organization=organization, role=built_in_role(organization, "RECRUITER"), by=by.user)
        return linked(email)

    return invited


def sign_in(page, email, password):
    page.locator("input[name=username]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_new_colleague_joins_and_is_signed_in(page, invited, organization):
    page.goto(invited("new@example.com"))
    expect(page.get_by_role("heading")).to_have_text(f"Ada Byron invites you to join {organization.name}")
    page.get_by_label("First name").fill("Nora")
    page.get_by_label("Password").fill("abcdefgh")
    expect(page.get_by_role("status")).to_have_text("Weak: easily guessed")
    page.get_by_label("Password").fill(NEW)
    expect(page.get_by_role("status")).to_have_text("Strong")
    page.get_by_role("button", name=f"Join {organization.name}").click()

    expect(page).to_have_url("/admin/")
    expect(page.locator("body")).to_contain_text("Nora")


def test_who_has_an_account_joins_without_javascript_and_signs_in(visit, invited, organization):
    UserFactory(email="jane@example.com")
    page = visit(java_script_enabled=False)

    page.goto(invited("jane@example.com"))
    expect(page.get_by_label("Password")).to_have_count(0)
    page.get_by_role("button", name=f"Join {organization.name}").click()
    page.get_by_role("link", name="Sign in").click()
    sign_in(page, "jane@example.com", PASSWORD)

    expect(page).to_have_url("/admin/")


def test_a_forgotten_password_is_set_anew_by_mail(page, organization, linked):
    recruiter = EmployeeFactory(organization=organization, role_name="RECRUITER")
    page.goto("/admin/login/")
    page.get_by_role("link", name="orgot").click()
    page.get_by_label("Your e-mail").fill(recruiter.user.email)
    page.get_by_role("button", name="Mail me the link").click()
    expect(page.get_by_role("heading")).to_have_text("Look into your mail")

    page.goto(linked(recruiter.user.email))
    page.get_by_label("Password").fill(NEW)
    page.get_by_role("button", name="Set the password").click()
    page.get_by_role("link", name="Sign in").click()
    sign_in(page, recruiter.user.email, NEW)

    expect(page).to_have_url("/admin/")
