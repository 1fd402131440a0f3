"""Pages of long lists: after a cursor, and far from the beginning."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api import listing
from api.statements import Bound, Statement
from candidates.models import Candidate
from candidates.tests.factories import CandidateFactory, SkillFactory
from organizations.tests.factories import EmployeeFactory, OrganizationFactory

from .test_every_endpoint import RESOURCES, World, all_paths, each_role

ORDERS = [
    "",
    "order[createdAt]=ASC",
    "order[rating]=ASC",
    "order[rating]=DESC",
    "order[status]=ASC&order[rating]=DESC",
    "order[rating]=ASC&order[status]=DESC&order[user][lastName]=ASC",
    "order[id]=ASC",
    "order[candidateLevel]=DESC",
]
each_order = pytest.mark.parametrize("order", ORDERS)


@pytest.fixture
def many(organization) -> list[Candidate]:
    """Candidates of few values, so that ties and missing ones are everywhere."""
    chance, now = random.Random(3), timezone.now()
    return [
        CandidateFactory(
            organization=organization,
            rating=chance.choice([None, Decimal(1), Decimal(4)]),
            candidate_level=chance.choice([None, "Junior", "senior"]),
            last_name=chance.choice(["Ärmel", "Doe", ""]),
            created_at=now - timedelta(seconds=chance.randrange(4)),
        )
        for _ in range(23)
    ]


def pages(client, asked: str, take: int = 4) -> Iterator[list[str]]:
    cursor = ""
    while cursor is not None:
        answer = client.get(f"/api/candidate?take={take}&{asked}&cursor={cursor}")
        assert answer.status_code == 200, answer.content
        cursor = answer.json()["nextCursor"]
        yield [item["id"] for item in answer.json()["items"]]


def ids(client, asked: str) -> list[str]:
    return [item["id"] for item in client.get(f"/api/candidate?take=100&{asked}").json()["items"]]


@each_order
def test_the_pages_after_each_cursor_are_the_whole_list(order, recruiter, many):
    assert [key for page in pages(recruiter, order) for key in page] == ids(recruiter, order)
    filtered = f"{order}&where[rating][isNull]=false"
    assert [key for page in pages(recruiter, filtered) for key in page] == ids(recruiter, filtered)


def test_rows_that_come_and_go_meanwhile_neither_repeat_nor_hide_others(recruiter, organization, many):
    before = ids(recruiter, "order[rating]=DESC")
    seen: list[str] = []
    for page in pages(recruiter, "order[rating]=DESC"):
        seen += page
        CandidateFactory(organization=organization, rating=5)
        Candidate.objects.filter(pk=seen[0]).delete()

    assert [key for key in seen if key in before] == before
    assert len(set(seen)) == len(seen)


def test_the_last_page_has_no_cursor_and_each_tells_the_total(recruiter, many):
    answer = recruiter.get("/api/candidate?take=23&cursor=").json()

    assert (len(answer["items"]), answer["total"], answer["nextCursor"]) == (23, 23, None)
    assert "nextCursor" not in recruiter.get("/api/candidate?take=5").json()


def test_a_selection_of_fields_does_not_lose_the_place(recruiter, many):
    assert [key for page in pages(recruiter, "select[]=notes") for key in page] == ids(recruiter, "")


@pytest.mark.parametrize("cursor", ["x", "x&skip=1", "&skip=1", "%00", "&cursor=", "[a]=1"])
def test_a_cursor_that_was_not_given_is_refused(cursor, recruiter, many):
    response = recruiter.get(
        f"/api/candidate?cursor={cursor}" if cursor[:1] != "[" else f"/api/candidate?cursor{cursor}"
    )

    assert response.status_code == 400
    assert response.json()["details"][0]["field"].startswith("cursor")


def test_a_cursor_of_one_organization_shows_nothing_to_a_stranger(recruiter, stranger, many):
    cursor = recruiter.get("/api/candidate?take=4&cursor=").json()["nextCursor"]

    assert stranger.get(f"/api/candidate?cursor={cursor}").json() == {"items": [], "total": 0, "nextCursor": None}


@each_order
@pytest.mark.parametrize("take", [3, 10])
def test_a_page_far_from_the_beginning_is_the_same_page(order, take, recruiter, many, monkeypatch):
    whole = ids(recruiter, order)
    monkeypatch.setattr(listing, "DEEP", 5)
    for skip in range(26):
        answer = recruiter.get(f"/api/candidate?take={take}&skip={skip}&{order}").json()
        assert [item["id"] for item in answer["items"]] == whole[skip : skip + take]
        assert answer["total"] == 23


def test_a_page_far_from_the_beginning_is_found_by_its_keys(recruiter, many, monkeypatch):
    monkeypatch.setattr(listing, "DEEP", 5)
    with CaptureQueriesContext(connection) as captured:
        recruiter.get("/api/candidate?take=4&skip=6")

    passing = [query["sql"] for query in captured if "OFFSET 6" in query["sql"]]
    assert len(passing) == 1
    assert "notes" not in passing[0]


# In several organizations.


@pytest.fixture
def in_two(recruiter, many) -> list[Candidate]:
    """The recruiter works in another organization too, which has candidates of the same values."""
    elsewhere = OrganizationFactory()
    EmployeeFactory(user=recruiter.user, organization=elsewhere, role_name="VIEWER")
    for one in many[:9]:
        CandidateFactory(
            organization=elsewhere, rating=one.rating, candidate_level=one.candidate_level, created_at=one.created_at
        )
    return list(Candidate.objects.all())


@each_order
def test_rows_of_two_organizations_are_one_list(order, recruiter, in_two):
    whole = ids(recruiter, order)
    assert set(whole) == {str(one.pk) for one in in_two}
    assert len(whole) == len(in_two) == 32
    assert [key for page in pages(recruiter, order) for key in page] == whole
    for skip in (0, 3, 20, 31, 32):
        answer = recruiter.get(f"/api/candidate?take=5&skip={skip}&{order}").json()
        assert [item["id"] for item in answer["items"]] == whole[skip : skip + 5]
        assert answer["total"] == 32


def test_rows_of_two_organizations_are_sorted_as_those_of_one(superuser, recruiter, in_two):
    """The superuser sees the same rows, which are sorted all together."""
    for order in ORDERS:
        assert ids(recruiter, order) == ids(superuser, order)


# What compiled statements rest on.


@each_role
def test_a_statement_depends_on_the_callers_rights_and_ids_and_on_nothing_else(role, sign_in):
    """Compiled for two stand-ins it is the same text with the same values: none of them is the caller's, or of now."""
    user = sign_in(role).user
    EmployeeFactory(user=user, organization=OrganizationFactory(), role_name="VIEWER")
    assert user.stand_in().shape == user.shape
    for viewset in RESOURCES.values():
        first, second = (compiled(viewset.model, user.stand_in()) for _ in range(2))
        assert first == second
        assert not {str(pk) for pk in user.ids} & set(first[1])


