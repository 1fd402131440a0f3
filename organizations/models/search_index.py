"""Which words a row is searched by, declared in `Meta` as a constraint is. Why so: docs/decisions/0012-search.md."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import models
from django.db.backends.ddl_references import Statement, Table

from . import search_sql
from .upkeep import Upkeep
from .words import Words

#: Class of words → what a word of it counts for in the order of what was found.
WEIGHTS = {"A": 1.0, "B": 0.4, "C": 0.2, "D": 0.1}


class SearchIndex(Upkeep):
    """The rows are searched by columns of words of their `own`, and of the rows that are their `parts`.

    name: of the table of the index, in which a `SearchRow` finds. own: class (A to D) → column of words. parts: class →
    label of a model in lower case, with a column `words`, which declares a `SearchPart` in turn."""

    def __init__(self, *, name: str, own: Mapping[str, str], parts: Mapping[str, str] | None = None) -> None:
        super().__init__(name=name)
        self.own, self.parts = dict(own), dict(parts or {})

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "own": self.own, "parts": self.parts}

    @property
    def classes(self) -> frozenset[str]:
        return frozenset({*self.own, *self.parts})

    def searchable(self, model: Any, permissions: Collection[str]) -> frozenset[str]:
        """The classes of words that one who holds these permissions may find rows by: none that hold what they do not
        see in every row that they see."""
        if not {model.permission("view"), model.permission("view_own")} & set(permissions):
            return frozenset()
        is_narrow = model.permission("view") not in permissions
        seen = {c for c, part in self.parts.items() if sees_part(apps.get_model(part), permissions, is_narrow)}
        return frozenset({*self.own, *seen})

    @property
    def tables(self) -> dict[str, str]:
        """Class → the table of the parts."""
        return {c: part.replace(".", "_") for c, part in self.parts.items()}

    def statements(self, kind: str, model: Any, schema_editor: Any) -> list[Statement]:
        if schema_editor.connection.vendor == "sqlite":
            # A table is made anew to change it, so its triggers go with it.
            removed, created = [f"DELETE FROM {self.name}"], search_sql.sqlite_index(self.name, self.own)
        else:
            created = search_sql.postgresql_index(self.name, f"{model._meta.model_name}_id", self.own, self.tables)
            removed = search_sql.postgresql_index_removed(self.name)
        return on_table(model, schema_editor, {"create": created, "remove": removed}[kind])

    def _check(self, model: Any, connection: Any) -> list[checks.CheckMessage]:
        of_parts = [(apps.get_model(part), "words") for part in self.parts.values()]
        return [
            checks.Error(f"{self.name}: {of.__name__}.{column} is no column of words.", obj=model)
            for of, column in [*((model, column) for column in self.own.values()), *of_parts]
            if not isinstance(of._meta.get_field(column), Words)
        ]


class SearchPart(Upkeep):
    """The rows are parts of others, which are searched by their `words` too: as words of a class, in an index.

    of: the foreign key to the row that they are a part of."""

    def __init__(self, *, name: str, of: str, index: str, weight: str) -> None:
        super().__init__(name=name)
        self.of, self.index, self.weight = of, index, weight

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "of": self.of, "index": self.index, "weight": self.weight}

    def constraint_sql(self, model: Any, schema_editor: Any) -> None:
        self.create_sql(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> None:
        """At the end of the migration, which may make the index after its parts."""
        schema_editor.deferred_sql.append(super().create_sql(model, schema_editor))

    def statements(self, kind: str, model: Any, schema_editor: Any) -> list[Statement]:
        key = f"{self.of}_id"
        if schema_editor.connection.vendor == "sqlite":
            removed = [f"UPDATE {self.index} SET {self.weight} = ''"]
            created = search_sql.sqlite_part(self.name, self.index, key, self.weight)
        else:
            created = search_sql.postgresql_part(self.name, self.index, key)
            removed = search_sql.postgresql_part_removed(self.name)
        return on_table(model, schema_editor, {"create": created, "remove": removed}[kind])


def on_table(model: Any, schema_editor: Any, templates: list[str]) -> list[Statement]:
    table = Table(model._meta.db_table, schema_editor.quote_name)
    return [Statement(template, table=table) for template in templates]


def sees_part(part: Any, permissions: Collection[str], is_narrow: bool) -> bool:
    """Does one who sees a row see its parts? Who sees only the own rows needs to see only the own parts."""
    return part.permission("view") in permissions or (is_narrow and part.permission("view_own") in permissions)


def search_index(model: type[models.Model]) -> SearchIndex:
    """LookupError for a model that is not searched."""
    for declared in model._meta.constraints:
        if isinstance(declared, SearchIndex):
            return declared
    raise LookupError(f"{model.__name__} declares no SearchIndex.")
