from __future__ import annotations

from datetime import timedelta

import factory
from django.utils import timezone

from candidates.tests.factories import CandidateFactory
from interviews.models import Feedback, Interview, Interviewer
from organizations.tests.factories import EmployeeFactory

_next_free_hour = factory.Sequence(lambda n: timezone.now().replace(microsecond=0) + timedelta(hours=2 * n))


class InterviewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Interview

    candidate = factory.SubFactory(CandidateFactory)
    organization = factory.SelfAttribute("candidate.organization")
    title = "Technical Interview"
    start_time = _next_free_hour
    end_time = factory.LazyAttribute(lambda interview: interview.start_time + timedelta(hours=1))


class InterviewerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Interviewer

    interview = factory.SubFactory(InterviewFactory)
    organization = factory.SelfAttribute("interview.organization")
    employee = factory.SubFactory(
        EmployeeFactory, organization=factory.SelfAttribute("..organization"), role_name="INTERVIEWER"
    )


class FeedbackFactory(factory.django.DjangoModelFactory):
    """Feedback of an interviewer of the interview. The means are not brought in step: `give_feedback` does that."""

    class Meta:
        model = Feedback

    participation = factory.SubFactory(InterviewerFactory)
    interview = factory.SelfAttribute("participation.interview")
    interviewer = factory.SelfAttribute("participation.employee")
    candidate = factory.SelfAttribute("interview.candidate")
    organization = factory.SelfAttribute("interview.organization")
    rating = "4.5"
