"""The pages of an import, step by step, as a browser without scripts shows and sends them."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from candidates.models import Candidate, Import
from candidates.tests.factories import CandidateFactory, DocumentFactory, ImportFactory
from organizations.tests.browser import page, signed_in
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, UserFactory

LIST = (
    "Vorname,E-Mail,Notizen,Größe\n"
    "Jane,jane@example.com,New,1\n"
    "Ann,ann@example.com,,2\n"
    "Bob,no,=1+1,3\n"
    "Known,known@example.com,New,4\n"
)
UPLOAD = reverse("admin:candidates_import_upload")
DEEDS = ("match", "encoding", "check", "start", "go_on", "undo")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.UPLOAD_DIR = str(tmp_path)


@pytest.fixture
def recruiter(enter):
    return enter("RECRUITER")


@pytest.fixture
def known(organization):
    return CandidateFactory(organization=organization, email="known@example.com", notes="Old")


@pytest.fixture
def send(django_capture_on_commit_callbacks):
    """Post to an address below an import's, with what it hands over. The import, and the page that it leads to."""

    def send(client, deed, row, **words):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(page(Import, deed, row.pk), words)
        row.refresh_from_db()
        return client.get(answer["Location"]) if answer.status_code == 302 else answer

    return send


def upload(client, content: str | bytes = LIST, name: str = "list.csv", **words):
    file = BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = name
    return client.post(UPLOAD, {"file": file, **words}, follow=True)


def columns(row: Import) -> dict[str, str]:
    return {f"column-{place}": field or "" for place, field in enumerate(row.columns)}


@pytest.fixture
def checked(recruiter, send, known):
    upload(recruiter)
    row = Import.objects.get()
    send(recruiter, "match", row, **columns(row))
    return row


@pytest.fixture
def done(recruiter, send, checked):
    send(recruiter, "start", checked)
    return checked


def test_a_list_is_imported_in_four_steps_and_undone(recruiter, known, send):
    shown = upload(recruiter)

    row = Import.objects.get()
    assert shown.redirect_chain[-1][0] == page(Import, "change", row.pk)
    assert '<option value="email" selected>E-mail (required)</option>' in shown.text
    assert "Größe" in shown.text
    assert "ann@example.com" in shown.text

    shown = send(recruiter, "match", row, **columns(row))
    assert "2 will be added, 1 left as it is, 1 has errors" in shown.text
    assert "E-mail: Enter a valid email address." in shown.text
    assert "Import 2 rows" in shown.text

    shown = send(recruiter, "check", row, duplicates="update")
    assert "2 will be added, 1 updated, 1 has errors" in shown.text
    assert "Import 3 rows" in shown.text
    assert Candidate.objects.get() == known

    shown = send(recruiter, "start", row)
    assert "2 added, 1 updated, 1 with errors left out" in shown.text
    listed = recruiter.get(page(Candidate, "changelist"), {"import": row.pk})
    assert {candidate.email for candidate in listed.context["cl"].result_list} == {
        "jane@example.com", "ann@example.com", "known@example.com",
    }  # fmt: skip

    shown = send(recruiter, "undo", row)
    assert "This import was undone." in shown.text
    known.refresh_from_db()
    assert (Candidate.objects.get(), known.notes) == (known, "Old")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7", "This is a PDF, not CSV."),
        (b"PK\x03\x04" + b"\0" * 50, "This is an Excel workbook"),
        (b"Vorname,E-Mail\n", "There is no row below the first line"),
        (b"x," * 150 + b"\n1", "The file has 151 columns"),
    ],
)
def test_what_can_not_be_a_list_is_told(recruiter, content, words):
    answer = upload(recruiter, content)

    assert answer.status_code == 200
    assert words in answer.text
    assert "Nothing was saved." in answer.text
    assert not Import.objects.exists()


def test_without_a_file_nothing_is_uploaded(recruiter):
    assert "This field is required." in recruiter.post(UPLOAD, {}).text


def test_a_file_that_is_too_large_gets_a_page(recruiter, settings):
    settings.MAX_UPLOAD_BYTES, settings.MAX_BODY_BYTES = 1024 * 1024, 100_000

    fits = upload(recruiter, LIST + "," * 900_000)
    little = upload(recruiter, LIST + "," * 1024 * 1024)
    much = upload(recruiter, LIST + "," * 3 * 1024 * 1024)

    assert fits.status_code == 200
    assert "The file is larger than 1 MB. Split it into several" not in fits.text
    assert "The file is larger than 1 MB. Split it into several" in little.text
    assert much.status_code == 413
    assert "What you sent is larger than 1 MB. Nothing of it was saved." in much.text
    assert f'href="{UPLOAD}"' in much.text


