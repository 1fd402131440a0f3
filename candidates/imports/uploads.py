"""Files that people upload: where they are kept, and whether they can be a list of candidates at all.

A file is kept under a random name, readable by the server only, until its import is done; the list of its errors, until
it is old."""

from __future__ import annotations

import codecs
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.models import Import

from .files import BOMS, CsvTable, ImportFailed, Lines

#: More is no list of candidates, and no page to match columns on.
MAX_COLUMNS = 100
#: Rows that are shown of a file, and characters of a value in them.
PREVIEW, WIDTH = 3, 60
#: What can be chosen where a file is read wrongly.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp1252": gettext_lazy("Windows-1252 (Western Europe)"),
    "cp1250": gettext_lazy("Windows-1250 (Central Europe)"),
    "iso-8859-1": gettext_lazy("ISO 8859-1 (Latin 1)"),
    "mac-roman": "Mac OS Roman",
}
#: What a file begins with → what it is. None of it is a list that can be read.
SIGNATURES = {
    b"%PDF": gettext_lazy("a PDF"),
    b"PK\x03\x04": gettext_lazy("an Excel workbook, or another archive"),
    b"\xd0\xcf\x11\xe0": gettext_lazy("an old Excel or Word document"),
    b"\x89PNG": gettext_lazy("an image"),
    b"\xff\xd8\xff": gettext_lazy("an image"),
    b"GIF8": gettext_lazy("an image"),
    b"RIFF": gettext_lazy("an image, a sound or a film"),
    b"\x1f\x8b": gettext_lazy("an archive"),
    b"{": gettext_lazy("JSON"),
    b"[{": gettext_lazy("JSON"),
    b"<": gettext_lazy("a web page, or XML"),
}
HEAD = 64 * 1024


@dataclass(frozen=True)
class Preview:
    """How a file begins: its header, and the first rows below."""

    header: list[str]
    rows: list[list[str]]

    def values(self) -> list[list[str]]:
        """The first values of each column, shortened."""
        return [
            [cells[place][:WIDTH] for cells in self.rows if place < len(cells) and cells[place].strip()]
            for place in range(len(self.header))
        ]


def keep(blocks: Iterable[bytes]) -> tuple[str, int]:
    """A new file of the blocks: its name, and its size. ImportFailed, and nothing is kept, if it is larger than
    `MAX_UPLOAD_BYTES`."""
    name, size = secrets.token_hex(16), 0
    try:
        with open(path_of(name), "wb", opener=private) as file:
            for block in blocks:
                size += len(block)
                if size > settings.MAX_UPLOAD_BYTES:
                    raise ImportFailed(too_large())
                file.write(block)
    except BaseException:
        discard(name)
        raise
    return name, size


def too_large() -> str:
    most = {"megabytes": most_megabytes()}
    return _("The file is larger than %(megabytes)s MB. Split it into several, each with the same first line.") % most


def most_megabytes() -> int:
    return settings.MAX_UPLOAD_BYTES // (1024 * 1024)


def private(path: Any, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def path_of(name: str) -> Path:
    folder = Path(settings.UPLOAD_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{name}.csv"


def errors_path(name: str) -> Path:
    return path_of(f"{name}-errors")


def opened(row: Import) -> BinaryIO:
    """ImportFailed if the file is not kept any more."""
    try:
        return path_of(row.stored_as).open("rb")
    except FileNotFoundError:
        raise ImportFailed(_("The file is not kept any more. Upload it again.")) from None


def has_file(row: Import) -> bool:
    return path_of(row.stored_as).exists()


def has_errors(row: Import) -> bool:
    return row.refused > 0 and errors_path(row.stored_as).exists()


def discard(name: str) -> None:
    path_of(name).unlink(missing_ok=True)


def discard_errors(name: str) -> None:
    errors_path(name).unlink(missing_ok=True)


def old_files(before: datetime) -> list[Path]:
    """Those that were written last before this moment."""
    return [path for path in path_of("").parent.glob("*.csv") if path.stat().st_mtime < before.timestamp()]


# What is in it.


def encoding_of(file: BinaryIO) -> str:
    """How the text of the file is written: as it says itself, else UTF-8 if it is that, else as old spreadsheets of
    Western Europe write. ImportFailed for what is no text, or none that could be a list."""
    head = file.read(HEAD)
    refuse_what_is_no_list(head)
    for mark, encoding in BOMS.items():
        if head.startswith(mark):
            return "utf-8" if encoding == "utf-8-sig" else encoding
    if encoding := encoding_by_nulls(head):
        return encoding
    return next((name for name in ("utf-8", "cp1252") if is_written_in(file, name)), "iso-8859-1")


def refuse_what_is_no_list(head: bytes) -> None:
    if not head.strip():
        raise ImportFailed(_("The file is empty."))
    begins = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for signature, what in SIGNATURES.items():
        if begins.startswith(signature):
            raise ImportFailed(
                _("This is %(what)s, not CSV. Save the list as “CSV UTF-8” in your spreadsheet, and upload that.")
                % {"what": what}
            )


def encoding_by_nulls(head: bytes) -> str | None:
    """UTF-16 without a mark has a null beside each letter of ours. ImportFailed for what has many elsewhere."""
    nulls = head.count(0)
    if nulls < len(head) // 10:
        return None
    odd = head[1::2].count(0)
    if odd > nulls * 0.9:
        return "utf-16-le"
    if odd < nulls * 0.1:
        return "utf-16-be"
    raise ImportFailed(_("This is not text. Save the list as “CSV UTF-8” in your spreadsheet, and upload that."))


def is_written_in(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while block := file.read(HEAD):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def table_of(file: BinaryIO, encoding: str) -> CsvTable:
    # A mark at the beginning is passed over in any encoding.
    return CsvTable(Lines(file, encoding=encoding))


def preview(file: BinaryIO, encoding: str) -> Preview:
    """ImportFailed if it can't be read, or has too many columns."""
    table = table_of(file, encoding)
    header = table.header
    if len(header) > MAX_COLUMNS:
        count = {"count": len(header), "most": MAX_COLUMNS}
        raise ImportFailed(
            _("The file has %(count)s columns, and %(most)s is the most. Take out what says nothing of candidates.")
            % count
        )
    return Preview(header, [cells for _line, cells in islice(table, PREVIEW)])


def length(file: BinaryIO, encoding: str) -> int:
    """Its rows. Reads the file to its end: ImportFailed if that can't be done, or if there is none."""
    total = sum(1 for _row in table_of(file, encoding))
    if not total:
        raise ImportFailed(_("There is no row below the first line, which names the columns."))
    return total
