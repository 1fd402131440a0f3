"""The rows that match a question: a page of them, from either end or after a cursor, and how many there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Count, QuerySet

from .cursors import Stretch, read, stretches, written
from .reading import Plan, frozen, plan_of
from .serializers import Relations
from .statements import Slot, Statement, statement

#: From here on a page is found in the index first, and only then are its rows fetched.
DEEP = 200


class Listing:
    """What a view is asked for, as its caller may see it."""

    def __init__(self, view: Any) -> None:
        self.view, self.user, self.query, self.asked = view, view.user, view.query, view.asked
        self.values: list[Any] = [*view.path_values, *view.asked.values]

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
        rows = self.statement("total", counted).rows(self.user, self.values)
        return rows[0][0] if rows else 0

    # Which.

    def page(self, take: int, skip: int) -> tuple[list[Any], int]:
        """The rows of a page, as they are shown, and the total."""
        if skip >= DEEP:
            return self._deep_page(take, skip)
        plan, kind = self.plan()
        found = self.statement(("page", kind), lambda rows: with_total(rows, plan.paths), is_page=True)
        rows = found.rows(self.user, self.values, (take, skip))
        return plan.show(rows, self.user), self._total_beside(rows, take, skip, len(plan.paths))

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
        model, sorting = self.view.model, self.query.sorting(self.asked)
        of = model._meta.label_lower
        plan, kind = self.plan([one.column for one in sorting])
        found: list[Any] = []
        for stretch in stretches(sorting, read(cursor, of=of, sorting=sorting, model=model) if cursor else ()):
            found += self._stretch(plan, kind, stretch, take + 1 - len(found))
            if len(found) > take:
                break
        page = found[:take]
        has_more = len(found) > take
        last = [page[-1][index] for index in plan.also] if has_more else []
        return plan.show(page, self.user), written(last, of=of, sorting=sorting) if has_more else None

    def _stretch(self, plan: Plan, kind: Any, stretch: Stretch, take: int) -> list[Any]:
        def arrange(rows: QuerySet) -> QuerySet:
            return rows.filter(stretch.condition(rows.model, len(self.values))).values_list(*plan.paths)

        following = self.statement(("after", kind, stretch.shape), arrange, is_page=True)
        return following.rows(self.user, [*self.values, *stretch.values], (take, 0))


def with_total(rows: Any, paths: Sequence[str]) -> QuerySet:
    """The columns of the page, and the total as one more column where tallies tell it."""
    tallies = rows.tallies()
    if tallies is None:
        return rows.values_list(*paths)
    return rows.annotate(rows_total=tallies.as_expression()).values_list(*paths, "rows_total")


def counted(rows: Any) -> QuerySet:
    """How many rows: one row of one column. From the tallies, where they tell it."""
    tallies = rows.tallies()
    if tallies is not None:
        return tallies.summed()
    counting = rows.order_by()
    counting.query.clear_select_clause()
    counting.query.set_annotation_mask(())
    counting.query.add_annotation(Count("*"), "rows_counted", select=True)
    return counting
