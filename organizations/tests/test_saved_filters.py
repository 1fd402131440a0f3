from __future__ import annotations

import pytest

from organizations.errors import RuleBroken
from organizations.models import SavedFilter
from organizations.saved_filters import MOST_FILTERS, delete_filter, filters_of, rename_filter, save_filter
from organizations.tests.factories import UserFactory

LIST = "candidates.candidate"


@pytest.fixture
def rita(db):
    return UserFactory(first_name="Rita")


def save(name, by, list_of=LIST):
    return save_filter(name, list_of=list_of, query_string="status__exact=APPLIED", by=by)


def test_filters_stand_by_name_and_are_nobody_elses(rita):
    for name in ("to call", "Applied"):
        save(name, rita)
    save("Mine", UserFactory())
    save("Clients", rita, list_of="contacts.contact")

    assert [saved.name for saved in filters_of(rita, list_of=LIST)] == ["Applied", "to call"]


def test_a_name_is_there_once_ignoring_case(rita):
    other = save("Applied", rita)
    saved = save("To call", rita)

    for again in (lambda: save("APPLIED", rita), lambda: rename_filter(saved, " applied ")):
        with pytest.raises(RuleBroken, match="You have a filter of this name"):
            again()
    assert save("applied", UserFactory()).name == "applied"
    assert rename_filter(other, "APPLIED").name == "APPLIED"


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_name_has_something_to_say(rita, name):
    with pytest.raises(RuleBroken):
        save(name, rita)
    assert not SavedFilter.objects.exists()


def test_a_deleted_filter_makes_room(rita):
    for number in range(MOST_FILTERS):
        last = save(f"Filter {number}", rita)

    with pytest.raises(RuleBroken, match="Delete one first"):
        save("One more", rita)
    delete_filter(last)
    assert save("One more", rita) in filters_of(rita, list_of=LIST)
