"""The totals are exact, whoever asks and by whatever way the rows came, and cost the same at any size."""

from __future__ import annotations

import io
import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F
from django.db.models.expressions import RawSQL
from django.test.utils import CaptureQueriesContext

from api.viewsets import BaseViewSet, NestedViewSet
from ats_project.urls import router
from candidates.actions import delete_source, hire
from candidates.models import Candidate, Skill
from candidates.tests.factories import CandidateFactory, SkillFactory, SourceFactory
from contacts.models import Contact
from contacts.tests.factories import ContactFactory
from interviews.models import Interview
from organizations.models import Organization, Tally, tallied
from organizations.roles import built_in_roles
from organizations.tests.factories import EmployeeFactory, OrganizationFactory

from .world import World

RESOURCES: dict[str, type[BaseViewSet]] = {
    prefix: viewset
    for prefix, viewset, basename in router.registry
    if basename == prefix and not issubclass(viewset, NestedViewSet)
}
TALLIED = {prefix: viewset.model for prefix, viewset in RESOURCES.items() if viewset.model is not Organization}

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="it is about PostgreSQL")


def tallies(model) -> Counter:
    """(organization, value) → rows, as the tallies know it."""
    found: Counter = Counter()
    for tally in Tally.objects.filter(rows_of=tallied(model).name):
        found[tally.organization_id, tally.value] += tally.count
    return +found


def counted(model) -> Counter:
    """The same, counted."""
    by = tallied(model).by
    keys = ["organization_id", *([by] if by else [])]
    groups = model._base_manager.order_by().values(*keys).annotate(n=Count("*"))
    return Counter({(group["organization_id"], group[by] if by else ""): group["n"] for group in groups})


def kept() -> dict[str, dict[str, int]]:
    """The further numbers of the candidates of all organizations, as the tallies know them."""
    return {name: Candidate.objects.numbers(name) for name in tallied(Candidate).names if name}


def kept_of_the_rows(candidates=None) -> dict[str, dict[str, int]]:
    """The same, read off the rows: of all, or of these."""
    rows = list(Candidate.objects.all() if candidates is None else candidates)
    sources = Counter(f"{ids_as_text(row.source_id)} {row.status}" for row in rows)
    days = Counter(f"{row.applied_date:%Y-%m-%d}" for row in rows)
    took = Counter(str(int((row.hired_date - row.applied_date) / timedelta(days=1))) for row in rows if row.is_hired)
    archived = Counter(row.status for row in rows if row.is_archived)
    return {"source": sources, "applied_day": days, "days_to_hire": took, "is_archived": archived}


def ids_as_text(pk) -> str:
    """As the database writes it."""
    return "" if pk is None else str(pk) if connection.vendor == "postgresql" else pk.hex


@pytest.fixture
def two_worlds(organization) -> list[World]:
    return [World(organization, size=2), World(OrganizationFactory())]


def test_every_list_has_tallies_for_its_total():
    assert [prefix for prefix, model in TALLIED.items() if tallied(model) is None] == []
    assert (tallied(Candidate).by, tallied(Contact).by) == ("status", "contact_type")


@pytest.mark.parametrize("who", [*built_in_roles(), "both", "operator", "switched off"])
def test_the_total_is_the_number_of_rows_that_are_listed(who, sign_in, two_worlds, superuser):
    client = superuser if who == "operator" else sign_in(who if who in built_in_roles() else "RECRUITER")
    if who == "both":
        EmployeeFactory(organization=two_worlds[1].organization, user=client.user, role_name="INTERVIEWER")
    if who == "switched off":
        client.employee.organization.is_active = False
        client.employee.organization.save()
    if who == "INTERVIEWER":
        World(client.employee.organization, interviewer=client.employee)

    for prefix in RESOURCES:
        response = client.get(f"/api/{prefix}?take=100")
        if response.status_code == 200:
            listed = response.json()
            assert listed["total"] == len(listed["items"]), prefix
            assert client.get(f"/api/{prefix}/count").json() == listed["total"], prefix
            rows = RESOURCES[prefix].model.objects.permitted(client.user, "view")
            assert listed["total"] == len({row.pk for row in rows}), prefix


