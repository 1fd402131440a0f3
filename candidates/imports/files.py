"""A file of rows, in whatever spelling of CSV or JSON lines it comes."""

from __future__ import annotations

import codecs
import csv
import io
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import cached_property
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

#: Characters of one line. None that was meant comes near it, and it must fit into memory.
MAX_LINE = 1024 * 1024
DELIMITERS = ",;\t|"
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class ImportFailed(Exception):
    """The file can't be imported, and nothing of it was. The message says where and why, and what to do; `option` what
    to say to the command."""

    def __init__(self, message: str, option: str = "") -> None:
        super().__init__(f"{message} {option}".strip())
        self.message = message


class Lines:
    """The text of a file, line by line. ImportFailed for what is no text in this encoding, and for endless lines."""

    def __init__(self, file: BinaryIO, *, encoding: str | None = None) -> None:
        self.file = file if file.seekable() else spooled(file)
        self.encoding = encoding or self._encoding_marked()
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            raise ImportFailed(
                _("There is no encoding “%(encoding)s”. Often it is utf-8, cp1252 or utf-16.") % {"encoding": encoding}
            ) from None

    def _encoding_marked(self) -> str:
        self.file.seek(0)
        head = self.file.read(4)
        return next((name for mark, name in BOMS.items() if head.startswith(mark)), "utf-8")

    def read(self) -> Generator[str, None, None]:
        self.file.seek(0)
        # Line ends stay as they are: within quotes they belong to the text.
        text = io.TextIOWrapper(self.file, self.encoding, newline="")
        number = 0
        try:
            while line := text.readline(MAX_LINE):
                number += 1
                if len(line) == MAX_LINE and line[-1] not in "\r\n":
                    bound = {"line": number, "most": f"{MAX_LINE:,}"}
                    raise ImportFailed(_("Line %(line)s has more than %(most)s characters.") % bound)
                yield line
        except UnicodeError:
            raise self._where_undecodable() from None
        finally:
            # An import that is broken off closes its file first.
            if not self.file.closed:
                text.detach()

    def _where_undecodable(self) -> ImportFailed:
        decoder = codecs.getincrementaldecoder(self.encoding)()
        self.file.seek(0)
        line, offset = 1, 0
        while block := self.file.read(64 * 1024):
            pending = len(decoder.getstate()[0])
            try:
                line += decoder.decode(block).count("\n")
            except UnicodeDecodeError as error:
                before = block[: max(error.start - pending, 0)]
                line += before.decode(self.encoding, "replace").count("\n")
                offset += error.start - pending
                break
            offset += len(block)
        where = {"line": line, "byte": f"{offset:,}", "encoding": self.encoding}
        return ImportFailed(
            _(
                "Line %(line)s (byte %(byte)s) is not %(encoding)s. If the file comes from a spreadsheet, save it as "
                "CSV UTF-8."
            )
            % where,
            "Or say --encoding cp1252.",
        )


class JsonLines:
    """A JSON object a line."""

    header: list[str] | None = None

    def __init__(self, lines: Lines) -> None:
        self.lines = lines

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """Line number and line, without those that are blank."""
        for number, line in enumerate(self.lines.read(), 1):
            if not line.isspace():
                yield number, line.removeprefix("\ufeff").rstrip("\r\n")


class CsvTable:
    """Cells under a header."""

    def __init__(self, lines: Lines, *, delimiter: str | None = None) -> None:
        self.lines = lines
        with closing(lines.read()) as read:
            first = next(read, "").removeprefix("\ufeff")
        if "\0" in first:
            raise ImportFailed(
                _("The first line holds null characters."), "If the file is UTF-16, say --encoding utf-16-le."
            )
        # What spreadsheets write before the header to say it themselves.
        self.says_delimiter = first[:4].lower() == "sep=" and len(first.rstrip("\r\n")) == 5
        self.delimiter = delimiter or (first[4] if self.says_delimiter else most_frequent_delimiter(first))

    @cached_property
    def header(self) -> list[str]:
        for _line, cells in self._records():
            return [cell.strip() for cell in cells]
        raise ImportFailed(_("The file is empty: its first line must name the columns."))

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """The line that a row begins on, and its cells, without the header and rows that are blank."""
        rows = self._records()
        next(rows, None)
        return rows

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        with closing(self.lines.read()) as lines:
            if self.says_delimiter:
                next(lines)
            reader = csv.reader(without_mark(lines), delimiter=self.delimiter, strict=True)
            before = begins = int(self.says_delimiter)
            try:
                for cells in reader:
                    begins, before = before + 1, reader.line_num + int(self.says_delimiter)
                    if cells and (len(cells) > 1 or cells[0].strip()):
                        yield begins, cells
            except csv.Error as error:
                raise ImportFailed(
                    _("Line %(line)s: %(error)s. Perhaps a quotation mark is not closed, or not doubled within a text.")
                    % {"line": before + 1, "error": error}
                ) from None


def open_table(
    file: BinaryIO, *, is_csv: bool, encoding: str | None = None, delimiter: str | None = None
) -> CsvTable | JsonLines:
    """ImportFailed for a file that can't be read."""
    lines = Lines(file, encoding=encoding)
    return CsvTable(lines, delimiter=delimiter) if is_csv else JsonLines(lines)


def spooled(file: BinaryIO) -> Any:
    """A pipe, in a file: it is read more than once."""
    kept = tempfile.TemporaryFile()  # noqa: SIM115 It lives as long as the one who reads it.
    shutil.copyfileobj(file, kept)
    return kept


def most_frequent_delimiter(line: str) -> str:
    def columns(delimiter: str) -> int:
        return len(next(csv.reader([line], delimiter=delimiter), []))

    return max(DELIMITERS, key=columns)


def without_mark(lines: Iterator[str]) -> Iterator[str]:
    """Without the byte-order mark at the beginning."""
    for line in lines:
        yield line.removeprefix("\ufeff")
        break
    yield from lines
