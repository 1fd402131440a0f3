"""SQL that is compiled once for each shape of a question, and bound anew each time that it is asked.

Making a query costs the ORM more than answering it costs the database. The shape of a question (which conditions,
which order, which columns, which rights) decides the SQL; the values are bound to it: those that the client sends, by
`Slot`, and the ids of the caller, by a stand-in of the caller with the same rights and ids that nobody else has."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Expression, Lookup, QuerySet
from psycopg.adapt import Loader
from psycopg.types.numeric import FloatLoader
from psycopg.types.string import TextLoader

from .moments import show_timestamp

#: How many statements are kept. The shapes that clients ask in are few; one who asks in ever new ones starts it anew.
MAX_STATEMENTS = 2000
#: Characters. One with dozens of conditions is made anew each time: kept by the thousand, they would fill the memory.
LONGEST_KEPT = 20_000
PAGE = " LIMIT %s OFFSET %s"


class Asker(Protocol):
    """Who asks. `shape` is all that decides which rows they may see, but for `ids`, which their rights speak of;
    `stand_in()` has the same shape and other ids, which are nobody's. All rows that they see are of `organizations`,
    unless there are none: who sees those of all organizations names none."""

    @property
    def shape(self) -> Hashable: ...
    @property
    def ids(self) -> Sequence[UUID]: ...
    @property
    def organizations(self) -> Sequence[UUID]: ...
    def stand_in(self) -> Asker: ...


class Nobody:
    """Who asks before anyone is known."""

    shape: Hashable = ()
    ids: Sequence[UUID] = ()
    organizations: Sequence[UUID] = ()

    def stand_in(self) -> Nobody:
        return self


class Bound:
    """A place in the parameters of a statement, until it is bound."""

    def __init__(self, index: int, *, is_id: bool, prepare: Callable[[Any], Any]) -> None:
        self.index, self.is_id, self.prepare = index, is_id, prepare

    def value(self, ids: Sequence[Any], values: Sequence[Any]) -> Any:
        return self.prepare((ids if self.is_id else values)[self.index])


class Slot(Expression):
    """A value of a question: the one at `index`, of the type of `field`. `many` takes a list of them."""

    #: For who takes conditions apart: what stands here is a value, and is made of no column.
    is_bound_later = True

    def __init__(self, index: int, field: models.Field, *, many: bool = False) -> None:
        while isinstance(field, models.ForeignKey):
            field = field.target_field
        super().__init__(output_field=field)
        self.index, self.many = index, many

    def as_sql(self, compiler, connection):
        return "%s", [Bound(self.index, is_id=False, prepare=self.prepare)]

    def prepare(self, value: Any) -> Any:
        if not self.many:
            return prepared(self.output_field, value)
        if has_uuids() and isinstance(self.output_field, models.UUIDField):
            return f"{{{','.join(map(str, value))}}}"
        items = [prepared(self.output_field, item) for item in value]
        return items if connection.vendor == "postgresql" else json.dumps(items, default=str)


def prepared(field: models.Field, value: Any) -> Any:
    # PostgreSQL takes a UUID in whatever form it is read in.
    if has_uuids() and isinstance(field, models.UUIDField):
        return value
    return field.get_db_prep_value(value, connection)


@cache
def has_uuids() -> bool:
    """Does the database have a type for them?"""
    return connection.features.has_native_uuid_field


# A foreign key does not take the lookups of other fields.
@models.ForeignObject.register_lookup
@models.Field.register_lookup
class Among(Lookup):
    """`column__among=Slot(…, many=True)`: `IN`, with all values as one parameter, so that their number is no part of
    the SQL."""

    lookup_name = "among"
    prepare_rhs = False
    array_types = (
        (models.UUIDField, "uuid[]"),
        (models.DateTimeField, "timestamptz[]"),
        (models.DateField, "date[]"),
        (models.DecimalField, "numeric[]"),
        (models.IntegerField, "bigint[]"),
        (models.BooleanField, "boolean[]"),
        (models.Field, "text[]"),
    )

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        array, bound = self.process_rhs(compiler, connection)
        if connection.vendor == "postgresql":
            kind = next(name for field, name in self.array_types if isinstance(self.rhs.output_field, field))
            return f"{column} = ANY({array}::{kind})", [*params, *bound]
        return f"{column} IN (SELECT value FROM json_each({array}))", [*params, *bound]  # noqa: S608


class Following(models.Func):
    """Do these columns come after (`>`) or before (`<`) those values, compared as a row? An index answers it."""

    output_field = models.BooleanField()
    conditional = True

    def __init__(self, columns: Sequence[Any], values: Sequence[Any], operator: str) -> None:
        super().__init__(*columns, *values)
        self.operator = operator

    def as_sql(self, compiler, connection, **options: Any):
        parts = [compiler.compile(expression) for expression in self.source_expressions]
        half = len(parts) // 2
        left, right = (", ".join(sql for sql, _ in side) for side in (parts[:half], parts[half:]))
        return f"({left}) {self.operator} ({right})", [param for _, params in parts for param in params]


class ShownMoment(Loader):
    """A timestamp as the API shows it, without the way over a `datetime`: `2024-01-10 09:30:00.12+00`, in UTC as
    Django's connections are, → `2024-01-10T09:30:00.120Z`."""

    def load(self, data: Any) -> str:
        text = str(data, "ascii")
        if len(text) == len("2024-01-10 09:30:00.123+00"):
            return f"{text[:10]}T{text[11:23]}Z"
        if len(text) == len("2024-01-10 09:30:00+00"):
            return f"{text[:10]}T{text[11:19]}.000Z"
        return f"{text[:10]}T{text[11:19]}.{text[20:-3]:0<3.3}Z"