def test_who_sees_all_rows_of_an_organization_needs_no_counting(recruiter, superuser, two_worlds):
    for client, seen in ((recruiter, TALLIED), (superuser, TALLIED)):
        for prefix, model in seen.items():
            assert model.objects.permitted(client.user, "view").tallies() is not None, prefix


def test_the_total_of_those_in_one_state_needs_no_counting_either(recruiter, two_worlds):
    CandidateFactory.create_batch(2, organization=recruiter.employee.organization, status="REJECTED")
    asked = {
        "candidate?where[status]=REJECTED": 2,
        "candidate?where[status]=INTERVIEWED": 0,
        "candidate?where[status][]=REJECTED&where[status][]=HIRED": 4,
        f"candidate?where[organizationId]={recruiter.employee.organization_id}&where[status]=HIRED": 2,
        f"candidate?where[organizationId]={two_worlds[1].organization.pk}": 0,
        "candidate?where[status][ne]=HIRED": 4,
        "organization-contact?where[contactType]=CLIENT": 2,
    }
    for query, total in asked.items():
        with CaptureQueriesContext(connection) as queries:
            assert recruiter.get(f"/api/{query}").json()["total"] == total, query
        assert not [query["sql"] for query in queries if "COUNT(*)" in query["sql"]]


def test_what_is_narrowed_by_anything_else_is_counted(interviewer, recruiter, two_worlds):
    rows = Candidate.objects.permitted(recruiter.user, "view")
    skill = SkillFactory(candidate__organization=recruiter.employee.organization)

    assert Candidate.objects.permitted(interviewer.user, "view").tallies() is None
    for narrowed in (
        rows.filter(skills__name=skill.name),
        rows.filter(email=skill.candidate.email),
        rows.filter(status="HIRED") | rows.filter(rating=None),
        rows.filter(status__in=["HIRED"], rating=None),
        rows.filter(pk=skill.candidate_id),
        rows.filter(status__in=rows.values("status")),
        rows.filter(source__organization_id=recruiter.employee.organization_id),
        rows.filter(status=F("candidate_level")),
        rows.filter(status=RawSQL("candidate_level", ())),
        rows.distinct(),
        rows[:1],
        rows.union(rows, all=True),
        rows.values("status").annotate(n=Count("*")),
        rows.none(),
        rows.extra(where=["1 = 0"]),
    ):
        assert narrowed.tallies() is None, narrowed.query
        assert narrowed.count() == len(narrowed)


def test_all_but_a_few_are_all_less_the_few(recruiter, two_worlds):
    first = Candidate.objects.filter(organization=recruiter.employee.organization).earliest("created_at")
    Candidate.objects.filter(pk=first.pk).update(candidate_level="Senior", rating="4.5")
    everyone = Candidate.objects.permitted(recruiter.user, "view").count()
    for query in (
        "where[candidateLevel][ne]=Senior",
        "where[rating][ne]=4.5",
        "where[rating][ne]=null",
        f"where[user][email][ne]={first.email.upper()}",
        f"where[id][ne]={first.pk}&where[status][]={first.status}&where[status][]=APPLIED",
        "where[isActive][ne]=false&where[candidateLevel][ne]=Senior",
    ):
        listed = recruiter.get(f"/api/candidate?{query}").json()
        expected = 1 if "null" in query else everyone - 1
        assert listed["total"] == len(listed["items"]) == expected, query
        assert recruiter.get(f"/api/candidate?take=1&{query}").json()["total"] == expected, query
    assert Candidate.objects.exclude(candidate_level="Senior").tallies() is not None


