"""Pages and neighbours of a long list are those of the whole list sorted, however they are found."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from candidates.models import Candidate
from candidates.tests.factories import CandidateFactory
from organizations import browsing
from organizations.browsing import By, LongList, by_age
from organizations.tests.factories import OrganizationFactory

#: Orders with and without missing values, either way round.
ORDERS = [
    by_age(),
    by_age(By("applied_date", falls=True)),
    by_age(By("rating", falls=True, nullable=True)),
    by_age(By("rating", falls=False, nullable=True)),
    by_age(By("first_name_folded", falls=False, nullable=True)),
]


@pytest.fixture
def crowd(db):
    here = OrganizationFactory()
    ratings = [None, Decimal("4.50"), Decimal("2.00"), None, Decimal("4.50"), Decimal("3.00"), None]
    now = timezone.now()
    return [
        CandidateFactory(organization=here, rating=rating, applied_date=now - timedelta(days=number % 3))
        for number, rating in enumerate(ratings)
    ]


def keys_of(order):
    """All of them, as the database sorts them."""
    rows = Candidate.objects.order_by(*(by.expression for by in order))
    return list(rows.values_list("pk", flat=True))


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize("few", [3, 1000])
def test_neighbours_are_those_of_the_whole_list(crowd, order, few, monkeypatch):
    monkeypatch.setattr(browsing, "FEW", few)
    keys = keys_of(order)

    for candidate in crowd:
        candidate.refresh_from_db()
        place = keys.index(candidate.pk)
        beside = LongList(Candidate.objects.all(), order).around(candidate)
        before, after = [None, *keys][place], [*keys, None][place + 1]
        assert (beside.before, beside.after, beside.place) == (before, after, place + 1 if few == 1000 else None)


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize("few", [3, 1000])
def test_pages_of_several_organizations_are_one_list(crowd, order, few, monkeypatch):
    monkeypatch.setattr(browsing, "FEW", few)
    there = CandidateFactory.create_batch(4, organization=OrganizationFactory(), rating="3.5")
    organizations = {crowd[0].organization_id, there[0].organization_id}
    keys, pages = keys_of(order), []

    for number in range(1, 4):
        page, has_more = LongList(Candidate.objects.all(), order, organizations=organizations).page(number, 4)
        pages.append(page)
        assert has_more is (number < 3)
    assert pages == [keys[:4], keys[4:8], keys[8:]]


def test_many_matches_are_counted_so_far_and_no_further(crowd, monkeypatch):
    monkeypatch.setattr(browsing, "FEW", 3)
    named = Candidate.objects.filter(first_name__startswith="First")
    some = named.filter(pk__in=[candidate.pk for candidate in crowd[:3]])

    many, few = (LongList(rows, by_age(), is_narrowed=True) for rows in (named, some))

    assert (many.count, many.is_more) == (3, True)
    assert (few.count, few.is_more) == (3, False)


def test_of_many_that_match_words_the_first_found_are_ranked_and_no_others(crowd, monkeypatch):
    monkeypatch.setattr(browsing, "FEW", 3)
    rows = Candidate.objects.filter(first_name__startswith="First")
    by_name = (By("first_name_folded", falls=False), *by_age())

    ranked, all_sorted = (LongList(rows, by_name, is_narrowed=True, is_ranked=ranked) for ranked in (True, False))

    assert (ranked.count, ranked.is_more, ranked.is_cut_off) == (3, True, True)
    assert (len(ranked.page(1, 50)[0]), len(all_sorted.page(1, 50)[0])) == (3, 7)
    names = [Candidate.objects.get(pk=key).first_name for key in ranked.page(1, 50)[0]]
    assert names == sorted(names)


def test_the_exact_number_is_known_where_totals_are_kept(crowd, monkeypatch):
    monkeypatch.setattr(browsing, "FEW", 3)
    everyone = LongList(Candidate.objects.filter(organization=crowd[0].organization), by_age())

    assert (everyone.count, everyone.is_more) == (7, False)


@pytest.mark.parametrize("number", [0, -1, 3, 10**9])
def test_beyond_the_deepest_page_there_is_nothing(crowd, number, monkeypatch):
    monkeypatch.setattr(browsing, "DEEPEST", 4)

    assert LongList(Candidate.objects.all(), by_age()).page(number, 2) == ([], False)
    assert LongList(Candidate.objects.all(), by_age()).page(2, 2)[1] is False
