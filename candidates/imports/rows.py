"""The rows of a file, checked: what can be written, and what is refused and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from candidates.spreadsheets import plain
from organizations.models import fold

from .cells import OF_CELLS, OF_JSON, Clean
from .files import CsvTable, ImportFailed, JsonLines
from .headers import REQUIRED, Matched, Names

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


def chunks(table: CsvTable | JsonLines, names: Names | Matched, *, after: int = 0) -> Iterator[Chunk]:
    """The rows after the first `after`. ImportFailed for a header that can't be meant."""
    read = reader(table, names)
    lines = islice(table, after, None)
    while block := list(islice(lines, CHUNK)):
        chunk = Chunk()
        for line, raw in block:
            try:
                chunk.rows.append(Row(line, read(raw), raw))
            except Refused as refused:
                chunk.refusals.append(Refusal(line, refused.reasons, raw))
        yield chunk


def reader(table: CsvTable | JsonLines, names: Names | Matched) -> Read:
    if isinstance(table, CsvTable):
        return cell_reader(table, names)
    if isinstance(names, Matched):
        raise TypeError("Columns are matched by their places in CSV only.")
    return json_reader(names)


def cell_reader(table: CsvTable, names: Names | Matched) -> Read:
    width = len(table.header)
    places = names.places(table.header)
    if nested := places.keys() - OF_CELLS.keys():
        fields = " and ".join(sorted(nested))
        raise ImportFailed(
            _("%(fields)s can't stand in one cell: use JSON lines, or leave it out.") % {"fields": fields}
        )
    columns = [(name, place, *OF_CELLS[name]) for name, place in places.items()]

    def read(cells: list[str]) -> dict[str, Any]:
        if len(cells) != width:
            widths = {"cells": len(cells), "columns": width}
            raise Refused([_("The row has %(cells)s cells under %(columns)s columns.") % widths])
        try:
            known = {column: clean(plain(cells[place])) for _name, place, column, clean in columns}
        except ValidationError:
            values = ((name, clean, plain(cells[place])) for name, place, _column, clean in columns)
            raise Refused([*wrong(values)]) from None
        return complete(known)

    return read


def json_reader(names: Names) -> Read:
    fields: dict[str, str | None] = {}

    def read(line: str) -> dict[str, Any]:
        try:
            given = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise Refused([_("This is not JSON: %(error)s") % {"error": error}]) from None
        if not isinstance(given, dict):
            raise Refused([_("This must be a JSON object.")])
        return read_keys({key: value for key, value in given.items() if field_of(key) is not None})

    def field_of(key: str) -> str | None:
        if key not in fields:
            try:
                fields[key] = names.field(key)
            except LookupError:
                raise Refused([_("Unknown key “%(key)s”.") % {"key": key[:50]}]) from None
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
                yield missing_field(name)
        except ValidationError as error:
            yield f"{name}: {' '.join(error.messages)}"


def complete(known: dict[str, Any]) -> dict[str, Any]:
    missing = [name for name in REQUIRED if known.get(OF_CELLS[name][0]) is None]
    if missing:
        raise Refused([*map(missing_field, missing)])
    return known


def missing_field(name: str) -> str:
    return f"{name}: {_('This field is required.')}"