def test_columns_that_are_missing_are_asked_for(recruiter, send):
    shown = upload(recruiter, "name,email,,name\nDoe,jane@example.com,x,Jane\n")
    row = Import.objects.get()
    assert "No column was found for: First name. Choose it below." in shown.text
    assert "Column 3, without a name" in shown.text

    shown = send(recruiter, "match", row, **{"column-0": "lastName", "column-1": "email"})
    assert "Choose a column for: First name." in shown.text
    assert '<option value="lastName" selected>' in shown.text
    assert row.columns == [None, "email", None, None]

    for wrong in ("email", "shoes", "id"):
        chosen = {"column-0": wrong, "column-1": "email", "column-3": "firstName"}
        assert 'role="alert"' in send(recruiter, "match", row, **chosen).text
        assert row.state == "UPLOADED"

    send(recruiter, "match", row, **{"column-0": "lastName", "column-1": "email", "column-3": "firstName"})
    assert (row.state, row.made) == ("CHECKED", 1)


def test_an_encoding_that_was_guessed_is_told_and_corrected(recruiter, send):
    shown = upload(recruiter, "Vorname,E-Mail\nŁukasz,l@example.com\n".encode("cp1250"))
    row = Import.objects.get()
    assert "The file is not UTF-8. It is read as Windows-1252 (Western Europe)" in shown.text

    assert "Łukasz" in send(recruiter, "encoding", row, encoding="cp1250").text
    assert "is not utf-8" in send(recruiter, "encoding", row, encoding="utf-8").text
    assert row.encoding == "cp1250"


def test_rows_with_errors_are_downloaded(recruiter, checked, enter, organization):
    address = page(Import, "errors", checked.pk)

    answer = recruiter.get(address)

    assert answer["Content-Disposition"] == 'attachment; filename="list (errors).csv"'
    assert b"".join(answer.streaming_content).decode() == (
        "\ufeffline,reasons,Vorname,E-Mail,Notizen,Größe\r\n4,email: Enter a valid email address.,Bob,no,'=1+1,3\r\n"
    )
    assert enter("VIEWER").get(address).status_code == 403
    without = ImportFactory(organization=organization)
    assert "There is no list of errors" in recruiter.get(page(Import, "errors", without.pk), follow=True).text


def test_what_was_changed_since_is_told_and_not_undone(recruiter, done, send):
    DocumentFactory(candidate=Candidate.objects.get(email="jane@example.com"))

    shown = send(recruiter, "undo", done)

    assert "1 candidate was changed since: Jane. Nothing was undone." in shown.text
    assert (done.state, Candidate.objects.count()) == ("DONE", 3)


def test_a_step_that_was_taken_already_is_told(recruiter, done, send):
    for deed in ("start", "check", "go_on", "match"):
        words = {"duplicates": "skip", **columns(done)}
        assert "begun already" in (shown := send(recruiter, deed, done, **words).text) or "stopped midway" in shown
    assert Candidate.objects.count() == 3
    assert "Choose what becomes of those" in send(recruiter, "check", done, duplicates="drop").text


def test_who_follows_it_sees_how_far_it_came(recruiter, organization):
    row = ImportFactory(organization=organization, state="RUNNING", total=50_000, read=12_000, worked_at=timezone.now())
    address = page(Import, "progress", row.pk)

    assert "Imported 12,000 of 50,000 rows." in recruiter.get(address).text
    assert f'hx-get="{address}"' in recruiter.get(page(Import, "change", row.pk)).text

    Import.objects.update(worked_at=timezone.now() - timedelta(minutes=2))
    assert recruiter.get(address)["HX-Refresh"] == "true"
    shown = recruiter.get(page(Import, "change", row.pk)).text
    assert "It came to 12,000 of 50,000 rows." in shown
    assert "Import the rest" in shown


def test_of_several_organizations_one_is_asked_for(organization, settings):
    user = UserFactory()
    other, elsewhere = OrganizationFactory(), OrganizationFactory()
    for place, role in ((organization, "RECRUITER"), (other, "RECRUITER"), (elsewhere, "VIEWER")):
        EmployeeFactory(organization=place, user=user, role_name=role)
    client = signed_in(user)

    assert "This field is required." in upload(client).text
    assert "Select a valid choice" in upload(client, organization=elsewhere.pk).text
    assert not Import.objects.exists()
    upload(client, organization=other.pk)

    assert Import.objects.get().organization == other


def test_a_strangers_import_does_not_exist(checked, enter):
    stranger = enter("ADMIN", OrganizationFactory())

    for name in ("change", "progress", "errors"):
        assert stranger.get(page(Import, name, checked.pk)).status_code == 404
    for deed in DEEDS:
        assert stranger.post(page(Import, deed, checked.pk), {"duplicates": "skip"}).status_code == 404
    found = stranger.get(page(Candidate, "changelist"), {"import": checked.pk})
    assert "Select a valid choice" in found.text
    checked.refresh_from_db()
    assert checked.state == "CHECKED"


def test_a_viewer_who_posts_by_hand_is_turned_away(checked, enter):
    viewer = enter("VIEWER")

    assert upload(viewer).status_code == 403
    assert viewer.get(UPLOAD).status_code == 403
    for deed in DEEDS:
        assert viewer.post(page(Import, deed, checked.pk), {"duplicates": "skip"}).status_code == 403
    shown = viewer.get(page(Import, "change", checked.pk)).text
    assert "Nothing of this list was imported yet." in shown
    assert "Bob" not in shown
    assert Import.objects.count() == 1
