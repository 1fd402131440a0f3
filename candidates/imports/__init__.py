"""Lists of candidates from elsewhere: CSV as people and spreadsheets write it, and JSON lines.

`files` reads, `headers` knows what columns are called and `cells` what values look like, `rows` checks, `writing`
writes. Of what people bring in with a browser, `uploads` keeps the files, `journal` what they wrote, and `actions` is
what can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db import transaction

from organizations.models import Organization, User

from .files import CsvTable, ImportFailed, JsonLines, open_table
from .headers import Matched, Names
from .rows import Chunk, Refusal, chunks
from .writing import Duplicates, Importing, Record, Written, write

__all__ = ["Counts", "Duplicates", "ImportFailed", "Names", "Refusal", "import_candidates", "open_table"]

Item = TypeVar("Item")


@dataclass
class Counts:
    """Rows of a file: those that were read of all there are (`total`), and what became of them."""

    total: int = 0
    read: int = 0
    made: int = 0
    updated: int = 0
    skipped: int = 0
    refused: int = 0

    def add(self, chunk: Chunk, written: Written) -> None:
        self.read += len(chunk.rows) + len(chunk.refusals)
        self.made += written.made
        self.updated += written.updated
        self.skipped += written.skipped
        self.refused += len(chunk.refusals) + len(written.refusals)


def import_candidates(
    table: CsvTable | JsonLines,
    names: Names | Matched,
    *,
    organization: Organization,
    by: User | None = None,
    duplicates: Duplicates = Duplicates.SKIP,
    all_or_nothing: bool = False,
    dry_run: bool = False,
    after: int = 0,
    record: Record | None = None,
    on_refusal: Callable[[Refusal], Any] = lambda refusal: None,
    on_progress: Callable[[Counts], Any] = lambda counts: None,
) -> Counts:
    """Write the rows of `table` as candidates of `organization`, some thousand in each transaction: those that are
    refused are handed to `on_refusal`, the others go in. Memory does not grow with the file.

    all_or_nothing: one transaction, and nothing goes in if a row is refused. dry_run: everything is done, and then
    taken back. after: so many rows are passed over. record: what else is kept, in the same transactions. on_progress
    gets what has gone in after each transaction. Without `by` a command acts.

    ImportFailed for a file or header that can't be read; PermissionDenied if `by` may not write what the rows hold."""
    is_whole = all_or_nothing or dry_run
    # Read to its end first: what can't be read stops the import before anything is written.
    counts = Counts(total=sum(1 for _ in table))
    importing = Importing(organization, by, duplicates, record=record)
    with transaction.atomic() if is_whole else nullcontext():
        for chunk in ahead(chunks(table, names, after=after)):
            written = write(chunk, importing)
            counts.add(chunk, written)
            for refusal in refused(chunk, written):
                on_refusal(refusal)
            on_progress(replace(counts))
        if dry_run or (all_or_nothing and counts.refused):
            transaction.set_rollback(True)
    if all_or_nothing and counts.refused and not dry_run:
        counts.made = counts.updated = 0
    return counts


def refused(chunk: Chunk, written: Written) -> list[Refusal]:
    """All that were refused, in the order of the file."""
    return sorted([*chunk.refusals, *written.refusals], key=lambda refusal: refusal.line)


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same, each made by another thread while the one before is used."""
    with ThreadPoolExecutor(1, "ahead") as pool:
        following = pool.submit(next, items, None)
        while (item := following.result()) is not None:
            following = pool.submit(next, items, None)
            yield item
