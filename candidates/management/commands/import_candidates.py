from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm  # type: ignore[import-untyped]

from candidates.imports import Counts, Duplicates, ImportFailed, Names, Refusal, import_candidates, open_table
from candidates.imports.headers import NAMES
from candidates.imports.refusals import error_header, error_row
from candidates.management.organizations import organization_of

#: Refused rows that are shown when no file was named for them.
SHOWN = 10


class Command(BaseCommand):
    help = (
        "Import candidates from a CSV file (comma, semicolon or tab; columns found by their names) or from JSON lines. "
        "The good rows go in, some thousand at a time; rows that are refused are listed with line and reason, and make "
        "the exit code 1. Acts outside any organization, as an operator."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", help=".csv or .jsonl; - for standard input")
        parser.add_argument("--organization", required=True, metavar="ID", help="that the candidates apply to")
        parser.add_argument("--format", choices=("csv", "jsonl"), help="if the file's name does not say it")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help=f"what a column is; COLUMN= leaves it out. Can be repeated. Fields: {', '.join(NAMES)}",
        )
        parser.add_argument("--ignore-unknown", action="store_true", help="leave out columns that nobody knows")
        parser.add_argument("--encoding", help="utf-8 if it is not said here or by a byte-order mark")
        parser.add_argument("--delimiter", help="between the cells of a CSV file, if it is not found")
        parser.add_argument(
            "--duplicates",
            type=Duplicates,
            choices=list(Duplicates),
            default=Duplicates.SKIP,
            help="an e-mail that a candidate has already: skip the row, update the candidate, or refuse the row",
        )
        parser.add_argument(
            "--errors", type=Path, metavar="FILE.csv", help="where refused rows go, with line and reason"
        )
        parser.add_argument("--all-or-nothing", action="store_true", help="nothing goes in if a row is refused")
        parser.add_argument("--dry-run", action="store_true", help="do everything, and take it back at the end")
        parser.add_argument("--json", action="store_true", help="the outcome as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        self.counts = Counts()
        is_whole = options["all_or_nothing"] or options["dry_run"]
        try:
            self.counts = self.run(options)
        except ImportFailed as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            gone_in = Counts() if is_whole else self.counts
            self.report(gone_in, time.monotonic() - began, options, "Interrupted. What went in stays: ")
            raise CommandError("Interrupted before the end of the file.", returncode=130) from None
        self.report(self.counts, time.monotonic() - began, options)
        if self.counts.refused:
            nothing = options["all_or_nothing"] and not options["dry_run"]
            why = "Nothing went in, since" if nothing else "Not all went in:"
            raise CommandError(f"{why} {self.counts.refused:,} rows were refused.", returncode=1)

    def run(self, options: dict[str, Any]) -> Counts:
        organization = organization_of(options["organization"])
        names = Names(dict(map(parted, options["map"])), ignore_unknown=options["ignore_unknown"])
        with opened(options["file"]) as file:
            table = open_table(
                file, is_csv=is_csv(options), encoding=options["encoding"], delimiter=options["delimiter"]
            )
            with self.refusals(options, table.header) as on_refusal, progress() as shown:

                def on_progress(counts: Counts) -> None:
                    self.counts = counts
                    shown(counts)

                return import_candidates(
                    table,
                    names,
                    organization=organization,
                    duplicates=options["duplicates"],
                    all_or_nothing=options["all_or_nothing"],
                    dry_run=options["dry_run"],
                    on_refusal=on_refusal,
                    on_progress=on_progress,
                )

    @contextmanager
    def refusals(self, options: dict[str, Any], header: list[str] | None) -> Iterator[Any]:
        """What takes each refused row: the file that was named, or the screen for the first of them."""
        path: Path | None = options["errors"]
        if path is None:
            shown = 0

            def show(refusal: Refusal) -> None:
                nonlocal shown
                shown += 1
                if shown <= SHOWN:
                    self.say(f"Line {refusal.line}: {'; '.join(refusal.reasons)}")
                elif shown == SHOWN + 1:
                    self.say("More rows are refused: --errors FILE.csv keeps them all.")

            yield show
            return
        if path.exists() and path.samefile(options["file"]):
            raise CommandError("--errors would overwrite the file that is imported.")
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(error_header(header or ["row"]))
            yield lambda refusal: writer.writerow(error_row(refusal))

    def say(self, words: str) -> None:
        with tqdm.external_write_mode(sys.stderr):  # Beside the bar, not over it.
            self.stderr.write(words)

    def report(self, counts: Counts, seconds: float, options: dict[str, Any], before: str = "") -> None:
        told = asdict(counts)
        del told["total"]
        if options["json"]:
            self.stdout.write(json.dumps({**told, "seconds": round(seconds, 3), "dryRun": options["dry_run"]}))
            return
        would = "Tried only, nothing was written: " if options["dry_run"] else ""
        what = ", ".join(f"{count:,} {name}" for name, count in told.items())
        self.stdout.write(f"{before}{would}{what} in {seconds:.1f} s.")


def parted(mapping: str) -> tuple[str, str]:
    column, sign, field = mapping.rpartition("=")
    if not sign:
        raise CommandError(f"--map {mapping!r}: write COLUMN=FIELD.")
    return column, field.strip()


def is_csv(options: dict[str, Any]) -> bool:
    suffix = options["format"] or Path(options["file"]).suffix.lower().lstrip(".")
    if suffix not in {"csv", "tsv", "txt", "jsonl", "ndjson"}:
        raise CommandError("Say --format csv or --format jsonl: the file's name does not.")
    return suffix not in {"jsonl", "ndjson"}


@contextmanager
def opened(path: str) -> Iterator[Any]:
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open(path, "rb")  # noqa: SIM115 Its own errors are told apart from those of what is done with it.
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from error
    with file:
        yield file


@contextmanager
def progress() -> Iterator[Any]:
    """A bar on a terminal, nothing elsewhere."""
    with tqdm(unit=" rows", disable=None, leave=False) as bar:

        def show(counts: Counts) -> None:
            bar.total = counts.total
            bar.update(counts.read - bar.n)

        yield show
