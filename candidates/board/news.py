"""What has changed on the board since someone looked last: moved, come, gone, renamed, rated, by whomever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, Self
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from candidates.models import Candidate

from .cards import COLUMNS, Board, Card

#: Changes that were made so long before are asked for again: a transaction may end after one that began later.
OVERLAP = timedelta(seconds=15)
#: Of more changes, the whole board is told anew.
MOST_CHANGES = 100


@dataclass(frozen=True)
class Seen:
    """How far someone has seen: up to this moment, and what was told them of the last seconds before."""

    until: datetime
    told: str = ""

    def __str__(self) -> str:
        return f"{self.until.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}_{self.told}"

    @classmethod
    def now(cls) -> Self:
        return cls(timezone.now())

    @classmethod
    def read(cls, text: str) -> Self:
        """ValueError for what is not written like one."""
        until, _, told = text.partition("_")
        return cls(datetime.fromisoformat(until).replace(tzinfo=UTC), told)


@dataclass(frozen=True)
class News:
    seen: Seen
    #: As they are now.
    cards: list[Card]
    #: Who is not on the board, or not any more.
    gone: list[UUID]
    #: Too much to be told one by one?
    is_too_much: bool = False


def news(board: Board, seen: Seen) -> News | None:
    """None if there is nothing that was not told. One query then, and few more otherwise."""
    changed = list(_changed(board, seen).values_list("pk", "updated_at")[: MOST_CHANGES + 1])
    told = _digest(changed)
    if told == seen.told or not changed:
        return None
    seen = Seen(max(seen.until, changed[0][1]), told)
    if len(changed) > MOST_CHANGES:
        return News(seen, [], [], is_too_much=True)
    return state_of([pk for pk, _ in changed], board, seen)


def state_of(keys: list[UUID], board: Board, seen: Seen) -> News:
    """How these candidates stand on the board now."""
    cards = board.cards(board.candidates.filter(pk__in=keys).only(*COLUMNS))
    shown = {card.candidate.pk for card in cards}
    return News(seen, cards, [key for key in keys if key not in shown])


def _changed(board: Board, seen: Seen) -> QuerySet[Candidate]:
    rows = board.everyone.filter(updated_at__gt=seen.until - OVERLAP).order_by("-updated_at", "-pk")
    # There is no index for an operator, who is asked for no organization.
    return rows.filter(organization__in=list(board.organizations)) if board.user.is_superuser else rows


def _digest(changed: list[Any]) -> str:
    return blake2b(repr(changed).encode(), digest_size=8).hexdigest()
