"""Changes of what is known of a candidate, each with its record: what changes a candidate's columns or the rows of
their profile goes through here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction

from organizations.models import User

from .models import Candidate, Edit

#: Characters of a text in the record.
LONGEST = 120
#: Column → what it said, and what it says.
Changes = Mapping[str, tuple[Any, Any]]


@transaction.atomic
def edit(row: Any, *, by: User | None, **values: Any) -> None:
    """Give a candidate, or a row of their profile, these values, and record those that are new. Only these columns are
    written: the others may have moved on since the row was read."""
    stored = row.locked()
    changes = {name: (getattr(stored, name), value) for name, value in values.items() if getattr(stored, name) != value}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=values)
    if changes:
        record_of(row, changes, by=by).save()


@transaction.atomic
def add_part(part: Any, *, by: User | None) -> None:
    """Store a new row of a candidate's profile."""
    part.created_by = by
    part.save(force_insert=True)
    record_of(part, {}, by=by, kind=Edit.Kind.ADDED).save()


@transaction.atomic
def remove_part(part: Any, *, by: User | None) -> None:
    record_of(part, {}, by=by, kind=Edit.Kind.REMOVED).save()
    part.delete()


def record_of(row: Any, changes: Changes, *, by: User | None, kind: Edit.Kind = Edit.Kind.CHANGED) -> Edit:
    """The record of a change of a candidate or of a row of their profile; not saved: `insert_all` writes many."""
    is_whole = isinstance(row, Candidate)
    return Edit(
        organization_id=row.organization_id,
        candidate_id=row.pk if is_whole else row.candidate_id,
        subject=type(row).__name__.upper(),
        kind=kind,
        title="" if is_whole else str(row),
        changes={name: [short(before), short(after)] for name, (before, after) in changes.items()},
        created_by=by,
    )


def short(value: Any) -> str | None:
    """A value of a column as the record keeps it: texts from their beginning, None for nothing."""
    if value in (None, ""):
        return None
    if isinstance(value, models.Model):
        value = str(value)
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
