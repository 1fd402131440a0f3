"""Who has yet to say what they think."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from interviews.models import Interviewer
from interviews.tests.factories import FeedbackFactory, InterviewerFactory
from organizations.tests.factories import EmployeeFactory


@pytest.fixture
def takes_part(organization, colleague):
    """`colleague` takes part in an interview of an hour that began so many hours ago."""

    def takes_part(hours_ago, employee=colleague, **interview):
        start = timezone.now() - timedelta(hours=hours_ago)
        return InterviewerFactory(
            employee=employee,
            interview__candidate__organization=organization,
            interview__start_time=start,
            interview__end_time=start + timedelta(hours=1),
            **{f"interview__{name}": value for name, value in interview.items()},
        )

    return takes_part


def test_feedback_is_due_once_the_interview_is_over(takes_part):
    due = takes_part(1.5)
    takes_part(0.5)
    takes_part(5, is_cancelled=True)
    FeedbackFactory(participation=takes_part(9))

    assert list(Interviewer.objects.owing()) == [due]


def test_each_sees_what_they_owe_themselves(takes_part, colleague, recruiter):
    mine = takes_part(3)
    theirs = takes_part(6, employee=recruiter.employee)

    assert list(Interviewer.objects.owing().of(colleague.user)) == [mine]
    assert list(Interviewer.objects.owing().of(recruiter.user)) == [theirs]


def test_what_one_owes_elsewhere_is_theirs_too(takes_part, colleague):
    place = EmployeeFactory(user=colleague.user, role_name="INTERVIEWER")
    start = timezone.now() - timedelta(days=1)
    elsewhere = InterviewerFactory(
        employee=place,
        interview__candidate__organization=place.organization,
        interview__start_time=start,
        interview__end_time=start + timedelta(hours=1),
    )

    here = takes_part(3)

    assert set(Interviewer.objects.owing().of(colleague.user)) == {here, elsewhere}
