"""A list that a person brings in: uploaded, matched, checked, written beside the requests, and undone."""

from __future__ import annotations

import csv
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from candidates.actions import move, name_skills
from candidates.edits import edit
from candidates.imports import ImportFailed, actions, journal, uploads
from candidates.imports import rows as rows_of_files
from candidates.imports.undoing import attached, changed_since
from candidates.models import Candidate, Edit, Import, ImportedRow, Skill, Source, StatusChange
from candidates.tests.factories import CandidateFactory, DocumentFactory, SkillFactory, SourceFactory
from interviews.tests.factories import FeedbackFactory, InterviewFactory
from organizations.errors import RuleBroken
from organizations.models import Organization
from organizations.tests.factories import RoleFactory

State = Import.State
HEADER = "Vorname,E-Mail,Status,Quelle,Skills,Notizen,Rating\n"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.UPLOAD_DIR = str(tmp_path / "uploads")
    return tmp_path / "uploads"


@pytest.fixture
def by(recruiter):
    return recruiter.user


@pytest.fixture
def act(django_capture_on_commit_callbacks, by):
    """An action on an import, with what it hands over to a worker. The import as it is then."""

    def act(action, row, *arguments, **options):
        with django_capture_on_commit_callbacks(execute=True):
            action(row, *arguments, **{"by": by, **options})
        row.refresh_from_db()
        return row

    return act


@pytest.fixture
def bring(organization, by):
    def bring(content: str | bytes, name: str = "list.csv", **options):
        raw = content.encode() if isinstance(content, str) else content
        return actions.upload([raw], file_name=name, **{"organization": organization, "by": by, **options})

    return bring


@pytest.fixture
def checked(bring, act):
    return lambda content, **options: act(actions.check, bring(content), **options)


@pytest.fixture
def done(checked, act):
    return lambda content, **options: act(actions.start, checked(content, **options))


def people(*emails: str, rest: str = ",,,,") -> str:
    return "".join(f"Jane,{email},{rest}\n" for email in emails)


def many(count: int) -> str:
    return people(*(f"j{number}@example.com" for number in range(count)))


def counts(row: Import) -> tuple[int, ...]:
    return row.total, row.made, row.updated, row.skipped, row.refused, row.known


# Uploading.


def test_an_upload_is_kept_for_nobody_else_to_read(bring, organization, by, folder):
    row = bring(HEADER + people("jane@example.com"), name="C:\\lists\\Müller\u202e.csv")

    assert (row.file_name, row.organization, row.created_by, row.state) == ("Müller.csv", organization, by, "UPLOADED")
    assert row.columns == ["firstName", "email", "status", "source", "skills", "notes", "rating"]
    assert (row.total, row.encoding) == (1, "utf-8")
    (path,) = folder.iterdir()
    assert (path.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert path.stat().st_size == row.size
    assert "list" not in path.name


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b" \r\n \n", "The file is empty"),
        (b"\xef\xbb\xbf", "The file is empty"),
        (b"first name,email\n", "no row below the first line"),
        (b"%PDF-1.7 \x00", "This is a PDF, not CSV"),
        (b"PK\x03\x04\x14\x00\x06", "This is an Excel workbook, or another archive, not CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "This is an old Excel or Word document"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "This is an image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "This is an image"),
        (b"<!doctype html><p>Sign in", "This is a web page"),
        (b'{"firstName": "Jane"}\n', "This is JSON"),
        (b"\x00\x01\x02\x03\x00\x00" * 100, "This is not text"),
        (b"first name\0,email\nJane,jane@example.com" + b" " * 100, "The first line holds null characters"),
        (
            b",".join(b"c%d" % n for n in range(200)) + b"\n" + b"," * 199,
            "has 200 columns, and 100 is the most",
        ),
        (b'first name,email\nJane,"jane@example.com\n', "Perhaps a quotation mark is not closed"),
    ],
)
def test_what_is_no_list_is_told_and_not_kept(bring, folder, content, words):
    with pytest.raises(ImportFailed, match=words):
        bring(content)

    assert not Import.objects.exists()
    assert not list(folder.iterdir())


