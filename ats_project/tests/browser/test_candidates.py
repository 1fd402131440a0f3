"""A recruiter's work with candidates, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from ats_project.tests.browser.accessibility import in_light_and_dark
from ats_project.tests.browser.conftest import PHONE
from candidates.models import Candidate
from candidates.tests.factories import CandidateFactory, SkillFactory, SourceFactory
from organizations.models import Employee, SavedFilter

LIST = "/admin/candidates/candidate/"


@pytest.fixture
def page(as_role):
    return as_role("RECRUITER")


@pytest.fixture
def make(organization):
    def make(name, **fields):
        return CandidateFactory(organization=organization, first_name=name, last_name="Doe", **fields)

    return make


def names(page):
    return page.locator(".row-link").all_inner_texts()


def test_a_candidate_is_added_with_a_known_source_and_found_again(page, organization):
    SourceFactory(organization=organization, name="LinkedIn")
    page.goto(LIST)
    page.get_by_role("link", name="Add candidate").click()
    page.get_by_label("First name").fill("Jane")
    page.get_by_label("Last name").fill("Doe")
    page.get_by_label("E-mail").fill("jane.doe@example.com")
    page.get_by_label("Source").press_sequentially("lin")
    expect(page.locator("#source-names option")).to_have_attribute("value", "LinkedIn")
    page.get_by_label("Source").fill("LinkedIn")
    page.locator("#id_skills-0-name").fill("TypeScript")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Jane Doe", level=2)).to_be_visible()

    page.goto(LIST)
    page.get_by_role("searchbox").fill("typesc")
    page.keyboard.press("Enter")

    expect(page.locator(".row-link")).to_have_text("Jane Doe")
    expect(page.locator(".is-source")).to_have_text("LinkedIn")


def test_the_list_is_narrowed_kept_under_a_name_and_walked_through(page, make):
    make("Ann", rating="4.5")
    make("Bob", rating="4")
    make("Cid", rating="1")
    page.goto(LIST)
    page.locator("summary", has_text="Filters").click()
    page.get_by_label("Rating from").select_option("4.0")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.locator(".row-link")).to_have_count(2)

    page.locator("summary", has_text="Saved").click()
    page.get_by_label("Save this filter as").fill("Good ones")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("“Good ones” is saved.")).to_be_visible()
    assert SavedFilter.objects.get().user == page.employee.user

    page.goto(LIST)
    page.locator("summary", has_text="Saved").click()
    page.get_by_role("link", name="Good ones").click()
    expect(page.locator(".row-link")).to_have_count(2)
    first, second = names(page)
    page.get_by_role("link", name=first).click()
    page.get_by_role("link", name="Next candidate").click()
    expect(page.get_by_role("heading", name=second, level=2)).to_be_visible()
    expect(page.get_by_text("2 of 2 in")).to_be_visible()


def test_a_click_on_a_label_shows_only_these(page, make):
    make("Ann")
    make("Bob", status="REJECTED")
    page.goto(LIST)

    page.get_by_role("link", name="Rejected").click()

    expect(page.locator(".row-link")).to_have_text("Bob Doe")
    expect(page).to_have_url(f"{LIST}?status=REJECTED")


def test_one_is_moved_and_back_then_rejected_with_a_note(page, make):
    jane = make("Jane")
    page.goto(LIST)
    page.locator("tr", has_text="Jane Doe").click()

    page.get_by_text("Move to").click()
    page.get_by_role("button", name="Interviewed").click()
    expect(page.get_by_text("Jane Doe moved to Interviewed.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone for 1 candidate.")).to_be_visible()

    page.get_by_text("Move to").click()
    page.get_by_role("link", name="Rejected").click()
    page.get_by_label("Note").fill("Position filled")
    page.get_by_role("button", name="Reject Jane Doe").click()
    page.get_by_role("link", name="Timeline").click()

    expect(page.locator(".entry").first).to_contain_text("Moved from Applied to Rejected")
    expect(page.locator(".entry").first).to_contain_text("Position filled")
    jane.refresh_from_db()
    assert jane.status == "REJECTED"


def test_some_are_ticked_and_hired_after_being_asked(page, make):
    for name in ("Ann", "Bob", "Cid"):
        make(name)
    page.goto(LIST)
    expect(page.get_by_role("button", name="Hire")).to_be_hidden()

    for name in ("Ann", "Bob"):
        page.get_by_label(f"Select {name} Doe").check()
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.get_by_role("button", name="Hire").click()
    page.get_by_role("button", name="Hire 2 candidates").click()

    expect(page.get_by_text("2 candidates moved to Hired.")).to_be_visible()
    assert Employee.objects.filter(first_name__in=["Ann", "Bob"]).count() == 2
    assert Candidate.objects.get(first_name="Cid").status == "APPLIED"


def test_a_skill_comes_and_goes_without_losing_what_is_being_written(page, make):
    jane = make("Jane")
    SkillFactory(candidate=make("Joe"), name="Golang")
    page.goto(f"{LIST}{jane.pk}/change/")
    page.get_by_label("Notes").fill("Half a sentence")

    page.get_by_label("Skill", exact=True).press_sequentially("gol")
    expect(page.locator("#skill-names option")).to_have_attribute("value", "Golang")
    page.get_by_label("Skill", exact=True).fill("Golang")
    page.get_by_role("button", name="Add skill").click()
    expect(page.locator(".chip")).to_contain_text("Golang")
    page.get_by_role("button", name="Remove Golang").click()
    expect(page.locator(".chip")).to_have_count(0)

    expect(page.get_by_label("Notes")).to_have_value("Half a sentence")


def test_on_a_phone_by_keyboard(as_role, make):
    make("Jane")
    page = as_role("RECRUITER", **PHONE)
    page.goto(LIST)

    page.locator("summary", has_text="Filters").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Skill", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Skill", exact=True)).to_be_hidden()
    page.get_by_role("link", name="Jane Doe").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Jane Doe", level=2)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_what_opens_on_the_list_is_readable_too(page, make):
    make("Ann", rating="4.5")
    page.goto(f"{LIST}?rating_from=1.0")
    page.get_by_label("Select Ann Doe").check()

    for menu in ("Filters", "Saved"):
        page.locator("summary", has_text=menu).click()
        assert in_light_and_dark(page) == []
        page.keyboard.press("Escape")
