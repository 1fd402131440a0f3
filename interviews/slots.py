"""When everyone has time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from django.utils import timezone

from candidates.models import Candidate
from organizations.models import Employee

from .models import Interview

#: Offered at a time.
OFFERED = 3
#: Interviews begin at a quarter of an hour,
STEP = timedelta(minutes=15)
#: within these hours of a weekday, in the organization's time zone.
OPENING, CLOSING = time(9), time(18)
WEEKDAYS = range(5)
#: The diaries are read so far at a time, and so often: half a year.
AHEAD = timedelta(days=28)
LOOKS = 6
#: Nobody's diary goes further, and a calendar ends in the year 9999.
FARTHEST = timedelta(days=3650)

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Diary:
    """What candidate and interviewers have to do, besides one interview that is to be moved."""

    candidate: Candidate
    interviewers: Collection[Employee]
    besides: Interview | None = None

    @classmethod
    def of(cls, interview: Interview) -> Diary:
        """Of those who take part in it, without itself."""
        people = Employee.objects.filter(interviewers__interview=interview)
        return cls(interview.candidate, list(people), interview)

    def busy(self, start: datetime, end: datetime) -> list[Span]:
        """One query, two ranges of an index each."""
        taken = Interview.objects.overlapping(start, end).order_by()
        if self.besides is not None:
            taken = taken.exclude(pk=self.besides.pk)
        times = taken.values_list("start_time", "end_time")
        theirs = times.filter(interviewers__employee__in=self.interviewers)
        return list(times.filter(candidate=self.candidate).union(theirs))


def free_slots(diary: Diary, length: timedelta, *, after: datetime) -> list[datetime]:
    """The next three times from `after` on, and never in the past, at which all have `length` of time: one after the
    other, so that none of them overlaps. Fewer where half a year has no more, or no day is long enough.

    One query for four weeks."""
    zone = ZoneInfo(diary.candidate.organization.time_zone)
    now = timezone.now()
    if after > now + FARTHEST:
        return []
    after = max(after, now)
    return list(islice(_free(diary, length, after, zone), OFFERED))


def _free(diary: Diary, length: timedelta, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    first = timezone.localdate(after, zone)
    for look in range(LOOKS):
        days = [first + look * AHEAD + timedelta(days=day) for day in range(AHEAD.days)]
        hours = [_opening_hours(day, zone) for day in days if day.weekday() in WEEKDAYS]
        busy = diary.busy(max(after, hours[0][0]), hours[-1][1])
        for opening, closing in hours:
            yield from _free_on(opening, closing, length, after, busy)


def _opening_hours(day: date, zone: ZoneInfo) -> Span:
    """In UTC, where an hour is an hour on the days too on which the clocks change."""
    opening, closing = (datetime.combine(day, hour, zone).astimezone(UTC) for hour in (OPENING, CLOSING))
    return opening, closing


def _free_on(
    opening: datetime, closing: datetime, length: timedelta, after: datetime, busy: Collection[Span]
) -> Iterator[datetime]:
    taken = [(begin, end) for begin, end in busy if begin < closing and end > opening]
    start = opening
    while start + length <= closing:
        if start >= after and not any(begin < start + length and end > start for begin, end in taken):
            yield start
            after = start + length
        start += STEP
