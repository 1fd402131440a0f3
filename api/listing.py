"""The rows that match a question: a page of them, from either end or after a cursor, and how many there are."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cached_property
from operator import methodcaller
from typing import Any

from django.db.models import Count, QuerySet, Window

from .cursors import Stretch, read, stretches, written
from .query import Asked, Where
from .reading import Plan, frozen, plan_of
from .serializers import Relations
from .statements import Slot, Statement, statement

#: From here on a page is found in the index first, and only then are its rows fetched.
DEEP = 200
#: Up to so many rows are sorted after they are found.
FEW = 1000
#: How long, and how many, questions are known to match more.
SECONDS_BROAD, REMEMBERED = 60, 10_000
_broad: dict[int, float] = {}
#: In up to so many organizations rows are looked for one by one.
MANY = 50
EVERYWHERE = Stretch()


class Listing:
    """What a view is asked for, as its caller may see it."""

    def __init__(self, view: Any) -> None:
        self.view, self.user, self.query = view, view.user, view.query
        self.asked = view.asked = self._through_parts(view.asked)
        self.values: list[Any] = [*view.path_values, *self.asked.values]
        self.sorting = self.query.sorting(self.asked)
        self.columns = [one.column for one in self.sorting]
        self.directions = [one.direction for one in self.sorting]

    def _through_parts(self, asked: Asked) -> Asked:
        """Conditions on parts, which name few rows, as their keys: how many rows have such a part is what the database
        can't guess, and then it looks in the wrong place."""
        keys: dict[str, list[Any]] = {}
        for part in self.query.parts(asked):
            having = statement(
                ("part", self.query, part.name, part.where),
                self.user,
                lambda stand_in, part=part: self.query.rows_of_part(part, stand_in),
                is_page=True,
            )
            found = having.rows(self.user, part.values, (FEW + 1, 0))
            if len(found) <= FEW:
                keys[part.name] = list({key for (key,) in found})
        return self.query.by_keys(asked, keys) if keys else asked

    def statement(self, kind: Any, arrange: Callable[[QuerySet], QuerySet], *, is_page: bool = False) -> Statement:
        """The statement of this question for `kind`, which tells apart all that `arrange` does with the rows."""
        key = (type(self.view), self.asked.shape, kind)
        return statement(key, self.user, lambda stand_in: arrange(self.view.rows_for(stand_in)), is_page=is_page)

    def plan(self, also: Sequence[str] = (), relations: Relations | None = None) -> tuple[Plan, Any]:
        """How the rows are shown, and what that adds to the key of their statement."""
        selected = self.view.question.selected
        relations = self.view.question.relations if relations is None else relations
        plan = plan_of(self.view.serializer_class, relations, self.user, selected, also)
        return plan, (frozen(relations), selected, tuple(also))

    # How many.

    def total(self) -> int:
        rows = self.statement("total", methodcaller("counted")).rows(self.user, self.values)
        return rows[0][0] if rows else 0

    # Which.

    def page(self, take: int, skip: int) -> tuple[list[Any], int]:
        """The rows of a page, as they are shown, and the total."""
        if self.asked.is_search:
            return self._found(take, skip)
        if self.organizations:
            places = self._places(take, skip)
            return self._rows_at(places), self._total_beside(places, take, skip, len(self.columns))
        if skip >= DEEP or self.asked.sifts:
            return self._deep_page(take, skip)
        plan, kind = self.plan()
        found = self.statement(("page", kind), lambda rows: with_total(rows, plan.paths), is_page=True)
        if self.asked.where != Where() and found.width == len(plan.paths):
            few = None if self._is_broad() else self._of_few(take, skip)
            if few is not None:
                return self._rows_at(few), few[0][-1] if few else 0
        rows = found.rows(self.user, self.values, (take, skip))
        return plan.show(rows, self.user), self._total_beside(rows, take, skip, len(plan.paths))

    def _of_few(self, take: int, skip: int) -> list[Any] | None:
        """The values by which the rows of a page are sorted, and how many match; None if more than a few do.

        The database can't know that few rows of an organization match, if many of others do. Asked for the first of
        them in order, it may look through all that are sorted by that; asked for any, it takes those that match, from
        the index of what is asked."""
        part = self.statement(
            "few",
            lambda rows: rows.order_by(*self.query.found_by(self.asked)).values_list(*self.columns),
            is_page=True,
        )
        found = part.sorted(self.user, self.values, FEW + 1, self.directions, (take, skip))
        if found and found[0][-1] > FEW:
            self._remember_broad()
            return None
        return found if found or not skip else None

    def _is_broad(self) -> bool:
        """Did this very question match many rows a moment ago? Then that need not be found out again, page by page. It
        decides on the way only: either way finds the same."""
        return _broad.get(self._question, 0) > time.monotonic()

    def _remember_broad(self) -> None:
        if len(_broad) >= REMEMBERED:
            _broad.clear()
        _broad[self._question] = time.monotonic() + SECONDS_BROAD

    @cached_property
    def _question(self) -> int:
        return hash((type(self.view), self.asked.where, repr(self.values), self.user.ids))

    def _found(self, take: int, skip: int) -> tuple[list[Any], int]:
        """Of a search. To know the best all matches are looked at, and so counted too; only the page is read whole."""
        found = self.statement(
            "found",
            lambda rows: rows.annotate(rows_total=Window(Count("*"))).values_list(*self.columns, "rows_total"),
            is_page=True,
        ).rows(self.user, self.values, (take, skip))
        return self._rows_at(found), self._total_beside(found, take, skip, len(self.columns))

    def _total_beside(self, rows: list[Any], take: int, skip: int, column: int) -> int:
        """The total, which the page shows if it is the last or reads the tallies; else the rows are counted."""
        if len(rows) < take and (rows or not skip):
            return skip + len(rows)
        if rows and len(rows[0]) > column:
            return rows[0][column]
        return self.total()

    def _deep_page(self, take: int, skip: int) -> tuple[list[Any], int]:
        """The keys come from the index alone, counted from the nearer end."""
        total = self.total()
        take = min(take, total - skip)
        if take <= 0:
            return [], total
        is_far = skip > total // 2
        keys = self.statement(
            ("keys", is_far), lambda rows: (rows.reverse() if is_far else rows).values_list("pk"), is_page=True
        ).rows(self.user, self.values, (take, total - skip - take if is_far else skip))
        ordered = [key for (key,) in (reversed(keys) if is_far else keys)]
        return self.rows_of(ordered), total

    def rows_of(self, keys: Sequence[Any], relations: Relations | None = None) -> list[Any]:
        """The rows of these keys, as they are shown and in this order; without those that are not there. `relations`
        are what to include, if it is not what was asked for."""
        plan, kind = self.plan(("pk",), relations)
        slot = Slot(len(self.values), self.view.model._meta.pk, many=True)
        found = self.statement(
            ("rows", kind), lambda rows: rows.order_by().filter(pk__among=slot).values_list(*plan.paths)
        ).rows(self.user, [*self.values, list(keys)])
        (key,) = plan.also
        by_key = {row[key]: row for row in found}
        return plan.show([by_key[k] for k in map(str, keys) if k in by_key], self.user)

    # After a cursor.

    def page_after(self, take: int, cursor: str) -> tuple[list[Any], str | None]:
        """The rows that follow a cursor, from the beginning if it is empty, and the cursor of the last of them; None
        if no more follow."""
        model, sorting = self.view.model, self.sorting
        of = model._meta.label_lower
        plan, kind = self.plan(self.columns)
        found: list[Any] = []
        for stretch in stretches(sorting, read(cursor, of=of, sorting=sorting, model=model) if cursor else ()):
            more = take + 1 - len(found)
            found += self._places(more, 0, stretch) if self.organizations else self._stretch(plan, kind, stretch, more)
            if len(found) > take:
                break
        page, has_more = found[:take], len(found) > take
        shown = self._rows_at(page) if self.organizations else plan.show(page, self.user)
        if not has_more:
            return shown, None
        last = page[-1] if self.organizations else [page[-1][index] for index in plan.also]
        return shown, written(last, of=of, sorting=sorting)

    def _stretch(self, plan: Plan, kind: Any, stretch: Stretch, take: int) -> list[Any]:
        def arrange(rows: QuerySet) -> QuerySet:
            return rows.filter(stretch.condition(rows.model, len(self.values))).values_list(*plan.paths)

        following = self.statement(("after", kind, stretch.shape), arrange, is_page=True)
        return following.rows(self.user, [*self.values, *stretch.values], (take, 0))

    # In several organizations. An index is sorted within one, so the first rows of each are found and merged: sorting
    # all rows of two organizations would cost what they hold.

    @cached_property
    def organizations(self) -> list[Any]:
        """Those to look in one by one; none where the rows are of one, or of too many, or all that match are sorted."""
        columns = {f.attname for f in self.view.model._meta.concrete_fields}
        if "organization_id" not in columns or self.view.path_values or self.asked.is_search:
            return []
        named = self.asked.within
        here = [pk for pk in self.user.organizations if named is None or pk in named]
        return here if 1 < len(here) <= MANY else []

    def _places(self, take: int, skip: int, stretch: Stretch = EVERYWHERE) -> list[Any]:
        """The values by which the rows of a page are sorted."""
        slot = len(self.values) + len(stretch.values)

        def arrange(rows: QuerySet) -> QuerySet:
            here = rows.filter(organization=Slot(slot, rows.model._meta.pk))
            following = here.filter(stretch.condition(rows.model, len(self.values)))
            return following.values_list(*self.columns)

        part = self.statement(("places", stretch.shape), arrange, is_page=True)
        values = [[*self.values, *stretch.values, organization] for organization in self.organizations]
        return part.merged(self.user, values, self.directions, (take, skip))

    def _rows_at(self, places: Sequence[Sequence[Any]]) -> list[Any]:
        key = self.columns.index("id")
        return self.rows_of([place[key] for place in places])


def with_total(rows: Any, paths: Sequence[str]) -> QuerySet:
    """The columns of the page, and the total as one more column where tallies tell it."""
    tallies = rows.tallies()
    if tallies is None:
        return rows.values_list(*paths)
    return rows.annotate(rows_total=tallies.as_expression()).values_list(*paths, "rows_total")
