"""What people do with an import: upload, match columns, check, start, go on, undo. Pages and tests call these.

Files are read and rows written beside the requests; how far it came stands in the import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates.actions import require
from candidates.models import Candidate, Import
from organizations.background import at_length
from organizations.errors import RuleBroken
from organizations.models import Organization, User

from . import ahead, import_candidates, uploads
from .files import ImportFailed
from .headers import Matched, proposed
from .journal import FOUND, Journal, Superseded, rehearse
from .rows import chunks, reader
from .undoing import refuse_changed, require_undo, take_back
from .writing import Duplicates, Importing

State = Import.State
#: What a worker has found, before it has begun.
columns: dict[str, Any] = {field.name: field for field in Import._meta.concrete_fields}
NOTHING = {name: columns[name].get_default() for name in FOUND if name not in {"total", "worked_at"}}


def upload(blocks: Iterable[bytes], *, file_name: str, organization: Organization, by: User) -> Import:
    """Keep a file, and say what its columns are as far as their names tell. ImportFailed, and nothing is kept, for what
    is no list of candidates; PermissionDenied if `by` may not import any."""
    require_import(organization.pk, by=by)
    discard_old()
    name, size = uploads.keep(blocks)
    try:
        with uploads.path_of(name).open("rb") as file:
            encoding = uploads.encoding_of(file)
            header = uploads.preview(file, encoding).header
            total = uploads.length(file, encoding)
        return Import.objects.create(
            organization=organization,
            created_by=by,
            file_name=plain_name(file_name),
            stored_as=name,
            size=size,
            encoding=encoding,
            columns=without_nested(proposed(header)),
            total=total,
        )
    except BaseException:
        uploads.discard(name)
        raise


def plain_name(file_name: str) -> str:
    """Without folders, and signs that nobody sees."""
    name = file_name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in name if sign.isprintable())[:200] or "list.csv"


def without_nested(fields: Sequence[str | None]) -> list[str | None]:
    """What can't stand in one cell is left out."""
    return [None if field in {"experience", "educations"} else field for field in fields]


def require_import(organization_id: UUID, *, by: User) -> None:
    """PermissionDenied unless `by` may import there, and add candidates by hand."""
    require("add", Import, organization_id, by=by)
    require("add", Candidate, organization_id, by=by)


@transaction.atomic
def read_as(row: Import, encoding: str, *, by: User) -> Import:
    """Read the file in another encoding. ImportFailed if it can't be that."""
    row = _changeable(row, by=by)
    if encoding not in uploads.ENCODINGS:
        raise ImportFailed(_("There is no encoding “%(encoding)s”.") % {"encoding": encoding[:50]})
    with uploads.opened(row) as file:
        header, total = uploads.preview(file, encoding).header, uploads.length(file, encoding)
    row.encoding, row.state, row.total = encoding, State.UPLOADED, total
    row.columns = without_nested(proposed(header))
    row.save(update_fields=["encoding", "state", "total", "columns"])
    return row


@transaction.atomic
def match(row: Import, fields: Sequence[str | None], *, by: User) -> Import:
    """Say what each column is: a field, or None to leave it out. ImportFailed if a required one is missing, or one is
    there twice."""
    row = _changeable(row, by=by)
    with uploads.opened(row) as file:
        # Asked for its errors.
        reader(uploads.table_of(file, row.encoding), Matched(fields))
    row.columns, row.state = list(fields), State.UPLOADED
    row.save(update_fields=["columns", "state"])
    return row


def _changeable(row: Import, *, by: User) -> Import:
    """The import, locked. RuleBroken once it has begun."""
    row = row.locked()
    require_import(row.organization_id, by=by)
    if row.state not in {State.UPLOADED, State.CHECKED} and not (row.state == State.CHECKING and row.is_stalled):
        raise RuleBroken(_("This import has begun already. Upload the file again to begin anew."), "import_began")
    return row


@transaction.atomic
def check(row: Import, *, duplicates: str = Duplicates.SKIP, by: User) -> Import:
    """Find out what would become of each row; nothing is written. RuleBroken once the import has begun."""
    row = _changeable(row, by=by)
    row.duplicates = Duplicates(duplicates)
    return _hand_over(row, State.CHECKING, _check, by=by, anew=True)


@transaction.atomic
def start(row: Import, *, by: User) -> Import:
    """Write what was checked. RuleBroken unless it was, or if no row can be written; ImportFailed without its file."""
    row = row.locked()
    require_import(row.organization_id, by=by)
    if row.state != State.CHECKED:
        raise RuleBroken(_("This import has begun already, or was not checked yet."), "import_not_checked")
    if not row.to_write:
        raise RuleBroken(_("There is no row to import."), "import_is_empty")
    # Asked for its error.
    uploads.opened(row).close()
    return _hand_over(row, State.RUNNING, _run, by=by, anew=True)


