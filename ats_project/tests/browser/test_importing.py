"""A list of candidates is brought in with a browser, and taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from candidates.models import Candidate
from candidates.tests.factories import CandidateFactory

LIST = (
    "Vorname;E-Mail;Quelle;Notizen\n"
    "Jane;jane@example.com;Messe;\n"
    "Bob;no;;\n"
    "Known;known@example.com;;New\n"
    "Ann;ann@example.com;Messe;\n"
).encode("cp1252")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.UPLOAD_DIR = str(tmp_path)


def bring(page, content: bytes, name: str = "list.csv") -> None:
    page.get_by_label("CSV file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


def test_a_list_with_errors_goes_in_and_is_undone(as_role, organization):
    known = CandidateFactory(organization=organization, email="known@example.com", notes="Old")
    page = as_role("RECRUITER")
    page.goto("/admin/")
    page.get_by_role("link", name="Import", exact=True).click()
    bring(page, LIST)
    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_label("What “Quelle” is")).to_have_value("source")
    page.get_by_label("What “Quelle” is").select_option("Leave out")
    page.get_by_role("button", name="Check the rows").click()

    expect(page.get_by_role("heading", name="2 will be added, 1 left as it is, 1 has errors")).to_be_visible()
    expect(page.get_by_role("row", name="3 E-mail: Enter a valid email address.")).to_contain_text("Bob · no")
    page.get_by_label("Update them").check()
    expect(page.get_by_role("heading", name="2 will be added, 1 updated, 1 has errors")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download them").click()
    assert "Enter a valid email address.,Bob,no" in download.value.path().read_text()
    assert Candidate.objects.get().notes == "Old"

    page.get_by_role("button", name="Import 3 rows").click()
    expect(page.get_by_role("heading", name="2 added, 1 updated, 1 with errors left out")).to_be_visible()
    page.get_by_role("link", name="Show these candidates").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator(".chips")).to_contain_text("Import: list.csv")

    page.go_back()
    page.get_by_text("Undo this import").click()
    page.get_by_role("button", name="Delete 2 candidates, restore 1").click()
    expect(page.get_by_role("heading", name="This import was undone.")).to_be_visible()
    known.refresh_from_db()
    assert (Candidate.objects.get(), known.notes) == (known, "Old")


def test_a_file_that_is_too_large_is_told_before_it_is_sent(as_role, settings):
    settings.MAX_UPLOAD_BYTES = 1024 * 1024
    page = as_role("RECRUITER")
    page.goto("/admin/candidates/import/upload/")

    bring(page, b"x" * 1024 * 1025)
    page.get_by_role("button", name="Upload").click()

    field = page.get_by_label("CSV file")
    assert "The file is larger than 1 MB." in field.evaluate("field => field.validationMessage")
    expect(page).to_have_url("/admin/candidates/import/upload/")