def test_those_that_are_archived_are_told_apart_without_counting(recruiter, two_worlds):
    here = recruiter.employee.organization
    CandidateFactory.create_batch(3, organization=here, status="REJECTED", is_archived=True)
    CandidateFactory.create_batch(2, organization=here, status="REJECTED", candidate_level="Senior")
    rows = Candidate.objects.permitted(recruiter.user)
    for is_archived, everyone, rejected in ((True, 3, 3), (False, 6, 2)):
        asked = rows.filter(is_archived=is_archived)
        for tallied_rows, total in ((asked, everyone), (asked.filter(status="REJECTED"), rejected)):
            with CaptureQueriesContext(connection) as queries:
                assert tallied_rows.count() == total
            assert "candidates_candidate" not in queries[0]["sql"]
            assert tallied_rows.exclude(candidate_level="Senior").count() == total - (0 if is_archived else 2)
            assert tallied_rows.exclude(candidate_level="Senior").tallies() is not None
    assert rows.filter(is_archived=True, is_active=True).tallies() is None
    assert rows.filter(is_archived=F("is_active")).tallies() is None


def test_a_total_can_stand_on_the_page_itself(recruiter, two_worlds):
    rows = Candidate.objects.permitted(recruiter.user, "view").filter(status="HIRED")
    stranger = Candidate.objects.filter(organization_id__in=set(), status="HIRED")

    page = rows.annotate(total=rows.tallies().as_expression(), nothing=stranger.tallies().as_expression())

    assert {(row.total, row.nothing) for row in page[:1]} == {(2, 0)}


# However the rows come and go.


def test_however_rows_are_written_they_are_counted(organization):
    elsewhere = OrganizationFactory()
    ann, bob, eve = CandidateFactory.create_batch(3, organization=organization)
    Skill.objects.bulk_create(
        [Skill(candidate=each, organization=organization, name="Python", name_folded="python") for each in (ann, bob)]
    )
    ann.status, ann.reject_date = "REJECTED", ann.created_at
    ann.save()
    Candidate.objects.filter(pk__in=[bob.pk, eve.pk]).update(status="INTERVIEWED")
    eve.delete()
    ContactFactory(organization=organization, contact_type="LEAD")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE contacts_contact SET contact_type = 'CUSTOMER'")
    Skill.objects.update(organization=elsewhere)

    assert tallies(Candidate) == {(organization.pk, "REJECTED"): 1, (organization.pk, "INTERVIEWED"): 1}
    assert tallies(Skill) == {(elsewhere.pk, ""): 2}
    assert tallies(Contact) == {(organization.pk, "CUSTOMER"): 1}


def test_candidates_are_counted_by_source_by_day_and_by_how_long_a_hire_took(organization, recruiter):
    elsewhere, fair = OrganizationFactory(), SourceFactory(organization=organization)
    day = datetime(2026, 3, 8, 23, 30, tzinfo=UTC)
    ann, bob, eve, joe = (
        CandidateFactory(organization=organization, source=fair, applied_date=day + n * timedelta(hours=1))
        for n in range(4)
    )
    CandidateFactory(organization=elsewhere, source=None, applied_date=day)
    hire(ann, by=recruiter.user)
    Candidate.objects.filter(pk=ann.pk).update(hired_date=day + timedelta(days=12))
    hire(bob, by=recruiter.user)
    Candidate.objects.filter(pk=bob.pk).update(hired_date=bob.applied_date + timedelta(days=13, milliseconds=-1))
    assert kept() == kept_of_the_rows()
    assert kept()["applied_day"] == {"2026-03-08": 2, "2026-03-09": 3}
    assert kept()["days_to_hire"] == {"12": 2}

    Candidate.objects.filter(pk=eve.pk).update(source=None, applied_date=day - timedelta(days=400))
    Candidate.objects.filter(pk=ann.pk).update(hired_date=day + timedelta(days=3))
    Candidate.objects.filter(pk=joe.pk).update(status="INTERVIEWED", is_archived=True)
    bob.delete()
    assert kept() == kept_of_the_rows()
    assert kept()["days_to_hire"] == {"3": 1}

    assert kept()["is_archived"] == {"INTERVIEWED": 1}

    delete_source(fair, by=recruiter.user)
    assert kept() == kept_of_the_rows()
    here = Candidate.objects.filter(organization=organization)
    assert here.numbers("source") == {" APPLIED": 1, " HIRED": 1, " INTERVIEWED": 1}
    assert here.numbers("applied_day", least="2026") == {"2026-03-08": 1, "2026-03-09": 1}

    here.update(organization=elsewhere)
    assert here.numbers("source") == {}
    assert kept() == kept_of_the_rows()
    assert verify() == (0, {"wrong": [], "repaired": False})
    assert Candidate.objects.count() == 4


