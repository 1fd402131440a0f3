"""Through the door: the only test that fills in the sign-in form; all others carry the cookie already."""

from __future__ import annotations

from playwright.sync_api import expect

from organizations.tests.factories import EmployeeFactory


def test_a_recruiter_signs_in_by_e_mail(page, organization):
    recruiter = EmployeeFactory(organization=organization, role_name="RECRUITER")

    page.goto("/admin/")
    page.locator("input[name=username]").fill(recruiter.user.email.upper())
    page.locator("input[name=password]").fill("a-long-enough-phrase")
    page.locator("[type=submit]").click()

    expect(page).to_have_url("/admin/")
