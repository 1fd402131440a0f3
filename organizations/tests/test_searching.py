"""Rows are found by their words: all of them, from their beginning, best first, and by nobody who may not see them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from candidates.models import Candidate, Experience, Skill
from candidates.tests.factories import CandidateFactory, ExperienceFactory, SkillFactory
from contacts.tests.factories import ContactFactory
from interviews.tests.factories import InterviewerFactory, InterviewFactory
from organizations.loading import load
from organizations.models import Role
from organizations.models.words import LONGEST_TEXT
from organizations.searching import left_for_later
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, RoleFactory
from pipelines.tests.factories import PipelineFactory, StageFactory

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'")


def found(client, search: str, prefix: str = "candidate", **asked) -> list[str]:
    """The ids of what is found, in their order; the total and the count say the same number."""
    response = client.get(f"/api/{prefix}", {"search": search, "take": 100, **asked})
    assert response.status_code == 200, response.content
    ids = [item["id"] for item in response.json()["items"]]
    filters = {name: value for name, value in asked.items() if name.startswith("where")}
    count = client.get(f"/api/{prefix}/count", {"search": search, **filters}).json()
    assert response.json()["total"] == count == len(ids)
    return ids


@pytest.fixture
def candidate(organization) -> Candidate:
    candidate = CandidateFactory(
        organization=organization,
        first_name="Zoë",
        last_name="Müller-Łukasz",
        email="zoe.m@example.org",
        notes="Moved from İstanbul to the Lange Straße; asks for Иван. Knows 日本語 and हिन्दी",
    )
    SkillFactory(candidate=candidate, name="C++")
    ExperienceFactory(
        candidate=candidate, occupation="Plumber", company="Acme & Sons", description="Repaired *everything*"
    )
    return candidate


def test_a_candidate_is_found_by_the_beginning_of_every_word(recruiter, candidate):
    CandidateFactory(organization=candidate.organization)

    for search in (
        "zoe", "ZOË", "Zoe\u0308", "müller", "MULLER", "Muller-Luk", "lukasz", "Łukasz", "zoe.m@example.org",
        "istanbul", "İSTANBUL", "STRASSE", "straße", "иван", "ИВАН", "日本", "हिन्दी", "c++", "C+", "plumb",
        "acme sons", "repair", "zo mul plum c++ istan", "  zoe\t\nmuller  ",
    ):  # fmt: skip
        assert found(recruiter, search) == [str(candidate.pk)], search


def test_a_word_that_does_not_match_finds_nothing(recruiter, candidate):
    for search in ("zoe nobody", "oe", "ller", "c#", "plumbers", "hindi", "c plumber acmes"):
        assert found(recruiter, search) == [], search


def test_what_is_syntax_elsewhere_is_only_words_here(recruiter, candidate):
    for search in (
        'zoe"', 'zoe""', "zoe*", "zoe:", "zoe:*", "zoe & muller", "!zoe | muller", "(zoe", "zoe)", "zoe\\", "zoe'",
        "'zoe' : *", "zoe <-> muller", "{zoe} : muller", "zoe^", "-zoe", "%zoe%", "zoe, muller;",
    ):  # fmt: skip
        assert found(recruiter, search) == [str(candidate.pk)], search
    for search in ("zoe OR nobody", "zoe NOT nobody", "NEAR(zoe muller)", "zoe | nobody", "b : zoe", "$.words zoe"):
        assert found(recruiter, search) == [], search


def test_a_search_for_nothing_or_too_much_is_refused(recruiter):
    for search in ("", " ", "+-*", '"', "&|!", "a" * 201, " ".join(f"w{n}" for n in range(21))):
        for path in ("/api/candidate", "/api/candidate/count"):
            response = recruiter.get(path, {"search": search})
            assert response.status_code == 400
            (detail,) = response.json()["details"]
            assert detail["field"] == "search"
            assert detail["message"].startswith(("Write one or more words", "Write at most")), search


def test_the_best_come_first_and_an_order_wins(recruiter, organization):
    by_notes, by_experience, by_skill, by_name, by_beginning = (
        CandidateFactory(organization=organization, first_name=name, email=f"{n}@example.com", **fields)
        for n, (name, fields) in enumerate(
            [
                ("A", {"notes": "Rust"}),
                ("B", {}),
                ("C", {}),
                ("Rust", {}),
                ("Rusty", {"created_at": "2020-01-01T00:00Z"}),
            ]
        )
    )
    ExperienceFactory(candidate=by_experience, occupation="Rust")
    SkillFactory(candidate=by_skill, name="Rust")
    newest_first = [by_beginning, by_name, by_skill, by_experience, by_notes]
    by_beginning.refresh_from_db()

    best_first = [by_name, by_beginning, by_skill, by_experience, by_notes]
    assert found(recruiter, "rust") == [str(row.pk) for row in best_first]
    by_creation = sorted(newest_first, key=lambda row: (row.created_at, row.pk))
    assert found(recruiter, "rust", **{"order[createdAt]": "ASC"}) == [str(row.pk) for row in by_creation]


def test_equals_come_newest_first_and_cursors_lead_through_all(recruiter, organization):
    rows = [CandidateFactory(organization=organization, last_name="Twin") for _ in range(5)]
    rows.append(CandidateFactory(organization=organization, notes="twin"))
    expected = [str(row.pk) for row in [*reversed(rows[:5]), rows[5]]]
    assert found(recruiter, "twin") == expected

    pages, cursor = [], ""
    while cursor is not None:
        page = recruiter.get("/api/candidate", {"search": "twin", "take": 2, "cursor": cursor}).json()
        assert page["total"] == 6
        pages += [item["id"] for item in page["items"]]
        cursor = page["nextCursor"]

    assert pages == expected
    skipped = recruiter.get("/api/candidate", {"search": "twin", "take": 2, "skip": 3}).json()
    assert [item["id"] for item in skipped["items"]] == expected[3:5]
    assert skipped["total"] == 6


def test_a_search_joins_with_conditions(recruiter, candidate):
    CandidateFactory(organization=candidate.organization, first_name="Zoe", status="REJECTED")

    assert found(recruiter, "zoe", **{"where[status]": "APPLIED"}) == [str(candidate.pk)]
    assert found(recruiter, "zoe", **{"where[skills][name]": "C++"}) == [str(candidate.pk)]


def test_contacts_interviews_and_pipelines_are_found(recruiter, organization):
    contact = ContactFactory(organization=organization, name="Grün & Co", primary_email="a@gruen.test", city="Kraków")
    interview = InterviewFactory(organization=organization, title="Über coffee", location="Room 7", note="bring CV")
    pipeline = PipelineFactory(organization=organization, name="Sales", description="for large deals")
    stage = StageFactory(pipeline=pipeline, name="Négociation")

    for prefix, row, searches in (
        ("organization-contact", contact, ["grun", "gruen.test", "krakow"]),
        ("candidate-interview", interview, ["uber", "room 7", "cv coffee"]),
        ("pipelines", pipeline, ["sal", "large", "negociation sales"]),
    ):
        for search in searches:
            assert found(recruiter, search, prefix) == [str(row.pk)]
    stage.delete()
    assert found(recruiter, "negociation", "pipelines") == []


# Who may find what.


def test_strangers_find_nothing(stranger, candidate):
    assert found(stranger, "zoe") == []
    assert found(stranger, "zoe", **{"where[organizationId]": str(candidate.organization_id)}) == []


def test_who_belongs_to_two_organizations_searches_both_or_one(recruiter, candidate):
    other = OrganizationFactory()
    EmployeeFactory(organization=other, user=recruiter.user, role_name="VIEWER")
    there = CandidateFactory(organization=other, first_name="Zoe", last_name="Elsewhere")
    CandidateFactory(organization=OrganizationFactory(), first_name="Zoe")

    assert found(recruiter, "zoe") == [str(there.pk), str(candidate.pk)]
    assert found(recruiter, "zoe", **{"where[organizationId]": str(other.pk)}) == [str(there.pk)]
    assert found(recruiter, "muller elsewhere") == []


def test_interviewers_find_their_own_candidates_only(interviewer, candidate):
    CandidateFactory(organization=candidate.organization, first_name="Zoe")
    assert found(interviewer, "zoe") == []

    interview = InterviewFactory(candidate=candidate, title="Tea")
    InterviewFactory(organization=candidate.organization, title="Tea")
    InterviewerFactory(interview=interview, employee=interviewer.employee)

    assert (
        found(interviewer, "zoe") == found(interviewer, "c++") == found(interviewer, "plumber") == [str(candidate.pk)]
    )
    assert found(interviewer, "tea", "candidate-interview") == [str(interview.pk)]


def test_of_a_whole_address_the_domain_must_be_as_it_is(recruiter, organization):
    CandidateFactory(organization=organization, email="jane.doe@example.com")

    def found(words: str) -> int:
        return recruiter.get("/api/candidate/count", {"search": words}).json()

    assert [found(words) for words in ("jane.doe@example.com", "jan@example.com", "jane@exam")] == [1, 1, 1]
    assert [found(words) for words in ("jane.doe@example.co", "jane.doe@exam.com")] == [0, 0]


@pytest.mark.parametrize(
    ("permissions", "findable"),
    [
        (["candidates.view_candidate"], {"zoe"}),
        (["candidates.view_candidate", "candidates.view_skill"], {"zoe", "c++"}),
        # Sees the skills of some of the candidates that they see.
        (["candidates.view_candidate", "candidates.view_own_skill"], {"zoe"}),
        (["candidates.view_candidate", "candidates.view_experience"], {"zoe", "plumber"}),
    ],
)
def test_nobody_finds_by_what_they_may_not_see(permissions, findable, organization, candidate, sign_in):
    role = RoleFactory(organization=organization, permissions=permissions)
    client = sign_in("RECRUITER")
    type(client.employee).objects.filter(pk=client.employee.pk).update(role=role)

    assert {search for search in ("zoe", "c++", "plumber") if found(client, search)} == findable


def test_what_one_may_not_see_does_not_order_either(organization, sign_in):
    role = RoleFactory(organization=organization, permissions=["candidates.view_candidate"])
    client = sign_in("RECRUITER")
    type(client.employee).objects.filter(pk=client.employee.pk).update(role=role)
    skilled, newer = (CandidateFactory(organization=organization, last_name="Rust") for _ in range(2))
    SkillFactory(candidate=skilled, name="Rust")

    assert found(client, "rust") == [str(newer.pk), str(skilled.pk)]


def test_an_operator_searches_a_few_organizations_or_names_some(superuser, candidate, monkeypatch):
    assert found(superuser, "zoe") == [str(candidate.pk)]

    monkeypatch.setattr("organizations.models.search.MOST_ORGANIZATIONS", 1)
    OrganizationFactory()
    response = superuser.get("/api/candidate", {"search": "zoe"})
    assert response.status_code == 400
    assert "where[organizationId]" in response.json()["details"][0]["message"]
    named = {"where[organizationId]": str(candidate.organization_id)}
    assert found(superuser, "zoe", **named) == [str(candidate.pk)]


# In step with the rows, however they are written.


def test_a_change_through_the_api_is_found_at_once(recruiter, candidate):
    recruiter.put(f"/api/candidate/{candidate.pk}", {"user": {"firstName": "Renée"}, "notes": None})
    assert found(recruiter, "renee muller") == [str(candidate.pk)]
    assert found(recruiter, "zoe istanbul") == []

    recruiter.post(f"/api/candidate/{candidate.pk}/skills", {"skills": [{"name": "Gö"}]})
    assert found(recruiter, "go c++") == [str(candidate.pk)]

    skill = Skill.objects.get(name="Gö")
    recruiter.put(f"/api/candidate-skill/{skill.pk}", {"name": "Haskell"})
    assert found(recruiter, "haskell") == [str(candidate.pk)]
    recruiter.delete(f"/api/candidate-skill/{skill.pk}")
    assert found(recruiter, "haskell") == found(recruiter, "go") == []

    recruiter.delete(f"/api/candidate/{candidate.pk}")
    assert found(recruiter, "renee") == []


def test_every_other_way_to_write_is_followed(recruiter, candidate):
    rows = Candidate.objects.filter(pk=candidate.pk)
    candidate.first_name = "Ada"
    candidate.save(update_fields=["first_name"])
    assert found(recruiter, "ada muller") == [str(candidate.pk)]

    rows.update(first_name="Bea")
    assert found(recruiter, "bea muller") == [str(candidate.pk)]
    rows.update(first_name="Cleo", last_name="Stone", email="cleo@example.com", notes="quick")
    assert found(recruiter, "cleo stone quick") == [str(candidate.pk)]

    candidate.refresh_from_db()
    candidate.first_name = "Dora"
    Candidate.objects.bulk_update([candidate], ["first_name"])
    assert found(recruiter, "dora stone") == [str(candidate.pk)]

    Skill.objects.bulk_create(
        Skill(candidate=candidate, organization=candidate.organization, name=name) for name in ("Sailing", "Rowing")
    )
    assert found(recruiter, "sailing rowing") == [str(candidate.pk)]
    other = CandidateFactory(organization=candidate.organization)
    Skill.objects.filter(name="Rowing").update(candidate=other)
    assert found(recruiter, "rowing") == [str(other.pk)]
    Experience.objects.all().delete()
    assert found(recruiter, "plumber") == []


def test_parts_may_come_before_their_candidate(recruiter, organization):
    candidate = CandidateFactory.build(organization=organization, first_name="Late")
    values = {"organization_id": organization.pk, "candidate_id": candidate.pk}

    load(Skill, [*values, "name"], [(*values.values(), "Sculling")])
    load(
        Candidate,
        ["id", "organization_id", "first_name", "email"],
        [(candidate.pk, organization.pk, "Late", "l@x.org")],
    )

    assert found(recruiter, "late sculling") == [str(candidate.pk)]


def test_a_refused_write_leaves_no_words(recruiter, candidate):
    with pytest.raises(IntegrityError), transaction.atomic():
        CandidateFactory(organization=candidate.organization, first_name="Ghost", email=candidate.email)

    assert found(recruiter, "ghost") == []


def test_what_is_deleted_with_its_organization_leaves_no_document(candidate):
    documents = "SELECT count(*) FROM candidate_search"
    Role.objects.filter(organization=candidate.organization).delete()
    candidate.organization.delete()

    with connection.cursor() as cursor:
        cursor.execute(documents)
        assert cursor.fetchone()[0] == 0


@pytest.mark.skipif("connection.vendor != 'sqlite'")
@pytest.mark.django_db(transaction=True)
def test_a_table_that_is_made_anew_is_still_followed(recruiter, candidate):
    """As SQLite does for most changes of a table."""
    with connection.schema_editor() as editor:
        editor._remake_table(Skill)
        editor._remake_table(Candidate)

    Candidate.objects.filter(pk=candidate.pk).update(first_name="Anew")
    SkillFactory(candidate=candidate, name="Tailor")
    assert found(recruiter, "anew tailor c++") == [str(candidate.pk)]


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_are_both_found(recruiter, candidate):
    """The second waits for the document that the first has put together, and then reads what the first has written."""
    other = threading.Thread(target=lambda: (SkillFactory(candidate=candidate, name="Rowing"), connection.close()))
    with transaction.atomic():
        SkillFactory(candidate=candidate, name="Sailing")
        other.start()
        with connection.cursor() as cursor:
            until(lambda: cursor.execute("SELECT FROM pg_locks WHERE NOT granted").rowcount)
    other.join()

    assert found(recruiter, "sailing rowing") == [str(candidate.pk)]


def until(happened: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 5
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@on_postgresql
def test_a_status_does_not_touch_the_words(candidate):
    def version() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT ctid || ' ' || xmin FROM candidate_search WHERE row_id = %s", [candidate.pk])
            return cursor.fetchone()[0]

    before = version()
    Candidate.objects.filter(pk=candidate.pk).update(rating=4)
    candidate.refresh_from_db()
    candidate.save()
    assert version() == before


def test_a_text_of_any_length_can_be_kept(recruiter, organization):
    text = " ".join(f"w{n}" for n in range(4000))
    many = CandidateFactory(organization=organization, notes=text[:20_000])
    for n in range(8):
        ExperienceFactory(candidate=many, description=" ".join(f"x{n}{i}" for i in range(3000)))

    assert found(recruiter, "w3 x7") == [str(many.pk)]
    assert len(CandidateFactory.build(notes="\ufdfa " * 2000).notes) < LONGEST_TEXT
    CandidateFactory(organization=organization, notes="\ufdfa" * 20_000)


# Verified, and repaired.


def verified(*options: str) -> dict:
    out = StringIO()
    call_command("verify_search", "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def wrong_in(outcome: dict) -> dict:
    return {kind: {label: count for label, count in outcome[kind].items() if count} for kind in ("words", "documents")}


def test_what_is_in_step_is_said_to_be(candidate):
    assert wrong_in(verified()) == {"words": {}, "documents": {}}


def test_words_of_another_version_are_written_anew(recruiter, candidate):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE candidates_skill SET words = 'cplusplus'")
    with pytest.raises(SystemExit):
        verified()
    assert found(recruiter, "cplusplus") == [str(candidate.pk)]

    assert wrong_in(verified("--repair"))["words"] == {"candidates.Skill": 1}
    assert found(recruiter, "cplusplus") == []
    assert found(recruiter, "c++") == [str(candidate.pk)]
    assert wrong_in(verified()) == {"words": {}, "documents": {}}


@pytest.mark.parametrize("damage", ["DELETE FROM candidate_search", "UPDATE candidate_search SET row_id = %s"])
def test_documents_are_put_together_anew(damage, recruiter, candidate):
    nobody = uuid4()
    with connection.cursor() as cursor:
        key = nobody if connection.vendor == "postgresql" else nobody.hex
        cursor.execute(damage, [key] if "%s" in damage else None)
    assert found(recruiter, "zoe") == []
    with pytest.raises(SystemExit):
        verified()

    verified("--repair")

    assert found(recruiter, "zoe c++") == [str(candidate.pk)]
    assert wrong_in(verified()) == {"words": {}, "documents": {}}


def test_a_load_can_leave_the_words_for_later(recruiter, organization):
    with left_for_later():
        candidate = CandidateFactory(organization=organization, first_name="Zoe")
        assert found(recruiter, "zoe") == []

    verified("--repair")
    assert found(recruiter, "zoe") == [str(candidate.pk)]
    assert found(recruiter, CandidateFactory(organization=organization).last_name)
