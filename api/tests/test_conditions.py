"""The operators of a column: which there are, what they take, and what they ask."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import count
from uuid import UUID

import pytest
from django import forms
from django.db import models
from django.db.models import Q

from api.conditions import conditions, needs_ranges
from api.statements import Slot
from organizations.models import Folded

NUMBER = models.IntegerField()
RATING = models.DecimalField(max_digits=3, decimal_places=2, null=True)
MOMENT = models.DateTimeField()
DAY = models.DateField(null=True)
SWITCH = models.BooleanField()
KEY = models.UUIDField()
STATUS = models.CharField(max_length=20, choices=[("APPLIED", "Applied"), ("HIRED", "Hired")])
TEXT = models.CharField(max_length=20, null=True)
EMAIL = models.EmailField()

ORDERED = {"eq", "ne", "in", "isNull", "gt", "gte", "lt", "lte", "between"}
PLAIN = {"eq", "ne", "in", "isNull"}
TEXTS = PLAIN | {"contains", "startsWith"}


def twin(column: str) -> Folded:
    folded = Folded(column)
    folded.name = f"{column}_folded"
    return folded


def ask(field, operator, value, folded=None) -> Q:
    """The condition that `value` makes; ValidationError if it does not fit."""
    made = conditions("column", field, folded)[operator]
    form, values = made.taken(made.operand.clean(value))
    return bound(made.as_q(form, count()), values)


def bound(q: Q, values: list) -> Q:
    """The condition with the values in their slots."""
    children = [
        bound(child, values) if isinstance(child, Q) else (child[0], of_slot(child[1], values)) for child in q.children
    ]
    return Q.create(children, q.connector, q.negated)


def of_slot(value, values):
    return values[value.index] if isinstance(value, Slot) else value


@pytest.mark.parametrize(
    ("field", "folded", "operators"),
    [
        (NUMBER, None, ORDERED),
        (RATING, None, ORDERED),
        (MOMENT, None, ORDERED),
        (DAY, None, ORDERED),
        (SWITCH, None, PLAIN),
        (KEY, None, PLAIN),
        (STATUS, None, PLAIN),
        (TEXT, None, PLAIN),
        (TEXT, twin("column"), TEXTS),
        (EMAIL, twin("column"), TEXTS),
    ],
    ids=lambda part: type(part).__name__,
)
def test_a_column_has_the_operators_of_its_type(field, folded, operators):
    assert set(conditions("column", field, folded)) == operators


KEY_TEXT = "01890000-0000-7000-8000-000000000000"
ASKED = [
    (NUMBER, "eq", "5", Q(column__exact=5)),
    (NUMBER, "eq", "-5", Q(column__exact=-5)),
    (NUMBER, "ne", "5", ~Q(column__exact=5)),
    (NUMBER, "gt", "5", Q(column__gt=5)),
    (NUMBER, "gte", "5", Q(column__gte=5)),
    (NUMBER, "lt", "5", Q(column__lt=5)),
    (NUMBER, "lte", "5", Q(column__lte=5)),
    (NUMBER, "in", ["5", "6"], Q(column__among=[5, 6])),
    (NUMBER, "between", ["5", "6"], Q(column__gte=5, column__lte=6)),
    (NUMBER, "isNull", "false", Q(column__isnull=False)),
    (RATING, "eq", "4.5", Q(column__exact=Decimal("4.5"))),
    (RATING, "eq", "null", Q(column__isnull=True)),
    (RATING, "ne", "null", ~Q(column__isnull=True)),
    (RATING, "in", ["4", "null"], Q(column__among=[Decimal(4)]) | Q(column__isnull=True)),
    (MOMENT, "gte", "2024-01-10", Q(column__gte=dt.datetime(2024, 1, 10, tzinfo=dt.UTC))),
    (DAY, "lt", "2024-01-10", Q(column__lt=dt.date(2024, 1, 10))),
    (SWITCH, "eq", "true", Q(column__exact=True)),
    (SWITCH, "eq", "false", Q(column__exact=False)),
    (KEY, "eq", KEY_TEXT, Q(column__exact=UUID(KEY_TEXT))),
    (STATUS, "in", ["APPLIED", "HIRED"], Q(column__among=["APPLIED", "HIRED"])),
    (TEXT, "eq", "", Q(column__exact="")),
    (TEXT, "eq", " x ", Q(column__exact=" x ")),
    (TEXT, "eq", "null", Q(column__isnull=True)),
]


@pytest.mark.parametrize(("field", "operator", "value", "asked"), ASKED, ids=lambda part: str(part)[:30])
def test_what_a_condition_asks(field, operator, value, asked):
    assert ask(field, operator, value) == asked


def test_contains_and_starts_with_ignore_case():
    folded = twin("column")

    assert ask(TEXT, "contains", "STRASSE", folded) == Q(column_folded__contains="strasse")
    assert ask(TEXT, "contains", "Straße", folded) == Q(column_folded__contains="strasse")
    beginning = {"startswith": "éa", **({"gte": "éa", "lt": "éa\U0010ffff"} if needs_ranges() else {})}
    asked = Q(**{f"column_folded__{kind}": value for kind, value in beginning.items()})
    assert ask(TEXT, "startsWith", "E\u0301A", folded) == asked
    # Equality of a text is of the text itself (its twin has the index), that of an e-mail address of what it reaches.
    assert ask(TEXT, "eq", "Jane", folded) == Q(column_folded__exact="jane") & Q(column__exact="Jane")
    assert ask(EMAIL, "eq", "Jane@Example.com", folded) == Q(column_folded__exact="jane@example.com")
    assert ask(EMAIL, "in", ["A@b.c"], folded) == Q(column_folded__among=["a@b.c"])


REFUSED = [
    (NUMBER, "eq", ["", "x", "1.5", "1e3", "5 apples", "null", "NaN", "Infinity", "0x10", "true"]),
    (NUMBER, "gt", ["null", "", "x"]),
    (RATING, "eq", ["", "x", "NaN", "Infinity", "-Infinity", "4,5", "4.125", "1000", "true"]),
    (RATING, "gte", ["null", "NaN"]),
    (MOMENT, "eq", ["", "x", "null", "2024-02-30", "0000-01-01", "99999-01-01", "0001-01-01T00:00:00+14:00"]),
    (DAY, "eq", ["", "x", "2024-02-30", "2024-01-10T00:00:00Z"]),
    (SWITCH, "eq", ["", "1", "0", "True", "TRUE", "yes", "null"]),
    (KEY, "eq", ["", "x", "null", "01890000", KEY_TEXT + "0"]),
    (STATUS, "eq", ["", "applied", "FIRED", "null"]),
    (TEXT, "isNull", ["", "1", "null", "yes"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [(field, operator, value) for field, operator, values in REFUSED for value in values],
    ids=lambda part: str(part)[:30],
)
def test_a_value_of_another_type_is_refused(field, operator, value):
    with pytest.raises(forms.ValidationError):
        ask(field, operator, value)


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("eq", ["5"]),
        ("gt", ["5"]),
        ("in", "5"),
        ("in", []),
        ("in", ["5"] * 1001),
        ("in", ["5", "x"]),
        ("in", ["null"]),
        ("between", "5"),
        ("between", ["5"]),
        ("between", ["5", "6", "7"]),
        ("between", ["5", "x"]),
        ("between", ["5", "null"]),
        ("isNull", ["true"]),
    ],
)
def test_an_operator_takes_one_value_or_several(operator, value):
    with pytest.raises(forms.ValidationError):
        ask(NUMBER, operator, value)


def test_an_unknown_choice_tells_those_that_there_are():
    with pytest.raises(forms.ValidationError) as error:
        ask(STATUS, "eq", "FIRED")

    assert error.value.messages == ["Must be one of APPLIED, HIRED."]


def test_a_column_whose_values_no_text_can_say_stops_the_start():
    with pytest.raises(TypeError):
        conditions("column", models.JSONField())
