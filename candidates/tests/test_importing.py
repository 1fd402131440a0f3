"""Lists of candidates come from elsewhere, in whatever spelling: good rows go in, the others are told line by line."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates import imports
from candidates.imports import Counts, Duplicates, ImportFailed, Names, import_candidates, open_table, writing
from candidates.imports import rows as rows_of_files
from candidates.models import Candidate, Education, Experience, Skill, Source, StatusChange
from candidates.tests.factories import CandidateFactory, SkillFactory
from organizations.models import User
from organizations.tests.factories import RoleFactory

HEADER = "firstName,email\n"


@pytest.fixture
def take(organization):
    """Text or bytes of a file → what became of its rows, and line and reasons of those that were refused."""

    def take(content: str | bytes, *, is_csv: bool = True, chosen: Any = (), **options: Any):
        names = Names(dict(chosen), ignore_unknown=options.pop("ignore_unknown", False))
        raw = content.encode() if isinstance(content, str) else content
        table = open_table(
            io.BytesIO(raw),
            is_csv=is_csv,
            encoding=options.pop("encoding", None),
            delimiter=options.pop("delimiter", None),
        )
        refused = []
        counts = import_candidates(
            table,
            names,
            on_refusal=lambda r: refused.append((r.line, *r.reasons)),
            **{"organization": organization, **options},
        )
        return told(counts), refused

    return take


def told(counts: Counts) -> dict[str, int]:
    """What became of the rows, without what did not happen."""
    return {name: count for name in ("made", "updated", "skipped", "refused") if (count := getattr(counts, name))}


def line(**more: Any) -> str:
    return json.dumps({"firstName": "Jane", "email": "jane@example.com", **more}) + "\n"


# What a file looks like.


def test_a_list_as_a_german_spreadsheet_saves_it(take, organization):
    content = (
        "\ufeffVorname;Nachname;E-Mail-Adresse;Telefon;Beworben am;Quelle;Bewertung;Fähigkeiten;Bemerkungen\r\n"
        "Zoë;Müller;zoe@example.com;'+49 30 1234;31.01.2024;Messe;4,5;"
        '"Python:expert; Go";"Sehr ""gut"";\r\nzweite Zeile"\r\n'
        "\r\n"
        "Ann;;ann@example.com;;;messe;;;\r\n"
    )

    assert take(content) == ({"made": 2}, [])

    zoe, ann = Candidate.objects.order_by("-email")
    assert (zoe.first_name, zoe.last_name, zoe.email, zoe.phone_number) == (
        "Zoë",
        "Müller",
        "zoe@example.com",
        "+49 30 1234",
    )
    assert (zoe.applied_date, zoe.rating) == (datetime(2024, 1, 31, tzinfo=UTC), Decimal("4.5"))
    assert zoe.notes == 'Sehr "gut";\r\nzweite Zeile'
    assert list(zoe.skills.order_by("pk").values_list("name", "level")) == [("Python", "EXPERT"), ("Go", None)]
    assert (ann.last_name, ann.phone_number, ann.rating, ann.status) == ("", None, None, "APPLIED")
    source = Source.objects.get()
    assert (source.name, zoe.source, ann.source) == ("Messe", source, source)
    assert {row.organization for row in (zoe, ann, source, *Skill.objects.all())} == {organization}
    assert (zoe.last_name_folded, zoe.is_active, zoe.created_by) == ("müller", True, None)


@pytest.mark.parametrize(
    ("header", "separator"),
    [
        ("first name,last name,email", ","),
        ("FIRST_NAME;Surname;E-mail", ";"),
        ("Given Name\tFamily-Name\tMail address", "\t"),
        ("Rufname|Familienname|Mailadresse", "|"),
        ("sep=;\nVorname;Nachname;Email", ";"),
    ],
)
def test_columns_are_known_by_many_names(take, header, separator):
    assert take(f"{header}\n" + separator.join(["Jane", "Doe", "jane@example.com"])) == ({"made": 1}, [])
    assert Candidate.objects.values_list("first_name", "last_name", "email").get() == (
        "Jane",
        "Doe",
        "jane@example.com",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_encoding_is_known_by_its_mark(take, encoding):
    assert take(f"{HEADER}Žoë,zoe@example.com\n".encode(encoding)) == ({"made": 1}, [])
    assert Candidate.objects.get().first_name == "Žoë"


def test_another_encoding_is_said(take):
    content = f"{HEADER}Zoë,zoe@example.com\n".encode("cp1252")

    with pytest.raises(ImportFailed, match=r"^Line 2 \(byte 18\) is not utf-8.*--encoding cp1252"):
        take(content)

    assert take(content, encoding="cp1252") == ({"made": 1}, [])
    assert Candidate.objects.get().first_name == "Zoë"


def test_columns_are_mapped_and_left_out_by_hand(take):
    content = "Name,Rufname,email,firstName,shoe size\nDoe,Jane,jane@example.com,No,40\n"
    chosen = {"name": "last name", "Rufname": "firstName", "firstName": "", "Shoe Size": ""}

    assert take(content, chosen=chosen) == ({"made": 1}, [])

    assert Candidate.objects.values_list("first_name", "last_name").get() == ("Jane", "Doe")


def test_unknown_columns_are_left_out_if_asked(take):
    content = "firstName,email," + ",".join(f"x{n}" for n in range(200)) + "\nJane,jane@example.com" + ",1" * 200
    with pytest.raises(ImportFailed, match=r"^Unknown columns: 'x0', .* and 180 more\. .*--ignore-unknown"):
        take(content)

    assert take(content, ignore_unknown=True) == ({"made": 1}, [])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "The file is empty"),
        ("\n\n", "The file is empty"),
        ("first name,phone\nJane,1\n", "There is no column for email among 'first name', 'phone'"),
        ("Vorname,first name,email\n", "“Vorname” and “first name” are both for firstName"),
        ("firstName,email,educations\n", "educations can't stand in one cell"),
        (HEADER.encode("utf-16-le"), "--encoding utf-16-le"),
        (HEADER + "Jane,jane@example.com\n" + "x" * 1024 * 1024 + "\n", "Line 3 has more than 1,048,576 characters"),
        (HEADER + "Jane,jane@example.com\n" + f'"{"x" * 200_000}",a@example.com', "Line 3: field larger than"),
        (HEADER + 'Jane,jane@example.com\n"Jane,ann@example.com\n', "Line 3: unexpected end of data.*quotation mark"),
        (HEADER.encode() + b"Jane,jane@example.com\n" * 5000 + b"\xff,a@example.com\n", "Line 5002 .* is not utf-8"),
    ],
)
def test_what_can_not_be_read_stops_the_import_before_anything_is_written(take, content, words):
    with pytest.raises(ImportFailed, match=words):
        take(content)
    assert not Candidate.objects.exists()


def test_what_can_not_be_meant_is_said():
    with pytest.raises(ImportFailed, match="There is no encoding “utf-9”"):
        open_table(io.BytesIO(), is_csv=True, encoding="utf-9")
    with pytest.raises(ImportFailed, match="There is no field 'shoes'"):
        Names({"a": "shoes"})
    with pytest.raises(ImportFailed, match="--map names columns that are not there: 'given'"):
        Names({"given": "firstName"}).places(["first", "email"])


def test_a_header_alone_is_a_list_of_nobody(take):
    assert take(HEADER) == ({}, [])


# Rows.


def test_what_is_wrong_with_a_row_is_told_and_the_others_go_in(take):
    content = (
        "firstName,email,rating,status,skills,appliedDate\n"
        "Jane,jane@example.com,,,,\n"
        ",jane,7,GONE,Go:GURU,01/02/2024\n"
        "Ann,ann@example.com,,,\n"
        "Bob\0,bob@example.com,,,Go;go,\n"
        "Cat,cat@example.com,,,,\n"
    )

    assert take(content) == (
        {"made": 2, "refused": 3},
        [
            (
                3,
                "firstName: This field is required.",
                "email: Enter a valid email address.",
                "rating: Ensure this value is less than or equal to 5.",
                "status: “GONE” is not one of APPLIED, INTERVIEWED, REJECTED, HIRED.",
                "skills: “GURU” is not one of BEGINNER, INTERMEDIATE, ADVANCED, EXPERT.",
                "appliedDate: “01/02/2024” is no date: write 2024-01-10, 10.01.2024 or 2024-01-10T09:30:00Z.",
            ),
            (4, "The row has 5 cells under 6 columns."),
            (5, "firstName: Null characters are not allowed.", "skills: The same skill stands here twice."),
        ],
    )
    assert set(Candidate.objects.values_list("first_name", flat=True)) == {"Jane", "Cat"}


def test_lines_of_json_hold_whole_candidates(take):
    known = {
        "skills": [{"name": "Go", "level": "EXPERT"}, "C"],
        "experience": [{"occupation": "Cook", "organization": "Acme", "duration": "a year"}],
        "educations": [{"schoolName": "MIT", "completionDate": "2020-06-01"}],
        "rating": 3.5,
        "notes": None,
    }
    content = (
        line(**known) + "\n" + line(email="ann@example.com", shoes=40) + "{\n" + "[]\n" + line(email="", rating="a")
    )

    counts, refused = take(content, is_csv=False)

    assert counts == {"made": 1, "refused": 4}
    assert [(number, reasons[0].partition(":")[0]) for number, *reasons in refused] == [
        (3, "Unknown key “shoes”."),
        (4, "This is not JSON"),
        (5, "This must be a JSON object."),
        (6, "email"),
    ]
    candidate = Candidate.objects.get()
    assert candidate.rating == Decimal("3.5")
    assert list(candidate.skills.order_by("pk").values_list("name", "level")) == [("Go", "EXPERT"), ("C", None)]
    assert Experience.objects.values_list("candidate", "occupation", "company", "duration", "description").get() == (
        candidate.pk, "Cook", "Acme", "a year", None,
    )  # fmt: skip
    assert str(Education.objects.get(candidate=candidate).completion_date) == "2020-06-01"


@pytest.mark.parametrize(
    ("cell", "named"),
    [
        ("TypeScript:EXPERT; Angular", [("TypeScript", "EXPERT"), ("Angular", None)]),
        (r"Vue\:3 ; C\;:beginner; a\\:Expert", [("Vue:3", None), ("C;", "BEGINNER"), ("a\\", "EXPERT")]),
        (" ; ", []),
    ],
)
def test_skills_stand_in_one_cell(take, cell, named):
    take(f"firstName,email,skills\nJane,jane@example.com,{cell}")

    assert list(Skill.objects.order_by("pk").values_list("name", "level")) == named


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("email", "jane"), ("email", "jané@example.com"), ("email", "j@localhost"), ("email", "j@[127.0.0.1]"),
        ("email", f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.com"), ("email", 5),
        ("firstName", "J" * 150), ("firstName", "J" * 151), ("firstName", "J\0"), ("firstName", ["J"]),
        ("lastName", "D" * 151), ("phoneNumber", "1" * 50), ("phoneNumber", "1" * 51),
        ("rating", 4.5), ("rating", 4.3), ("rating", -0.5),
        ("rating", 5.5), ("rating", True), ("rating", [4]), ("appliedDate", "2024-02-30"), ("appliedDate", "yesterday"),
        ("appliedDate", "2024-02-29T23:59:59.999+02:00"), ("appliedDate", "2024-W01-1"), ("appliedDate", 5),
        ("appliedDate", "9999-12-31T23:59:59-12:00"), ("cvUrl", "https://a.example/cv"), ("cvUrl", "ftp://a.example/cv"),
        ("cvUrl", "javascript:alert(1)"), ("cvUrl", f"https://a.example/{'x' * 2000}"), ("candidateLevel", "x" * 101),
        ("notes", "x" * 20_000), ("notes", "x" * 20_001), ("status", "GONE"), ("status", "REJECTED"), ("status", 5),
        ("skills", [{"name": "x" * 201}]), ("skills", [{"name": "Go", "level": "GURU"}]),
        ("skills", [{"level": "EXPERT"}]), ("skills", [{"name": "Go"}, {"name": "GO"}]), ("skills", {"name": "Go"}),
        ("skills", [{"name": "Go", "age": 1}]),
        ("experience", [{"organization": "Acme"}]), ("experience", [{"occupation": "Cook", "duration": "x" * 101}]),
        ("experience", [{"occupation": "Cook"}]), ("educations", [{"schoolName": "MIT", "completionDate": "2020"}]),
        ("educations", [{"schoolName": "MIT", "degree": "x" * 200}]), ("educations", "MIT"),
    ],
)  # fmt: skip
def test_what_the_api_refuses_no_file_brings_in(take, recruiter, key, value):
    person = {"firstName": "Jane", "email": "jane@example.com"}
    of_person = key in {"firstName", "lastName", "email", "phoneNumber"}
    body = {"user": {**person, key: value}} if of_person else {"user": person, key: value}

    answer = recruiter.post("/api/candidate", body).status_code
    Candidate.objects.all().delete()
    counts, _ = take(line(**{key: value}), is_csv=False)

    assert (answer, counts) in [(201, {"made": 1}), (400, {"refused": 1})]


# Moves.


def test_who_comes_further_on_has_the_same_history_as_one_who_was_posted(take, recruiter):
    take(line(status="Rejected") + line(email="ann@example.com", status="INTERVIEWED"), is_csv=False)
    posted = recruiter.post(
        "/api/candidate", {"user": {"firstName": "Bob", "email": "bob@example.com"}, "status": "REJECTED"}
    ).json()

    jane, ann = (Candidate.objects.get(email=email) for email in ("jane@example.com", "ann@example.com"))
    bob = Candidate.objects.get(pk=posted["id"])
    moves = {c: list(c.status_history.values_list("from_status", "to_status")) for c in (jane, ann, bob)}
    assert moves == {jane: [("APPLIED", "REJECTED")], ann: [("APPLIED", "INTERVIEWED")], bob: [("APPLIED", "REJECTED")]}
    assert (jane.reject_date is None, ann.reject_date is None, bob.reject_date is None) == (False, True, False)
    for candidate in (jane, ann, bob):
        assert candidate.status_since == candidate.status_history.get().created_at


def test_who_is_imported_as_they_applied_is_in_that_status_since_then(take):
    take("firstName,email,status,applied\nJane,jane@example.com,APPLIED,2024-01-10\nAnn,ann@example.com,,2024-02-01\n")

    since = dict(Candidate.objects.values_list("first_name", "status_since"))
    assert since == {"Jane": datetime(2024, 1, 10, tzinfo=UTC), "Ann": datetime(2024, 2, 1, tzinfo=UTC)}


def test_nobody_is_hired_by_a_list(take):
    counts, refused = take(line(status="HIRED"), is_csv=False)

    assert counts == {"refused": 1}
    assert "hires nobody" in refused[0][1]
    assert not User.objects.exists()


# Who is there already.


def test_who_is_there_already_is_skipped_or_refused(take, organization):
    CandidateFactory(organization=organization, email="JANE@example.com", notes="Old")
    CandidateFactory(email="ann@example.com")
    content = line(notes="New") + line(email="ann@example.com") + line(email="ANN@example.com")

    assert take(content, is_csv=False, duplicates=Duplicates.REFUSE) == (
        {"made": 1, "refused": 2},
        [
            (1, "email: jane@example.com belongs to a candidate already."),
            (3, "email: ANN@example.com stands in line 2 already."),
        ],
    )
    assert take(content, is_csv=False) == ({"skipped": 3}, [])
    assert Candidate.objects.get(email="JANE@example.com").notes == "Old"
    assert Candidate.objects.filter(organization=organization).count() == 2


def test_an_e_mail_of_many_rows_before_is_known(take, monkeypatch):
    monkeypatch.setattr(rows_of_files, "CHUNK", 2)
    content = line() + line(email="ann@example.com") + line(notes="Again")

    assert take(content, is_csv=False, duplicates=Duplicates.REFUSE) == (
        {"made": 2, "refused": 1},
        [(3, "email: jane@example.com stands in this file before.")],
    )


def test_who_is_there_already_is_brought_up_to_date(take, organization):
    jane = CandidateFactory(
        organization=organization, email="JANE@example.com", last_name="Doe", notes="Old", candidate_level="Junior"
    )
    SkillFactory(candidate=jane, name="Go", level="BEGINNER")
    SkillFactory(candidate=jane, name="C", level="EXPERT")
    content = (
        "firstName,lastName,email,notes,level,source,status,skills,applied\n"
        "Janet,,jane@example.com,New,,Fair,REJECTED,go:EXPERT; C; Rust,2024-01-10\n"
    )

    assert take(content, duplicates=Duplicates.UPDATE) == ({"updated": 1}, [])

    before, jane = jane, Candidate.objects.get(pk=jane.pk)
    assert (jane.first_name, jane.first_name_folded, jane.last_name, jane.notes) == ("Janet", "janet", "Doe", "New")
    assert (jane.email, jane.candidate_level, jane.source.name) == ("JANE@example.com", "Junior", "Fair")
    assert (jane.status, jane.applied_date) == ("REJECTED", datetime(2024, 1, 10, tzinfo=UTC))
    assert jane.reject_date is not None
    move = (jane.pk, "REJECTED", jane.status_since)
    assert StatusChange.objects.values_list("candidate", "to_status", "created_at").get() == move
    assert dict(jane.skills.values_list("name", "level")) == {"Go": "EXPERT", "C": "EXPERT", "Rust": None}
    assert jane.updated_at > before.updated_at
    assert jane.created_at == before.created_at
    assert take(content, duplicates=Duplicates.UPDATE) == ({"skipped": 1}, [])
    assert Candidate.objects.get().updated_at == jane.updated_at


def test_a_row_updates_what_one_before_it_made(take):
    content = line(notes="One") + line(notes="Two", status="REJECTED") + line(status="APPLIED", skills=["Go"])

    assert take(content, is_csv=False, duplicates=Duplicates.UPDATE) == ({"made": 1, "updated": 2}, [])

    candidate = Candidate.objects.get()
    assert (candidate.notes, candidate.status, candidate.skills.get().name) == ("Two", "APPLIED", "Go")
    assert candidate.status_history.count() == 2


def test_a_hire_is_final_for_files_too(take, organization):
    CandidateFactory(organization=organization, email="jane@example.com", status="HIRED")

    assert take(line(status="HIRED"), is_csv=False, duplicates=Duplicates.SKIP) == ({"skipped": 1}, [])
    assert take(line(status="HIRED", notes="New"), is_csv=False, duplicates=Duplicates.UPDATE) == ({"updated": 1}, [])
    assert take(line(status="APPLIED", notes="No"), is_csv=False, duplicates=Duplicates.UPDATE) == (
        {"refused": 1},
        [(1, "status: The candidate is hired; that is final.")],
    )
    assert Candidate.objects.get().notes == "New"


def test_who_applies_in_the_same_moment_is_not_written_twice(take, organization, monkeypatch):
    CandidateFactory(organization=organization, email="jane@example.com")
    look, looks = writing._stored, []

    def too_early(*args):
        looks.append(args)
        return {} if len(looks) == 1 else look(*args)

    monkeypatch.setattr(writing, "_stored", too_early)

    assert take(line() + line(email="ann@example.com", source="Fair"), is_csv=False) == ({"made": 1, "skipped": 1}, [])
    assert Candidate.objects.filter(organization=organization).count() == 2
    assert Candidate.objects.get(email="ann@example.com").source == Source.objects.get()


# All or nothing, on behalf of someone, and what it costs.


def test_all_or_nothing_is_nothing_if_a_row_is_refused(take):
    content = line() + line(email="no")

    assert take(content, is_csv=False, all_or_nothing=True)[0] == {"refused": 1}
    assert not Candidate.objects.exists()
    assert take(line(), is_csv=False, all_or_nothing=True)[0] == {"made": 1}
    assert Candidate.objects.count() == 1


def test_a_dry_run_tells_what_would_be_and_leaves_nothing(take):
    assert take(line(source="Fair") + line(email="no"), is_csv=False, dry_run=True)[0] == {"made": 1, "refused": 1}
    assert not Candidate.objects.exists()
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    "more",
    [{}, {"skills": ["Go"]}, {"source": "New"}, {"status": "REJECTED"}, {"experience": [{"occupation": "Cook"}]}],
)
def test_who_may_not_write_it_can_not_import_it(take, sign_in, organization, more):
    permissions = ["candidates.view_candidate", *(["candidates.add_candidate"] if more else [])]
    user = sign_in("", role=RoleFactory(organization=organization, permissions=permissions)).user

    with pytest.raises(PermissionDenied):
        take(line(**more), is_csv=False, by=user)

    assert not Candidate.objects.exists()


def test_what_someone_imports_is_theirs(take, recruiter):
    take(line(skills=["Go"], source="Fair", status="REJECTED"), is_csv=False, by=recruiter.user)

    rows = [model.objects.get() for model in (Candidate, Skill, Source, StatusChange)]
    assert {row.created_by for row in rows} == {recruiter.user}


# Rows that change go to SQLite some at a time: it takes so many values in one statement.
@pytest.mark.parametrize(
    "duplicates", [Duplicates.SKIP, *([Duplicates.UPDATE] if connection.vendor == "postgresql" else [])]
)
def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(take, duplicates):
    def statements(start: int, size: int) -> int:
        more = {"skills": ["Go"], "status": "REJECTED", "notes": "New"}
        content = "".join(
            line(email=f"j{start + n}@example.com", source=f"{start} {n % 2}", **more) for n in range(size)
        )
        with CaptureQueriesContext(connection) as captured:
            take(content, is_csv=False, duplicates=duplicates)
        return len(captured)

    assert statements(0, 2) == statements(1000, 300)
    Candidate.objects.update(notes="Old", status="APPLIED", reject_date=None)
    Skill.objects.update(name="C")
    assert statements(0, 2) == statements(1000, 300)


# The command.


@pytest.fixture
def run(organization, capsys, tmp_path):
    """Content of a file, and options → what the command said on standard output and on standard error, and its exit
    code."""

    def run(content: str, *options: str, name: str = "list.csv") -> tuple[str, str, int]:
        path = tmp_path / name
        path.write_text(content)
        words, code = "", 0
        try:
            call_command("import_candidates", str(path), "--organization", str(organization.pk), *options)
        except CommandError as error:
            words, code = str(error), error.returncode
        out, err = capsys.readouterr()
        return out, err + words, code

    return run


def test_the_command_tells_a_person_and_a_script(run):
    out, err, code = run(f"{HEADER}Jane,jane@example.com\n")
    assert out.startswith("1 read, 1 made, 0 updated, 0 skipped, 0 refused in ")
    assert (err, code) == ("", 0)

    out, err, code = run(f"{HEADER}Jane,jane@example.com\nAnn,ann\n", "--json")
    told = json.loads(out)
    assert told.pop("seconds") >= 0
    assert told == {"read": 2, "made": 0, "updated": 0, "skipped": 1, "refused": 1, "dryRun": False}
    assert code == 1
    assert err == "Line 3: email: Enter a valid email address.\nNot all went in: 1 rows were refused."


def test_refused_rows_are_kept_to_be_put_right(run, tmp_path):
    errors = tmp_path / "errors.csv"
    content = 'first name,email,notes\nJane,jane@,"=1+1,\nand"\nAnn,ann@example.com,\n'

    _, _, code = run(content, "--errors", str(errors))

    assert code == 1
    with errors.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["line", "reasons", "first name", "email", "notes"],
            ["2", "email: Enter a valid email address.", "Jane", "jane@", "'=1+1,\nand"],
        ]
    righted = errors.read_text(encoding="utf-8-sig").replace("jane@", "jane@example.com")
    assert run(righted)[2] == 0
    assert Candidate.objects.get(first_name="Jane").notes == "=1+1,\nand"


def test_an_interrupted_import_says_what_went_in(run, monkeypatch):
    monkeypatch.setattr(rows_of_files, "CHUNK", 2)
    write = imports.write

    def interrupted(rows, importing):
        if Candidate.objects.exists():
            raise KeyboardInterrupt
        return write(rows, importing)

    monkeypatch.setattr(imports, "write", interrupted)

    out, err, code = run(HEADER + "".join(f"Jane,jane{n}@example.com\n" for n in range(5)))

    assert out.startswith("Interrupted. What went in stays: 2 read, 2 made")
    assert (err, code) == ("Interrupted before the end of the file.", 130)
    assert Candidate.objects.count() == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--organization", "nowhere"], "There is no organization 'nowhere'."),
        (["--organization", "018f0000-0000-7000-8000-000000000000"], "There is no organization"),
        (["--map", "firstName"], "write COLUMN=FIELD"),
        (["--map", "a=firstName"], "columns that are not there: 'a'"),
        (["--format", "jsonl"], ""),
    ],
)
def test_what_is_asked_wrongly_is_refused(run, options, words):
    _, err, code = run(f"{HEADER}Jane,jane@example.com\n", *options)

    assert code == 1
    assert words in err
    assert not Candidate.objects.exists()


def test_a_list_of_refusals_does_not_overwrite_the_file(run, tmp_path):
    _, err, code = run(f"{HEADER}Jane,jane@\n", "--errors", str(tmp_path / "list.csv"))

    assert (err, code) == ("--errors would overwrite the file that is imported.", 1)
    assert (tmp_path / "list.csv").read_text().startswith(HEADER)
