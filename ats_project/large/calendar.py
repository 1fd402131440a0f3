"""When the interviews of an organization are: hours that are given out once, so that nobody is in two at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

OPENING = 8
HOURS = 8
#: Shorter than the hour that is kept for it.
LENGTHS = (timedelta(minutes=30), timedelta(minutes=45), timedelta(minutes=60))


class Slot(NamedTuple):
    start: datetime
    #: Who is free then.
    pair: tuple[Any, ...]


class Calendar:
    def __init__(self, interviewers: Sequence[Any]) -> None:
        self.pairs = [tuple(interviewers[n : n + 2]) for n in range(0, len(interviewers), 2)]
        self.taken: Counter[date] = Counter()

    def book(self, day: date) -> Slot:
        """An hour of the first working day with one left, from `day` on. Keeps no more than a number for each day."""
        while day.weekday() >= 5 or self.taken[day] == HOURS * len(self.pairs):
            day += timedelta(days=1)
        hour, pair = divmod(self.taken[day], len(self.pairs))
        self.taken[day] += 1
        # Begun with another pair every day, or the first would hold most of the interviews.
        pair = (pair + day.toordinal()) % len(self.pairs)
        return Slot(datetime.combine(day, time(OPENING + hour), UTC), self.pairs[pair])