def compiled(model, stand_in) -> tuple[str, list[str]]:
    rows = model.objects.permitted(stand_in, "view")
    made = Statement(rows.values_list("id", *rows.query.annotations), stand_in)
    assert not [param for param in made.params if isinstance(param, date)]
    return made.sql, sorted(str(param.index if isinstance(param, Bound) else param) for param in made.params)


def test_one_statement_serves_callers_of_the_same_rights_with_their_own_rows(sign_in):
    """The same shape of question, one after the other, in two organizations."""
    for _ in range(2):
        here = OrganizationFactory()
        client = sign_in("RECRUITER", organization=here)
        World(here, interviewer=client.employee)
        paths = "&".join(f"relations[]={path}" for path in all_paths(RESOURCES["candidate"].query))
        answer = client.get(f"/api/candidate?{paths}").json()
        assert answer["total"] == Candidate.objects.filter(organization=here).count() > 0
        assert {item["organizationId"] for item in answer["items"]} == {str(here.pk)}


# Few matches, and many.


@pytest.mark.parametrize("few", [0, 4, 1000])
@pytest.mark.parametrize(
    "asked",
    [
        "where[rating][gte]=1",
        "where[skills][name]=Go",
        "where[skills][name][startsWith]=g&where[rating]=4",
        "where[skills][name]=Go&where[skills][level]=EXPERT&where[candidateLevel]=senior",
        "where[skills][name]=None",
    ],
)
def test_how_many_match_changes_the_way_and_not_the_answer(few, asked, recruiter, many, monkeypatch):
    for place, candidate in enumerate(many):
        if place % 3:
            SkillFactory(candidate=candidate, name="Go", level="EXPERT" if place % 2 else None)
            SkillFactory(candidate=candidate, name="Golf")
    expected = {order: ids(recruiter, f"{asked}&{order}") for order in ORDERS}
    monkeypatch.setattr(listing, "FEW", few)

    for order, whole in expected.items():
        for skip in (0, 2, 30):
            answer = recruiter.get(f"/api/candidate?take=3&skip={skip}&{asked}&{order}").json()
            assert [item["id"] for item in answer["items"]] == whole[skip : skip + 3]
            assert answer["total"] == len(whole)
        assert [key for page in pages(recruiter, f"{asked}&{order}") for key in page] == whole
