"""The frame of the back office: whose rows one looks at, in which zone and language, and that nothing typed is lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from candidates.models import Source
from candidates.tests.factories import SourceFactory
from organizations.models import Employee
from organizations.tests.browser import filled, page, signed_in
from organizations.tests.factories import EmployeeFactory, OrganizationFactory
from pipelines.models import Pipeline
from pipelines.tests.factories import StageFactory

NOON = datetime(2031, 7, 1, 12, tzinfo=UTC)


# One organization at a time.


@pytest.fixture
def both(db):
    """Someone who recruits in two organizations."""
    here = EmployeeFactory(organization=OrganizationFactory(name="Aalto"), role_name="RECRUITER")
    there = EmployeeFactory(organization=OrganizationFactory(name="Borg"), user=here.user, role_name="VIEWER")
    browser = signed_in(here.user)
    browser.here, browser.there = here.organization, there.organization
    return browser


def choose(browser: Client, organization_id: object, following: str = "") -> str:
    return browser.post(reverse("admin:choose"), {"organization": organization_id, "next": following})["Location"]


def shown(browser: Client) -> set[str]:
    return {row.name for row in browser.get(page(Source, "changelist")).context["cl"].result_list}


def test_one_looks_at_all_ones_organizations_or_at_one(both):
    SourceFactory(name="Fair", organization=both.here)
    SourceFactory(name="Agency", organization=both.there)

    assert shown(both) == {"Fair", "Agency"}
    choose(both, both.there.pk)
    assert shown(both) == {"Agency"}
    choose(both, "")
    assert shown(both) == {"Fair", "Agency"}


def test_who_looks_at_one_organization_has_the_rights_of_that_one(both):
    source = SourceFactory(organization=both.here)
    choose(both, both.there.pk)

    assert both.get(page(Source, "add")).status_code == 403
    assert both.get(page(Source, "change", source.pk)).status_code == 404


@pytest.mark.parametrize("wanted", ["foreign", "not-an-id", "\0"])
def test_an_organization_of_others_is_no_choice(both, wanted):
    foreign = SourceFactory(name="Theirs")
    choose(both, foreign.organization_id if wanted == "foreign" else wanted)

    assert shown(both) == set()
    assert both.get(page(Source, "change", foreign.pk)).status_code == 404


def test_one_is_not_locked_out_by_an_organization_that_shows_nothing(both):
    Employee.objects.filter(organization=both.there).update(
        role=EmployeeFactory(organization=both.there, role_name="EMPLOYEE").role
    )
    choose(both, both.there.pk)

    assert both.get(reverse("admin:index")).status_code == 200


def test_the_choice_leads_back_to_ones_own_pages_only(both):
    assert choose(both, both.here.pk, page(Source, "changelist")) == page(Source, "changelist")
    assert choose(both, both.here.pk, "https://elsewhere.example/") == reverse("admin:index")


# Time and words.


def test_times_are_in_the_browsers_zone_or_else_in_the_organizations(enter, organization):
    organization.time_zone = "Asia/Tokyo"
    organization.save()
    SourceFactory(organization=organization, created_at=NOON)
    recruiter = enter("RECRUITER")

    assert "July 1, 2031, 9 p.m." in recruiter.get(page(Source, "changelist")).text
    recruiter.cookies["zone"] = "Europe/Berlin"
    assert "July 1, 2031, 2 p.m." in recruiter.get(page(Source, "changelist")).text
    recruiter.cookies["zone"] = "../../etc/passwd"
    assert "July 1, 2031, 9 p.m." in recruiter.get(page(Source, "changelist")).text


def test_pages_speak_the_language_that_was_chosen_and_the_api_english(enter, recruiter):
    browser = enter("RECRUITER")
    browser.post(reverse("set_language"), {"language": "de", "next": "/admin/"})

    assert '<html lang="de"' in browser.get("/admin/").text
    answer = recruiter.post("/api/candidate-source", {}, headers={"Accept-Language": "de"})
    assert answer.json()["message"] == ["name: This field is required."]


# Nothing that was typed is lost.


def test_what_was_typed_before_the_session_ended_is_offered_after_signing_in(enter, organization):
    browser = enter("RECRUITER")
    browser.get("/admin/")
    form = {**filled(browser.get(page(Source, "add"))), "name": "Job fair"}
    browser.cookies.pop("sessionid")

    sent = browser.post(page(Source, "add"), form)
    assert sent["Location"] == f"{reverse('admin:login')}?next={page(Source, 'add')}"
    browser.force_login(browser.employee.user)
    offered = browser.get(page(Source, "add"))
    assert "Job fair" in offered.text
    browser.post(offered.context["typed"].path, dict(offered.context["typed"].fields))

    assert Source.objects.get(organization=organization).name == "Job fair"


def test_nobody_else_sees_what_was_typed(enter):
    browser, other = enter("RECRUITER"), enter("RECRUITER")
    browser.get("/admin/")
    browser.cookies.pop("sessionid")
    browser.post(page(Source, "add"), {"name": "Job fair"})
    browser.force_login(other.employee.user)

    assert "Job fair" not in browser.get(page(Source, "add")).text


def test_a_script_is_told_that_the_session_ended():
    assert Client().post(page(Source, "add"), {"name": "x"}, headers={"Accept": "application/json"}).status_code == 401


def test_a_form_that_is_stale_shows_both_versions_and_overwrites_nothing(enter, organization):
    source = SourceFactory(name="Fair", organization=organization)
    browser = enter("RECRUITER")
    opened = filled(browser.get(page(Source, "change", source.pk)))
    source.name = "Autumn fair"
    source.save()

    refused = browser.post(page(Source, "change", source.pk), {**opened, "name": "Spring fair"})

    (difference,) = refused.context["adminform"].form.meanwhile
    assert (difference.field, difference.stored, difference.typed) == ("Name", "Autumn fair", "Spring fair")
    assert "Autumn fair" in refused.text
    source.refresh_from_db()
    assert source.name == "Autumn fair"

    browser.post(page(Source, "change", source.pk), {**filled(refused), "name": "Spring fair"})
    source.refresh_from_db()
    assert source.name == "Spring fair"


def test_a_part_that_was_saved_meanwhile_is_not_overwritten_either(enter, organization):
    stage = StageFactory(name="Lead", pipeline__organization=organization)
    browser = enter("RECRUITER")
    url = page(Pipeline, "change", stage.pipeline.pk)
    opened = filled(browser.get(url))
    stage.name = "First call"
    stage.save()

    refused = browser.post(url, {**opened, "stages-0-name": "Enquiry"})

    assert [d.stored for d in refused.context["adminform"].form.meanwhile] == ["First call"]
    stage.refresh_from_db()
    assert stage.name == "First call"
