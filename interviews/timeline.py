"""What the timeline of a candidate tells of interviews and feedback. Blind feedback stays blind: it is not there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from candidates.models import Candidate
from candidates.timeline import PAGE, Entry
from organizations.models import User
from organizations.office_words import when

from .models import Feedback, Interview


def interviews(candidate: Candidate, user: User, before: datetime) -> Iterable[Entry]:
    rows = Interview.objects.permitted(user).filter(candidate=candidate, created_at__lt=before)
    for interview in rows.order_by("-created_at", "-pk")[: PAGE + 1]:
        called_off = (_("called off"),) if interview.is_cancelled else ()
        yield Entry(
            interview.created_at,
            _("Interview scheduled: %(title)s") % {"title": interview.title},
            interview.created_by_id,
            details=(when(interview.start_time), *called_off),
            icon="event",
            link=_page_of(interview.pk),
        )


def feedback(candidate: Candidate, user: User, before: datetime) -> Iterable[Entry]:
    rows = Feedback.objects.permitted(user).filter(candidate=candidate, created_at__lt=before)
    for given in rows.select_related("interview", "interviewer").order_by("-created_at", "-pk")[: PAGE + 1]:
        yield Entry(
            given.created_at,
            _("Feedback given: %(title)s") % {"title": given.interview.title},
            given.interviewer.user_id,
            note=given.description or "",
            icon="rate_review",
            stars=given.rating,
            link=_page_of(given.interview_id),
        )


def _page_of(interview: object) -> str:
    return reverse("admin:interviews_interview_change", args=[interview])
