"""Three free times are offered that suit everyone, in the working hours of the organization."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from candidates.tests.factories import CandidateFactory
from interviews.slots import Diary, free_slots
from interviews.tests.factories import InterviewerFactory, InterviewFactory
from organizations.tests.factories import EmployeeFactory, OrganizationFactory

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


def berlin(day: int, time: str, *, month: int = 5) -> datetime:
    """A moment of 2030. The sixth of May is a Monday."""
    hour, minute = map(int, time.split(":"))
    return datetime(2030, month, day, hour, minute, tzinfo=BERLIN)


@pytest.fixture
def candidate(db):
    return CandidateFactory(organization=OrganizationFactory(time_zone="Europe/Berlin"))


@pytest.fixture
def ivan(candidate):
    return EmployeeFactory(organization=candidate.organization)


@pytest.fixture
def offered(candidate, ivan):
    def offered(after, length=HOUR, besides=None, interviewers=None):
        people = [ivan] if interviewers is None else interviewers
        slots = free_slots(Diary(candidate, people, besides), length, after=after)
        return [slot.astimezone(BERLIN) for slot in slots]

    return offered


def busy(start, end, **people):
    """An interview of the candidate, or of some other one with the interviewer."""
    interviewer = people.pop("interviewer", None)
    candidate = people.get("candidate") or CandidateFactory(organization=interviewer.organization)
    interview = InterviewFactory(candidate=candidate, start_time=start, end_time=end)
    if interviewer:
        InterviewerFactory(interview=interview, employee=interviewer)
    return interview


def test_the_next_three_times_follow_each_other(offered):
    assert offered(berlin(6, "10:05")) == [berlin(6, "10:15"), berlin(6, "11:15"), berlin(6, "12:15")]


def test_neither_the_candidate_nor_an_interviewer_is_busy(offered, candidate, ivan):
    busy(berlin(6, "10:00"), berlin(6, "11:00"), candidate=candidate)
    busy(berlin(6, "11:30"), berlin(6, "12:20"), interviewer=ivan)

    assert offered(berlin(6, "09:00")) == [berlin(6, "09:00"), berlin(6, "12:30"), berlin(6, "13:30")]
    assert offered(berlin(6, "09:00"), interviewers=[])[1] == berlin(6, "11:00")


def test_what_is_cancelled_or_to_be_moved_takes_no_time(offered, candidate):
    moving = busy(berlin(6, "10:00"), berlin(6, "11:00"), candidate=candidate)
    cancelled = busy(berlin(6, "11:00"), berlin(6, "12:00"), candidate=candidate)
    cancelled.is_cancelled = True
    cancelled.save()

    assert offered(berlin(6, "10:00"), besides=moving)[:2] == [berlin(6, "10:00"), berlin(6, "11:00")]


def test_interviews_are_held_from_nine_to_six_on_weekdays(offered):
    friday, monday = 10, 13

    assert offered(berlin(friday, "16:30")) == [
        berlin(friday, "16:30"),
        berlin(monday, "09:00"),
        berlin(monday, "10:00"),
    ]
    assert offered(berlin(friday, "20:00"), length=9 * HOUR)[0] == berlin(monday, "09:00")
    assert offered(berlin(friday, "09:00"), length=9.5 * HOUR) == []


def test_the_working_hours_stay_when_the_clocks_change(offered):
    """They go back on the last Sunday of October: nine o'clock is 7 h before, 8 h after in UTC."""
    slots = offered(berlin(25, "17:00", month=10))

    assert slots[:2] == [berlin(25, "17:00", month=10), berlin(28, "09:00", month=10)]
    assert [slot.astimezone(UTC).hour for slot in slots[:2]] == [15, 8]


def test_no_time_is_offered_that_is_over(offered):
    assert all(slot > timezone.now() for slot in offered(datetime(2020, 5, 6, tzinfo=UTC)))
    assert offered(datetime(9999, 12, 30, tzinfo=UTC)) == []


def test_a_full_month_leads_to_the_next_one(offered, ivan):
    busy(berlin(6, "09:00"), berlin(7, "18:00", month=6), interviewer=ivan)

    assert offered(berlin(6, "09:00"))[0] == berlin(10, "09:00", month=6)


def test_slots_cost_the_same_however_many_interviews_there_are(offered, candidate, ivan, django_assert_num_queries):
    for day in (6, 7, 8):
        busy(berlin(day, "09:00"), berlin(day, "12:00"), interviewer=ivan)

    with django_assert_num_queries(1):
        offered(berlin(6, "09:00"))
