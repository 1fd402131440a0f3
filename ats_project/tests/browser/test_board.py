"""The board in a browser: dragged, refused, by keyboard, and seen by others."""

from __future__ import annotations

from django.urls import reverse
from playwright.sync_api import Page as Window
from playwright.sync_api import expect

from candidates.actions import hire
from candidates.models import Candidate
from candidates.tests.factories import CandidateFactory


def opened(window: Window, board: str) -> Window:
    window.goto(board)
    expect(window.locator(".board-card").first).to_be_visible()
    return window


def column(window: Window, status: str):
    return window.locator(f'.board-column[data-status="{status}"]')


def card(window: Window, candidate: Candidate):
    return window.locator(f'.board-card[data-id="{candidate.pk}"]')


def drag(window: Window, candidate: Candidate, status: str) -> None:
    start = card(window, candidate).locator(".board-facts, .board-days").first.bounding_box()
    end = column(window, status).locator(".board-list").bounding_box()
    window.mouse.move(start["x"] + 20, start["y"] + 5)
    window.mouse.down()
    window.mouse.move(start["x"] + 60, start["y"] + 20, steps=4)
    window.mouse.move(end["x"] + 60, end["y"] + 30, steps=10)
    window.mouse.move(end["x"] + 62, end["y"] + 32, steps=2)
    window.mouse.up()


def test_a_card_is_dragged_to_the_next_column(as_role, organization):
    candidate = CandidateFactory(organization=organization)
    window = opened(as_role("RECRUITER"), reverse("admin:candidates_candidate_board"))

    drag(window, candidate, "INTERVIEWED")

    expect(
        column(window, "INTERVIEWED").locator(f'[data-id="{candidate.pk}"][data-status="INTERVIEWED"]')
    ).to_be_visible()
    expect(column(window, "INTERVIEWED").locator(".board-number")).to_have_text("1")
    candidate.refresh_from_db()
    assert candidate.status == "INTERVIEWED"


def test_a_refused_card_jumps_back_and_says_why(as_role, organization, complaints):
    candidate = CandidateFactory(organization=organization)
    window = opened(as_role("RECRUITER"), reverse("admin:candidates_candidate_board"))
    hire(candidate, by=None)
    complaints.expect("409")

    drag(window, candidate, "INTERVIEWED")

    expect(window.locator(".toast-wrong")).to_contain_text("Hired meanwhile")
    expect(column(window, "HIRED").locator(f'[data-id="{candidate.pk}"]')).to_be_visible()


def test_a_card_is_moved_by_keyboard(as_role, organization):
    candidate = CandidateFactory(organization=organization)
    window = opened(as_role("RECRUITER"), reverse("admin:candidates_candidate_board"))

    card(window, candidate).focus()
    window.keyboard.press("m")
    window.get_by_role("menuitem", name="Interviewed").press("Enter")

    moved = column(window, "INTERVIEWED").locator(f'[data-id="{candidate.pk}"][data-status="INTERVIEWED"]')
    expect(moved).to_be_visible()
    candidate.refresh_from_db()
    assert candidate.status == "INTERVIEWED"


def test_two_people_see_each_others_moves(as_role, organization):
    candidate = CandidateFactory(organization=organization)
    board = reverse("admin:candidates_candidate_board")
    mine, theirs = opened(as_role("RECRUITER"), board), opened(as_role("ADMIN"), board)

    drag(mine, candidate, "INTERVIEWED")

    moved = column(theirs, "INTERVIEWED").locator(f'[data-id="{candidate.pk}"]')
    expect(moved).to_be_visible(timeout=8000)
