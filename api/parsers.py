from __future__ import annotations

import json
import math
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MAX_DEPTH = 12
MAX_DIGITS = 30


class StrictJSONParser(BaseParser):
    """JSON as its standard has it: no NaN, no duplicate keys, no number or nesting that is there to hurt, only text
    that can be stored."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        raw = stream.read()
        try:
            body = json.loads(
                raw.decode("utf-8"),
                object_pairs_hook=_unique,
                parse_constant=_no_constant,
                parse_int=_sane_int,
                parse_float=_finite,
            )
        except UnicodeDecodeError as error:
            raise ParseError("The body is not UTF-8.") from error
        except RecursionError as error:
            raise ParseError(f"The body is nested deeper than {MAX_DEPTH}.") from error
        except json.JSONDecodeError as error:
            raise ParseError(f"The body is not valid JSON: {error.msg} (line {error.lineno}).") from error
        _check(body)
        return body


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ParseError(f"The key {twice[:100]!a} stands twice in one object.")
    return found


def _no_constant(word: str) -> float:
    raise ParseError(f"{word} is not a JSON number.")


def _sane_int(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ParseError(f"A number has more than {MAX_DIGITS} digits.")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number) or len(digits) > 2 * MAX_DIGITS:
        raise ParseError("A number is too large.")
    return number


def _check(value: Any, depth: int = 0) -> None:
    if depth > MAX_DEPTH:
        raise ParseError(f"The body is nested deeper than {MAX_DEPTH}.")
    if isinstance(value, str):
        if "\0" in value:
            raise ParseError("A text holds a null character (U+0000).")
        if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
            raise ParseError("A text holds half a character (a lone surrogate).")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth)
            _check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)
