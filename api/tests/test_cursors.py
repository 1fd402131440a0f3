"""The order of a list after a cursor: the stretches that follow it, nearest first."""

from __future__ import annotations

import pytest

from api.cursors import read, stretches, written
from api.errors import BadParameter
from api.query import Sorted
from candidates.models import Candidate

NEWEST = (Sorted("created_at", False, False), Sorted("id", False, False))
BY_RATING = (Sorted("rating", True, False), *NEWEST)
MIXED = (Sorted("status", False, True), *NEWEST)
KEY = "01890000-0000-7000-8000-000000000000"
MOMENT = "2024-01-10T00:00:00.000Z"


def shapes(sorting, values):
    return [
        [(kind, *(one.column for one in columns)) for kind, columns in stretch.shape]
        for stretch in stretches(sorting, values)
    ]


def test_the_first_page_begins_anywhere():
    assert shapes(NEWEST, ()) == [[]]


def test_columns_that_fall_together_are_compared_as_one_row():
    assert shapes(NEWEST, [MOMENT, KEY]) == [[("follow", "created_at", "id")]]


def test_rows_without_a_value_follow_all_others():
    assert shapes(BY_RATING, [4, MOMENT, KEY]) == [
        [("filled", "rating"), ("follow", "rating", "created_at", "id")],
        [("null", "rating")],
    ]
    assert shapes(BY_RATING, [None, MOMENT, KEY]) == [[("null", "rating"), ("follow", "created_at", "id")]]


def test_columns_that_do_not_fall_together_are_taken_one_after_the_other():
    assert shapes(MIXED, ["APPLIED", MOMENT, KEY]) == [
        [("equal", "status"), ("follow", "created_at", "id")],
        [("follow", "status")],
    ]


def test_a_cursor_gives_back_what_was_written():
    cursor = written(["4.50", MOMENT, KEY], of="candidate", sorting=BY_RATING)

    rating, moment, key = read(cursor, of="candidate", sorting=BY_RATING, model=Candidate)

    assert (float(rating), moment.isoformat(), str(key)) == (4.5, "2024-01-10T00:00:00+00:00", KEY)


@pytest.mark.parametrize(("of", "sorting"), [("contact", BY_RATING), ("candidate", NEWEST), ("candidate", MIXED)])
def test_a_cursor_of_another_list_or_order_is_refused(of, sorting):
    cursor = written(["4.50", MOMENT, KEY], of="candidate", sorting=BY_RATING)

    with pytest.raises(BadParameter):
        read(cursor, of=of, sorting=sorting, model=Candidate)


@pytest.mark.parametrize("change", [lambda c: c[:-1] + ("a" if c[-1] != "a" else "b"), lambda c: "x", lambda c: c[5:]])
def test_a_cursor_that_was_tampered_with_is_refused(change):
    cursor = written(["4.50", MOMENT, KEY], of="candidate", sorting=BY_RATING)

    with pytest.raises(BadParameter):
        read(change(cursor), of="candidate", sorting=BY_RATING, model=Candidate)