@transaction.atomic
def go_on(row: Import, *, by: User) -> Import:
    """Write the rest of an import that was cut off. RuleBroken for any other."""
    row = row.locked()
    require_import(row.organization_id, by=by)
    if not row.is_interrupted:
        raise RuleBroken(_("Only an import that stopped midway can go on."), "import_not_interrupted")
    return _hand_over(row, State.RUNNING, _run, by=by)


@transaction.atomic
def undo(row: Import, *, by: User) -> Import:
    """Delete the candidates that the import added, and make the others what they were before it. RuleBroken, naming
    them, if any of them was changed since; or if there is nothing to undo."""
    row = row.locked()
    require_undo(row, by=by)
    may_be_undone = row.state == State.DONE or row.is_interrupted or (row.state == State.UNDOING and row.is_stalled)
    if not may_be_undone:
        raise RuleBroken(_("There is nothing to undo."), "import_not_done")
    refuse_changed(row)
    return _hand_over(row, State.UNDOING, _undo, by=by)


def _hand_over(row: Import, state: State, work: Any, *, by: User, anew: bool = False) -> Import:
    """To a new worker; one that was there before holds it no longer."""
    for name, value in NOTHING.items() if anew else ():
        setattr(row, name, value)
    row.state, row.worker, row.problem, row.worked_at = state, uuid4(), "", timezone.now()
    row.save()
    at_length(_attempt, work, row.pk, row.worker, by.pk)
    return row


# Beside the request.


def _attempt(work: Any, key: UUID, worker: UUID, user_key: UUID) -> None:
    try:
        work(key, worker, User.objects.get(pk=user_key))
    except Superseded:
        return
    except ImportFailed as error:
        _stop(key, worker, error.message)
    except RuleBroken as error:
        _stop(key, worker, error.message)
    except PermissionDenied:
        _stop(key, worker, _("You may not write all that the file holds: candidates, sources, skills, or a status."))
    except Exception:
        _stop(key, worker, _("Something went wrong on our side."))
        raise


def _stop(key: UUID, worker: UUID, problem: str) -> None:
    """What was checked only is as it was uploaded; what was to be undone is as it was; the rest can go on."""
    journal = Journal(key, worker)
    with transaction.atomic():
        row = journal.row
        stopped = State.UPLOADED if row.state == State.CHECKING else State.FAILED
        if row.state == State.UNDOING and row.read == row.total:
            stopped = State.DONE
        journal.end(stopped, problem=problem)


def _check(key: UUID, worker: UUID, by: User) -> None:
    row = Import.objects.select_related("organization").get(pk=key)
    with uploads.opened(row) as file:
        table = uploads.table_of(file, row.encoding)
        importing = Importing(row.organization, by, Duplicates(row.duplicates))
        journal = Journal(key, worker, table.header)
        rehearse(ahead(chunks(table, Matched(row.columns))), importing, journal)
    journal.end(State.CHECKED)


def _run(key: UUID, worker: UUID, by: User) -> None:
    row = Import.objects.select_related("organization").get(pk=key)
    with uploads.opened(row) as file:
        table = uploads.table_of(file, row.encoding)
        journal = Journal(key, worker, table.header)
        import_candidates(
            table,
            Matched(row.columns),
            organization=row.organization,
            by=by,
            duplicates=Duplicates(row.duplicates),
            after=row.read,
            record=journal,
        )
    journal.end(State.DONE)
    uploads.discard(row.stored_as)


def _undo(key: UUID, worker: UUID, by: User) -> None:
    journal = Journal(key, worker)
    with transaction.atomic():
        row = journal.row
        take_back(row)
        journal.end(State.UNDONE)
    uploads.discard(row.stored_as)
    uploads.discard_errors(row.stored_as)


def discard_old(*, dry_run: bool = False) -> int:
    """Delete what nobody has written to for `UPLOAD_DAYS` days: files that were uploaded, lists of errors, and what is
    shown of their rows. How many files."""
    before = timezone.now() - timedelta(days=settings.UPLOAD_DAYS)
    files = uploads.old_files(before)
    if not dry_run:
        for path in files:
            path.unlink(missing_ok=True)
        Import.objects.filter(updated_at__lt=before).exclude(refused=0, known=0).update(refusals=[], known_rows=[])
    return len(files)
