"""Home: what needs me now, today's interviews, and how recruiting goes. Every figure leads to the list that it counts,
asked in the list's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates import figures
from candidates.models import Candidate
from interviews.models import Feedback, Interview, Interviewer, InterviewQuerySet
from invitations.models import Invitation
from organizations.models import Employee, Organization, User

from .sidebar import FEEDBACK_DUE

Status = Candidate.Status
#: Of today's interviews these many are listed, with a link to all.
LISTED = 12
#: Who looks at more organizations than this is told of no candidates that wait, and an operator of nothing that needs
#: them: they look at one, or work in none.
PLACES = 5


def home(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the page shows, as Unfold asks for it. The number of queries does not depend on the number of rows."""
    user: Any = request.user
    name = request.viewer.name  # type: ignore[attr-defined]
    return {
        **context,
        "title": greeting("" if name == user.email else name, timezone.localtime()),
        "desk": Desk(user),
        "picture": Picture(user) if user.may(Candidate.permission("view")) else None,
        "may_add": user.may(Candidate.permission("add")),
    }


def greeting(name: str, now: datetime) -> str:
    """By the time of day, and by the first of the names, if there is one."""
    if 5 <= now.hour < 12:
        hello = _("Good morning")
    elif 12 <= now.hour < 18:
        hello = _("Good afternoon")
    else:
        hello = _("Good evening")
    return ", ".join([hello, *name.split()[:1]])


def link(page: str, **asked: Any) -> str:
    """The address of a page, asked for some of its rows."""
    return f"{reverse(f'admin:{page}')}{'?' if asked else ''}{urlencode(asked)}"


def candidates(**asked: Any) -> str:
    """The list of all of these candidates; it leaves archived ones out unless it is asked for them."""
    return link("candidates_candidate_changelist", **asked, archived="all")


@dataclass(frozen=True)
class Need:
    """Something that waits for the user: how many of what, and the list of them."""

    count: int
    words: str
    link: str
    is_late: bool = False


@dataclass(frozen=True)
class Appointment:
    """An interview of today, with whom the user may see of those who take part in it."""

    interview: Any

    @property
    def candidate(self) -> Candidate | None:
        return self.interview.seen_candidate

    @property
    def interviewers(self) -> str:
        seats = self.interview.seen_interviewers
        return ", ".join(str(seat.seen_employee) for seat in seats if seat.seen_employee)


