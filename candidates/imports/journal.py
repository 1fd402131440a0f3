"""What an import that people follow in a browser keeps: how far it came, what it refused, and what each row wrote."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from candidates.models import Import, ImportedRow
from organizations.loading import load
from organizations.models import Moment

from . import refused
from .refusals import ErrorFile
from .rows import Chunk, Refusal
from .uploads import errors_path
from .writing import Change, Importing, Written, write

#: Of the rows with errors, and of those that are there already, so many are shown on a page.
SHOWN = 100
#: Characters of a row that are shown.
WIDTH = 200
#: Sources that are taken back with an import.
MAX_SOURCES = 10_000
FOUND = (
    "total", "read", "made", "updated", "skipped", "refused", "known", "refusals", "known_rows", "errors_size",
    "problem", "worked_at", "finished_at", "added_sources",
)  # fmt: skip


class Superseded(Exception):
    """Someone else works on the import now, or it is gone."""


class Journal:
    """One worker's hold on an import. Only who holds it writes: of two, the one who came later."""

    def __init__(self, key: UUID, worker: UUID, header: Collection[str] = ()) -> None:
        self.key = key
        self.worker = worker
        self.errors = ErrorFile(errors_path(Import.objects.values_list("stored_as", flat=True).get(pk=key)), [*header])

    @property
    def row(self) -> Import:
        """As it is stored, locked until the transaction ends. Superseded if it is another's."""
        row = Import.objects.select_for_update().filter(pk=self.key, worker=self.worker).first()
        if row is None:
            raise Superseded
        return row

    def begin(self) -> None:
        self.held = self.row

    def keep(self, chunk: Chunk, written: Written, sources: Collection[UUID]) -> None:
        self.note(self.held, chunk, written)
        now = Moment.to_millisecond(timezone.now())
        load(ImportedRow, COLUMNS, imported_rows(self.key, written, now))
        self._add_sources(sources)
        self.held.save(update_fields=FOUND)

    def _add_sources(self, sources: Collection[UUID]) -> None:
        known = dict.fromkeys([*self.held.added_sources, *map(str, sources)])
        self.held.added_sources = list(known)[:MAX_SOURCES]

    @transaction.atomic
    def note_only(self, chunk: Chunk, written: Written) -> None:
        """For a check: what would be."""
        row = self.row
        self.note(row, chunk, written)
        row.save(update_fields=FOUND)

    def note(self, row: Import, chunk: Chunk, written: Written) -> None:
        refusals = refused(chunk, written)
        row.read += len(chunk.rows) + len(chunk.refusals)
        row.made += written.made
        row.updated += written.updated
        row.skipped += written.skipped
        row.refused += len(refusals)
        row.known += len(written.known)
        row.refusals = [*row.refusals, *map(shown, refusals)][:SHOWN]
        known = sorted(written.known, key=lambda row: row.line)
        row.known_rows = [*row.known_rows, *map(asdict, known)][:SHOWN]
        row.worked_at = timezone.now()
        if refusals:
            row.errors_size = self.errors.append(refusals, at=row.errors_size)

    @transaction.atomic
    def end(self, state: Import.State, *, problem: str = "") -> Import:
        """The work is over; the import is nobody's."""
        row = self.row
        row.state, row.problem, row.worker = state, problem, None
        row.worked_at = row.finished_at = timezone.now()
        row.save(update_fields=["state", "problem", "worker", "worked_at", "finished_at"])
        return row


def shown(refusal: Refusal) -> dict[str, Any]:
    cells = refusal.raw if isinstance(refusal.raw, list) else [refusal.raw]
    row = " · ".join(cell.strip()[:WIDTH] for cell in cells if cell.strip())
    return {"line": refusal.line, "reasons": refusal.reasons, "row": row[:WIDTH].replace("\0", "")}


COLUMNS = ("of_import_id", "candidate_id", "line", "was_added", "before", "updated_at", "written_at")


def imported_rows(key: UUID, written: Written, now: Any) -> Iterator[tuple[Any, ...]]:
    """Those that were added first: a row can update what one before it has added."""
    for row in written.added:
        yield key, row.key, row.line, True, None, row.updated_at, now
    for change in written.changes:
        yield key, change.candidate.pk, change.line, False, before(change), change.candidate.updated_at, now


def before(change: Change) -> dict[str, Any]:
    return {
        "columns": {name: stored(value) for name, value in change.columns.items()},
        "move": stored(change.move),
        "edits": [str(edit.pk) for edit in change.edits],
        "skills": [str(key) for key in change.skills],
        "levels": {str(key): level for key, level in change.levels.items()},
    }


def stored(value: Any) -> str | None:
    """As the column reads it back."""
    return None if value is None else str(value)


def rehearse(chunks: Iterable[Chunk], importing: Importing, journal: Journal) -> None:
    """What would become of each row: each set of rows is written and taken back, so that no one waits for long.

    What a set before would have made is not there: rows of its e-mails are told apart here."""
    seen: set[int] = set()
    for chunk in chunks:
        rows = chunk.rows
        again = [row for row in rows if hash(row.key) in seen]
        first = [row for row in rows if hash(row.key) not in seen]
        with transaction.atomic():
            written = write(Chunk(first, chunk.refusals), importing)
            transaction.set_rollback(True)
        # They were not written in the end.
        importing.sources.clear()
        for row in again:
            written.note_known(row, is_in_file=True)
        if importing.duplicates == "update":
            written.updated += len(again)
        else:
            written.skipped += len(again)
        journal.note_only(chunk, written)
        seen.update(hash(row.key) for row in rows)
