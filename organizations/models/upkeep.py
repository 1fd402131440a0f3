"""What the database does of itself when rows are written, declared in `Meta` as a constraint is."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models.constraints import BaseConstraint


class Upkeep(BaseConstraint):
    """Triggers on a table, and what they need. What makes the table makes them, and SQLite, where a table is changed by
    making it anew, makes them again."""

    def statements(self, kind: str, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        """Run in this order, one by one. `kind`: create, or remove, which is one statement."""
        raise NotImplementedError

    def constraint_sql(self, model: Any, schema_editor: Any) -> None:
        """No part of the table: the triggers follow it."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Statement:
        *first, last = self.statements("create", model, schema_editor)
        # SQLite takes one statement at a time.
        schema_editor.deferred_sql.extend(first)
        return last

    def remove_sql(self, model: Any, schema_editor: Any) -> Statement:
        (sql,) = self.statements("remove", model, schema_editor)
        return sql

    def validate(self, *args: Any, **options: Any) -> None:
        """It forbids no row."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Upkeep) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]
