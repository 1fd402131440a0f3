"""Home, as a recruiter looks at it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from candidates.tests.factories import CandidateFactory


def test_a_week_of_the_chart_opens_the_applications_of_that_week(as_role, organization):
    page = as_role("RECRUITER")
    now = timezone.now()
    CandidateFactory.create_batch(2, organization=organization, applied_date=now - timedelta(weeks=3))
    CandidateFactory(organization=organization, applied_date=now - timedelta(weeks=5))
    page.goto("/admin/")

    page.get_by_role("region", name="Applications per week").get_by_role("link", name=": 2 applications").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Candidates")
    expect(page.get_by_role("main")).to_contain_text("2 found")
