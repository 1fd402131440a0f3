"""Pages tell a clash as people say it, in the zone of who looks. The API's words are in `test_scheduling.py`."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from candidates.tests.factories import CandidateFactory
from interviews.actions import reschedule
from interviews.clashes import Clash
from interviews.tests.factories import InterviewerFactory, InterviewFactory
from organizations.tests.factories import EmployeeFactory, RoleFactory

AT_NOON = {"start_time": datetime(2030, 5, 6, 12, tzinfo=UTC), "end_time": datetime(2030, 5, 6, 13, tzinfo=UTC)}


@pytest.fixture
def clash(organization, colleague):
    """Move another interview of the colleague to noon, where there is one with Ali Khan. What is said."""
    ali = CandidateFactory(organization=organization, first_name="Ali", last_name="Khan")
    taken = InterviewFactory(candidate=ali, title="First talk", **AT_NOON)
    moved = InterviewFactory(candidate__organization=organization)
    for interview in (taken, moved):
        InterviewerFactory(interview=interview, employee=colleague)

    def clash(by) -> str:
        with pytest.raises(Clash) as refused, timezone.override(ZoneInfo("Europe/Berlin")):
            reschedule(moved, by=by, **AT_NOON)
        with timezone.override(ZoneInfo("Europe/Berlin")):
            return refused.value.on_page

    return clash


def test_a_clash_says_whom_the_interviewer_meets(clash, colleague, recruiter):
    assert clash(recruiter.user) == f"{colleague} is with Ali Khan, May 6 14:00–15:00."


@pytest.mark.parametrize(
    ("sees", "said"),
    [
        (["interviews.view_interview"], "The employee is in “First talk”, May 6 14:00–15:00."),
        (["candidates.view_candidate"], "The employee is in another interview at that time."),
    ],
)
def test_a_clash_says_no_more_than_one_may_see(clash, organization, sees, said):
    role = RoleFactory(organization=organization, permissions=sees)

    assert clash(EmployeeFactory(organization=organization, role=role).user) == said
