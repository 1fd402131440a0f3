"""The rows of a file, checked: what can be written, and what is refused and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import orjson
from django.core.exceptions import ValidationError

from candidates.spreadsheets import plain
from organizations.models import fold

from .cells import OF_CELLS, OF_JSON, Clean
from .files import CsvTable, ImportFailed, JsonLines
from .headers import REQUIRED, Names

#: Rows that are checked and written together.
CHUNK = 5000


@dataclass(slots=True)
class Row:
    """What is known of one candidate: columns, and `source`, `skills`, `experience`, `educations`. None, or no key, is
    what the file does not say."""

    line: int
    known: dict[str, Any]
    raw: Any

    @property
    def key(self) -> str:
        return fold(self.known["email"])


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken. `raw` is the row as it was: cells under the header, or a line of JSON."""

    line: int
    reasons: list[str]
    raw: Any


@dataclass(slots=True)
class Chunk:
    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


class Refused(Exception):
    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons


Read = Callable[[Any], dict[str, Any]]


def chunks(table: CsvTable | JsonLines, names: Names) -> Iterator[Chunk]:
    """ImportFailed for a header that can't be meant."""
    read = cell_reader(table, names) if isinstance(table, CsvTable) else json_reader(names)
    lines = iter(table)
    while block := list(islice(lines, CHUNK)):
        chunk = Chunk()
        for line, raw in block:
            try:
                chunk.rows.append(Row(line, read(raw), raw))
            except Refused as refused:
                chunk.refusals.append(Refusal(line, refused.reasons, raw))
        yield chunk


def cell_reader(table: CsvTable, names: Names) -> Read:
    width = len(table.header)
    places = names.places(table.header)
    if nested := places.keys() - OF_CELLS.keys():
        raise ImportFailed(f"{' and '.join(sorted(nested))} can't stand in one cell: use JSON lines, or leave it out.")
    columns = [(name, place, *OF_CELLS[name]) for name, place in places.items()]

    def read(cells: list[str]) -> dict[str, Any]:
        if len(cells) != width:
            raise Refused([f"The row has {len(cells)} cells under {width} columns."])
        try:
            known = {column: clean(plain(cells[place])) for _, place, column, clean in columns}
        except ValidationError:
            raise Refused([*wrong((name, clean, plain(cells[place])) for name, place, _, clean in columns)]) from None
        return complete(known)

    return read


def json_reader(names: Names) -> Read:
    fields: dict[str, str | None] = {}

    def read(line: str) -> dict[str, Any]:
        try:
            given = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise Refused([f"This is not JSON: {error}"]) from None
        if not isinstance(given, dict):
            raise Refused(["This must be a JSON object."])
        return read_keys({key: value for key, value in given.items() if field_of(key) is not None})

    def field_of(key: str) -> str | None:
        if key not in fields:
            try:
                fields[key] = names.field(key)
            except LookupError:
                raise Refused([f"Unknown key {key[:50]!r}."]) from None
        return fields[key]

    def read_keys(given: Mapping[str, Any]) -> dict[str, Any]:
        named = {str(fields[key]): value for key, value in given.items()}
        try:
            known = {OF_JSON[name][0]: OF_JSON[name][1](value) for name, value in named.items()}
        except ValidationError:
            raise Refused([*wrong((name, OF_JSON[name][1], value) for name, value in named.items())]) from None
        return complete(known)

    return read


def wrong(values: Iterator[tuple[str, Clean, Any]]) -> Iterator[str]:
    """All that is wrong with a row."""
    for name, clean, value in values:
        try:
            if clean(value) is None and name in REQUIRED:
                yield f"{name}: This field is required."
        except ValidationError as error:
            yield f"{name}: {' '.join(error.messages)}"


def complete(known: dict[str, Any]) -> dict[str, Any]:
    missing = [name for name in REQUIRED if known.get(OF_CELLS[name][0]) is None]
    if missing:
        raise Refused([f"{name}: This field is required." for name in missing])
    return known
