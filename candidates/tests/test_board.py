"""The board: columns that are true, moves by the rules, and what others do told within seconds."""

from __future__ import annotations

import pytest
from django.urls import reverse

from candidates.actions import hire, move
from candidates.models import Candidate, StatusChange
from candidates.tests.factories import CandidateFactory, SkillFactory

BOARD, MOVE, NEWS, CARDS = (
    reverse(f"admin:candidates_candidate_board{name}") for name in ("", "_move", "_news", "_cards")
)


@pytest.fixture
def browser(enter):
    return enter("RECRUITER")


def numbers(browser, **asked) -> dict[str, str]:
    columns = browser.get(BOARD, asked).context["columns"]
    return {column.status.value: str(column.number) for column in columns}


def drop(browser, candidate, status, **more):
    sent = {"candidate": candidate.pk, "status": status, "seen": candidate.status, **more}
    return browser.post(MOVE, sent, headers={"Accept": "application/json"})


def test_each_column_says_how_many_it_has(browser, organization):
    CandidateFactory.create_batch(2, organization=organization)
    python = CandidateFactory(organization=organization, status="INTERVIEWED")
    SkillFactory(candidate=python, name="Python")
    CandidateFactory(organization=organization, is_archived=True)
    CandidateFactory()

    assert numbers(browser) == {"APPLIED": "2", "INTERVIEWED": "1", "HIRED": "0", "REJECTED": "0"}
    assert numbers(browser, skill="python") == {"APPLIED": "0", "INTERVIEWED": "1", "HIRED": "0", "REJECTED": "0"}


def test_a_card_that_is_dropped_is_a_move_with_its_note(browser, organization):
    candidate = CandidateFactory(organization=organization)

    answer = drop(browser, candidate, "REJECTED", note="No reply")

    candidate.refresh_from_db()
    assert candidate.status == "REJECTED"
    assert StatusChange.objects.get(candidate=candidate).note == "No reply"
    assert answer.json()["numbers"]["REJECTED"] == "1"


def test_a_refused_move_says_why_in_the_rules_own_words_and_how_the_candidate_stands(browser, organization):
    candidate = CandidateFactory(organization=organization)
    hire(candidate, by=browser.employee.user)
    candidate.refresh_from_db()

    answer = drop(browser, candidate, "APPLIED")

    assert answer.status_code == 409
    assert answer.json()["message"] == "The candidate is hired; that is final."
    assert [card["status"] for card in answer.json()["cards"]] == ["HIRED"]


def test_of_two_who_move_the_same_card_the_second_is_told(browser, organization):
    candidate = CandidateFactory(organization=organization)
    move(candidate, "INTERVIEWED", by=None)

    answer = drop(browser, candidate, "REJECTED")

    assert answer.status_code == 409
    assert "was moved to Interviewed meanwhile" in answer.json()["message"]
    candidate.refresh_from_db()
    assert candidate.status == "INTERVIEWED"


def test_a_strangers_card_is_not_there(browser):
    candidate = CandidateFactory()

    assert drop(browser, candidate, "REJECTED").status_code == 404
    candidate.refresh_from_db()
    assert candidate.status == "APPLIED"


def test_who_may_only_look_moves_nobody(enter, organization):
    candidate = CandidateFactory(organization=organization)

    assert drop(enter("VIEWER"), candidate, "REJECTED").status_code == 403
    candidate.refresh_from_db()
    assert candidate.status == "APPLIED"


@pytest.mark.parametrize("wrong", [{"status": "PROMOTED"}, {"candidate": "x"}, {"seen": ""}, {"started_work_on": "x"}])
def test_a_move_that_makes_no_sense_is_refused(browser, organization, wrong):
    candidate = CandidateFactory(organization=organization)

    assert (
        browser.post(MOVE, {"candidate": candidate.pk, "status": "HIRED", "seen": "APPLIED", **wrong}).status_code
        == 400
    )
    assert Candidate.objects.get().status == "APPLIED"


def test_what_others_do_is_news_once(browser, organization):
    candidate = CandidateFactory(organization=organization)
    seen = str(browser.get(BOARD).context["seen"])
    move(candidate, "INTERVIEWED", by=None)
    CandidateFactory()

    told = browser.get(NEWS, {"seen": seen}).json()

    assert [(card["id"], card["status"]) for card in told["cards"]] == [(str(candidate.pk), "INTERVIEWED")]
    assert told["numbers"]["INTERVIEWED"] == "1"
    assert browser.get(NEWS, {"seen": told["seen"]}).status_code == 204


def test_a_long_column_comes_in_stretches(browser, organization):
    CandidateFactory.create_batch(55, organization=organization)
    column = browser.get(BOARD).context["columns"][0]
    first = [str(card.candidate.pk) for card in column.cards]

    rest = browser.get(CARDS, {"status": "APPLIED", "after": str(column.cards[-1].place)})
    others = [str(card.candidate.pk) for card in rest.context["column"].cards]

    assert len(first) == 50
    assert len(others) == 5
    assert not set(first) & set(others)