def test_who_sees_a_part_of_the_candidates_has_the_numbers_of_that_part(interviewer, recruiter, two_worlds):
    World(interviewer.employee.organization, interviewer=interviewer.employee)
    mine = Candidate.objects.permitted(interviewer.user)
    for rows in (
        mine,
        Candidate.objects.permitted(recruiter.user),
        Candidate.objects.filter(status="HIRED"),
        Candidate.objects.exclude(status="HIRED"),
        Candidate.objects.none(),
    ):
        for name, numbers in kept_of_the_rows(rows).items():
            least = max(numbers, default="")
            assert rows.numbers(name) == numbers, rows.query
            assert rows.numbers(name, least=least) == ({least: numbers[least]} if least else {}), rows.query
    assert 0 < len(mine) < Candidate.objects.permitted(recruiter.user).count() < Candidate.objects.count()


def test_what_is_rolled_back_was_never_there(organization):
    CandidateFactory(organization=organization)
    with transaction.atomic():
        CandidateFactory(organization=organization, status="REJECTED")
        transaction.set_rollback(True)

    assert tallies(Candidate) == {(organization.pk, "APPLIED"): 1}


def test_deleting_takes_the_parts_along_and_an_organization_takes_everything(two_worlds):
    world, _ = two_worlds
    Candidate.objects.filter(pk=world["candidate"].pk).delete()
    for model in TALLIED.values():
        assert tallies(model) == counted(model), model

    Organization.objects.filter(pk=world.organization.pk).delete()

    for model in TALLIED.values():
        assert tallies(model) == counted(model), model
        assert world.organization.pk not in {organization for organization, _ in tallies(model)}


@on_postgresql
def test_a_copy_into_the_table_is_counted_and_so_is_a_truncation(organization):
    source = SourceFactory(organization=organization)
    CandidateFactory(organization=organization, source=source)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE more AS SELECT * FROM candidates_source")
        cursor.execute("UPDATE more SET id = gen_random_uuid(), name_folded = 'other', name = 'other'")
        with cursor.copy("COPY more TO STDOUT") as copy:
            rows = b"".join(bytes(block) for block in copy)
        with cursor.copy("COPY candidates_source FROM STDIN") as copy:
            copy.write(rows)
        assert tallies(type(source)) == {(organization.pk, ""): 2}
        cursor.execute("CREATE TEMP TABLE others AS SELECT * FROM candidates_candidate")
        cursor.execute("UPDATE others SET id = gen_random_uuid(), email_folded = 'other', applied_date = '2001-01-01'")
        with cursor.copy("COPY others TO STDOUT") as copy:
            rows = b"".join(bytes(block) for block in copy)
        with cursor.copy("COPY candidates_candidate FROM STDIN") as copy:
            copy.write(rows)
        assert kept() == kept_of_the_rows()
        assert kept()["applied_day"]["2001-01-01"] == 1

        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE candidates_source CASCADE")

    assert tallies(type(source)) == tallies(Skill) == tallies(Candidate) == {}
    assert not any(kept().values())


