"""Many rows at once, from tuples and without model instances: what imports and large installations are written by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import islice, repeat
from operator import attrgetter
from struct import pack
from typing import Any

from django.db import connections, models, router, transaction
from django.utils import timezone
from psycopg.adapt import PyFormat

from .models.ownership import Derived, Touched

#: Rows that are in memory at a time.
BATCH = 1000

Column = Sequence[Any]


def load(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows, given as tuples of the named columns (`organization_id`, `first_name` …) in the columns' own Python
    types. Returns how many: all, or none with the error.

    What is left out is added as a save would: key, times, defaults, folded twins. Constraints and triggers hold as
    always; model validation and signals are not asked. Memory does not grow with the rows, which are read as they are
    written: by COPY on PostgreSQL. LookupError for a column that the model has not, or that is computed, or missing."""
    using = router.db_for_write(model)
    rows = iter(rows)
    form = Form(model, columns)
    with transaction.atomic(using=using, savepoint=False):
        write = copy if connections[using].vendor == "postgresql" else insert
        return write(connections[using], form, rows)


def insert_all(rows: Sequence[models.Model]) -> None:
    """Write new instances of one model. Read them again for what the rows have besides: `updated_at`, folded twins."""
    if len(rows) == 1:
        rows[0].save(force_insert=True)
    elif rows:
        fields = rows[0]._meta.concrete_fields
        columns = [field.attname for field in fields if not isinstance(field, Derived | Touched)]
        load(type(rows[0]), columns, map(attrgetter(*columns), rows))


def update_all(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these columns of stored instances of one model, and what follows from them: folded twins, `updated_at`.

    By an INSERT that meets its own rows: of one UPDATE for all, either database takes the time of one for each."""
    if rows:
        model: Any = type(rows[0])
        own = model._meta.concrete_fields
        following = [field.name for field in own if isinstance(field, Derived | Touched)]
        model._base_manager.bulk_create(
            rows, update_conflicts=True, unique_fields=["pk"], update_fields=[*names, *following]
        )


class Form:
    """The columns to write of a model, and how those that are not given are filled."""

    def __init__(self, model: type[models.Model], given: Sequence[str]) -> None:
        self.model = model
        self.given = tuple(given)
        own = {field.attname: field for field in model._meta.concrete_fields}
        for name in self.given:
            if name not in own or isinstance(own[name], Derived):
                raise LookupError(f"{model.__name__} has no column {name!r} to be written.")
        self.derived = [field for field in own.values() if isinstance(field, Derived)]
        self.added = [
            field
            for name, field in own.items()
            if name not in self.given and not isinstance(field, Derived) and is_filled(field)
        ]
        self.fields = [*(own[name] for name in self.given), *self.added, *self.derived]

    def batches(self, rows: Iterator[Sequence[Any]]) -> Iterator[list[Column]]:
        """The rows, some at a time, as columns in the order of `fields`."""
        while batch := list(islice(rows, BATCH)):
            yield self.filled(batch)

    def filled(self, batch: list[Sequence[Any]]) -> list[Column]:
        filled: dict[str, Column] = dict(zip(self.given, zip(*batch, strict=True), strict=True))
        for field in self.added:
            filled[field.attname] = added(field, len(batch))
        for field in self.derived:
            nothing: Column = [None] * len(batch)
            sources = (filled.get(name, nothing) for name in field.sources)
            # The names of skills, sources and people come again and again.
            filled[field.attname] = list(map(cache(field.derive), *sources))
        return [filled[field.attname] for field in self.fields]


def is_filled(field: models.Field) -> bool:
    """Is the column filled here, if it is not given? Otherwise the database fills it, or it stays null."""
    if field.has_default() or isinstance(field, Touched):
        return True
    if field.null or field.has_db_default() or getattr(field, "db_returning", False):
        return False
    raise LookupError(f"{field.model.__name__}.{field.attname} has no default: it must be given.")


def added(field: models.Field, count: int) -> Column:
    default: Any = timezone.now if isinstance(field, Touched) else field.default
    if default is timezone.now:
        return [timezone.now()] * count
    return [default() for _ in range(count)] if callable(default) else [default] * count


def copy(connection: Any, form: Form, rows: Iterator[Sequence[Any]]) -> int:
    names = ", ".join(connection.ops.quote_name(field.column) for field in form.fields)
    table = connection.ops.quote_name(form.model._meta.db_table)
    # Binary takes a fifth of the time of text, all of which must be looked through for what must be escaped.
    statement = f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)"
    types = [type_name(field, connection) for field in form.fields]
    count = 0
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as block:
        # Of its two classes for bytes, that which is made of C.
        cursor.adapters.register_dumper(bytes, cursor.adapters.get_dumper(bytes, PyFormat.BINARY))
        block.set_types(["bytea" if name in SENT else name for name in types])
        for batch in form.batches(rows):
            for row in zip(*map(as_sent, types, batch), strict=True):
                block.write_row(row)
            count += len(batch[0])
    return count


def type_name(field: models.Field, connection: Any) -> str:
    """`"numeric(3, 2)"` → `"numeric"`."""
    return re.sub(r"\(.*\)", "", field.db_type(connection) or "")


def as_sent(type_name: str, column: Column) -> Column:
    """Keys and timestamps as they travel. psycopg would make each anew, in Python; here one stands for those after it
    that are the same: whose the rows are, and when they were written."""
    if type_name not in SENT:
        return column
    sent = SENT[type_name]
    last, last_sent = None, None
    found = []
    for value in column:
        if value is not last:
            last, last_sent = value, None if value is None else sent(value)
        found.append(last_sent)
    return found


def timestamp_as_sent(moment: datetime) -> bytes:
    """To the millisecond, as a `Moment` is kept."""
    since = moment - EPOCH
    return pack("!q", (since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000) * 1000)


#: Where PostgreSQL begins to count.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
#: Type → how a value of it travels in binary.
SENT: dict[str, Callable[[Any], bytes]] = {"uuid": attrgetter("bytes"), "timestamp with time zone": timestamp_as_sent}


def insert(connection: Any, form: Form, rows: Iterator[Sequence[Any]]) -> int:
    names = ", ".join(connection.ops.quote_name(field.column) for field in form.fields)
    table = connection.ops.quote_name(form.model._meta.db_table)
    statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join(repeat('%s', len(form.fields)))})"  # noqa: S608
    count = 0
    with connection.cursor() as cursor:
        for batch in form.batches(rows):
            stored = (
                [field.get_db_prep_save(value, connection) for value in column]
                for field, column in zip(form.fields, batch, strict=True)
            )
            cursor.executemany(statement, list(zip(*stored, strict=True)))
            count += len(batch[0])
    return count
