"""Do the tallies tell the truth? They do as long as triggers see every row that is written, and not after a load
without them."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db import OperationalError, connection, transaction

from .errors import RuleBroken
from .models import tallied

#: Who writes meanwhile waits for the recount; so the recount does not wait longer than this to begin.
PATIENCE = "5s"


class WrongTotal(NamedTuple):
    """What the tallies say of the rows of an organization (and of one value, if they are tallied by some), and what
    there is. `by`: which of the further numbers of the rows it is; empty for their total."""

    rows: str
    by: str
    organization_id: UUID
    value: str
    tallied: int
    counted: int


def tallied_models() -> list[Any]:
    return [model for model in apps.get_models() if tallied(model) is not None]


def wrong_totals(model: Any) -> list[WrongTotal]:
    """Where tallies and rows of a model differ, at one moment. Counts all rows of the table."""
    declared: Any = tallied(model)
    names = {declared.kind(name): name for name in declared.names}
    with connection.cursor() as cursor:
        for statement in _statements("verify", model):
            cursor.execute(statement)
        return [
            WrongTotal(model._meta.label_lower, names[kind], UUID(str(organization_id)), value, int(said), int(counted))
            for kind, organization_id, value, said, counted in cursor.fetchall()
        ]


def recount(model: Any) -> None:
    """Set the tallies of a model right. Writers of its rows wait meanwhile, readers do not. RuleBroken if the table is
    so busy that it would be writers who wait for the recount to begin."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
            for statement in _statements("recount", model):
                cursor.execute(statement)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != "55P03":
            raise
        raise RuleBroken(f"{model._meta.label_lower} is being written without a break: try again later.") from error


def _statements(kind: str, model: Any) -> list[str]:
    declared, editor = tallied(model), connection.SchemaEditorClass(connection)
    return [str(each) for each in declared.statements(kind, model, editor)] if declared else []
