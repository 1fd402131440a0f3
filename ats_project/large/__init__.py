"""A large installation: many organizations with a believable past, written as fast as the database takes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection

from candidates.models import Candidate
from organizations.models import User
from organizations.searching import check_documents, searched_models

from . import words
from .applicants import Applicants
from .chance import Chance
from .rows import COLUMNS, Pages
from .sizes import sizes
from .staff import House

#: Those whose people sign in with DEMO_PASSWORD (`recruiter@meridian.test`): the largest, and those to measure by.
LARGEST = "Meridian Talent Group"
KNOWN = {100_000: "Harbour Staffing", 10_000: "Orchard Careers", 1_000: "Linden Recruiting"}


@dataclass(frozen=True)
class Installation:
    """What is to be made. The same one twice has the same rows, the hashes of the demo passwords aside."""

    candidates: int
    organizations: int
    skew: bool = False
    seed: int = 1
    #: The day that it is: nothing but appointments is later.
    until: date = date(2026, 1, 1)

    def __post_init__(self) -> None:
        self.sizes  # noqa: B018 - ValueError for numbers that make none

    @cached_property
    def sizes(self) -> list[int]:
        return sizes(self.candidates, self.organizations, skew=self.skew)

    def houses(self, pages: Pages, password: str | None) -> Iterator[House]:
        """The organizations, the largest first."""
        moment = datetime.combine(self.until, time(), UTC)
        known = dict(KNOWN) if self.skew else {}
        for number, size in enumerate(self.sizes):
            # A source of chance for each: none depends on how large the one before is.
            chance = Chance(f"{self.seed}/{number}")
            name = known.pop(size, None) if number else LARGEST
            yield House(number, size, name or invented_name(number), moment, chance, pages, password if name else None)

    def fill(self, password: str, progress: Callable[[int], Any] = lambda candidates: None) -> dict[str, int]:
        """Write it, and return how many rows of what there are. Some thousand candidates are one transaction; they are
        found by their words once all are there."""
        pages = Pages(progress)
        for house in self.houses(pages, make_password(password)):
            house.open()
            Applicants(house).write()
        pages.write()
        for model in searched_models():
            check_documents(model, repair=True)
        tidy()
        return {str(model._meta.verbose_name_plural): pages.written[model] for model in COLUMNS}


def present() -> int | None:
    """How many candidates there are where a large installation is, those added since included; None where none is."""
    if not User.objects.known_by(f"admin@{LARGEST.split()[0]}.test"):
        return None
    return Candidate.objects.count()


def invented_name(number: int) -> str:
    """Another one for each number below 2,400, and then with a number."""
    number, tail = divmod(number, len(words.RECRUITING_TAILS))
    number, head = divmod(number, len(words.COMPANY_HEADS))
    name = f"{words.COMPANY_HEADS[head]} {words.RECRUITING_TAILS[tail]}"
    return f"{name} {number + 1}" if number else name


def tidy() -> None:
    """Tell the planner what is there; on PostgreSQL, what index-only scans go by too."""
    with connection.cursor() as cursor:
        is_free = connection.vendor == "postgresql" and not connection.in_atomic_block
        cursor.execute("VACUUM (ANALYZE)" if is_free else "ANALYZE")
