"""The calendar: a page, the interviews of the days that it shows, and what a drag does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.models import Candidate
from organizations.models import User
from organizations.office_words import when
from organizations.owned_forms import REFUSALS, words

from .actions import reschedule
from .clashes import Clash
from .forms import MoveForm, WhoForm, moment_of
from .models import Interview, InterviewQuerySet
from .pages import InterviewPage, OfInterview
from .slots import Diary, free_slots

#: A month is shown in six weeks; interviews that go on for days are looked for this far before.
MOST_DAYS, BEFORE = timedelta(days=45), timedelta(days=7)
#: Shown at once; a month of more is to be narrowed down.
MOST_SHOWN = 1000
#: How many colours there are for interviewers. An interviewer keeps theirs.
COLOURS = 10


class CalendarPage(InterviewPage):
    title = gettext_lazy("Calendar")
    template_name = "interviews/calendar.html"

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        who = WhoForm(self.request.GET or None, user=self.user)
        return {
            **super().get_context_data(**options),
            "who": who,
            "zone": timezone.get_current_timezone_name(),
            "language": translation.get_language(),
            "may_add": self.user.may("interviews.add_interview"),
        }


class FeedPage(InterviewPage):
    """The interviews between `start` and `end`, a span of up to six weeks, as FullCalendar takes them: times as clocks
    in the viewer's zone show them."""

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        start, end = (moment_of(request.GET.get(name)) for name in ("start", "end"))
        if start is None or end is None or not timedelta(0) < end - start <= MOST_DAYS:
            return JsonResponse({"message": _("Ask for a span of up to six weeks.")}, status=400)
        shown = list(self._between(start, end)[: MOST_SHOWN + 1])
        changeable = self._changeable(shown)
        events = [Event(interview, self.user).shown(interview.pk in changeable) for interview in shown[:MOST_SHOWN]]
        return JsonResponse({"events": events, "more": len(shown) > MOST_SHOWN})

    def _between(self, start: datetime, end: datetime) -> InterviewQuerySet:
        rows = self.model_admin.get_queryset(self.request).overlapping(start, end)
        rows = rows.filter(start_time__gt=start - BEFORE, is_archived=False)
        return WhoForm(self.request.GET, user=self.user).narrow(rows, self.user).order_by("start_time", "pk")

    def _changeable(self, shown: list[Interview]) -> set[UUID]:
        return {row.pk for row in shown if self.user.may("interviews.change_interview", row.organization_id)}


class Event:
    """An interview in the calendar of `user`."""

    def __init__(self, interview: Interview, user: User) -> None:
        self.interview = interview
        own = set(user.grants.employees(user.grants.belonging()))
        seen = interview.seen_interviewers  # type: ignore[attr-defined]
        # One's own colour is shown where one takes part.
        self.interviewers = sorted(seen, key=lambda interviewer: interviewer.employee_id not in own)
        self.is_own = any(interviewer.employee_id in own for interviewer in seen)

    def shown(self, may_move: bool) -> dict[str, Any]:
        interview = self.interview
        candidate: Candidate | None = interview.seen_candidate  # type: ignore[attr-defined]
        return {
            "id": str(interview.pk),
            "title": str(candidate or interview.title),
            **clock(interview),
            "url": reverse("admin:interviews_interview_change", args=[interview.pk]),
            "editable": may_move,
            "classNames": ["is-own" if self.is_own else "is-others", f"who-{self._colour()}"],
            "subject": interview.title,
            "interviewers": [
                {"name": str(interviewer.seen_employee), "colour": colour_of(interviewer.employee_id)}
                for interviewer in self.interviewers
                if interviewer.seen_employee
            ],
            "from": interview.start_time.isoformat(),
            "to": interview.end_time.isoformat(),
            "move": reverse("admin:interviews_interview_move", args=[interview.pk]) if may_move else "",
        }

    def _colour(self) -> Any:
        return colour_of(self.interviewers[0].employee_id) if self.interviewers else "none"


def colour_of(employee_id: UUID) -> int:
    return employee_id.int % COLOURS


def clock(interview: Interview) -> dict[str, str]:
    """Start and end without their offset: the calendar's page knows one zone only. When the clocks go back meanwhile,
    an interview would end before it starts: it is shown as long as it is."""
    start, end = (
        timezone.localtime(moment).replace(tzinfo=None) for moment in (interview.start_time, interview.end_time)
    )
    return {"start": start.isoformat(), "end": (end if end > start else start + interview.length).isoformat()}


class MovePage(OfInterview):
    """Move or stretch an interview: `start`, and `end` if it is to be longer or shorter. 409 with the clash, and three
    free times, if someone is busy then."""

    needs = Interview.permission("change")
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        form = MoveForm(request.POST)
        if not form.is_valid():
            return JsonResponse({"message": strip_tags(" ".join(form.errors.as_text().split("* ")))}, status=400)
        times: dict[str, Any] = form.times(self.interview)
        try:
            moved = reschedule(self.interview, by=self.user, **times)
        except Clash as clash:
            return JsonResponse({"message": clash.on_page, "slots": self._slots(times)}, status=409)
        except REFUSALS as error:
            return JsonResponse({"message": words(error)}, status=409)
        self.model_admin.log_change(request, moved, _("Moved"))
        told = _("Moved to {time}.").format(time=strip_tags(when(moved.start_time)))
        return JsonResponse({"message": told, "start": moved.start_time.isoformat(), "end": moved.end_time.isoformat()})

    def _slots(self, times: dict[str, datetime]) -> list[dict[str, str]]:
        length = times["end_time"] - times["start_time"]
        return [
            {"start": slot.isoformat(), "end": (slot + length).isoformat(), "label": strip_tags(when(slot))}
            for slot in free_slots(Diary.of(self.interview), length, after=times["start_time"])
        ]
