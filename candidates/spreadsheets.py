"""Texts in CSV files, which spreadsheets open: a cell that they would take for a formula is shown and not run."""

from __future__ import annotations

import re

#: What a formula begins with, behind the apostrophes that were put before it already.
_formula = re.compile(r"'*[=+\-@\t\r]")
SUSPECT = frozenset("'=+-@\t\r")


def neutralised(text: str) -> str:
    """With an apostrophe before what would be a formula."""
    return f"'{text}" if text[:1] in SUSPECT and _formula.match(text) else text


def plain(text: str) -> str:
    """What was neutralised as it was before."""
    return text[1:] if text[:1] == "'" and _formula.match(text) else text
