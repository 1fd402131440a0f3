"""How many rows there are, kept by the database itself: a total costs the same in an organization of any size.

A model that declares `Tallied` has triggers that count every row, by whatever way it is written. Why so, and how
writers do not wait for each other: docs/decisions/0011-totals-by-triggers.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import checks
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BigIntegerField, Lookup, Q, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import Col
from django.db.models.functions import Cast, Coalesce

from . import tally_triggers
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

    What makes tables makes the triggers, and counts what is there already. The name stands in `Tally.rows_of`."""

    def __init__(self, *, name: str, by: str = "") -> None:
        super().__init__(name=name)
        self.by = by

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, **({"by": self.by} if self.by else {})}

    def recount_sql(self, model: Any, schema_editor: Any) -> list[Statement]:
        """Sets the tallies right, if nobody writes meanwhile."""
        return self.statements("recount", model, schema_editor)

    def _check(self, model: Any, connection: Any) -> list[checks.CheckMessage]:
        if not self.by or (
            isinstance(field := model._meta.get_field(self.by), models.CharField | models.TextField) and not field.null
        ):
            return []
        return [checks.Error(f"{self.name} tallies by {self.by!r}, which is no text that is always there.", obj=model)]

    def statements(self, kind: str, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        quote = schema_editor.quote_name
        tally = quote(Tally._meta.db_table)
        value = quote(model._meta.get_field(self.by).column) if self.by else ""
        return [
            Statement(
                template,
                table=Table(model._meta.db_table, quote),
                name=self.name,
                tally=tally,
                into=f"INSERT INTO {tally} (rows_of, organization_id, value, count)",
                value=value or "''",
                **{row: f"{row}.{value}" if value else "''" for row in ("OLD", "NEW")},
            )
            for template in tally_triggers.statements(schema_editor.connection.vendor, kind, is_by_value=bool(self.by))
        ]


def tallied(model: type[models.Model]) -> Tallied | None:
    """How the rows of a model are tallied; None if they are not."""
    return next((each for each in model._meta.constraints if isinstance(each, Tallied)), None)


@dataclass(frozen=True)
class Tallies:
    """Those that add up to the number of some rows: the ones of `rows_of` that meet `condition`."""

    rows_of: str
    condition: Q
    using: str

    @classmethod
    def of(cls, rows: QuerySet) -> Tallies | None:
        """None where only counting tells: where `rows` are narrowed by anything but the organization and the column
        that is tallied by. It reads the conditions themselves, so that a scope of any making is never mistaken for
        a wider one. Runs no query."""
        declared = tallied(rows.model)
        if declared is None or not _is_plain(rows.query):
            return None
        columns = {"organization": "organization_id", **({declared.by: "value"} if declared.by else {})}
        try:
            condition = _of_tallies(rows.query.where, rows.model._meta.db_table, columns)
        except LookupError:
            return None
        return cls(declared.name, condition, rows.db)

    @property
    def parts(self) -> QuerySet[Tally]:
        return Tally.objects.using(self.using).filter(self.condition, rows_of=self.rows_of)

    def total(self) -> int:
        """One query, or none where it is known that there are no rows."""
        return self.parts.aggregate(total=Coalesce(_added_up(), Value(0)))["total"]

    def as_expression(self) -> Coalesce:
        """The total as a column of another query, which reads it once."""
        return Coalesce(Subquery(self.summed()), Value(0), output_field=BigIntegerField())

    def summed(self) -> QuerySet:
        """The total, as a queryset of one column; no row for none."""
        return self.parts.order_by().values("rows_of").annotate(total=_added_up()).values_list("total")


def _added_up() -> Cast:
    # PostgreSQL adds whole numbers up to a decimal.
    return Cast(Sum("count"), BigIntegerField())


def _is_plain(query: Any) -> bool:
    """Is each row of the result one row of the table, unless a condition of `where` keeps it out?"""
    joined = {alias for alias, count in query.alias_refcount.items() if count} - {query.model._meta.db_table}
    is_combined = joined or query.distinct or query.combinator or query.is_sliced or query.extra_tables
    return not is_combined and query.group_by is None


def _of_tallies(condition: Any, table: str, columns: Mapping[str, str]) -> Q:
    """A condition on rows of the table as one on tallies. LookupError if it asks for anything but these columns."""
    if hasattr(condition, "connector"):
        if condition.connector not in {Q.AND, Q.OR}:
            raise LookupError(condition)
        children = [_of_tallies(child, table, columns) for child in condition.children]
        return Q(*children, _connector=condition.connector, _negated=condition.negated)
    is_comparison = isinstance(condition, Lookup) and isinstance(condition.lhs, Col) and _is_value(condition.rhs)
    if not is_comparison or condition.lhs.alias != table:
        raise LookupError(condition)
    return Q((f"{columns[condition.lhs.target.name]}__{condition.lookup_name}", condition.rhs))


def _is_value(operand: Any) -> bool:
    """And nothing that is read from a row. The place of a value in a compiled statement says so of itself."""
    return not hasattr(operand, "resolve_expression") or getattr(operand, "is_bound_later", False)
