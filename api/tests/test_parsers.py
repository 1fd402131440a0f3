"""JSON bodies: as the standard has them, and only text that can be stored."""

from __future__ import annotations

import io
import json

import pytest
from rest_framework.exceptions import ParseError

from api.parsers import StrictJSONParser


def parse(body: bytes | str):
    return StrictJSONParser().parse(io.BytesIO(body.encode() if isinstance(body, str) else body))


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        {"name": "Jane", "rating": 4.5, "isActive": True, "notes": None, "skills": [{"name": "TypeScript"}]},
        "text",
        5,
        None,
        {"emoji": "😀", "accent": "é", "decomposed": "e\u0301", "right to left": "\u202e", "tab": "\t\n"},
        {"": "empty key"},
        -(10**28),
        1e300,
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_value_arrives_as_it_was_sent(value):
    assert parse(json.dumps(value)) == value
    assert parse(json.dumps(value, ensure_ascii=False)) == value


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "not valid JSON"),
        (" ", "not valid JSON"),
        ("{", "not valid JSON"),
        ('{"a": 1,}', "not valid JSON"),
        ("{'a': 1}", "not valid JSON"),
        ('{"a": 1} {"b": 2}', "not valid JSON"),
        ("{a: 1}", "not valid JSON"),
        ('{"a": "x\ny"}', "not valid JSON"),
        ('{"a": 01}', "not valid JSON"),
        ("where[a]=1", "not valid JSON"),
        (b"\xef\xbb\xbf{}", "not valid JSON"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        (b"\x1f\x8b\x08", "not UTF-8"),
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ('{"x": [{"status": "APPLIED", "b": 1, "status": "HIRED"}]}', "'status' stands twice"),
        ('{"a": NaN}', "NaN is not a JSON number"),
        ('{"a": Infinity}', "Infinity is not a JSON number"),
        ('[-Infinity]', "-Infinity is not a JSON number"),
        ('{"a": 1e999}', "too large"),
        ('{"a": -1e999}', "too large"),
        ('{"a": 0.%s1}' % ("0" * 100), "too large"),
        ('{"a": %s}' % ("9" * 31), "more than 30 digits"),
        ("9" * 100_000, "more than 30 digits"),
        ('{"a": "\\u0000"}', "null character"),
        ('{"\\u0000": 1}', "null character"),
        ('{"a": ["b\\u0000"]}', "null character"),
        ('{"a": "\\ud800"}', "lone surrogate"),
        ('{"a": "x\\udc00y"}', "lone surrogate"),
        ('{"\\udfff": 1}', "lone surrogate"),
        ('{"a": "\\udc00\\ud800"}', "lone surrogate"),
    ],
    ids=lambda text: str(text)[:30],
)  # fmt: skip
def test_what_is_no_json_is_refused_in_words(body, words):
    with pytest.raises(ParseError) as error:
        parse(body)

    assert words in str(error.value.detail)


def test_a_surrogate_pair_is_a_character():
    assert parse('{"a": "\\ud83d\\ude00"}') == {"a": "😀"}


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
@pytest.mark.parametrize("depth", [13, 500, 100_000])
def test_nesting_is_bounded(opening, depth):
    closing = {"[": "]", '{"a":': "}", '[{"a":': "}]"}[opening]

    with pytest.raises(ParseError) as error:
        parse(opening * depth + "1" + closing * depth)

    assert "nested deeper than 12" in str(error.value.detail)


def test_twelve_levels_are_fine():
    body = "[" * 12 + "1" + "]" * 12

    assert parse(body) == json.loads(body)


def test_a_long_key_that_stands_twice_is_told_short():
    with pytest.raises(ParseError) as error:
        parse('{"%s": 1, "%s": 2}' % ("k" * 1000, "k" * 1000))

    assert len(str(error.value.detail)) < 200


def test_the_position_of_a_mistake_is_told():
    with pytest.raises(ParseError) as error:
        parse('{\n"a": 1,\n}')

    assert "line 3" in str(error.value.detail)
