"""Through the door: the only tests that fill in the sign-in form; all others carry the cookie already."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from organizations.tests.factories import PASSWORD, EmployeeFactory


@pytest.fixture
def recruiter(organization):
    return EmployeeFactory(organization=organization, role_name="RECRUITER", user__email="Rita@example.com")


def sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_recruiter_signs_in_by_e_mail_comes_to_where_she_wanted_and_leaves_again(page, recruiter):
    page.goto("/admin/candidates/candidate/")
    sign_in(page, "rita@EXAMPLE.com", PASSWORD)
    expect(page).to_have_url("/admin/candidates/candidate/")

    page.get_by_role("button", name=recruiter.user.email).click()
    page.get_by_role("button", name="Sign out").click()

    page.goto("/admin/candidates/candidate/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_wrong_password_is_said_and_the_address_is_kept(page, recruiter):
    page.goto("/admin/")
    sign_in(page, recruiter.user.email, "wrong")

    expect(page.get_by_role("alert")).to_have_text("E-mail or password is wrong.")
    expect(page.get_by_label("E-mail")).to_have_value(recruiter.user.email)


def test_what_was_typed_when_the_session_ended_is_kept(as_role):
    page = as_role("RECRUITER")
    page.goto("/admin/candidates/source/add/")
    page.get_by_label("Name").fill("Job fair")
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Save", exact=True).click()
    sign_in(page, page.employee.user.email, PASSWORD)

    expect(page.get_by_role("main")).to_contain_text("Job fair")