def test_what_is_too_large_is_told_and_not_kept(organization, by, folder, settings):
    settings.MAX_UPLOAD_BYTES = 3 * 1024 * 1024
    read = []

    def endless():
        while len(read) < 100:
            read.append(1)
            yield b"x" * 1024 * 1024

    with pytest.raises(ImportFailed, match="larger than 3 MB"):
        actions.upload(endless(), file_name="a.csv", organization=organization, by=by)

    assert len(read) == 4
    assert not list(folder.iterdir())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_an_encoding_is_found_out(bring, encoding):
    row = bring("first name,email\nZoë,zoe@example.com\n".encode(encoding))

    with uploads.opened(row) as file:
        assert uploads.preview(file, row.encoding).rows == [["Zoë", "zoe@example.com"]]
    assert row.columns == ["firstName", "email"]


def test_another_encoding_is_chosen(bring, act):
    row = bring("first name,email\nŁukasz,l@example.com\n".encode("cp1250"))
    assert row.encoding == "cp1252"

    act(actions.read_as, row, "cp1250")

    with uploads.opened(row) as file:
        assert uploads.preview(file, row.encoding).rows[0][0] == "Łukasz"
    with pytest.raises(ImportFailed, match="is not utf-8"):
        act(actions.read_as, row, "utf-8")
    with pytest.raises(ImportFailed, match="no encoding"):
        act(actions.read_as, row, "rot13")


def test_who_may_not_add_candidates_can_not_import(bring, sign_in, organization, folder):
    for role in ("VIEWER", "INTERVIEWER"):
        with pytest.raises(PermissionDenied):
            bring(HEADER + people("jane@example.com"), by=sign_in(role).user)
    clerk = RoleFactory(organization=organization, permissions=["candidates.view_import", "candidates.add_import"])
    with pytest.raises(PermissionDenied):
        bring(HEADER + people("jane@example.com"), by=sign_in("", role=clerk).user)
    assert not folder.exists()


def test_files_that_nobody_uses_go(bring, act, folder, settings, monkeypatch, capsys):
    row = bring(HEADER + people("jane@example.com") + people("no"))
    act(actions.check, row)
    settings.UPLOAD_DAYS = 30
    later = timezone.now() + timedelta(days=31)
    monkeypatch.setattr("candidates.imports.actions.timezone.now", lambda: later)

    call_command("clear_uploads", "--dry-run")
    assert len(list(folder.iterdir())) == 2
    call_command("clear_uploads")

    assert not list(folder.iterdir())
    assert capsys.readouterr().out == "2 files are old.\n2 files deleted.\n"
    row.refresh_from_db()
    assert (row.refused, row.refusals) == (1, [])
    with pytest.raises(ImportFailed, match="not kept any more"):
        act(actions.start, row)


# Matching.


def test_columns_are_matched_by_their_place(bring, act):
    row = bring("name,name,,firstName,E-Mail\nDoe,Jane,x,No,jane@example.com\n")
    assert row.columns == [None, None, None, "firstName", "email"]

    act(actions.match, row, ["lastName", "firstName", None, None, "email"])
    act(actions.start, act(actions.check, row))

    assert Candidate.objects.values_list("first_name", "last_name").get() == ("Jane", "Doe")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (["firstName", None], "There is no column for email"),
        (["email", "email"], "Two columns can't be for the same field"),
        (["firstName"], "other columns than those that were matched"),
        (["firstName", "shoes"], "There is no field “shoes”"),
        (["firstName", "id"], "There is no field “id”"),
    ],
)
def test_columns_are_not_matched_wrongly(bring, act, fields, words):
    row = bring("a,b\nJane,jane@example.com\n")

    with pytest.raises(ImportFailed, match=words):
        act(actions.match, row, fields)

    row.refresh_from_db()
    assert row.columns == [None, None]


# Checking.


def test_a_check_tells_what_would_be_and_writes_nothing(checked, organization):
    CandidateFactory(organization=organization, email="KNOWN@example.com")
    content = (
        people("a@example.com", "known@example.com", "b@example.com", "A@example.com")
        + "Jane,no,,,,,\n"
        + "Bob,bob@example.com,HIRED,,,,\n"
        + 'Eve,eve@example.com,INTERVIEWED,Fair,Go,"=cmd|1",9\n'
    )

    row = checked(HEADER + content)

    assert row.state == State.CHECKED
    assert counts(row) == (7, 2, 0, 2, 3, 2)
    assert [(one["line"], one["reasons"][0][:6]) for one in row.refusals] == [
        (6, "email:"), (7, "status"), (8, "rating"),
    ]  # fmt: skip
    assert row.known_rows == [
        {"line": 3, "email": "known@example.com", "is_in_file": False},
        {"line": 5, "email": "A@example.com", "is_in_file": True},
    ]
    assert (Candidate.objects.count(), Source.objects.count(), ImportedRow.objects.count()) == (1, 0, 0)
    with uploads.errors_path(row.stored_as).open(encoding="utf-8-sig", newline="") as file:
        told = list(csv.reader(file))
    assert told[0] == ["line", "reasons", "Vorname", "E-Mail", "Status", "Quelle", "Skills", "Notizen", "Rating"]
    assert told[3][0] == "8"
    assert told[3][7] == "'=cmd|1"


