"""Seeing to it that what is searched in says what the rows say: after a restore, a load that left it for later, or
another way to take words apart. Otherwise the database keeps it in step by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from .models import SearchIndex, SearchPart, Words
from .models.search_index import search_index
from .models.search_sql import POSTGRESQL_WORDS, sqlite_documents

#: Rows that are looked at in one statement.
BATCH = 2000


@contextmanager
def left_for_later() -> Iterator[None]:
    """One transaction, whose rows can't be found until `check_documents(…, repair=True)`: what loads
    a million rows has the words of all put together at once. Nothing changes for others meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            with _without_triggers(
                cursor, [f"{name}_{event}" for name in followed() for event in ("insert", "update")]
            ):
                yield
        else:
            cursor.execute("SET LOCAL ats.search = 'later'")
            yield
            cursor.execute("SET LOCAL ats.search = ''")


@contextmanager
def _without_triggers(cursor: Any, names: Sequence[str]) -> Iterator[None]:
    """SQLite takes them away and puts them back in the transaction."""
    marks = ", ".join(["%s"] * len(names))
    cursor.execute(f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN ({marks})", names)
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        cursor.execute(sql)


def followed() -> list[str]:
    """The names of all that keeps words in step."""
    return [c.name for m in apps.get_models() for c in m._meta.constraints if isinstance(c, SearchIndex | SearchPart)]


def searched_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if any(isinstance(c, SearchIndex) for c in model._meta.constraints)]


def worded_models() -> list[type[models.Model]]:
    """Those with columns of words: the ones that are searched, and their parts."""
    return [model for model in apps.get_models() if words_of(model)]


def words_of(model: type[models.Model]) -> list[Words]:
    return [field for field in model._meta.concrete_fields if isinstance(field, Words)]


def check_words(model: type[models.Model], *, repair: bool = False) -> int:
    """How many rows have other words than their texts say. `repair` writes them anew."""
    fields = words_of(model)
    columns = {name for field in fields for name in (field.attname, *field.sources)}
    wrong = 0
    for keys in batches(model):
        with transaction.atomic():
            rows = model._base_manager.select_for_update().filter(pk__in=keys).only("pk", *columns)
            # Each is asked, since that makes the instance fresh.
            stale = [row for row in rows if sum(not is_fresh(field, row) for field in fields)]
            wrong += len(stale)
            if repair:
                model._base_manager.bulk_update(stale, [field.attname for field in fields])
    return wrong


def is_fresh(field: Words, row: Any) -> bool:
    """Does the row have the words of its texts? From now on the instance has."""
    before = getattr(row, field.attname)
    return before == field.pre_save(row, add=False)


def check_documents(model: type[models.Model], *, repair: bool = False) -> int:
    """How many documents differ from the words that they are made of, are missing, or have no row. `repair` puts these
    together anew; if there are none yet, all of them, and their index after that, which is many times faster."""
    index, table = search_index(model), model._meta.db_table
    with connection.cursor() as cursor, transaction.atomic():
        if connection.vendor == "sqlite":
            return _check_on_sqlite(cursor, model, index, repair)
        if repair and not _exists(cursor, f"SELECT FROM {index.name}"):
            return _put_all_together(cursor, model, index.name)
        orphans = f"FROM {index.name} AS s WHERE NOT EXISTS (SELECT FROM {table} AS r WHERE r.id = s.row_id)"
        cursor.execute(f"DELETE {orphans}" if repair else f"SELECT {orphans}")
        return cursor.rowcount + sum(_check_on_postgresql(cursor, index.name, keys, repair) for keys in batches(model))


def _exists(cursor: Any, query: str) -> bool:
    cursor.execute(f"SELECT EXISTS ({query})")
    return cursor.fetchone()[0]


def _put_all_together(cursor: Any, model: type[models.Model], name: str) -> int:
    cursor.execute(f"DROP INDEX {name}_words")
    count = 0
    for keys in batches(model):
        cursor.execute(f"SELECT {name}_assemble(%s)", [keys])
        count += len(keys)
    cursor.execute(POSTGRESQL_WORDS % {"name": name})
    cursor.execute(f"ANALYZE {name}")
    return count


def _check_on_postgresql(cursor: Any, name: str, keys: list[Any], repair: bool) -> int:
    cursor.execute(
        f"SELECT d.row_id FROM {name}_documents(%s) AS d LEFT JOIN {name} AS s USING (row_id) "
        "WHERE d.vector IS DISTINCT FROM s.vector",
        [keys],
    )
    stale = [key for (key,) in cursor.fetchall()]
    if repair and stale:
        cursor.execute(f"SELECT {name}_assemble(%s)", [stale])
    return len(stale)


def _check_on_sqlite(cursor: Any, model: type[models.Model], index: SearchIndex, repair: bool) -> int:
    name, key = index.name, f"{model._meta.model_name}_id"
    documents = sqlite_documents(model._meta.db_table, key, index.own, index.tables)
    stale = (
        f"SELECT d.* FROM ({documents}) AS d LEFT JOIN {name} AS s USING (row_id) "
        "WHERE (d.A, d.B, d.C, d.D) IS NOT (s.a, s.b, s.c, s.d)"
    )
    orphans = f"FROM {name} WHERE row_id NOT IN (SELECT id FROM {model._meta.db_table})"
    cursor.execute(f"SELECT (SELECT count(*) FROM ({stale})) + (SELECT count(*) {orphans})")
    wrong = cursor.fetchone()[0]
    if repair:
        # The words of all are read anew at the end.
        with _without_triggers(cursor, [f"{name}_words_{event}" for event in ("insert", "delete")]):
            cursor.execute(f"CREATE TEMPORARY TABLE {name}_stale AS {stale}")
            cursor.execute(f"DELETE {orphans} OR row_id IN (SELECT row_id FROM {name}_stale)")
            cursor.execute(f"INSERT INTO {name} (row_id, a, b, c, d) SELECT * FROM {name}_stale")
            cursor.execute(f"DROP TABLE {name}_stale")
        cursor.execute(f"INSERT INTO {name}_words ({name}_words) VALUES ('rebuild')")
    return wrong


def batches(model: type[models.Model]) -> Iterator[list[Any]]:
    """The keys of all rows, some at a time."""
    rows = model._base_manager.order_by("pk").values_list("pk", flat=True)
    keys = list(rows[:BATCH])
    while keys:
        yield keys
        keys = list(rows.filter(pk__gt=keys[-1])[:BATCH])
