"""Candidates in figures, as a user may see them. Of an organization whose candidates they all see, every figure costs
the same however many there are; of others it is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from organizations.models import User

from .models import Candidate, Source

Status = Candidate.Status
#: In the order in which candidates come along.
FUNNEL = (Status.APPLIED, Status.INTERVIEWED, Status.HIRED, Status.REJECTED)
WEEKS = 12
#: How many sources are shown, those of most candidates first.
SOURCES = 10


@dataclass(frozen=True)
class Step:
    """How many candidates are in a status now, and their share of all, 0 to 1."""

    status: Candidate.Status
    count: int
    share: float


def funnel(user: User) -> list[Step]:
    """One for each status, in the order of `FUNNEL`."""
    numbers = Candidate.objects.permitted(user).numbers()
    total = sum(numbers.values())
    return [Step(status, count := numbers.get(status, 0), share(count, total)) for status in FUNNEL]


@dataclass(frozen=True)
class Week:
    """How many applied from Monday to Sunday."""

    monday: date
    count: int

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


def applications_by_week(user: User, *, until: date, zone: tzinfo, weeks: int = WEEKS) -> list[Week]:
    """The last `weeks` weeks up to that of `until`, the earliest first. They begin and end at midnight in `zone`.

    Days are tallied in UTC: those who applied between the two midnights of a Monday are counted."""
    rows = Candidate.objects.permitted(user)
    last = until - timedelta(days=until.weekday())
    mondays = [last - timedelta(weeks=ago) for ago in reversed(range(weeks))]
    counts: Counter[date] = Counter()
    for text, count in rows.numbers("applied_day", least=mondays[0].isoformat()).items():
        day = date.fromisoformat(text)
        counts[day - timedelta(days=day.weekday())] += count
    for monday, count in _between_midnights(rows, [*mondays, last + timedelta(weeks=1)], zone).items():
        counts[monday] += count
        counts[monday - timedelta(weeks=1)] -= count
    return [Week(monday, counts[monday]) for monday in mondays]


def _between_midnights(rows: QuerySet[Candidate], days: list[date], zone: tzinfo) -> dict[date, int]:
    """Day → how many more applied from its midnight in `zone` on than from that in UTC on. One query, none in UTC."""
    ranges = {}
    for day in days:
        here, utc = (datetime.combine(day, time(), tz).astimezone(UTC) for tz in (zone, UTC))
        if here != utc:
            ranges[day] = (min(here, utc), max(here, utc), 1 if here < utc else -1)
    among = {day: Q(applied_date__gte=first, applied_date__lt=end) for day, (first, end, _) in ranges.items()}
    if not among:
        return {}
    counted = {f"at_{day:%Y%m%d}": Count("pk", filter=condition) for day, condition in among.items()}
    found = rows.order_by().filter(reduce(or_, among.values())).aggregate(**counted)
    return {day: found[f"at_{day:%Y%m%d}"] * sign for day, (_, _, sign) in ranges.items()}


@dataclass(frozen=True)
class Origin:
    """How many candidates came from a source, and how many of them are hired."""

    source: Source
    candidates: int
    hired: int

    @property
    def hire_rate(self) -> float:
        """0 to 1."""
        return share(self.hired, self.candidates)


def sources(user: User, most: int = SOURCES) -> list[Origin]:
    """Those of most candidates first; without those that the user may not see. Each knows its organization. Two
    queries."""
    came: Counter[UUID] = Counter()
    hired: Counter[UUID] = Counter()
    for value, count in Candidate.objects.permitted(user).numbers("source").items():
        source, _, status = value.partition(" ")
        if source:
            came[UUID(source)] += count
            hired[UUID(source)] += count if status == Status.HIRED else 0
    rows = Source.objects.permitted(user).select_related("organization")
    seen = rows.in_bulk([pk for pk, _ in came.most_common(most)])
    origins = [Origin(source, came[pk], hired[pk]) for pk, source in seen.items()]
    return sorted(origins, key=lambda origin: (-origin.candidates, -origin.hired, origin.source.name_folded or ""))


def median_days_to_hire(user: User) -> float | None:
    """From the application to the hire, of all who were hired; None before the first. Of an even number the middle of
    the two in the middle."""
    took = Candidate.objects.permitted(user).numbers("days_to_hire")
    return median({int(days): count for days, count in took.items()})


def median(numbers: Mapping[int, int]) -> float | None:
    """Of numbers that are there so many times each."""
    total = sum(numbers.values())
    if not total:
        return None
    return (_at(numbers, (total - 1) // 2) + _at(numbers, total // 2)) / 2


def _at(numbers: Mapping[int, int], place: int) -> int:
    """The number at this place, from 0, when all are in order."""
    for number in sorted(numbers):
        place -= numbers[number]
        if place < 0:
            return number
    raise LookupError(place)


def share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