def test_rows_of_an_address_are_known_however_far_apart(checked, monkeypatch):
    monkeypatch.setattr(rows_of_files, "CHUNK", 2)
    content = HEADER + people("a@example.com", "b@example.com", "c@example.com", "A@example.com")

    assert counts(checked(content)) == (4, 3, 0, 1, 0, 1)
    assert counts(checked(content, duplicates="update")) == (4, 3, 1, 0, 0, 1)


def test_a_new_check_forgets_the_one_before(bring, act, organization):
    CandidateFactory(organization=organization, email="a@example.com", notes="Old")
    row = bring(HEADER + people("a@example.com", rest=",,,New,") + people("no"))

    assert counts(act(actions.check, row)) == (2, 0, 0, 1, 1, 1)
    assert counts(act(actions.check, row, duplicates="update")) == (2, 0, 1, 0, 1, 1)
    assert Candidate.objects.get().notes == "Old"


def test_what_the_role_does_not_allow_stops_the_check(bring, act, organization, sign_in):
    permissions = ["candidates.add_import", "candidates.add_candidate", "candidates.view_candidate"]
    clerk = sign_in("", role=RoleFactory(organization=organization, permissions=permissions)).user
    row = bring(HEADER + people("a@example.com", rest=",A new source,,,"), by=clerk)

    act(actions.check, row, by=clerk)

    assert (row.state, row.made) == (State.UPLOADED, 0)
    assert "You may not write all that the file holds" in row.problem


# Importing.


def test_the_good_rows_go_in_and_the_file_goes(done, organization, by, folder):
    row = done(HEADER + people("a@example.com", rest="INTERVIEWED,Fair,Go:EXPERT,,4") + people("no"))

    assert (row.state, counts(row)) == (State.DONE, (2, 1, 0, 0, 1, 0))
    assert row.finished_at is not None
    candidate = Candidate.objects.get()
    assert (candidate.source.name, candidate.rating, candidate.created_by) == ("Fair", Decimal(4), by)
    written = ImportedRow.objects.get()
    assert (written.of_import, written.candidate, written.line, written.was_added) == (row, candidate, 2, True)
    assert written.updated_at == candidate.updated_at
    assert [path.name for path in folder.iterdir()] == [f"{row.stored_as}-errors.csv"]


def test_an_update_is_on_the_record_of_the_candidate(done, organization, by):
    jane = CandidateFactory(organization=organization, email="a@example.com", first_name="Jane", notes="Old")

    row = done(HEADER + people("a@example.com", rest="REJECTED,Fair,Go,New,"), duplicates="update")

    assert counts(row) == (1, 0, 1, 0, 0, 1)
    edits = {edit.subject: (edit.kind, edit.title, edit.changes) for edit in Edit.objects.filter(candidate=jane)}
    assert edits == {
        "CANDIDATE": ("CHANGED", "", {"notes": ["Old", "New"], "source": [None, "Fair"]}),
        "SKILL": ("ADDED", "Go", {}),
    }
    assert set(Edit.objects.values_list("created_by", flat=True)) == {by.pk}
    assert jane.status_history.get().to_status == "REJECTED"


def test_an_import_begins_once(checked, act):
    row = checked(HEADER + many(2))
    act(actions.start, row)

    for action in (actions.start, actions.check, actions.go_on):
        with pytest.raises(RuleBroken):
            act(action, row)
    with pytest.raises(RuleBroken, match="begun already"):
        act(actions.match, row, row.columns)
    assert Candidate.objects.count() == 2


def test_only_what_was_checked_and_holds_something_begins(bring, act, checked):
    with pytest.raises(RuleBroken, match="not checked yet"):
        act(actions.start, bring(HEADER + many(1)))
    with pytest.raises(RuleBroken, match="no row to import"):
        act(actions.start, checked(HEADER + people("no")))


