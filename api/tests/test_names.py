"""API names and ours differ by case only."""

from __future__ import annotations

import pytest

from api.names import camelize, snake


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("name", "name"),
        ("first_name", "firstName"),
        ("started_work_on", "startedWorkOn"),
        ("is_active", "isActive"),
        ("cv_url", "cvUrl"),
    ],
)
def test_a_name_comes_back_from_its_other_form(ours, theirs):
    assert camelize(ours) == theirs
    assert snake(theirs) == ours
