from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm  # type: ignore[import-untyped]

from candidates.exports import Format, exported
from candidates.management.organizations import organization_of
from candidates.models import Candidate


class Command(BaseCommand):
    help = (
        "Export the candidates of an organization with source and skills, the oldest first, to a file or to standard "
        "output. An import takes what it writes. Acts outside any organization, as an operator."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--organization", required=True, metavar="ID", help="whose candidates")
        parser.add_argument("--format", required=True, type=Format, choices=list(Format))
        parser.add_argument("--output", type=Path, metavar="FILE", help="instead of standard output; there once whole")
        parser.add_argument("--json", action="store_true", help="the outcome as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        organization = organization_of(options["organization"])
        if options["output"] is None and options["format"] == Format.XLSX and sys.stdout.isatty():
            raise CommandError("A spreadsheet is nothing for a terminal: say --output FILE.")
        candidates = Candidate.objects.filter(organization=organization).order_by("created_at", "pk")
        try:
            with written(options["output"]) as file, progress(candidates.count(), options["output"]) as bar:
                for block in exported(candidates, to=options["format"], on_progress=bar):
                    file.write(block)
        except BrokenPipeError:
            # Whoever read has seen enough. What Python still holds must not meet the closed pipe when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        self.report(bar.rows, time.monotonic() - began, options)

    def report(self, rows: int, seconds: float, options: dict[str, Any]) -> None:
        # Beside the rows themselves, where those are on standard output.
        out = self.stdout if options["output"] else self.stderr
        if options["json"]:
            out.write(json.dumps({"exported": rows, "seconds": round(seconds, 3)}))
        elif options["output"]:
            out.write(f"{rows:,} candidates written to {options['output']} in {seconds:.1f} s.")


@contextmanager
def written(path: Path | None) -> Iterator[BinaryIO]:
    """A file that is there whole or not at all; without a path, standard output."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        file = tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False)  # noqa: SIM115
    except OSError as error:
        raise CommandError(f"{path} can't be written: {error.strerror}.") from error
    try:
        with file:
            yield file  # type: ignore[misc]
        os.replace(file.name, path)
    except BaseException:
        os.unlink(file.name)
        raise


class Progress:
    """A bar on a terminal, unless the rows themselves go there."""

    def __init__(self, bar: Any) -> None:
        self.bar = bar
        self.rows = 0

    def __call__(self, rows: int) -> None:
        self.bar.update(rows - self.rows)
        self.rows = rows


@contextmanager
def progress(total: int, path: Path | None) -> Iterator[Progress]:
    goes_there = path is None and sys.stdout.isatty()
    with tqdm(total=total, unit=" candidates", disable=goes_there or None, leave=False) as bar:
        yield Progress(bar)
