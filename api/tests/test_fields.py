"""Fields take what their type says and nothing near it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from rest_framework.serializers import ValidationError

from api.fields import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    EmailField,
    IntegerField,
    MeanField,
    RatingField,
    TimestampField,
    URLField,
)

UTC = dt.UTC
FIELDS = {
    "text": CharField(),
    "e-mail": EmailField(),
    "link": URLField(),
    "choice": ChoiceField(choices=[("A", "a"), ("B", "b")]),
    "yes or no": BooleanField(),
    "number": IntegerField(),
    "timestamp": TimestampField(),
    "date": DateField(),
    "rating": RatingField(),
}
TAKEN = {
    "text": ["x", " x ", "5", "<b>", "ä😀"],
    "e-mail": ["a@example.com", "A.B+c@sub.example.com"],
    "link": ["https://example.com", "http://example.com:8080/a?b=c#d"],
    "choice": ["A", "B"],
    "yes or no": [True, False],
    "number": [0, -5, 10**12],
    "timestamp": ["2024-01-10T09:30:00.000Z", "2024-01-10"],
    "date": ["2024-01-10", "2024-02-29"],
    "rating": [0, 0.5, 4, 4.5, 5],
}
REFUSED = {
    "text": ["", "   ", 5, 4.5, True, None, [], {}, ["x"]],
    "e-mail": ["", "a", "a@b", "a@example.com, b@example.com", "@example.com", 5, None, [], True],
    "link": ["", "x", "example.com", "javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "ftp://a.com",
             "file:///etc/passwd", "//example.com", "https://", 5, None, [], True],
    "choice": ["a", "C", "", " A", 5, None, True, [], ["A"], {}, {"A": "A"}],
    "yes or no": ["true", "false", "yes", "", 0, 1, 1.0, None, [], {}],
    "number": ["5", "", 5.5, 5.0, True, None, [], {}],
    "timestamp": ["", "x", "now", "0000-01-01", "0000-01-01T00:00:00Z", "99999-01-01T00:00:00Z", "10000-01-01",
                  "2024-13-01", "2024-02-30", "2024-01-10T25:00:00Z", "2024-01-10T09:61:00Z",
                  "2024-01-10T09:30:00+99:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
                  " 2024-01-10", "2024-01-10 ", "10/01/2024", 1704880200, 1704880200.5, True, None, [], {},
                  ["2024-01-10"], list("2024-01-10")],
    "date": ["", "x", "2024-02-30", "2023-02-29", "2024-1-5", "0000-01-01", "99999-01-01", "2024-01-10T00:00:00Z",
             "2024-01", "20240110", 20240110, True, None, [], {}, list("2024-01-10")],
    "rating": [-0.5, 5.5, 0.25, 4.1, 1e300, -1e300, 10**400, "4", "", True, False, None, [], {}],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in TAKEN.items() for value in values])
def test_what_is_taken(kind, value):
    FIELDS[kind].run_validation(value)


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in REFUSED.items() for value in values],
                         ids=lambda part: str(part)[:30])  # fmt: skip
def test_what_is_refused(kind, value):
    with pytest.raises(ValidationError):
        FIELDS[kind].run_validation(value)


@pytest.mark.parametrize(
    ("sent", "moment"),
    [
        ("2024-01-10", dt.datetime(2024, 1, 10, tzinfo=UTC)),
        ("2024-01-10T09:30:00Z", dt.datetime(2024, 1, 10, 9, 30, tzinfo=UTC)),
        ("2024-01-10T09:30:00.123Z", dt.datetime(2024, 1, 10, 9, 30, 0, 123000, tzinfo=UTC)),
        ("2024-01-10T09:30:00.123456789Z", dt.datetime(2024, 1, 10, 9, 30, 0, 123456, tzinfo=UTC)),
        ("2024-01-10T09:30:00+02:00", dt.datetime(2024, 1, 10, 7, 30, tzinfo=UTC)),
        ("2024-01-10T00:30:00+01:00", dt.datetime(2024, 1, 9, 23, 30, tzinfo=UTC)),
        ("2024-01-10T09:30:00-0530", dt.datetime(2024, 1, 10, 15, 0, tzinfo=UTC)),
        ("2024-01-10T09:30:00", dt.datetime(2024, 1, 10, 9, 30, tzinfo=UTC)),
        ("2024-01-10T09:30", dt.datetime(2024, 1, 10, 9, 30, tzinfo=UTC)),
        ("2024-01-10 09:30:00Z", dt.datetime(2024, 1, 10, 9, 30, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", dt.datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999Z", dt.datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
    ],
)
def test_a_timestamp_is_read_in_utc(sent, moment):
    assert TimestampField().run_validation(sent) == moment
    assert TimestampField().run_validation(sent).tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (dt.datetime(2024, 1, 10, tzinfo=UTC), "2024-01-10T00:00:00.000Z"),
        (dt.datetime(2024, 1, 10, 9, 30, 1, 123999, tzinfo=UTC), "2024-01-10T09:30:01.123Z"),
        (dt.datetime(2024, 1, 10, 1, tzinfo=dt.timezone(dt.timedelta(hours=2))), "2024-01-09T23:00:00.000Z"),
        (dt.datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000Z"),
    ],
)
def test_a_timestamp_is_shown_with_milliseconds_and_z(moment, shown):
    assert TimestampField().to_representation(moment) == shown


def test_a_pure_date_is_shown_as_it_is():
    assert DateField().to_representation(dt.date(2024, 1, 10)) == "2024-01-10"


@pytest.mark.parametrize("value", [0, 0.5, 4, 4.5, 5])
def test_a_rating_is_kept_exactly_and_shown_as_a_number(value):
    kept = RatingField().run_validation(value)

    assert kept == Decimal(str(value))
    assert RatingField().to_representation(kept) == value
    assert isinstance(RatingField().to_representation(kept), float)


def test_a_mean_is_a_number_and_not_written():
    assert MeanField().to_representation(Decimal("4.17")) == 4.17
    assert MeanField().read_only


def test_a_text_is_kept_without_the_spaces_around_it():
    assert CharField().run_validation("  x  ") == "x"


def test_a_wrong_choice_tells_those_that_there_are():
    many = ChoiceField(choices=[(str(n), str(n)) for n in range(20)])

    with pytest.raises(ValidationError) as error:
        many.run_validation("x" * 1000)

    assert str(error.value.detail[0]) == f"“{'x' * 50}” is not one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …."
