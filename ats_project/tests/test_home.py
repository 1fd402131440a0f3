"""Home: what needs me now, and figures that lead to the lists that they count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ats_project.home import PLACES, greeting, percent
from candidates.actions import hire
from candidates.models import Candidate
from candidates.tests.factories import CandidateFactory, SourceFactory
from interviews.models import Interview
from interviews.tests.factories import InterviewerFactory, InterviewFactory
from invitations.tests.factories import InvitationFactory
from organizations.models import Organization
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, UserFactory

HOME = reverse("admin:index")


@pytest.fixture
def noon() -> datetime:
    """Of today, as these browsers, which say no time zone, see it."""
    return datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


def days_ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def recruiting(organization: Organization, colleague: Any, noon: datetime, times: int = 1) -> None:
    """Some of everything that Home tells of, so many times."""
    fair = SourceFactory(organization=organization)
    for _ in range(times):
        waiting = CandidateFactory(organization=organization, source=fair, applied_date=days_ago(8))
        CandidateFactory(organization=organization, source=fair, applied_date=days_ago(1))
        CandidateFactory(organization=organization, applied_date=days_ago(9), is_archived=True)
        CandidateFactory(
            organization=organization, status="INTERVIEWED", source=SourceFactory(organization=organization)
        )
        CandidateFactory(organization=organization, status="REJECTED", applied_date=days_ago(50))
        hire(CandidateFactory(organization=organization, source=fair, applied_date=days_ago(30)), by=None)
        today, _over = (
            InterviewFactory(candidate=waiting, start_time=start, end_time=start + timedelta(hours=1))
            for start in (noon, days_ago(4))
        )
        InterviewFactory(candidate=waiting, start_time=noon + timedelta(days=3), end_time=noon + timedelta(days=4))
        cancelled = InterviewFactory(candidate=waiting, start_time=noon, end_time=noon + timedelta(hours=1))
        Interview.objects.filter(pk=cancelled.pk).update(is_cancelled=True)
        for interview in (today, _over):
            InterviewerFactory(interview=interview, employee=colleague)
        InvitationFactory(organization=organization, expire_date=timezone.now() + timedelta(minutes=5))
        InvitationFactory(organization=organization, expire_date=timezone.now() + timedelta(days=5))


def shown(client: Client) -> dict[str, Any]:
    response = client.get(HOME)
    assert response.status_code == 200
    return response.context


def needs(client: Client) -> dict[str, int]:
    return {need.words: need.count for need in shown(client)["desk"].needs}


def test_every_figure_leads_to_the_list_that_it_counts(enter, noon):
    client = enter("RECRUITER")
    recruiting(client.employee.organization, client.employee, noon, times=2)
    recruiting(OrganizationFactory(), EmployeeFactory(), noon)

    context = shown(client)
    desk, picture = context["desk"], context["picture"]
    counted = [(need.count, need.link) for need in desk.needs if "feedback" not in need.words]
    counted += [(bar.of.count, bar.link) for bar in (*picture.funnel, *picture.weeks)]
    counted += [(row.of.candidates, row.link) for row in picture.sources]
    counted += [(row.of.hired, row.hired_link) for row in picture.sources]
    counted += [(picture.total, picture.everyone)]

    for count, link in counted:
        assert len(client.get(link).context["cl"].result_list) == count, link
    assert len(counted) == 4 + 4 + 12 + 2 * 3 + 1


def test_feedback_that_i_owe_leads_to_its_page(enter, noon):
    client = enter("RECRUITER")
    recruiting(client.employee.organization, client.employee, noon, times=2)

    (due,) = [need for need in shown(client)["desk"].needs if "feedback" in need.words]

    assert due.count >= 2
    assert len(client.get(due.link).context["mine"]) == due.count


def test_home_tells_of_what_needs_me_and_of_nothing_else(enter, noon):
    client = enter("RECRUITER")
    assert needs(client) == {}
    assert "Nothing needs you right now." in client.get(HOME).text
    recruiting(client.employee.organization, client.employee, noon)
    recruiting(OrganizationFactory(), EmployeeFactory(), noon)

    told = needs(client)

    assert told["interview today"] == told["invitation expires by tomorrow"] == 1
    assert told["candidate without an answer for more than 7 days"] == 1
    assert list(told.values())[1] in {1, 2}  # Before noon the one of today is to come, too.


def test_how_long_a_candidate_may_wait_is_the_organizations_own_rule(enter, organization):
    client = enter("RECRUITER")
    for days in (2, 4, 6):
        CandidateFactory(organization=organization, applied_date=days_ago(days))
    CandidateFactory(organization=organization, applied_date=days_ago(9), status="INTERVIEWED")
    assert needs(client) == {}

    Organization.objects.filter(pk=organization.pk).update(days_to_answer=3)

    assert needs(client) == {"candidates without an answer for more than 3 days": 2}


def test_of_several_organizations_each_is_told_apart(enter, organization):
    client = enter("RECRUITER")
    other = EmployeeFactory(user=client.employee.user, organization__name="Elsewhere", role_name="RECRUITER")
    for place, count in ((organization, 1), (other.organization, 2)):
        CandidateFactory.create_batch(count, organization=place, applied_date=days_ago(20))

    waiting = {need.words.partition("(")[2]: need for need in shown(client)["desk"].needs}

    assert {name: need.count for name, need in waiting.items()} == {f"{organization})": 1, "Elsewhere)": 2}
    for need in waiting.values():
        assert len(client.get(need.link).context["cl"].result_list) == need.count


def test_an_interviewer_sees_their_own_interviews_and_no_picture(enter, noon, organization):
    client = enter("INTERVIEWER")
    recruiting(organization, client.employee, noon)
    theirs = InterviewFactory(candidate__organization=organization, start_time=noon, end_time=noon + timedelta(hours=1))

    context = shown(client)

    assert context["picture"] is None
    assert len(context["desk"].today) == 1
    assert theirs.pk not in {each.interview.pk for each in context["desk"].today}
    assert {need.words for need in context["desk"].needs} <= {
        "interview today", "interview in the next 7 days", "feedback due",
    }  # fmt: skip
    assert "Add candidate" not in client.get(HOME).text


def test_a_viewer_is_told_of_nothing_that_they_can_not_do(enter, noon, organization):
    client = enter("VIEWER")
    recruiting(organization, EmployeeFactory(organization=organization), noon)

    context = shown(client)

    assert context["picture"].total == 6
    assert {need.words.partition(" in ")[0].rstrip("s") for need in context["desk"].needs} == {
        "interview today",
        "interview",
    }


def test_an_operator_of_many_organizations_sees_the_picture_only(db, noon):
    client = Client()
    client.force_login(UserFactory(is_superuser=True))
    recruiting(OrganizationFactory(), EmployeeFactory(), noon)
    assert shown(client)["desk"].needs

    OrganizationFactory.create_batch(PLACES)

    assert shown(client)["desk"].needs == shown(client)["desk"].today == []
    assert shown(client)["picture"].total == 6
    assert "Needs you" not in client.get(HOME).text


def test_home_costs_the_same_however_much_there_is(enter, noon, organization):
    client = enter("RECRUITER")
    recruiting(organization, client.employee, noon)
    client.get(HOME)
    with CaptureQueriesContext(connection) as few:
        client.get(HOME)
    recruiting(organization, client.employee, noon, times=6)

    with CaptureQueriesContext(connection) as many:
        client.get(HOME)

    assert len(many) == len(few)
    assert Candidate.objects.count() == 7 * 6


@pytest.mark.parametrize(
    ("hour", "greeted"),
    [
        (5, "Good morning"),
        (11, "Good morning"),
        (12, "Good afternoon"),
        (17, "Good afternoon"),
        (18, "Good evening"),
        (4, "Good evening"),
    ],
)
def test_one_is_greeted_by_the_time_of_day(hour, greeted):
    now = datetime(2026, 3, 9, hour, 59, tzinfo=UTC)

    assert greeting("Rita Maria Recruiter", now) == f"{greeted}, Rita"
    assert greeting("", now) == greeted


def test_a_small_share_is_told_to_a_tenth():
    assert [percent(share) for share in (0, 0.004, 0.0834, 0.125, 1 / 3, 1)] == [
        "0%",
        "0.4%",
        "8.3%",
        "12%",
        "33%",
        "100%",
    ]