@pytest.fixture
def cut_off(checked, act, monkeypatch):
    """Rows of a file, of which two went in when the server fell over."""

    def cut_off(content: str) -> Import:
        row = checked(content)
        monkeypatch.setattr(rows_of_files, "CHUNK", 2)
        keep = journal.Journal.keep

        def fall_over(self, *arguments):
            if self.held.read:
                raise SystemExit
            return keep(self, *arguments)

        with monkeypatch.context() as patch:
            patch.setattr(journal.Journal, "keep", fall_over)
            with pytest.raises(SystemExit):
                act(actions.start, row)
        row.refresh_from_db()
        assert (row.state, row.read, row.is_stalled) == (State.RUNNING, 2, False)
        Import.objects.update(worked_at=timezone.now() - timedelta(seconds=61))
        row.refresh_from_db()
        return row

    return cut_off


def test_an_import_that_was_cut_off_goes_on_where_it_stood(cut_off, act):
    row = cut_off(HEADER + people("a@example.com", "no", "b@example.com", "no", "c@example.com"))
    assert (row.is_stalled, row.is_interrupted, row.made, row.refused) == (True, True, 1, 1)

    act(actions.go_on, row)

    assert (row.state, counts(row), row.read) == (State.DONE, (5, 3, 0, 0, 2, 0), 5)
    assert list(ImportedRow.objects.order_by("pk").values_list("line", flat=True)) == [2, 4, 6]
    with uploads.errors_path(row.stored_as).open(encoding="utf-8-sig", newline="") as file:
        assert [cells[0] for cells in csv.reader(file)] == ["line", "3", "5"]


def test_an_import_that_was_cut_off_is_undone(cut_off, act):
    row = act(actions.undo, cut_off(HEADER + many(5)))

    assert (row.state, Candidate.objects.count()) == (State.UNDONE, 0)


def test_an_import_that_runs_can_neither_go_on_nor_be_undone(cut_off, act):
    row = cut_off(HEADER + many(5))
    Import.objects.update(worked_at=timezone.now())

    for action in (actions.go_on, actions.undo):
        with pytest.raises(RuleBroken):
            act(action, row)


def test_of_two_workers_only_the_later_writes(cut_off, by, act):
    row = cut_off(HEADER + many(5))
    first = row.worker
    Import.objects.update(worker=uuid4())

    actions._attempt(actions._run, row.pk, first, by.pk)

    row.refresh_from_db()
    assert (row.state, row.read, Candidate.objects.count()) == (State.RUNNING, 2, 2)


def test_without_its_file_an_import_stops_and_says_so(cut_off, act, folder):
    row = cut_off(HEADER + many(5))
    for path in folder.iterdir():
        path.unlink()

    act(actions.go_on, row)

    assert (row.state, row.problem) == (State.FAILED, "The file is not kept any more. Upload it again.")
    assert act(actions.undo, row).state == State.UNDONE


# Undoing.


def everything(organization: Organization) -> dict[str, list]:
    """All that is known of the candidates of an organization, but for when it was written."""
    apart = {"updated_at"}
    return {
        model.__name__: sorted(
            ({k: v for k, v in row.items() if k not in apart} for row in model.objects.values()),
            key=lambda row: row["id"],
        )
        for model in (Candidate, Skill, Source, StatusChange, Edit)
    }


def test_undone_all_is_as_it_was_before(done, act, organization):
    jane = CandidateFactory(
        organization=organization, email="jane@example.com", notes="Old", rating=Decimal("3.5"), status="REJECTED"
    )
    SkillFactory(candidate=jane, name="Go", level="BEGINNER")
    SkillFactory(candidate=jane, name="C", level=None)
    SourceFactory(organization=organization, name="Known")
    ann = CandidateFactory(organization=organization, email="ann@example.com")
    before = everything(organization)
    content = (
        "Jane,jane@example.com,INTERVIEWED,New,go:EXPERT; Rust,New,4.5\n"
        "Jane,JANE@example.com,APPLIED,Known,Rust:EXPERT,Newer,\n"
        "Ann,ann@example.com,,,SQL,,\n"
        "Bob,bob@example.com,REJECTED,Another,Go,,2\n"
        "Bob,bob@example.com,INTERVIEWED,,,Again,\n"
    )
    row = done(HEADER + content, duplicates="update")
    assert counts(row) == (5, 1, 4, 0, 0, 4)
    assert everything(organization) != before

    act(actions.undo, row)

    assert everything(organization) == before
    assert row.state == State.UNDONE
    assert not ImportedRow.objects.exists()
    read_before = {jane.pk: jane.updated_at}
    assert Candidate.objects.get(pk=jane.pk).updated_at > read_before[jane.pk]
    assert ann.pk in {candidate["id"] for candidate in before["Candidate"]}
    with pytest.raises(RuleBroken, match="nothing to undo"):
        act(actions.undo, row)


