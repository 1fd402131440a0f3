"""The rows that were refused, as a file that can be put right and imported itself."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from candidates.spreadsheets import neutralised

from .rows import Refusal


def error_header(header: Sequence[str]) -> list[str]:
    return ["line", "reasons", *map(neutralised, header)]


def error_row(refusal: Refusal) -> list[Any]:
    cells = refusal.raw if isinstance(refusal.raw, list) else [refusal.raw]
    return [refusal.line, *map(neutralised, ("; ".join(refusal.reasons), *cells))]


class ErrorFile:
    """Grows with each transaction of an import, which keeps its size: what stands after that was never committed."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path = path
        self.header = header

    def append(self, refusals: Iterable[Refusal], *, at: int) -> int:
        """Write them behind the first `at` bytes. The new size."""
        self.path.touch(mode=0o600)
        with self.path.open("r+", encoding="utf-8", newline="") as file:
            file.seek(at)
            file.truncate()
            writer = csv.writer(file)
            if not at:
                # What spreadsheets know UTF-8 by.
                file.write("\ufeff")
                writer.writerow(error_header(self.header))
            writer.writerows(map(error_row, refusals))
        return self.path.stat().st_size