class Desk:
    """What needs the user now, and their interviews of today."""

    def __init__(self, user: User) -> None:
        self.user, self.now = user, timezone.localtime()
        self.midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0)

    @cached_property
    def places(self) -> list[Organization]:
        """The organizations that are looked at; none if these are too many."""
        found = list(Organization.objects.permitted(self.user).order_by("name_folded", "pk")[: PLACES + 1])
        return found if len(found) <= PLACES else []

    @property
    def is_empty(self) -> bool:
        """Is there nothing to sit down to?"""
        return self.user.is_superuser and not self.places

    # Interviews.

    @cached_property
    def interviews(self) -> InterviewQuerySet:
        """That take place, of those that the user sees."""
        rows = Interview.objects.permitted(self.user).filter(is_cancelled=False)
        return rows.filter(organization__in=self.places) if self.user.is_superuser else rows

    @cached_property
    def today(self) -> list[Appointment]:
        """By their time, the first `LISTED`."""
        seats = Interviewer.objects.permitted(self.user).order_by("created_at", "pk")
        rows = self.interviews.filter(**self._day).prefetch_related(
            Prefetch("candidate", Candidate.objects.permitted(self.user), to_attr="seen_candidate"),
            Prefetch("interviewers", seats, to_attr="seen_interviewers"),
            Prefetch("seen_interviewers__employee", Employee.objects.permitted(self.user), to_attr="seen_employee"),
        )
        return [Appointment(interview) for interview in rows.order_by("start_time", "pk")[:LISTED]]

    @property
    def has_more_today(self) -> bool:
        return len(self.today) == LISTED

    @property
    def all_of_today(self) -> str:
        return link("interviews_interview_changelist", **self._day, is_cancelled__exact=0)

    @property
    def _day(self) -> dict[str, datetime]:
        return {"start_time__gte": self.midnight, "start_time__lt": self.midnight + timedelta(days=1)}

    @property
    def _days_ahead(self) -> dict[str, datetime]:
        return {"start_time__gte": self.now, "start_time__lt": self.midnight + timedelta(days=8)}

    # What needs them.

    @cached_property
    def needs(self) -> list[Need]:
        kinds = (self._interviews(), self._feedback(), self._unanswered(), self._invitations())
        return [need for kind in kinds for need in kind if need.count]

    def _interviews(self) -> Iterator[Need]:
        today = self.interviews.filter(**self._day).count()
        yield Need(today, ngettext("interview today", "interviews today", today), self.all_of_today)
        ahead = self.interviews.filter(**self._days_ahead).count()
        words = ngettext("interview in the next 7 days", "interviews in the next 7 days", ahead)
        yield Need(ahead, words, link("interviews_interview_changelist", **self._days_ahead, is_cancelled__exact=0))

    def _feedback(self) -> Iterator[Need]:
        """That the user owes."""
        if not self.user.may(Feedback.permission("add")):
            return
        seen = Interview.objects.permitted(self.user).filter(is_archived=False)
        count = Interviewer.objects.permitted(self.user).owing().of(self.user).filter(interview__in=seen).count()
        words = ngettext("feedback due", "feedback due", count)
        yield Need(count, words, FEEDBACK_DUE.link(), is_late=True)

    def _unanswered(self) -> Iterator[Need]:
        """Candidates who wait for longer than their organization allows, where the user may answer them."""
        for place in self.places:
            if not all(self.user.may(Candidate.permission(action), place.pk) for action in ("view", "change")):
                continue
            days, since = place.days_to_answer, timezone.now() - timedelta(days=place.days_to_answer)
            applied = Candidate.objects.permitted(self.user).filter(
                organization=place, status=Status.APPLIED, is_archived=False
            )
            # Said by whom it is not: all of them are tallied, and those who applied lately are few.
            count = applied.exclude(status_since__gte=since).count()
            words = ngettext(
                "candidate without an answer for more than %(days)s days",
                "candidates without an answer for more than %(days)s days",
                count,
            ) % {"days": days}
            there = {"organization": place.pk} if len(self.places) > 1 else {}
            waiting = link("candidates_candidate_changelist", status=Status.APPLIED.value, waiting=days, **there)
            yield Need(count, f"{words} ({place})" if there else words, waiting, is_late=True)

    def _invitations(self) -> Iterator[Need]:
        """That expire today or tomorrow."""
        if not self.user.may(Invitation.permission("view")) or self.is_empty:
            return
        end = self.midnight + timedelta(days=2)
        unanswered = Invitation.objects.permitted(self.user).unanswered()
        count = unanswered.filter(expire_date__gt=self.now, expire_date__lt=end).count()
        words = ngettext("invitation expires by tomorrow", "invitations expire by tomorrow", count)
        status = Invitation.Status.INVITED.value
        yield Need(count, words, link("invitations_invitation_changelist", status=status, expire_date__lt=end))


@dataclass(frozen=True)
class Bar:
    """A figure that is drawn, `part` percent as long as the longest of its chart, and the list behind it."""

    of: Any
    part: int
    link: str

    @property
    def share(self) -> str:
        return percent(self.of.share)


def bars(of: Sequence[figures.Step] | Sequence[figures.Week], links: Callable[[Any], str]) -> list[Bar]:
    longest = max(each.count for each in of) or 1
    return [Bar(each, round(each.count * 100 / longest), links(each)) for each in of]


def percent(share: float) -> str:
    """`0.4%`, `34%`: of little, a tenth more."""
    number = round(share * 100, 1 if share < 0.1 else 0)
    return _("{number}%").format(number=number_format(f"{number:g}"))


@dataclass(frozen=True)
class Row:
    """A source, and the lists of those who came from it and of those of them who are hired."""

    of: figures.Origin
    link: str
    hired_link: str

    @property
    def rate(self) -> str:
        return percent(self.of.hire_rate)


class Picture:
    """How recruiting goes, in the candidates that the user sees."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def funnel(self) -> list[Bar]:
        return bars(figures.funnel(self.user), lambda step: candidates(status=step.status.value))

    @property
    def total(self) -> int:
        return sum(bar.of.count for bar in self.funnel)

    @property
    def everyone(self) -> str:
        return candidates()

    @cached_property
    def weeks(self) -> list[Bar]:
        weeks = figures.applications_by_week(
            self.user, until=timezone.localdate(), zone=timezone.get_current_timezone()
        )
        return bars(weeks, lambda week: candidates(applied_from=week.monday, applied_to=week.sunday))

    @cached_property
    def sources(self) -> list[Row]:
        return [
            Row(
                origin,
                candidates(source=origin.source.pk),
                candidates(source=origin.source.pk, status=Status.HIRED.value),
            )
            for origin in figures.sources(self.user)
        ]

    @cached_property
    def median_days(self) -> float | None:
        return figures.median_days_to_hire(self.user)

    @property
    def hired(self) -> Bar:
        return next(bar for bar in self.funnel if bar.of.status == Status.HIRED)