#: PostgreSQL's types → how a value that is to be shown is read.
SHOWN = {"uuid": TextLoader, "timestamptz": ShownMoment, "date": TextLoader, "numeric": FloatLoader}


class Statement:
    """Compiled SQL. Rows come as tuples; with `is_shown`, ids, numbers and times are as the API shows them."""

    def __init__(self, queryset: QuerySet, stand_in: Asker, *, is_page: bool = False, is_shown: bool = True) -> None:
        """`queryset` is one of `values_list()`, asked by `stand_in`. A page takes a `LIMIT` and an `OFFSET`."""
        self.is_shown = is_shown
        compiler = queryset.query.get_compiler(connection=connection)
        try:
            self.sql, params = compiler.as_sql()
        except EmptyResultSet:
            self.sql, params = "", ()
        #: How many columns a row has.
        self.width = compiler.col_count
        ids = {_prepared_id(id_): index for index, id_ in enumerate(stand_in.ids)}
        self.params = [self._place(param, ids) for param in params]
        self.converters = list(self._converters(compiler)) if self.sql else []
        if is_page and self.sql:
            self.sql += PAGE

    @staticmethod
    def _place(param: Any, ids: dict[Any, int]) -> Any:
        if isinstance(param, UUID | str) and param in ids:
            return Bound(ids[param], is_id=True, prepare=_prepared_id)
        return param

    def rows(self, asker: Asker, values: Sequence[Any] = (), page: tuple[int, int] | tuple[()] = ()) -> list[Any]:
        """`values` in the order of their slots; `page` is how many rows to return and how many to pass over."""
        return self._fetched(self.sql, [*self._bound(asker, values), *page]) if self.sql else []

    def merged(
        self, asker: Asker, parts: Sequence[Sequence[Any]], order: Sequence[str], page: tuple[int, int]
    ) -> list[Any]:
        """The page of the rows of several bindings of the statement, itself one of a page, taken together. `order` is
        the direction of each of its columns, all of which it is sorted by."""
        if not self.sql:
            return []
        each = f"SELECT * FROM ({self.sql}) AS part"  # noqa: S608
        sql = f"SELECT * FROM ({' UNION ALL '.join([each] * len(parts))}) AS parts"  # noqa: S608
        bound = [param for values in parts for param in (*self._bound(asker, values), sum(page), 0)]
        return self._fetched(f"{sql} ORDER BY {_by_place(order)}{PAGE}", [*bound, *page])

    def sorted(
        self, asker: Asker, values: Sequence[Any], most: int, order: Sequence[str], page: tuple[int, int]
    ) -> list[Any]:
        """The page of the first `most` rows that are found, in whatever order, after sorting these. `order` is as in
        `merged`; one column more tells how many they are."""
        if not self.sql:
            return []
        sql = f"SELECT *, count(*) OVER () FROM ({self.sql}) AS few"  # noqa: S608
        params = [*self._bound(asker, values), most, 0, *page]
        return self._fetched(f"{sql} ORDER BY {_by_place(order)}{PAGE}", params)

    def _bound(self, asker: Asker, values: Sequence[Any]) -> list[Any]:
        ids = asker.ids
        return [param.value(ids, values) if isinstance(param, Bound) else param for param in self.params]

    def _fetched(self, sql: str, params: Sequence[Any]) -> list[Any]:
        with connection.cursor() as cursor:
            if self.is_shown and connection.vendor == "postgresql":
                for name, loader in SHOWN.items():
                    cursor.cursor.adapters.register_loader(name, loader)
            cursor.execute(sql, params)
            found = cursor.fetchall()
        return [self._converted(row) for row in found] if self.converters else found

    def _converters(self, compiler: Any) -> Iterator[tuple[int, Callable[[Any], Any]]]:
        """What makes a value of the database one of Python, column by column."""
        expressions = [selected[0] for selected in compiler.select[: compiler.col_count]]
        for index, (functions, expression) in compiler.get_converters(expressions).items():
            convert = _chain(functions, expression)
            yield index, _shown(convert, expression.output_field) if self.is_shown else convert

    def _converted(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for index, convert in self.converters:
            values[index] = convert(values[index])
        return values


def _by_place(order: Sequence[str]) -> str:
    """`["DESC", "ASC"]` → `1 DESC, 2 ASC`: the columns by their numbers."""
    return ", ".join(f"{number} {direction}" for number, direction in enumerate(order, 1))


def _prepared_id(id_: UUID) -> Any:
    return prepared(_uuid, id_)


_uuid = models.UUIDField()


def _chain(functions: Sequence[Callable[..., Any]], expression: Any) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        for function in functions:
            value = function(value, expression, connection)
        return value

    return convert


def _shown(convert: Callable[[Any], Any], field: models.Field) -> Callable[[Any], Any]:
    """What `SHOWN` does, where the database has no such types."""
    if isinstance(field, models.UUIDField):
        return _dashed
    shows: dict[str, Callable[[Any], Any]] = {"DateTimeField": show_timestamp, "DateField": str, "DecimalField": float}
    present = shows.get(field.get_internal_type())
    if present is None:
        return convert

    def shown(value: Any) -> Any:
        return None if value is None else present(convert(value))

    return shown


def _dashed(digits: str | None) -> str | None:
    """A UUID as SQLite keeps it, written as everyone writes it."""
    if digits is None:
        return None
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


_statements: dict[Hashable, Statement] = {}


def statement(key: Hashable, asker: Asker, build: Callable[[Any], QuerySet], **options: bool) -> Statement:
    """The statement of a shape. `build` makes its queryset for a stand-in of the asker, if it is not there yet: all
    that it depends on, besides the asker's shape, must be in `key`, or come by a slot."""
    whole = (key, asker.shape)
    found = _statements.get(whole)
    if found is None:
        stand_in = asker.stand_in()
        found = Statement(build(stand_in), stand_in, **options)
        if len(found.sql) <= LONGEST_KEPT:
            if len(_statements) >= MAX_STATEMENTS:
                _statements.clear()
            _statements[whole] = found
    return found


def visible_row(model: Any, pk: Any, asker: Any) -> Any:
    """The row of a key, as an instance, if `asker` may view it; else None."""
    names = [f.attname for f in model._meta.concrete_fields]

    def build(stand_in: Any) -> QuerySet:
        visible = model._default_manager.permitted(stand_in, "view").filter(pk=Slot(0, model._meta.pk))
        return visible.values_list(*names)

    found = statement(("visible", model), asker, build, is_shown=False).rows(asker, [pk])
    return model.from_db(connection.alias, names, found[0]) if found else None
