"""Lists of candidates for elsewhere: CSV, JSON lines and XLSX, made as they are read, in memory that stays flat."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
import xlsxwriter  # type: ignore[import-untyped]
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Aggregate, F, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, JSONArray

from organizations.models import User

from .imports.cells import skill_in_cell
from .models import Candidate, Skill, Source
from .spreadsheets import SUSPECT, neutralised

#: Rows that are in memory at a time.
BLOCK = 1000
#: What fits into one sheet, and into one cell of it.
SHEET_ROWS, CELL_TEXT = 1_048_576, 32_767
#: A spreadsheet knows no date before it.
FIRST_YEAR = 1900

Record = list[Any]


class Format(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"


class Listed(Aggregate):
    """All values as one JSON text."""

    function = "JSON_GROUP_ARRAY"
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **options):
        return self.as_sql(compiler, connection, template="JSON_AGG(%(expressions)s)::text", **options)


def exported(
    candidates: QuerySet[Candidate],
    *,
    to: Format,
    by: User | None = None,
    on_progress: Callable[[int], Any] = lambda rows: None,
) -> Iterator[bytes]:
    """The file, block by block, with a row for each of `candidates`, in their order, and what `by` may see of their
    sources, skills and means (None: a command, which sees all). Rows have the columns that an import takes, and some
    that it passes over. On PostgreSQL the connection is busy until the last block."""
    columns = columns_for(by)
    blocks = in_blocks(records_of(candidates, columns), on_progress)
    return {Format.CSV: csv_blocks, Format.JSONL: json_blocks, Format.XLSX: xlsx_blocks}[to](list(columns), blocks)


def columns_for(by: User | None) -> dict[str, Any]:
    """Name in the file → what is read for it."""
    skills = Skill.objects.all() if by is None else Skill.objects.permitted(by)
    sources = Source.objects.all() if by is None else Source.objects.permitted(by)
    known = skills.filter(candidate=OuterRef("pk")).order_by().values("candidate")
    listed = known.annotate(listed=Listed(SKILL)).values("listed")
    named = sources.filter(pk=OuterRef("source_id")).values("name")
    columns = {
        "id": F("id"),
        "firstName": F("first_name"),
        "lastName": F("last_name"),
        "email": F("email"),
        "phoneNumber": F("phone_number"),
        "status": F("status"),
        "rating": F("rating"),
        "ratings": F("ratings"),
        "appliedDate": F("applied_date"),
        "hiredDate": F("hired_date"),
        "rejectDate": F("reject_date"),
        "source": F("source__name") if by is None else Subquery(named),
        "candidateLevel": F("candidate_level"),
        "cvUrl": F("cv_url"),
        "notes": F("notes"),
        "skills": Subquery(listed),
        "createdAt": F("created_at"),
    }
    if by is not None and "ratings" in Candidate.blind_columns(by):
        del columns["ratings"]
    return columns


#: The key comes first: it is time-ordered, as skills are shown.
SKILL = JSONArray(Cast("id", TextField()), "name", "level")


def records_of(candidates: QuerySet[Candidate], columns: dict[str, Any]) -> Iterator[Record]:
    """Keys, texts, numbers, timestamps, and lists of name and level, in the order of the columns."""
    rows = candidates.values_list(*columns.values())
    place = list(columns).index("skills")
    for row in copied(rows) if connections[rows.db].vendor == "postgresql" else rows.iterator(BLOCK):
        record = list(row)
        record[place] = skills_in(record[place])
        yield record


def copied(rows: QuerySet) -> Iterator[Sequence[Any]]:
    """The rows of a query by COPY: PostgreSQL sends them while the ones before are used."""
    connection: Any = connections[rows.db]
    compiler = rows.query.get_compiler(rows.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return
    types = [expression.output_field.db_type(connection) for expression, *_ in compiler.select]
    with connection.cursor() as cursor:
        statement = cursor.mogrify(f"COPY ({sql}) TO STDOUT (FORMAT BINARY)", params)
        with cursor.copy(statement) as copy:
            copy.set_types([re.sub(r"\(.*\)", "", name) for name in types])
            yield from copy.rows()


@cache
def number(value: Decimal) -> float:
    return float(value)


def skills_in(words: str | None) -> list[tuple[str, str | None]]:
    """In the order in which they were added."""
    return [(name, level) for _, name, level in sorted(orjson.loads(words))] if words else []


def in_blocks(records: Iterator[Record], on_progress: Callable[[int], Any]) -> Iterator[list[Record]]:
    rows = 0
    while block := list(islice(records, BLOCK)):
        yield block
        rows += len(block)
        on_progress(rows)


# CSV


def csv_blocks(columns: list[str], blocks: Iterator[list[Record]]) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for block in blocks:
        writer.writerows(map(cells, block))
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()


def cells(record: Record) -> list[Any]:
    return [written(value) if (written := CELLS.get(type(value))) else value for value in record]


def text_cell(text: str) -> str:
    return neutralised(text) if text[:1] in SUSPECT else text


def skills_cell(skills: list[tuple[str, str | None]]) -> str:
    return text_cell("; ".join(skill_in_cell(name, level) for name, level in skills))


def shown(moment: datetime) -> str:
    """As the API shows it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


CELLS: dict[type, Callable[[Any], Any]] = {str: text_cell, Decimal: number, datetime: shown, list: skills_cell}


# JSON lines


def json_blocks(columns: list[str], blocks: Iterator[list[Record]]) -> Iterator[bytes]:
    for block in blocks:
        rows = (dict(zip(columns, as_json(record), strict=True)) for record in block)
        yield b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)


def as_json(record: Record) -> list[Any]:
    return [written(value) if (written := JSON.get(type(value))) else value for value in record]


def skills_as_json(skills: list[tuple[str, str | None]]) -> list[dict[str, str | None]]:
    return [{"name": name, "level": level} for name, level in skills]


JSON: dict[type, Callable[[Any], Any]] = {Decimal: number, datetime: shown, list: skills_as_json}


# XLSX


def xlsx_blocks(columns: list[str], blocks: Iterator[list[Record]]) -> Iterator[bytes]:
    """Written to a file first: its table of contents stands at the end. Goes on in another sheet where one is full."""
    with tempfile.TemporaryFile() as file:
        # Rows go to disk as soon as they are whole.
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "remove_timezone": True})
        dates = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        place = SHEET_ROWS
        for block in blocks:
            for record in block:
                if place == SHEET_ROWS:
                    sheet, place = add_sheet(book, columns), 1
                write_row(sheet, place, record, dates)
                place += 1
        if not book.worksheets():
            add_sheet(book, columns)
        book.close()
        file.seek(0)
        yield from iter(lambda: file.read(64 * 1024), b"")


def add_sheet(book: Any, columns: list[str]) -> Any:
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, columns)
    sheet.freeze_panes(1, 0)
    return sheet


def write_row(sheet: Any, place: int, record: Record, dates: Any) -> None:
    for column, value in enumerate(record):
        match value:
            case str() if value:
                # As a text, whatever it looks like: no formula, no link.
                sheet.write_string(place, column, value[:CELL_TEXT])
            case UUID():
                sheet.write_string(place, column, str(value))
            case Decimal():
                sheet.write_number(place, column, number(value))
            case datetime() if value.year >= FIRST_YEAR:
                sheet.write_datetime(place, column, value, dates)
            case datetime():
                sheet.write_string(place, column, shown(value))
            case [*_] if value:
                words = "; ".join(skill_in_cell(name, level) for name, level in value)
                sheet.write_string(place, column, words[:CELL_TEXT])
