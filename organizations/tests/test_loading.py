"""Rows that are written without instances are the rows that a save would have written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from candidates.models import Candidate, Education, Source
from candidates.tests.factories import CandidateFactory, SourceFactory
from organizations.loading import BATCH, load
from organizations.models import Role

COLUMNS = ("organization_id", "first_name", "last_name", "email")


def stored(row) -> dict:
    """What is stored of the row, without what differs from row to row."""
    (found,) = type(row).objects.filter(pk=row.pk).values()
    return {name: value for name, value in found.items() if name not in {"id", "created_at", "updated_at"}}


def test_a_loaded_row_is_what_a_save_would_have_stored(organization):
    source = SourceFactory(organization=organization)
    values = {
        "organization_id": organization.pk,
        "first_name": "Zoë\t\\N \U0001f600",
        "last_name": "STRAßE\r\n",
        "email": "Zoë@Example.com",
        "rating": Decimal("4.50"),
        "source_id": source.pk,
        "applied_date": datetime(2024, 1, 10, 12, 30, 15, 123999, tzinfo=UTC),
        "notes": None,
    }

    load(Candidate, list(values), [tuple(values.values())])

    loaded = Candidate.objects.get()
    shown = stored(loaded)
    loaded.delete()
    assert shown == stored(Candidate.objects.create(**values))
    assert shown["last_name_folded"] == "strasse\r\n"
    assert shown["applied_date"].microsecond == 123000


def test_dates_lists_and_small_numbers_are_loaded_too(organization):
    candidate = CandidateFactory(organization=organization)

    load(
        Education,
        ("organization_id", "candidate_id", "school_name", "completion_date"),
        [(organization.pk, candidate.pk, "MIT", datetime(2020, 6, 1, tzinfo=UTC).date())],
    )
    load(Role, ("organization_id", "name", "permissions"), [(organization.pk, "Scout", ["candidates.view_candidate"])])

    assert str(Education.objects.get().completion_date) == "2020-06-01"
    assert Role.objects.get(name="Scout").permissions == ["candidates.view_candidate"]


def test_loaded_rows_come_in_the_order_given_with_times_to_the_millisecond(organization):
    begun = timezone.now() - timedelta(milliseconds=1)
    count = BATCH + 1

    loaded = load(Source, ("organization_id", "name"), ((organization.pk, f"Fair {n}") for n in range(count)))

    assert loaded == count
    rows = Source.objects.order_by("pk")
    assert [row.name for row in rows] == [f"Fair {n}" for n in range(count)]
    assert {row.pk.version for row in rows} == {7}
    assert all(row.created_at.microsecond % 1000 == 0 and begun <= row.created_at <= timezone.now() for row in rows)


def test_of_rows_that_are_refused_none_is_written(organization):
    def rows():
        for number in range(BATCH + 1):
            yield organization.pk, "A", "B", f"{number % BATCH}@example.com"

    with pytest.raises(IntegrityError), transaction.atomic():
        load(Candidate, COLUMNS, rows())

    assert not Candidate.objects.exists()


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ((*COLUMNS, "shoe_size"), "shoe_size"),
        ((*COLUMNS, "email_folded"), "email_folded"),
        (COLUMNS[:-1], r"Candidate\.email"),
    ],
)
def test_columns_that_are_unknown_computed_or_missing_are_named(organization, columns, named):
    with pytest.raises(LookupError, match=named):
        load(Candidate, columns, [])


def test_a_row_of_another_width_is_refused(organization):
    with pytest.raises(ValueError, match="shorter"), transaction.atomic():
        load(Candidate, COLUMNS, [(organization.pk, "A", "B")])


def test_nothing_to_load_is_nothing_loaded(organization):
    assert load(Candidate, COLUMNS, iter([])) == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="COPY is PostgreSQL's")
def test_any_number_of_rows_is_one_statement(organization, django_assert_num_queries):
    with django_assert_num_queries(1):
        load(Source, ("organization_id", "name"), ((organization.pk, f"{n}") for n in range(BATCH + 1)))