@pytest.mark.django_db(transaction=True)
def test_a_dump_that_is_loaded_again_is_counted_once(tmp_path):
    World(OrganizationFactory())
    before, numbers = {model: tallies(model) for model in TALLIED.values()}, kept()
    apart = ["contenttypes", "auth"]
    call_command("dumpdata", exclude=apart, output=str(tmp_path / "dump.json"), stdout=io.StringIO())
    call_command("flush", interactive=False, stdout=io.StringIO())
    assert not any(tallies(model) for model in TALLIED.values())

    call_command("loaddata", str(tmp_path / "dump.json"), stdout=io.StringIO())

    assert {model: tallies(model) for model in TALLIED.values()} == before
    assert kept() == numbers
    assert sum(before[Interview].values()) == 2


# Verified and repaired.


def verify(*arguments: str) -> tuple[int, dict]:
    """The exit code, and what the command says."""
    out = io.StringIO()
    try:
        call_command("verify_totals", "--json", *arguments, stdout=out)
    except SystemExit as left:
        return int(left.code), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_a_total_that_went_wrong_is_found_and_set_right(organization):
    CandidateFactory.create_batch(2, organization=organization)
    assert verify() == (0, {"wrong": [], "repaired": False})
    Tally.objects.create(rows_of="candidate_is_tallied", organization_id=organization.pk, value="APPLIED", count=40)
    wrong = {
        "rows": "candidates.candidate",
        "by": "",
        "organizationId": str(organization.pk),
        "value": "APPLIED",
        "tallied": 42,
        "counted": 2,
    }

    assert verify() == (1, {"wrong": [wrong], "repaired": False})
    assert verify("--repair") == (0, {"wrong": [wrong], "repaired": True})

    assert verify() == (0, {"wrong": [], "repaired": False})
    CandidateFactory(organization=organization)
    assert tallies(Candidate) == {(organization.pk, "APPLIED"): 3}


def test_a_further_number_that_went_wrong_is_too(organization):
    candidate = CandidateFactory(organization=organization)
    day = f"{candidate.applied_date:%Y-%m-%d}"
    Tally.objects.filter(rows_of=tallied(Candidate).kind("applied_day")).delete()

    assert verify("--repair")[1]["wrong"] == [
        {
            "rows": "candidates.candidate",
            "by": "applied_day",
            "organizationId": str(organization.pk),
            "value": day,
            "tallied": 0,
            "counted": 1,
        }
    ]

    assert kept() == kept_of_the_rows()
    assert verify() == (0, {"wrong": [], "repaired": False})


def test_the_command_tells_a_person_what_is_wrong(organization, capsys):
    call_command("verify_totals")
    Tally.objects.filter(rows_of="role_is_tallied").delete()
    with pytest.raises(SystemExit):
        call_command("verify_totals")

    assert capsys.readouterr().out.splitlines() == [
        "All totals are right.",
        f"organizations.role of {organization.pk}: 0, but there are 5",
        "1 totals are wrong.",
    ]


# At the same moment.

COPY_OF_ONE = """
INSERT INTO candidates_candidate
SELECT (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid(), 'email_folded', gen_random_uuid()))).*
FROM candidates_candidate AS one WHERE id = %s
"""


@pytest.fixture
def elsewhere(transactional_db) -> Iterator[Any]:
    """Another connection, in a transaction."""
    other = connection.copy()
    other.set_autocommit(False)
    yield other
    other.rollback()
    other.close()


@on_postgresql
def test_a_writer_does_not_wait_for_another_of_the_same_organization(elsewhere):
    candidate = CandidateFactory()
    with elsewhere.cursor() as cursor:
        for _ in range(200):  # So many that some fold.
            cursor.execute(COPY_OF_ONE, [candidate.pk])

    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
        for _ in range(200):
            cursor.execute(COPY_OF_ONE, [candidate.pk])
        cursor.execute("RESET lock_timeout")

    assert tallies(Candidate) == {(candidate.organization_id, "APPLIED"): 201}
    elsewhere.commit()
    assert tallies(Candidate) == {(candidate.organization_id, "APPLIED"): 401}