CHANGES = {
    "edited": lambda candidate, by: edit(candidate, by=by, notes="Called her"),
    "moved": lambda candidate, by: move(candidate, "REJECTED", by=by),
    "a skill": lambda candidate, by: name_skills(candidate, [{"name": "SQL"}], by=by),
    "another level": lambda candidate, by: name_skills(candidate, [{"name": "Go", "level": "EXPERT"}], by=by),
    "a document": lambda candidate, by: DocumentFactory(candidate=candidate),
    "an interview": lambda candidate, by: InterviewFactory(candidate=candidate),
    "feedback": lambda candidate, by: FeedbackFactory(participation__interview__candidate=candidate),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_was_changed_since_is_not_undone(done, act, by, change):
    row = done(HEADER + "Jane,jane@example.com,,,Go,,\n" + many(3))
    jane = Candidate.objects.get(email="jane@example.com")
    change(jane, by)

    with pytest.raises(RuleBroken, match=r"^1 candidate was changed since: Jane\. Nothing was undone"):
        act(actions.undo, row)

    row.refresh_from_db()
    assert (row.state, Candidate.objects.count()) == (State.DONE, 4)
    assert list(changed_since(row)) == [jane]


def test_an_update_that_was_changed_since_is_not_undone(done, act, by, organization):
    jane = CandidateFactory(organization=organization, email="a@example.com", notes="Old")
    row = done(HEADER + people("a@example.com", rest=",,,New,"), duplicates="update")
    edit(jane, by=by, notes="Newer")

    with pytest.raises(RuleBroken, match="changed since"):
        act(actions.undo, row)
    assert Candidate.objects.get().notes == "Newer"


def test_who_changed_is_named_up_to_a_few(done, act):
    row = done(HEADER + many(5))
    for candidate in Candidate.objects.all():
        DocumentFactory(candidate=candidate)

    with pytest.raises(RuleBroken, match=r"^5 candidates were changed since: Jane, Jane, Jane and 2 more\."):
        act(actions.undo, row)


def test_who_was_deleted_since_stays_deleted(done, act):
    row = done(HEADER + many(3))
    Candidate.objects.order_by("pk").first().delete()

    act(actions.undo, row)

    assert (row.state, Candidate.objects.count()) == (State.UNDONE, 0)


def test_a_source_that_someone_else_uses_stays(done, act, organization):
    row = done(HEADER + people("a@example.com", rest=",Fair,,,") + people("b@example.com", rest=",Other,,,"))
    CandidateFactory(organization=organization, source=Source.objects.get(name="Fair"))

    act(actions.undo, row)

    assert Source.objects.values_list("name").get() == ("Fair",)


def test_a_source_that_is_gone_does_not_come_back(done, act, organization):
    lost = SourceFactory(organization=organization, name="Lost")
    jane = CandidateFactory(organization=organization, email="a@example.com", source=lost)
    row = done(HEADER + people("a@example.com", rest=",New,,,"), duplicates="update")
    lost.delete()

    act(actions.undo, row)

    jane.refresh_from_db()
    assert jane.source is None


def test_who_may_not_delete_does_not_undo(done, act, sign_in, organization):
    row = done(HEADER + many(1))
    held = ["candidates.view_candidate", "candidates.undo_import"]
    clerk = sign_in("", role=RoleFactory(organization=organization, permissions=held)).user

    for user in (clerk, sign_in("VIEWER").user):
        with pytest.raises(PermissionDenied):
            act(actions.undo, row, by=user)
    assert Candidate.objects.count() == 1


def test_all_that_belongs_to_a_candidate_is_looked_at():
    assert {relation.related_model.__name__ for relation in attached()} == {
        "Document", "Edit", "Education", "Experience", "Feedback", "Interview", "Skill", "StatusChange",
    }  # fmt: skip
