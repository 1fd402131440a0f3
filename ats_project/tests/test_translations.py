"""German is complete: what can be translated is, and what is compiled is what was written."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from django.urls import reverse
from django.utils import translation

from candidates.tests.factories import CandidateFactory

CATALOGUE = Path(__file__).resolve().parents[1] / "locale" / "de" / "LC_MESSAGES" / "django.po"
PLACES = re.compile(r"%\(\w+\)[sd]|%%\w+%%|\{\w+\}")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def test_every_text_has_its_german(catalogue):
    assert [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy] == []


def test_what_is_filled_in_is_the_same_in_both(catalogue):
    differing = [
        entry.msgid
        for entry in catalogue
        for source, text in [(entry.msgid_plural or entry.msgid, entry.msgstr_plural.get(1) or entry.msgstr)]
        if sorted(PLACES.findall(source)) != sorted(PLACES.findall(text))
    ]
    assert differing == []


def test_what_is_compiled_is_what_was_written(catalogue):
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))

    def said(entries) -> dict:
        return {(e.msgctxt, e.msgid): e.msgstr or dict(e.msgstr_plural) for e in entries}

    assert said(compiled) == said(entry for entry in catalogue if not entry.obsolete)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("index", "Wo die Kandidat:innen stehen"),
        ("candidates_candidate_changelist", "Kandidat:in hinzufügen"),
        ("candidates_candidate_board", "Wartet zu lange"),
        ("interviews_interview_calendar", "Alle Interviews stehen in der Liste."),
        ("candidates_import_upload", "Spalten zuordnen"),
        ("invitations_invitation_add", "Einladungen senden"),
    ],
)
def test_a_page_in_german_says_so(enter, page, words, organization):
    CandidateFactory(organization=organization)
    browser = enter("RECRUITER")
    browser.cookies["django_language"] = "de"

    # A request leaves its language behind in the thread.
    with translation.override("en"):
        shown = browser.get(reverse(f"admin:{page}")).text

    assert '<html lang="de"' in shown
    assert words in shown
