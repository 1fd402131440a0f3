"""Who is busy when: finds times for interviews at which nobody is in two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HALF_HOUR = timedelta(minutes=30)


class Diary:
    def __init__(self, time_zone: str) -> None:
        self.zone = ZoneInfo(time_zone)
        self.busy: dict[Hashable, list[tuple[datetime, datetime]]] = defaultdict(list)

    def book(
        self, day: date, length: timedelta, people: Iterable[Hashable], *, step: int, opening: int = 9
    ) -> tuple[datetime, datetime]:
        """The first time between `opening` and 17 o'clock on a working day when all are free, from `day` on; with
        `step=-1` on days before. They are busy from now on."""
        people = list(people)
        while True:
            if day.weekday() < 5 and (found := self.book_at(day, length, people, opening=opening)):
                return found
            day += timedelta(days=step)

    def book_at(
        self, day: date, length: timedelta, people: Iterable[Hashable], *, opening: int = 9
    ) -> tuple[datetime, datetime] | None:
        """The same for this one day, a Sunday too, from `opening` o'clock on; None if they have no time left."""
        people = list(people)
        start = datetime.combine(day, time(opening), self.zone)
        closing = datetime.combine(day, time(17), self.zone)
        while start + length <= closing:
            if all(self._is_free(person, start, start + length) for person in people):
                for person in people:
                    self.busy[person].append((start, start + length))
                return start, start + length
            start += HALF_HOUR
        return None

    def _is_free(self, person: Hashable, start: datetime, end: datetime) -> bool:
        return all(end <= begin or start >= finish for begin, finish in self.busy[person])
