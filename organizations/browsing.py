"""A long list, looked at page by page, and gone through row by row: what either costs does not grow with the rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from itertools import islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import F, OrderBy, Q, QuerySet

#: Up to so many matches are counted, and sorted after they are found.
FEW = 1000
#: Rows that can be paged through; who looks further narrows the list.
DEEPEST = 10_000
#: In up to so many organizations rows are looked for one by one.
MANY = 20


class Bounded(Paginator):
    """Counts no further than `FEW`: what offers choices by typing need not know how many there are."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return rows.order_by()[:FEW].count() if isinstance(rows, QuerySet) else len(rows)


@dataclass(frozen=True)
class By:
    """A column that a list is sorted by. Rows without a value come last in either direction."""

    column: str
    falls: bool
    nullable: bool = False

    @property
    def expression(self) -> OrderBy:
        nulls = {"nulls_last": True} if self.nullable else {}
        return F(self.column).desc(**nulls) if self.falls else F(self.column).asc(**nulls)

    def sort_key(self, value: Any) -> Any:
        return (value is None, Reversed(value) if self.falls and value is not None else value)

    def beyond(self, value: Any, *, back: bool) -> list[Q]:
        """What comes after a value, or before it; the nearest first."""
        nulls, filled = Q((f"{self.column}__isnull", True)), Q((f"{self.column}__isnull", False))
        if value is None:
            return [filled] if back else []
        nearer = Q((f"{self.column}__{'lt' if self.falls != back else 'gt'}", value))
        return [nearer, nulls] if self.nullable and not back else [nearer]

    def same(self, value: Any) -> Q:
        return Q((f"{self.column}__isnull", True)) if value is None else Q((self.column, value))


class Reversed:
    """A value that sorts the other way."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: Reversed) -> bool:
        return other.value < self.value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reversed) and other.value == self.value

    __hash__ = None  # type: ignore[assignment]


def by_age(*first: By) -> tuple[By, ...]:
    """Ties go by age and then by key, in the direction of what comes first: an index (…, column, created_at, id) serves
    it both ways. Newest first without any."""
    falls = first[-1].falls if first else True
    named = {by.column for by in first}
    return (*first, *(By(column, falls) for column in ("created_at", "id") if column not in named))


@dataclass(frozen=True)
class Neighbours:
    """The rows beside one, and its place from 1, if that is known."""

    before: Any = None
    after: Any = None
    place: int | None = None


class LongList:
    """Rows in an order.

    organizations: those that the rows are of, if they are known; an index is sorted within one, so the first rows of
    each are found and merged. is_narrowed: by conditions that few rows may meet. found_by: the column of one of them,
    whose index leads to what matches. is_ranked: in the order of how well they match, which is worked out for each row;
    of many, the best of the first `FEW` that are found are all there are to look at."""

    def __init__(
        self,
        rows: QuerySet,
        order: Sequence[By],
        *,
        organizations: Collection[UUID] = (),
        is_narrowed: bool = False,
        found_by: str = "",
        is_ranked: bool = False,
    ) -> None:
        self.rows = rows.order_by().prefetch_related(None)
        self.order, self.is_narrowed, self.found_by, self.is_ranked = order, is_narrowed, found_by, is_ranked
        self.organizations = list(organizations) if 1 < len(organizations) <= MANY else []

    @cached_property
    def few(self) -> list[Any] | None:
        """All keys in order, if there are few, or only few to look at."""
        keys = self._first
        if keys is None or (len(keys) > FEW and not self.is_ranked):
            return None
        return self._sorted(keys[:FEW])

    @cached_property
    def _first(self) -> list[Any] | None:
        """The keys that are found first, one more than `FEW`; None where it is known that there are many.

        The database can't know that few rows match. Asked for the first of them in order, it may look through all that
        are sorted by that; asked for any, it takes those that match, from the index of what is asked."""
        if not self.is_narrowed and self._tallied is not None and self._tallied > FEW:
            return None
        order = [self.found_by] if self.found_by else []
        return list(self.rows.order_by(*order).values_list("pk", flat=True)[: FEW + 1])

    def _sorted(self, keys: list[Any]) -> list[Any]:
        found = self.rows.filter(pk__in=keys).order_by(*(by.expression for by in self.order))
        return list(found.values_list("pk", flat=True)) if keys else []

    @cached_property
    def _tallied(self) -> int | None:
        tallies = self.rows.tallies()  # type: ignore[attr-defined]
        return None if tallies is None else tallies.total()

    @cached_property
    def count(self) -> int:
        """Exact, unless `is_more`."""
        if self._tallied is not None:
            return self._tallied
        return FEW if self.few is None else len(self.few)

    @property
    def is_more(self) -> bool:
        """Are there more than `count`? How many, only counting would tell."""
        return self._tallied is None and self._first is not None and len(self._first) > FEW

    @property
    def is_cut_off(self) -> bool:
        """Are the rest not even to be looked at?"""
        return self.is_ranked and self.is_more

    def page(self, number: int, size: int) -> tuple[list[Any], bool]:
        """The keys of a page, from 1, and whether more follow. None lie deeper than `DEEPEST`."""
        start = (number - 1) * size
        if start < 0 or start >= DEEPEST:
            return [], False
        keys = self.few[start : start + size + 1] if self.few is not None else self._keys(start, start + size + 1)
        return keys[:size], len(keys) > size and start + size < DEEPEST

    def _keys(self, start: int, stop: int) -> list[Any]:
        ordered = self.rows.order_by(*(by.expression for by in self.order))
        if not self.organizations:
            return list(ordered.values_list("pk", flat=True)[start:stop])
        columns = [by.column for by in self.order]
        parts = [ordered.filter(organization=pk).values_list(*columns, "pk")[:stop] for pk in self.organizations]
        return list(map(itemgetter(-1), islice(merge(*parts, key=self._sort_key), start, stop)))

    def _sort_key(self, values: Sequence[Any]) -> list[Any]:
        return [by.sort_key(value) for by, value in zip(self.order, values, strict=False)]

    def around(self, row: Any) -> Neighbours:
        """The neighbours of one of the rows, or of the place where it would be. In long lists, those of its
        organization."""
        keys = self.few or []
        if row.pk in keys:
            place = keys.index(row.pk)
            before, after = keys[place - 1] if place else None, (keys[place + 1 : place + 2] or [None])[0]
            return Neighbours(before, after, place + 1)
        if not all(hasattr(row, by.column) for by in self.order):
            return Neighbours()
        return Neighbours(self._beside(row, back=True), self._beside(row, back=False))

    def _beside(self, row: Any, *, back: bool) -> Any:
        rows = self.rows.filter(organization=row.organization_id)
        order = [by.expression for by in self.order]
        for expression in order if back else []:
            expression.reverse_ordering()
        for stretch in self._stretches(row, back=back):
            for key in rows.filter(stretch).order_by(*order).values_list("pk", flat=True)[:1]:
                return key
        return None

    def _stretches(self, row: Any, *, back: bool) -> Iterator[Q]:
        """Ranges of the order, each found by an index, the nearest first."""
        values = [getattr(row, by.column) for by in self.order]
        for depth in reversed(range(len(self.order))):
            same = Q(*(by.same(value) for by, value in zip(self.order[:depth], values, strict=False)))
            for beyond in self.order[depth].beyond(values[depth], back=back):
                yield same & beyond
