"""Why someone can't be at an interview: they are at another one. It names who and what, as far as one may see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from candidates.models import Candidate
from organizations.errors import RuleBroken
from organizations.models import Employee, User

from .models import Interview


class Clash(RuleBroken):
    """`person` is in `other` at that time. `message` tells times in UTC, `on_page` in the zone of who looks."""

    def __init__(self, person: Candidate | Employee, other: Interview, *, by: User) -> None:
        self.person, self.other, self.by = person, other, by
        super().__init__(self._told(_("{person} is in “{title}” from {start} to {end}."), _in_utc), "overlap")

    @property
    def on_page(self) -> str:
        """As people say it: “Ivan is with Ali Khan, March 3 10:00–11:00.”"""
        if isinstance(self.person, Employee) and _sees(self.by, self.other.candidate):
            return self._told(_("{person} is with {candidate}, {day} {start}–{end}."), _in_zone)
        return self._told(_("{person} is in “{title}”, {day} {start}–{end}."), _in_zone)

    def _told(self, sentence: str, time: Callable[[datetime], str]) -> str:
        person, other = known_as(self.person, self.by), self.other
        if not _sees(self.by, other):
            return _("{person} is in another interview at that time.").format(person=person)
        return sentence.format(
            person=person,
            title=other.title,
            candidate=other.candidate,
            day=date_format(timezone.localtime(other.start_time), "MONTH_DAY_FORMAT"),
            start=time(other.start_time),
            end=time(other.end_time),
        )


def known_as(person: Candidate | Employee, by: User) -> str:
    """The name, for those who may see it."""
    if _sees(by, person):
        return str(person)
    return _("The candidate") if isinstance(person, Candidate) else _("The employee")


def _sees(user: User, row: Candidate | Employee | Interview) -> bool:
    return type(row).objects.permitted(user).filter(pk=row.pk).exists()


def _in_utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _in_zone(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"
