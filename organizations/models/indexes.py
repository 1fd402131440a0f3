"""The indexes behind what may be asked: each declared filter and order, in combination with the organization.

A list is always one of an organization, sorted by some column, then by age, then by key (`Query.sorting`). An index of
just these finds a page at once, from either end, and answers an equality of the column with the newest first. Every
index is paid for at every insert: there is none where another one serves."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.ddl_references import Statement
from django.db.models import Q

AGE = ("created_at", "id")


def asked_by(
    prefix: str,
    *columns: str,
    nullable: tuple[str, ...] = (),
    relations: tuple[str, ...] = (),
    whole: tuple[str, ...] = (),
) -> list[models.Index]:
    """The indexes of a model that has a list. Names begin with `prefix`.

    columns: asked by; a text by its folded twin. nullable: those of them that rows can be ordered by and that may be
    missing, which takes two. relations: foreign keys to other than the whole that the row is a part of. whole: those
    that lead there, if the whole is asked for by its parts: it is found without a look at the parts themselves."""
    return [
        *owned_by(prefix, "created_by"),
        *(_by_key(prefix, key, *whole) for key in relations),
        # The two at the end are in it for counting: most rows are active and not archived, and no index finds these.
        models.Index(fields=["organization", *AGE, "is_active", "is_archived"], name=f"{prefix}_newest"),
        # Few rows are the other way. To write one of the many costs nothing here.
        models.Index(fields=["organization", *AGE], condition=Q(is_archived=True), name=f"{prefix}_archived"),
        models.Index(fields=["organization", *AGE], condition=Q(is_active=False), name=f"{prefix}_inactive"),
        models.Index(fields=["organization", "updated_at", *AGE], name=f"{prefix}_updated_at"),
        *(
            models.Index(fields=["organization", column, *AGE, *_unfolded(column), *whole], name=_name(prefix, column))
            for column in (*columns, *nullable)
        ),
        *(FallingIndex(column, name=f"{_name(prefix, column)}_desc") for column in nullable),
    ]


def owned_by(prefix: str, *relations: str) -> list[models.Index]:
    """The indexes of every row of an organization, in the order of keys, and of what rows refer to: all of an
    organization, of an employee or of a source can be found and counted."""
    return [
        models.Index(fields=["organization", "id"], name=f"{prefix}_key"),
        *(_by_key(prefix, key) for key in relations),
    ]


def _by_key(prefix: str, key: str, *whole: str) -> models.Index:
    return models.Index(fields=[key, *AGE, "organization", *whole], name=_name(prefix, key))


def _unfolded(column: str) -> list[str]:
    """What an equality of a text compares besides its twin, to count it without a look at the rows. An e-mail address
    is the same in any case."""
    own = column.removesuffix("_folded")
    return [own] if own != column and not own.endswith("email") else []


def _name(prefix: str, column: str) -> str:
    return f"{prefix}_{column.removesuffix('_folded')}"


class FallingIndex(models.Index):
    """A column that may be missing, from its highest value down, and the rows without one at the end. Read backwards,
    its rising sibling has these at the beginning."""

    def __init__(self, column: str = "", **options: Any) -> None:
        falling = ["organization", *(f"-{name}" for name in (column, *AGE))] if column else options.pop("fields")
        super().__init__(fields=falling, **options)

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **options: Any) -> Any:
        if schema_editor.connection.vendor == "sqlite":
            return NOTHING
        index = models.Index(fields=self.fields, name=self.name)
        _, (column, _), *ties = self.fields_orders
        index.fields_orders = [("organization", ""), (column, "DESC NULLS LAST"), *ties]
        return index.create_sql(model, schema_editor, using, **options)

    def remove_sql(self, model: Any, schema_editor: Any, **options: Any) -> Any:
        if schema_editor.connection.vendor == "sqlite":
            return NOTHING
        return super().remove_sql(model, schema_editor, **options)


#: SQLite, for which nulls are the lowest of all, reads the rising index backwards and finds them at the end.
NOTHING = Statement("SELECT 1")
