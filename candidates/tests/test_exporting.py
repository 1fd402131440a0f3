"""Lists of candidates go elsewhere, and come back as they were."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import zipfile
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates import exports
from candidates.exports import Format, exported
from candidates.imports import Names, import_candidates, open_table
from candidates.management.commands import export_candidates
from candidates.models import Candidate
from candidates.spreadsheets import neutralised, plain
from candidates.tests.factories import CandidateFactory, SkillFactory, SourceFactory
from organizations.tests.factories import OrganizationFactory, RoleFactory


@pytest.fixture
def jane(organization):
    jane = CandidateFactory(
        organization=organization,
        first_name="Jané",
        last_name="Doe",
        email="jane@example.com",
        phone_number="+49 30 1234",
        rating="4.50",
        ratings="3.25",
        applied_date=datetime(2024, 1, 10, 9, 30, 0, 123456, tzinfo=UTC),
        source=SourceFactory(organization=organization, name="A fair"),
        notes='=1+1, "and"\r\nmore',
    )
    SkillFactory(candidate=jane, name="Go", level="EXPERT")
    SkillFactory(candidate=jane, name="C", level=None)
    return jane


def file_of(candidates, to: Format, **options) -> bytes:
    return b"".join(exported(candidates, to=to, **options))


def rows_of(candidates, **options) -> list[dict]:
    return list(csv.DictReader(io.StringIO(file_of(candidates, Format.CSV, **options).decode(), newline="")))


def sheets_of(file: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(file)) as book:
        return [book.read(name).decode() for name in sorted(book.namelist()) if name.startswith("xl/worksheets/sheet")]


def test_a_row_of_csv_has_what_is_known_of_a_candidate(jane):
    jane.refresh_from_db()

    assert rows_of(Candidate.objects.all()) == [
        {
            "id": str(jane.pk),
            "firstName": "Jané",
            "lastName": "Doe",
            "email": "jane@example.com",
            "phoneNumber": "'+49 30 1234",
            "status": "APPLIED",
            "rating": "4.5",
            "ratings": "3.25",
            "appliedDate": "2024-01-10T09:30:00.123Z",
            "hiredDate": "",
            "rejectDate": "",
            "source": "A fair",
            "candidateLevel": "",
            "cvUrl": "",
            "notes": '\'=1+1, "and"\r\nmore',
            "skills": "Go:EXPERT; C",
            "createdAt": exports.shown(jane.created_at),
        }
    ]


def test_a_line_of_json_has_types(jane):
    row = json.loads(file_of(Candidate.objects.all(), Format.JSONL))

    assert (row["phoneNumber"], row["rating"], row["cvUrl"]) == ("+49 30 1234", 4.5, None)
    assert row["appliedDate"] == "2024-01-10T09:30:00.123Z"
    assert row["skills"] == [{"name": "Go", "level": "EXPERT"}, {"name": "C", "level": None}]


TEXTS = [
    "=1+1", "'=1+1", "''=1+1", "+49 30 1234", "-5", "@SUM(A1)", "'tis", "''", "a\nb\r\nc\rd", 'say "hi"; now, ok', "\\",
    "a:b", "a;b", "a\\:b;c", "Zoë 👩🏽‍💻", "<b>&amp;</b>", "null", "2024-01-10", "x" * 200,
]  # fmt: skip


@pytest.mark.parametrize("to", [Format.CSV, Format.JSONL])
def test_what_was_exported_is_imported_as_it_was(organization, to):
    elsewhere = OrganizationFactory()
    for number, text in enumerate(TEXTS):
        candidate = CandidateFactory(
            organization=organization,
            first_name=text[:150],
            last_name=text[:150] if number % 2 else "",
            phone_number=text[:50],
            notes=text,
            candidate_level=text[:100] if number % 2 else None,
            rating=number % 11 / 2,
            status=["APPLIED", "INTERVIEWED", "REJECTED"][number % 3],
            source=SourceFactory(organization=organization, name=text) if number % 2 else None,
            cv_url="https://a.example/cv?a=1,2;3" if number % 2 else None,
        )
        SkillFactory(candidate=candidate, name=text)
        SkillFactory(candidate=candidate, name=f"other {text}"[:200], level=None)
    file = file_of(Candidate.objects.filter(organization=organization), to)

    counts = import_candidates(open_table(io.BytesIO(file), is_csv=to == Format.CSV), Names({}), organization=elsewhere)

    assert (counts.made, counts.refused) == (len(TEXTS), 0)
    assert known_of(elsewhere) == known_of(organization)
    assert file_of(Candidate.objects.filter(organization=organization), to) == file


def known_of(organization) -> list[tuple]:
    columns = ("first_name", "last_name", "email", "phone_number", "notes", "candidate_level", "rating", "status",
               "cv_url", "source__name", "applied_date")  # fmt: skip
    candidates = Candidate.objects.filter(organization=organization).order_by("email")
    skills = [list(c.skills.order_by("created_at", "pk").values_list("name", "level")) for c in candidates]
    return [*zip(candidates.values_list(*columns), skills, strict=True)]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\ta", "\ra", "'=1", "''@a"])
def test_a_formula_is_shown_and_not_run(text):
    assert neutralised(text) == f"'{text}"
    assert plain(neutralised(text)) == text


@pytest.mark.parametrize("text", ["", "a", "'", "'a", "1-1", " =1"])
def test_other_texts_are_left_alone(text):
    assert neutralised(text) == text == plain(text)


def test_a_spreadsheet_has_texts_and_no_formulas(jane):
    (sheet,) = sheets_of(file_of(Candidate.objects.all(), Format.XLSX))

    assert "<t>+49 30 1234</t>" in sheet
    assert "=1+1, " in sheet
    assert "<v>4.5</v>" in sheet
    assert "<t>Go:EXPERT; C</t>" in sheet
    assert not re.search(r"<f[ >]|<hyperlink", sheet)


def test_a_full_sheet_goes_on_in_another(organization, monkeypatch):
    monkeypatch.setattr(exports, "SHEET_ROWS", 3)
    CandidateFactory.create_batch(5, organization=organization)

    sheets = sheets_of(file_of(Candidate.objects.all(), Format.XLSX))

    assert [sheet.count("<row ") for sheet in sheets] == [3, 3, 2]
    assert all("<t>firstName</t>" in sheet for sheet in sheets)


@pytest.mark.parametrize("to", Format)
def test_rows_are_those_that_were_asked_for_in_their_order(organization, to):
    for name in ("Ann", "Bob", "Cat"):
        CandidateFactory(organization=organization, first_name=name)
    CandidateFactory(first_name="Eve")
    asked = Candidate.objects.filter(organization=organization).exclude(first_name="Bob").order_by("-first_name")

    file = sheets_of(file_of(asked, to))[0] if to == Format.XLSX else file_of(asked, to).decode()

    assert re.findall(r"Ann|Bob|Cat|Eve", file) == ["Cat", "Ann"]
    empty = file_of(Candidate.objects.none(), to)
    assert len(sheets_of(empty)) == 1 if to == Format.XLSX else empty.count(b"\n") == (to == Format.CSV)


def test_someone_exports_what_they_may_see(jane, recruiter, sign_in, organization):
    permissions = ["candidates.view_candidate"]
    blind = sign_in("", role=RoleFactory(organization=organization, permissions=permissions)).user

    (all_of_it,) = rows_of(Candidate.objects.permitted(recruiter.user), by=recruiter.user)
    (some,) = rows_of(Candidate.objects.permitted(blind), by=blind)

    assert all_of_it == rows_of(Candidate.objects.all())[0]
    assert (some["firstName"], some["source"], some["skills"]) == ("Jané", "", "")


def test_blind_figures_are_not_exported(jane, interviewer):
    assert "ratings" not in exports.columns_for(interviewer.user)


def test_one_statement_reads_any_number_of_rows(organization):
    def statements(size: int) -> int:
        for candidate in CandidateFactory.create_batch(size, organization=organization):
            SkillFactory(candidate=candidate)
        with CaptureQueriesContext(connection) as captured:
            file_of(Candidate.objects.filter(organization=organization), Format.CSV)
        return len(captured)

    assert statements(2) == statements(30) == 1


# The command.


@pytest.fixture
def run(organization):
    def run(*options: str) -> None:
        call_command("export_candidates", "--organization", str(organization.pk), *options)

    return run


def test_the_command_writes_a_file(run, jane, tmp_path, capsys):
    path = tmp_path / "list.csv"

    run("--format", "csv", "--output", str(path))

    assert path.read_bytes() == file_of(Candidate.objects.all(), Format.CSV)
    assert capsys.readouterr().out.startswith(f"1 candidates written to {path} in ")
    run("--format", "xlsx", "--output", str(path), "--json")
    assert sheets_of(path.read_bytes())[0].count("<row ") == 2
    assert json.loads(capsys.readouterr().out)["exported"] == 1
    assert [each.name for each in tmp_path.iterdir()] == ["list.csv"]


def test_the_command_writes_to_standard_output(run, jane, capfdbinary, monkeypatch):
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out, isatty=lambda: False))

    run("--format", "jsonl")

    assert out.getvalue() == file_of(Candidate.objects.all(), Format.JSONL)


def test_a_file_is_there_whole_or_not_at_all(run, jane, tmp_path, monkeypatch):
    path = tmp_path / "list.csv"
    path.write_text("before")

    def half(*_, **__):
        yield b"id,"
        raise KeyboardInterrupt

    monkeypatch.setattr(export_candidates, "exported", half)

    with pytest.raises(KeyboardInterrupt):
        run("--format", "csv", "--output", str(path))
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["list.csv"]


def test_who_has_read_enough_ends_it_quietly(run, jane, monkeypatch):
    def gone(*_):
        raise BrokenPipeError

    with open("/dev/null", "wb") as nowhere:
        out = SimpleNamespace(write=gone, flush=gone)
        monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out, isatty=lambda: False, fileno=nowhere.fileno))

        run("--format", "csv")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--organization", "nowhere"], "There is no organization 'nowhere'."),
        (["--output", "/nowhere/at/all.csv"], "/nowhere/at/all.csv can't be written"),
    ],
)
def test_what_is_asked_wrongly_is_refused(run, options, words):
    with pytest.raises(CommandError, match=words):
        run("--format", "csv", *options)


def test_a_spreadsheet_is_not_written_on_a_terminal(run, monkeypatch):
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: True))

    with pytest.raises(CommandError, match="--output"):
        run("--format", "xlsx")
