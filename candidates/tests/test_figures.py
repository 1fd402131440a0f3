"""Candidates in figures: where they stand, when they applied, where they come from, how long a hire takes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.actions import hire
from candidates.figures import Week, applications_by_week, funnel, median, median_days_to_hire, sources
from candidates.models import Candidate
from organizations.tests.factories import EmployeeFactory, OrganizationFactory

from .factories import CandidateFactory, SourceFactory

MONDAY = datetime(2026, 3, 9, tzinfo=UTC)


def test_where_candidates_stand_is_told_with_their_share_of_all(recruiter, stranger):
    here = recruiter.employee.organization
    for status, count in (("APPLIED", 3), ("INTERVIEWED", 1), ("REJECTED", 4)):
        CandidateFactory.create_batch(count, organization=here, status=status)
    CandidateFactory(organization=stranger.employee.organization)

    steps = {step.status: (step.count, step.share) for step in funnel(recruiter.user)}

    assert list(steps) == ["APPLIED", "INTERVIEWED", "HIRED", "REJECTED"]
    assert steps == {"APPLIED": (3, 0.375), "INTERVIEWED": (1, 0.125), "HIRED": (0, 0.0), "REJECTED": (4, 0.5)}
    assert [step.share for step in funnel(EmployeeFactory(organization=OrganizationFactory()).user)] == [0, 0, 0, 0]


def test_applications_are_counted_by_weeks_from_monday_to_sunday(recruiter):
    here = recruiter.employee.organization
    second = timedelta(seconds=1)
    for moment in (
        MONDAY - timedelta(weeks=2) - second,
        MONDAY - timedelta(weeks=2),
        MONDAY - second,
        MONDAY,
        MONDAY + timedelta(days=2),
        MONDAY + timedelta(weeks=1),
    ):
        CandidateFactory(organization=here, applied_date=moment)

    weeks = applications_by_week(recruiter.user, until=date(2026, 3, 12), zone=UTC, weeks=3)

    assert weeks == [Week(date(2026, 2, 23), 1), Week(date(2026, 3, 2), 1), Week(date(2026, 3, 9), 2)]
    assert weeks[0].sunday == date(2026, 3, 1)


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Kiritimati"])
def test_a_week_begins_at_midnight_where_one_looks_from(recruiter, name):
    """Twice a year it is an hour shorter or longer: here in Berlin on 29 March, in Los Angeles on 8 March."""
    zone = ZoneInfo(name)
    moments = [MONDAY - timedelta(weeks=2) + timedelta(hours=5 * n, minutes=10) for n in range(170)]
    here = recruiter.employee.organization
    Candidate.objects.bulk_create(
        CandidateFactory.build(organization=here, source=None, applied_date=moment) for moment in moments
    )
    CandidateFactory(applied_date=MONDAY)

    weeks = applications_by_week(recruiter.user, until=date(2026, 3, 30), zone=zone, weeks=4)

    mondays = [moment.astimezone(zone).date() - timedelta(days=moment.astimezone(zone).weekday()) for moment in moments]
    assert [week.count for week in weeks] == [mondays.count(week.monday) for week in weeks]
    assert sum(week.count for week in weeks) > 100


def test_sources_are_told_by_how_many_came_and_how_many_of_them_were_hired(recruiter, stranger):
    here = recruiter.employee.organization
    fair, board = (SourceFactory(organization=here, name=name) for name in ("Fair", "Board"))
    SourceFactory(organization=here, name="Friends")
    hired = CandidateFactory(organization=here, source=board)
    CandidateFactory.create_batch(3, organization=here, source=board, status="REJECTED")
    CandidateFactory(organization=here, source=fair)
    CandidateFactory(organization=here, source=None)
    CandidateFactory(source=SourceFactory())
    hire(hired, by=recruiter.user)

    told = [(origin.source, origin.candidates, origin.hired, origin.hire_rate) for origin in sources(recruiter.user)]

    assert told == [(board, 4, 1, 0.25), (fair, 1, 0, 0.0)]
    assert [origin.source for origin in sources(recruiter.user, most=1)] == [board]
    assert sources(stranger.user) == []


def test_the_median_is_of_the_days_from_the_application_to_the_hire(recruiter):
    here = recruiter.employee.organization
    assert median_days_to_hire(recruiter.user) is None
    for days in (2, 30, 11):
        candidate = CandidateFactory(organization=here, applied_date=MONDAY)
        hire(candidate, by=recruiter.user)
        Candidate.objects.filter(pk=candidate.pk).update(hired_date=MONDAY + timedelta(days=days, hours=5))

    assert median_days_to_hire(recruiter.user) == 11


@pytest.mark.parametrize(
    ("numbers", "middle"),
    [({}, None), ({7: 1}, 7), ({1: 1, 4: 1}, 2.5), ({1: 2, 4: 1}, 1), ({9: 2, 1: 1, 3: 1}, 6), ({5: 4, 40: 3}, 5)],
)
def test_the_median_of_an_even_number_is_between_the_two_in_the_middle(numbers, middle):
    assert median(numbers) == middle


def test_no_candidate_is_counted_for_the_figures(recruiter, superuser):
    CandidateFactory.create_batch(2, organization=recruiter.employee.organization)
    for user in (recruiter.user, superuser.user):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert sum(step.count for step in funnel(user)) == 2
            assert sum(week.count for week in applications_by_week(user, until=datetime.now(UTC).date(), zone=UTC)) == 2
            assert sources(user) == []
            assert median_days_to_hire(user) is None
        assert len(queries) in {4, 5}
        assert not [query["sql"] for query in queries if "candidates_candidate" in query["sql"]]
