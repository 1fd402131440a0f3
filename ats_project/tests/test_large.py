"""A large installation, in small: its sizes, its story, and that the same seed tells it again."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Avg, Count, F, Q
from rest_framework.test import APIClient

from ats_project.large import Installation
from ats_project.large.applicants import Applicants
from ats_project.large.rows import COLUMNS, Pages
from ats_project.large.sizes import sizes
from ats_project.large.words import FELLOW_LEVEL, FELLOW_NOTE, FELLOW_SKILL, FELLOWS
from candidates.models import Candidate, Skill
from candidates.tests.factories import CandidateFactory
from conftest import client_of
from interviews.models import Feedback, Interview, Interviewer
from organizations.models import Employee, Organization, Role, User

SMALL = Installation(300, 8, skew=True, until=date(2026, 3, 10))
ARGUMENTS = ("--candidates", "300", "--organizations", "8", "--skew", "--until", "2026-03-10")


def seed(*arguments: str) -> str:
    out = StringIO()
    call_command("seed", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def development(settings):
    settings.DEBUG = True
    return settings


@pytest.fixture
def largest(db, development) -> Organization:
    """The largest of a small installation."""
    seed(*ARGUMENTS)
    return Organization.objects.get(name="Meridian Talent Group")


def test_half_of_all_are_in_one_organization_and_some_have_exact_sizes():
    made = sizes(1_000_000, 2000, skew=True)

    assert made[:4] == [500_000, 100_000, 10_000, 7_232]
    assert 1_000 in made
    assert (len(made), sum(made), made[-1] > 0) == (2000, 1_000_000, True)
    assert sorted(made)[1000] < 200


@pytest.mark.parametrize("skew", [True, False])
@pytest.mark.parametrize(
    ("candidates", "organizations"), [(300, 8), (1, 1), (8, 8), (9, 8), (7, 1), (2001, 2000), (5000, 3)]
)
def test_sizes_add_up_and_no_organization_is_empty(candidates, organizations, skew):
    made = sizes(candidates, organizations, skew=skew)

    assert (sum(made), len(made)) == (candidates, organizations)
    assert min(made) > 0


def test_without_skew_all_are_alike():
    assert set(sizes(300, 8, skew=False)) == {37, 38}


def test_the_same_seed_is_the_same_installation():
    def rows(installation):
        pages = Pages()
        pages.write = lambda: None
        for house in installation.houses(pages, "hash"):
            house.open()
            Applicants(house).write()
        return pages.waiting

    assert rows(SMALL) == rows(SMALL)
    other = rows(Installation(300, 8, skew=True, until=SMALL.until, seed=2))
    assert rows(SMALL)[Candidate][0] != other[Candidate][0]


def test_candidates_are_in_all_statuses_with_what_these_bring_along(largest):
    shares = Counter(Candidate.objects.values_list("status", flat=True))
    assert 100 < shares["APPLIED"] < 160
    assert 35 < shares["INTERVIEWED"] < 85
    assert 70 < shares["REJECTED"] < 135
    assert 3 < shares["HIRED"] < 35
    for candidate in Candidate.objects.exclude(status="APPLIED").prefetch_related("status_history"):
        history = sorted(candidate.status_history.all(), key=lambda change: change.created_at)
        assert [change.from_status for change in history] == ["APPLIED", *(c.to_status for c in history[:-1])]
        assert (history[-1].to_status, history[-1].created_at) == (candidate.status, candidate.status_since)
        decided = candidate.hired_date or candidate.reject_date
        assert candidate.status == "INTERVIEWED" or decided == history[-1].created_at > candidate.applied_date
        assert candidate.updated_at >= history[-1].created_at
    for candidate in Candidate.objects.filter(status="HIRED").select_related("employee__role"):
        assert candidate.employee.role.name == "EMPLOYEE"
        assert candidate.user_id == candidate.employee.user_id
        assert (candidate.email, candidate.organization_id) == (
            candidate.employee.email,
            candidate.employee.organization_id,
        )
    assert Skill.objects.count() / Candidate.objects.count() == pytest.approx(3, abs=0.4)
    assert max(Candidate.objects.annotate(n=Count("skills")).values_list("n", flat=True)) == 5


def test_nothing_but_appointments_is_later_than_its_day(largest):
    day = "2026-03-10T00:00:00Z"
    for model in COLUMNS:
        assert not model.objects.filter(Q(created_at__gt=day) | Q(updated_at__gt=day)).exists(), model
    assert not Feedback.objects.filter(created_at__lt=F("interview__end_time")).exists()
    assert Interview.objects.filter(start_time__gt=day).exists()


def test_means_are_those_of_the_feedback(largest):
    for rows, column in ((Interview.objects, "rating"), (Candidate.objects, "ratings")):
        found = rows.annotate(mean=Avg("feedbacks__rating"))
        assert found.exclude(mean=None).exists()
        for row in found:
            assert getattr(row, column) == (None if row.mean is None else round(row.mean, 2))


def test_nobody_is_in_two_interviews_at_a_time(largest):
    def clashes(times):
        return [later for earlier, later in pairwise(sorted(times)) if later[0] < earlier[1]]

    held = Interviewer.objects.values_list("employee", "interview__start_time", "interview__end_time")
    assert held.count() > 80
    for employee in Employee.objects.filter(interviewers__isnull=False).distinct():
        assert clashes([times for who, *times in held if who == employee.pk]) == []
    for candidate in Candidate.objects.filter(interviews__isnull=False).distinct():
        assert clashes(candidate.interviews.values_list("start_time", "end_time")) == []


def test_everything_stays_within_its_organization(largest):
    for model in COLUMNS:
        for field in model._meta.concrete_fields if hasattr(model, "organization_id") else ():
            if field.is_relation and hasattr(field.related_model, "parent") and field.related_model is not Organization:
                strange = ~Q(**{f"{field.name}__organization": F("organization")}) & Q(
                    **{f"{field.name}__isnull": False}
                )
                assert not model.objects.filter(strange).exists(), field
    assert dict(Counter(Role.objects.values_list("organization", flat=True))) == dict.fromkeys(
        Organization.objects.values_list("pk", flat=True), 5
    )


def test_a_large_organization_finds_as_many_fellows_as_a_small_one(largest):
    fellows = Candidate.objects.filter(candidate_level=FELLOW_LEVEL)

    assert dict(Counter(fellows.values_list("organization", flat=True))) == {largest.pk: FELLOWS}
    assert fellows.filter(skills__name=FELLOW_SKILL, notes=FELLOW_NOTE).count() == FELLOWS


def test_totals_are_those_of_the_rows(largest):
    viewer = client_of(User.objects.get(email="viewer@meridian.test"))

    assert viewer.get("/api/candidate").json()["total"] == 150
    hired = Candidate.objects.filter(organization=largest, status="HIRED").count()
    assert viewer.get("/api/candidate?where[status]=HIRED").json()["total"] == hired > 0


def test_only_the_known_people_sign_in(largest, development):
    development.AUTHENTICATION_BACKENDS = ["ats_project.demo.accounts.Backend"]

    for name in ("admin", "recruiter", "interviewer", "viewer"):
        body = {"email": f"{name}@meridian.test", "password": development.DEMO_PASSWORD}
        assert APIClient().post("/api/auth/login", body).status_code == 200
    assert [user.email for user in User.objects.all() if user.has_usable_password()] != []
    assert sum(user.has_usable_password() for user in User.objects.all()) == 4


def test_seeding_twice_does_nothing_and_what_was_broken_off_is_told(largest):
    CandidateFactory(organization=largest)
    # On another day too.
    assert seed(*ARGUMENTS[:-1], "2026-03-11") == "A large installation is there already; nothing was done.\n"
    assert json.loads(seed(*ARGUMENTS, "--json")) == {"made": False}

    with pytest.raises(CommandError, match="with 301 candidates is there: an earlier run was broken off"):
        seed("--candidates", "302", "--organizations", "8")


def test_a_demo_and_a_large_installation_are_asked_for_one_by_one(db, development):
    with pytest.raises(CommandError, match="not allowed with"):
        seed("--demo", "--candidates", "300")
    with pytest.raises(CommandError, match="--skew goes with --candidates"):
        seed("--demo", "--skew")
    with pytest.raises(CommandError, match="Each organization needs a candidate"):
        seed("--candidates", "3")
    development.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG=1"):
        seed("--candidates", "30")