@on_postgresql
def test_a_writer_who_looks_at_an_earlier_moment_is_not_disturbed(elsewhere):
    candidate = CandidateFactory()
    one_more = COPY_OF_ONE.replace("%s", f"'{candidate.pk}'")
    many_more = f"DO $$ BEGIN FOR i IN 1..500 LOOP {one_more}; END LOOP; END $$"
    with elsewhere.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT FROM candidates_candidate")
        connection.cursor().execute(many_more)
        cursor.execute(many_more)
    elsewhere.commit()

    assert tallies(Candidate) == {(candidate.organization_id, "APPLIED"): 1001}


@on_postgresql
def test_tallies_stay_few_however_many_write(db):
    candidate = CandidateFactory()
    one_more = COPY_OF_ONE.replace("%s", f"'{candidate.pk}'")
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN FOR i IN 1..1500 LOOP {one_more}; END LOOP; END $$")

    assert tallies(Candidate) == {(candidate.organization_id, "APPLIED"): 1501}
    assert kept() == kept_of_the_rows()
    # One write in fifty folds: that none of the last thousand did happens once in a billion times.
    assert Tally.objects.filter(rows_of="candidate_is_tallied").count() < 1000


@on_postgresql
def test_a_recount_does_not_hold_up_writers_behind_one_that_takes_long(elsewhere, monkeypatch):
    monkeypatch.setattr("organizations.totals.PATIENCE", "50ms")
    candidate = CandidateFactory()
    Tally.objects.filter(rows_of="candidate_is_tallied").delete()
    with elsewhere.cursor() as cursor:
        cursor.execute(COPY_OF_ONE, [candidate.pk])

    with pytest.raises(CommandError, match="try again later"):
        call_command("verify_totals", "--repair")
    elsewhere.commit()
    call_command("verify_totals", "--repair", stdout=io.StringIO())

    assert tallies(Candidate) == {(candidate.organization_id, "APPLIED"): 2}


def write_at_random(organization: Organization, seed: int, failed: list[BaseException]) -> None:
    """Writes of every kind, in a thread with a connection of its own."""
    chance = random.Random(seed)

    def candidate(n: int) -> Candidate:
        email = f"{seed}-{n}-{chance.random()}@example.com"
        return Candidate(organization=organization, first_name="A", email=email, email_folded=email, status="APPLIED")

    try:
        for n in range(120):
            mine = Candidate.objects.filter(email__startswith=f"{seed}-")
            match chance.randrange(6):
                case 0 | 1:
                    candidate(n).save()
                case 2:
                    Candidate.objects.bulk_create([candidate(n) for _ in range(20)])
                case 3:
                    mine.filter(pk__in=list(mine[:5].values_list("pk", flat=True))).update(
                        status=chance.choice(["APPLIED", "INTERVIEWED"])
                    )
                case 4:
                    mine.filter(pk__in=list(mine[:3].values_list("pk", flat=True))).delete()
                case 5:
                    with transaction.atomic():
                        candidate(n).save()
                        mine.update(status="INTERVIEWED")
                        transaction.set_rollback(True)
    except BaseException as error:  # It belongs to the test, not to the thread.
        failed.append(error)
    finally:
        connection.close()


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_the_totals_are_right_at_every_moment_while_many_write(organization):
    failed: list[BaseException] = []
    writers = [Thread(target=write_at_random, args=(organization, seed, failed)) for seed in range(4)]
    for writer in writers:
        writer.start()
    moments = 0
    while any(writer.is_alive() for writer in writers):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            assert tallies(Candidate) == counted(Candidate)
            assert kept() == kept_of_the_rows()
        moments += 1
    for writer in writers:
        writer.join()

    assert failed == []
    assert moments > 3
    assert tallies(Candidate) == counted(Candidate)
    assert kept() == kept_of_the_rows()
    assert sum(tallies(Candidate).values()) > 200
