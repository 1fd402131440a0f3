"""What stands on the board: cards in columns, the newest in a status first, and how many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.db import connections
from django.db.models import Count, Prefetch, Q, prefetch_related_objects
from django.utils import timezone
from django.utils.formats import number_format

from candidates.actions import PERMISSIONS
from candidates.models import Candidate, Source
from organizations.models import Organization, SearchedQuerySet, User

from .asking import WAITING, BoardQuestion, waiting_since

Status = Candidate.Status
#: In the order of the columns.
STATUSES = (Status.APPLIED, Status.INTERVIEWED, Status.HIRED, Status.REJECTED)
#: Cards that a column shows at a time.
STRETCH = 50
#: What takes a look at the rows is counted up to here.
MOST_COUNTED = 1000
#: Organizations, each of which is asked for its newest; an operator with more of them waits for all to be sorted.
MOST_ORGANIZATIONS = 20
NEWEST_FIRST = ("-status_since", "-pk")
COLUMNS = (
    "organization_id", "first_name", "last_name", "email", "status", "status_since", "rating", "ratings", "source_id",
    "is_archived", "updated_at",
)  # fmt: skip


class Place(NamedTuple):
    """The place of a card in its column. Sorts as it is written: the newest is the greatest."""

    since: datetime
    pk: UUID

    def __str__(self) -> str:
        return f"{self.since.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}_{self.pk}"

    @classmethod
    def read(cls, text: str) -> Self:
        """ValueError for what no place is written like."""
        since, _, pk = text.partition("_")
        return cls(datetime.fromisoformat(since).replace(tzinfo=UTC), UUID(pk))

    def after(self) -> Q:
        """The candidates below it. The first condition is what the index is entered by."""
        ties = Q(status_since__lt=self.since) | Q(pk__lt=self.pk)
        return Q(status_since__lte=self.since) & ties


class Number(NamedTuple):
    """How many candidates; at least so many, if it was not counted further."""

    value: int
    is_more: bool = False

    def __str__(self) -> str:
        return f"{number_format(self.value, force_grouping=True)}{'+' if self.is_more else ''}"


@dataclass(frozen=True)
class Card:
    candidate: Any
    #: None where the viewer may not know it, as with the rating.
    source: Source | None
    rating: Decimal | None
    days: int
    is_late: bool
    #: The statuses that the viewer may move candidates to, where this one is.
    moves: tuple[str, ...]
    #: Its name where the board shows several.
    organization: str

    @property
    def place(self) -> Place:
        return Place(self.candidate.status_since, self.candidate.pk)


@dataclass(frozen=True)
class Column:
    status: Status
    #: How many there are of all; not asked again for the next cards.
    number: Number | None
    cards: list[Card]
    #: The place after which there are more; nothing if there are none.
    last: str


class Board:
    """What `user` sees of the board, asked for by what stands in its address."""

    def __init__(self, user: User, asked: Any) -> None:
        self.user = user
        self.question = BoardQuestion(asked, user, self.organizations.values())

    @cached_property
    def organizations(self) -> dict[UUID, Organization]:
        rows = Organization.objects.only("name", "days_to_answer").order_by("name_folded", "pk")
        return {row.pk: row for row in (rows if self.user.is_superuser else rows.filter(pk__in=self._mine))}

    @property
    def _mine(self) -> set[UUID]:
        everyone, own = (self.user.grants.organizations(Candidate.permission(each)) for each in ("view", "view_own"))
        return everyone | own

    @property
    def everyone(self) -> SearchedQuerySet:
        """All whom the user may see, on the board or not."""
        return Candidate.objects.permitted(self.user)

    @property
    def candidates(self) -> SearchedQuerySet:
        return self.question.narrowed(self.everyone.filter(is_archived=False))

    def columns(self) -> list[Column]:
        found = {status: self._newest(self.candidates.filter(status=status)) for status in STATUSES}
        cards = {card.candidate.pk: card for card in self.cards(row for rows in found.values() for row in rows)}
        numbers = self.numbers()
        return [
            self._column(status, numbers[status], [cards[row.pk] for row in rows]) for status, rows in found.items()
        ]

    def stretch(self, status: Status, after: Place) -> Column:
        """The next cards of a column."""
        rows = self._newest(self.candidates.filter(after.after(), status=status))
        return self._column(status, None, self.cards(rows))

    @staticmethod
    def _column(status: Status, number: Number | None, cards: list[Card]) -> Column:
        """Of one card more than are shown, it is known that there are more."""
        shown = cards[:STRETCH]
        return Column(status, number, shown, str(shown[-1].place) if len(cards) > STRETCH else "")

    def _newest(self, rows: SearchedQuerySet) -> list[Candidate]:
        """Each organization is asked for its own: no index holds those of several in one order."""
        rows = rows.only(*COLUMNS).order_by(*NEWEST_FIRST)
        several = 1 < len(self.organizations) <= MOST_ORGANIZATIONS
        if not several or not connections[rows.db].features.supports_slicing_ordering_in_compound:
            return list(rows[: STRETCH + 1])
        first, *others = (rows.filter(organization=pk)[: STRETCH + 1] for pk in self.organizations)
        return list(first.union(*others, all=True).order_by(*NEWEST_FIRST)[: STRETCH + 1])

    def cards(self, rows: Iterable[Candidate]) -> list[Card]:
        """One query, for the sources."""
        candidates = list(rows)
        prefetch_related_objects(
            candidates, Prefetch("source", Source.objects.permitted(self.user), to_attr="seen_source")
        )
        return [self._card(candidate) for candidate in candidates]

    def _card(self, candidate: Any) -> Card:
        organization = self.organizations[candidate.organization_id]
        mean = candidate.ratings_for(self.user, candidate.ratings, organization.pk)
        return Card(
            candidate,
            source=getattr(candidate, "seen_source", None),
            rating=mean if candidate.rating is None else candidate.rating,
            days=(timezone.localdate() - timezone.localdate(candidate.status_since)).days,
            is_late=candidate.status in WAITING and candidate.status_since < self._limits[organization.pk],
            moves=self._moves[organization.pk],
            organization=organization.name if len(self.organizations) > 1 else "",
        )

    @cached_property
    def _moves(self) -> dict[UUID, tuple[str, ...]]:
        return {
            pk: tuple(status for status in STATUSES if self.user.may(PERMISSIONS[status], pk))
            for pk in self.organizations
        }

    @cached_property
    def _limits(self) -> dict[UUID, datetime]:
        return {pk: waiting_since(organization) for pk, organization in self.organizations.items()}

    @property
    def is_movable(self) -> bool:
        """May the user move anybody?"""
        return any(self._moves.values())

    def numbers(self) -> dict[str, Number]:
        """Status → how many. Exact where tallies know it, or few."""
        tallies = None if self.question.is_asking else self.everyone.tallies()
        if tallies is None:
            return {status: self._counted(self.candidates.filter(status=status)) for status in STATUSES}
        archived = self.everyone.filter(is_archived=True).order_by().values_list("status").annotate(Count("pk"))
        total, off = tallies.by_value(), dict(archived)
        return {status: Number(total.get(status, 0) - off.get(status, 0)) for status in STATUSES}

    @staticmethod
    def _counted(rows: SearchedQuerySet) -> Number:
        count = len(rows.order_by().values_list("pk")[: MOST_COUNTED + 1])
        return Number(min(count, MOST_COUNTED), is_more=count > MOST_COUNTED)
