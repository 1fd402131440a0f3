"""How many rows there are, kept by the database itself: a total costs the same in an organization of any size.

A model that declares `Tallied` has triggers that count every row, by whatever way it is written. Why so, and how
writers do not wait for each other: docs/decisions/0011-totals-by-triggers.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from operator import sub
from typing import Any

from django.core import checks
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BigIntegerField, Case, Count, F, Lookup, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.expressions import Col, Combinable
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact
from django.db.models.sql import Query
from django.db.models.sql.where import WhereNode

from . import tally_sql
from .upkeep import Upkeep


class Undumped(models.Manager):
    """What `dumpdata` takes along: nothing, since rows are counted when they are loaded."""

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().none()


class Tally(models.Model):
    """A part of a total: `count` rows of a kind, more or fewer. All parts of a kind, organization and value add up to
    the number of rows.

    On PostgreSQL each writer adds a part of its own, and now and then one folds those of an organization into one. On
    SQLite, where writers queue anyway, there is one part, and it is changed in place."""

    organization_id = models.UUIDField()
    rows_of = models.CharField(max_length=63)
    value = models.CharField(max_length=100)
    count = models.BigIntegerField()

    objects = models.Manager()
    dumped = Undumped()

    class Meta:
        default_manager_name = "dumped"
        default_permissions = ()
        verbose_name_plural = "tallies"
        indexes = [models.Index(fields=["rows_of", "organization_id", "value", "count"], name="tally_of_rows")]

    def __str__(self) -> str:
        return f"{self.count:+} {self.rows_of} {self.value}".rstrip()


class Tallied(Upkeep):
    """The rows are tallied by organization, and `by` the values of a text column too, if one is named.

    also: further numbers of the same rows, name → text expression (`tallied_values`): how many there are of each value.
    Rows for which it is null are left out. A name too many costs a writer some microseconds.

    apart: true-or-false columns that hold for few rows, say `is_archived`. Those are tallied as the total is, too: then
    a condition on one of the columns needs no counting either.

    What makes tables makes the triggers, and counts what is there already. The name stands in `Tally.rows_of`."""

    def __init__(
        self, *, name: str, by: str = "", also: Mapping[str, Combinable] | None = None, apart: Sequence[str] = ()
    ) -> None:
        super().__init__(name=name)
        self.by = by
        self.also = dict(also or {})
        self.apart = tuple(apart)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        declared = {"by": self.by, "also": self.also, "apart": self.apart}
        return path, args, {**kwargs, **{key: value for key, value in declared.items() if value}}

    def _check(self, model: Any, connection: Any) -> list[checks.CheckMessage]:
        if not self.by or (
            isinstance(field := model._meta.get_field(self.by), models.CharField | models.TextField) and not field.null
        ):
            return []
        return [checks.Error(f"{self.name} tallies by {self.by!r}, which is no text that is always there.", obj=model)]

    @property
    def names(self) -> list[str]:
        """Of all numbers that are kept; that of the total is empty."""
        return ["", *self.also, *self.apart]

    def kind(self, also: str = "") -> str:
        """What stands in `Tally.rows_of` for the total, or for one of the further numbers."""
        return f"{self.name}_by_{also}" if also else self.name

    def statements(self, kind: str, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        quote = schema_editor.quote_name
        tally, table = quote(Tally._meta.db_table), Table(model._meta.db_table, quote)
        values = partial(self._values, model, schema_editor)
        of_rows = values("")
        return [
            Statement(
                template,
                table=table,
                name=self.name,
                kinds=", ".join(f"'{kind}'" for kind in of_rows),
                tally=tally,
                into=f"INSERT INTO {tally} (rows_of, organization_id, value, count)",
                rows=Statement(tally_sql.rows("%(table)s", of_rows), table=table),
                **{name: tally_sql.rows(name, of_rows) for name in ("written", "replaced")},
            )
            for template in tally_sql.statements(
                schema_editor.connection.vendor, kind, values, is_by_value=self.is_by_value
            )
        ]

    @property
    def is_by_value(self) -> bool:
        return bool(self.by or self.also or self.apart)

    def expression(self, also: str = "") -> Any:
        """The value of a row by which its total is kept, or one of the further numbers."""
        if also in self.also:
            return self.also[also]
        value = F(self.by) if self.by else Value("", output_field=models.TextField())
        return Case(When(**{also: True}, then=value)) if also else value

    def _values(self, model: Any, schema_editor: BaseDatabaseSchemaEditor, row: str) -> dict[str, str]:
        """What is kept → the SQL of its value, of plain columns or of those of a `row` that is named."""
        query = Query(model, alias_cols=bool(row))
        # From the beginning: a column of the table's own name is remembered by its field, also by that of a table that
        # SQLite makes anew under another name.
        query.change_aliases({query.get_initial_alias(): row})
        compiler = query.get_compiler(connection=schema_editor.connection)
        found = {}
        for name in self.names:
            sql, params = compiler.compile(self.expression(name).resolve_expression(query, allow_joins=False))
            found[self.kind(name)] = f"({sql % tuple(map(schema_editor.quote_value, params))})"
        return found


def tallied(model: type[models.Model]) -> Tallied | None:
    """How the rows of a model are tallied; None if they are not."""
    return next((each for each in model._meta.constraints if isinstance(each, Tallied)), None)


@dataclass(frozen=True)
class Tallies:
    """Those that add up to the number of some rows: the ones of `rows_of` that meet `condition`. If these are all rows
    but a few, `but` are the few, to be taken off: rows that are counted, or tallied themselves."""

    rows_of: str
    condition: Q
    using: str
    but: tuple[QuerySet | Tallies, ...] = ()

    @classmethod
    def of(cls, rows: QuerySet, also: str = "") -> Tallies | None:
        """Or to one of the further numbers of the rows, if `also` names it. None where only counting tells: where
        `rows` are narrowed by anything but the organization and, for their total, the column that is tallied by, one of
        those that are tallied apart, and one condition that says what they are not. It reads the conditions themselves,
        so that a scope of any making is never mistaken for a wider one. Runs no query."""
        declared = tallied(rows.model)
        if declared is None or not _is_plain(rows.query):
            return None
        columns = {"organization": "organization_id", **({declared.by: "value"} if declared.by and not also else {})}
        table = rows.model._meta.db_table
        known, others = Q(), []
        for condition in _all_of(rows.query.where):
            try:
                known &= _of_tallies(condition, table, columns)
            except LookupError:
                others.append(condition)
        flags = [condition for condition in others if _is_flag(condition, table, declared.apart)]
        negatives = [condition for condition in others if _is_negative(condition, table)]
        if len(flags) + len(negatives) < len(others) or len(flags) > 1 or len(negatives) > 1 or (others and also):
            return None
        few = tuple(_inverted(rows, condition) for condition in negatives)
        if not flags:
            return cls(declared.kind(also), known, rows.db, few)
        apart = cls(declared.kind(flags[0].lhs.target.name), known, rows.db)
        return replace(apart, but=few) if flags[0].rhs else cls(declared.name, known, rows.db, (apart, *few))

    @property
    def parts(self) -> QuerySet[Tally]:
        return Tally.objects.using(self.using).filter(self.condition, rows_of=self.rows_of)

    def total(self) -> int:
        """One query, or none where it is known that there are no rows."""
        (total,) = next(iter(self.summed()), (0,))
        return total

    def by_value(self, least: str = "") -> dict[str, int]:
        """Value → how many; of the values from `least` on. One query."""
        parts = self.parts.filter(value__gte=least) if least else self.parts
        found = parts.order_by().values_list("value").annotate(total=_added_up())
        return {value: total for value, total in found if total}

    def as_expression(self) -> Coalesce:
        """The total as a column of another query, which reads it once."""
        return Coalesce(Subquery(self.summed()), Value(0), output_field=BigIntegerField())

    def summed(self) -> QuerySet:
        """The total, as a queryset of one column; no row for none."""
        few = [each.as_expression() if isinstance(each, Tallies) else Subquery(counting(each)) for each in self.but]
        total = reduce(sub, few, _added_up())
        return self.parts.order_by().values("rows_of").annotate(total=total).values_list("total")


def _added_up() -> Cast:
    # PostgreSQL adds whole numbers up to a decimal.
    return Cast(Sum("count"), BigIntegerField())


def _is_plain(query: Any) -> bool:
    """Is each row of the result one row of the table, unless a condition of `where` keeps it out?"""
    joined = {alias for alias, count in query.alias_refcount.items() if count} - {query.model._meta.db_table}
    is_combined = joined or query.distinct or query.combinator or query.is_sliced or query.extra_tables
    return not is_combined and query.group_by is None


def numbers(rows: QuerySet, also: str = "", least: str = "") -> dict[str, int]:
    """What `OwnedQuerySet.numbers` says."""
    tallies = Tallies.of(rows, also)
    if tallies is not None:
        return tallies.by_value(least)
    declared: Any = tallied(rows.model)
    valued = rows.order_by().annotate(value_tallied=declared.expression(also))
    valued = valued.filter(value_tallied__gte=least) if least else valued.exclude(value_tallied=None)
    return dict(valued.values("value_tallied").annotate(total=Count("pk")).values_list("value_tallied", "total"))


def counting(rows: QuerySet) -> QuerySet:
    """How many, as a queryset of one row and column."""
    rows = rows.order_by()
    rows.query.clear_select_clause()
    rows.query.set_annotation_mask(())
    rows.query.add_annotation(Count("*"), "rows_counted", select=True)
    return rows


def _all_of(where: Any) -> Iterator[Any]:
    """The conditions that must all hold; one that is made of several otherwise comes out whole."""
    for child in where.children:
        is_several = hasattr(child, "connector") and not child.negated
        if is_several and (child.connector == Q.AND or len(child.children) == 1):
            yield from _all_of(child)
        else:
            yield child


def _is_flag(condition: Any, table: str, columns: Sequence[str]) -> bool:
    """Does it say that one of these true-or-false columns holds, or that it does not?"""
    is_said = isinstance(condition, Exact) and isinstance(condition.rhs, bool)
    return is_said and _is_comparison(condition, table) and condition.lhs.target.name in columns


def _is_negative(condition: Any, table: str) -> bool:
    """Is it NOT of what few rows are, and what is a matter of the row alone? (It is never unknown: Django sees to that
    for NOT.) What is not true is false, and has an index where it is rare."""
    return getattr(condition, "negated", False) and all(
        _is_comparison(each, table) and not isinstance(each.lhs.target, models.BooleanField)
        for each in condition.leaves()
    )


def _inverted(rows: QuerySet, negative: Any) -> QuerySet:
    """The rows that one of the conditions keeps out."""
    kept_out = rows.order_by()
    positive = WhereNode(negative.children, negative.connector)
    kept_out.query.where = WhereNode(
        [positive if condition is negative else condition for condition in _all_of(rows.query.where)]
    )
    return kept_out


def _of_tallies(condition: Any, table: str, columns: Mapping[str, str]) -> Q:
    """A condition on rows of the table as one on tallies. LookupError if it asks for anything but these columns."""
    if hasattr(condition, "connector"):
        if condition.connector not in {Q.AND, Q.OR}:
            raise LookupError(condition)
        children = [_of_tallies(child, table, columns) for child in condition.children]
        return Q(*children, _connector=condition.connector, _negated=condition.negated)
    if not _is_comparison(condition, table):
        raise LookupError(condition)
    return Q((f"{columns[condition.lhs.target.name]}__{condition.lookup_name}", condition.rhs))


def _is_comparison(condition: Any, table: str) -> bool:
    """Of a column of the table with a value?"""
    is_of_column = isinstance(condition, Lookup) and isinstance(condition.lhs, Col)
    return is_of_column and condition.lhs.alias == table and _is_value(condition.rhs)


def _is_value(operand: Any) -> bool:
    """And nothing that is read from a row. The place of a value in a compiled statement says so of itself."""
    return not hasattr(operand, "resolve_expression") or getattr(operand, "is_bound_later", False)
