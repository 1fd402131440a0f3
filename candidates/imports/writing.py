"""The checked rows of an import, as candidates: set by set, at a number of statements that does not grow with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from candidates.actions import find_or_add_sources, moved, rejected_at, require, require_move
from candidates.edits import record_of
from candidates.models import Candidate, Edit, Education, Experience, Skill, Source, StatusChange
from organizations.errors import RuleBroken
from organizations.loading import insert_all, load, update_all
from organizations.models import Moment, Organization, Owned, User, fold

from .rows import Chunk, Refusal, Row

Status = Candidate.Status
#: Columns of a candidate that a row gives as they are.
COLUMNS = ("first_name", "last_name", "email", "phone_number", "rating", "cv_url", "candidate_level", "notes")
#: Those of them that an update changes: by the e-mail it was found.
UPDATED = tuple(name for name in COLUMNS if name != "email")
#: All that an update can change in a candidate.
CHANGED = (*UPDATED, "applied_date", "source_id", "status", "reject_date", "moved_at")
#: What has a record of its own, a move.
MOVED = frozenset({"status", "reject_date", "moved_at"})
NO_HIRING = gettext_lazy(
    "An import hires nobody, since that opens accounts and sends mails. Import them as INTERVIEWED and hire them."
)
#: How often a chunk is begun again when someone else writes the same e-mail in the same moment.
CLASHES_TO_BEAR = 3
#: Sources that are remembered from one chunk to the next.
MAX_SOURCES = 10_000


class Duplicates(StrEnum):
    """What becomes of a row whose e-mail a candidate of the organization has already, or a row before it."""

    SKIP = "skip"
    UPDATE = "update"
    REFUSE = "refuse"


@dataclass(slots=True)
class KnownRow:
    """A row whose e-mail a candidate has already, or (`is_in_file`) a row before it."""

    line: int
    email: str
    is_in_file: bool


@dataclass(slots=True)
class Change:
    """What an update replaced: columns as they were, skills that it added, levels that skills had; and its records."""

    line: int
    candidate: Candidate
    columns: dict[str, Any]
    move: UUID | None = None
    edits: list[Edit] = field(default_factory=list)
    skills: list[UUID] = field(default_factory=list)
    levels: dict[UUID, str | None] = field(default_factory=dict)

    @property
    def is_any(self) -> bool:
        return bool(self.columns or self.move or self.skills or self.levels)


@dataclass(slots=True)
class Added:
    line: int
    key: UUID
    updated_at: datetime


@dataclass(slots=True)
class Written:
    made: int = 0
    updated: int = 0
    skipped: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    added: list[Added] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    known: list[KnownRow] = field(default_factory=list)

    def refuse(self, row: Row, reason: str) -> None:
        self.refusals.append(Refusal(row.line, [reason], row.raw))

    def note_known(self, row: Row, *, is_in_file: bool) -> None:
        self.known.append(KnownRow(row.line, row.known["email"], is_in_file))


class Record(Protocol):
    """What is kept of an import beside its rows, in the same transactions."""

    def begin(self) -> None:
        """First in each transaction. What it raises stops the import."""

    def keep(self, chunk: Chunk, written: Written, sources: Collection[UUID]) -> None:
        """Last in each transaction. `sources` are those that the import has made so far."""


@dataclass
class Importing:
    """Where rows go, on whose behalf (None: a command's), and what is known from the chunks before."""

    organization: Organization
    by: User | None
    duplicates: Duplicates
    #: Keys of the rows that are made from now on are greater.
    began: UUID = field(default_factory=uuid7)
    sources: dict[str, UUID] = field(default_factory=dict)
    record: Record | None = None
    added_sources: set[UUID] = field(default_factory=set)

    def find_sources(self, rows: Iterable[Row]) -> None:
        if len(self.sources) > MAX_SOURCES:
            self.sources.clear()
        names = dict.fromkeys(row.known["source"] for row in rows if row.known.get("source"))
        unknown = [(self.organization.pk, name) for name in names if name not in self.sources]
        found = find_or_add_sources(unknown, by=self.by) if unknown else {}
        self.sources |= {name: source.pk for (_owner, name), source in found.items()}
        self.added_sources |= {source.pk for source in found.values() if source.pk > self.began}

    def require(self, action: str, model: type[Owned]) -> None:
        require(action, model, self.organization.pk, by=self.by)


def write(chunk: Chunk, importing: Importing) -> Written:
    """All of its rows that can be taken, in one transaction. PermissionDenied if `importing.by` may not write what they
    hold."""
    for _attempt in range(CLASHES_TO_BEAR):
        try:
            return _write(chunk, importing)
        except IntegrityError:
            # Perhaps a source went, too.
            importing.sources.clear()
    return _write(chunk, importing)


@transaction.atomic
def _write(chunk: Chunk, importing: Importing) -> Written:
    written = Written()
    if importing.record:
        importing.record.begin()
    _write_rows(chunk.rows, importing, written)
    if importing.record:
        importing.record.keep(chunk, written, importing.added_sources)
    return written


def _write_rows(rows: Sequence[Row], importing: Importing, written: Written) -> None:
    for part in without_duplicates(rows, importing.duplicates, written):
        stored = _stored(part, importing)
        importing.find_sources(part.values())
        new = [row for key, row in part.items() if key not in stored and is_importable(row, written)]
        _insert(new, importing, written)
        known = [(row, stored[key]) for key, row in part.items() if key in stored]
        if importing.duplicates == Duplicates.UPDATE:
            _update(known, importing, written)
        else:
            _pass_over(known, importing, written)


def _pass_over(known: Sequence[tuple[Row, UUID]], importing: Importing, written: Written) -> None:
    for row, key in known:
        is_in_file, email = key > importing.began, row.known["email"]
        if importing.duplicates == Duplicates.SKIP:
            written.skipped += 1
            written.note_known(row, is_in_file=is_in_file)
        elif is_in_file:
            written.refuse(row, _("email: %(email)s stands in this file before.") % {"email": email})
        else:
            written.refuse(row, _("email: %(email)s belongs to a candidate already.") % {"email": email})


def without_duplicates(rows: Sequence[Row], duplicates: Duplicates, written: Written) -> Iterator[dict[str, Row]]:
    """The rows by e-mail, no e-mail twice. For an update, the second row comes after what the first has made."""
    part: dict[str, Row] = {}
    for row in rows:
        if row.key not in part:
            part[row.key] = row
        elif duplicates == Duplicates.UPDATE:
            yield part
            part = {row.key: row}
        elif duplicates == Duplicates.SKIP:
            written.skipped += 1
            written.note_known(row, is_in_file=True)
        else:
            where = {"email": row.known["email"], "line": part[row.key].line}
            written.refuse(row, _("email: %(email)s stands in line %(line)s already.") % where)
    yield part


def _stored(part: Mapping[str, Row], importing: Importing) -> Mapping[str, Any]:
    """Folded e-mail → the key of the candidate who has it, or for an update the candidate, locked."""
    rows = Candidate.objects.filter(organization=importing.organization, email_folded__in=list(part))
    if importing.duplicates != Duplicates.UPDATE:
        return dict(rows.values_list("email_folded", "pk"))
    locked = rows.select_related("source").select_for_update(of=("self",)).order_by("pk")
    return {str(candidate.email_folded): candidate for candidate in locked}


def is_importable(row: Row, written: Written) -> bool:
    if row.known.get("status") == Status.HIRED:
        written.refuse(row, f"status: {NO_HIRING}")
        return False
    return True


def _insert(rows: Sequence[Row], importing: Importing, written: Written) -> None:
    """Parts before their candidates: what is computed of a whole candidate is computed once."""
    if not rows:
        return
    importing.require("add", Candidate)
    now = Moment.to_millisecond(timezone.now())
    keyed = [(uuid7(), row.known) for row in rows]
    _insert_skills(
        [(uuid7(), key, name, level) for key, known in keyed for name, level in known.get("skills") or ()], importing
    )
    _insert_parts(Experience, "experience", keyed, importing)
    _insert_parts(Education, "educations", keyed, importing)
    _insert_moves(keyed, now, importing)
    load(
        Candidate,
        (
            "id", "organization_id", "created_by_id", "updated_at", "source_id", "status", "reject_date", "moved_at",
            "applied_date", *COLUMNS,
        ),
        (candidate(key, known, now, importing) for key, known in keyed),
    )  # fmt: skip
    written.made += len(rows)
    written.added += [Added(row.line, key, now) for row, (key, _known) in zip(rows, keyed, strict=True)]


def candidate(key: UUID, known: Mapping[str, Any], now: datetime, importing: Importing) -> tuple[Any, ...]:
    get = known.get
    source, status = get("source"), get("status") or Status.APPLIED.value
    return (
        key,
        importing.organization.pk,
        importing.by and importing.by.pk,
        now,
        importing.sources[source] if source else None,
        status,
        rejected_at(status, now),
        None if status == Status.APPLIED else now,
        get("applied_date") or now,
        known["first_name"],
        get("last_name") or "",
        known["email"],
        get("phone_number"),
        get("rating"),
        get("cv_url"),
        get("candidate_level"),
        get("notes"),
    )


Keyed = Sequence[tuple[UUID, Mapping[str, Any]]]


def _insert_skills(skills: Sequence[tuple[UUID, UUID, str, str | None]], importing: Importing) -> None:
    """Each with its key, its candidate's, name and level."""
    organization, by = importing.organization.pk, importing.by and importing.by.pk
    if skills:
        importing.require("add", Skill)
        columns = ("organization_id", "created_by_id", "id", "candidate_id", "name", "level")
        load(Skill, columns, ((organization, by, *skill) for skill in skills))


def _insert_parts(model: type[Owned], kind: str, keyed: Keyed, importing: Importing) -> None:
    organization, by = importing.organization.pk, importing.by and importing.by.pk
    parts = [(key, part) for key, known in keyed for part in known.get(kind) or ()]
    if parts:
        importing.require("add", model)
        columns = tuple(parts[0][1])
        rows = ((organization, by, key, *(part[name] for name in columns)) for key, part in parts)
        load(model, ("organization_id", "created_by_id", "candidate_id", *columns), rows)


def _insert_moves(keyed: Keyed, now: datetime, importing: Importing) -> None:
    organization, by = importing.organization.pk, importing.by and importing.by.pk
    statuses = ((key, known.get("status")) for key, known in keyed)
    moves = [(key, status) for key, status in statuses if status and status != Status.APPLIED]
    for status in {status for _key, status in moves}:
        require_move(status, organization, by=importing.by)
    if moves:
        columns = ("organization_id", "created_by_id", "created_at", "candidate_id", "from_status", "to_status")
        rows = ((organization, by, now, key, Status.APPLIED.value, status) for key, status in moves)
        load(StatusChange, columns, rows)


def _update(pairs: Sequence[tuple[Row, Candidate]], importing: Importing, written: Written) -> None:
    """What a row says changes; what it leaves empty stays. Skills are added or get their new level, none goes;
    experience and education stay as they are."""
    if not pairs:
        return
    importing.require("change", Candidate)
    moves, taken = [], []
    for row, candidate in pairs:
        written.note_known(row, is_in_file=candidate.pk > importing.began)
        before, source = {name: getattr(candidate, name) for name in CHANGED}, candidate.source
        try:
            move = _move(candidate, row, importing)
        except RuleBroken as error:
            written.refuse(row, f"status: {error.message}")
            continue
        _set(candidate, row, importing)
        columns = {name: value for name, value in before.items() if getattr(candidate, name) != value}
        change = Change(row.line, candidate, columns, move[0].pk if move else None)
        change.edits += _edits(change, source, row, importing)
        taken.append((row, change))
        moves += move
    insert_all(moves)
    update_candidates([change.candidate for _row, change in taken if change.columns])
    _name_skills(taken, importing)
    changes = [change for _row, change in taken if change.is_any]
    insert_all([edit for change in changes for edit in change.edits])
    written.changes += changes
    written.updated += len(changes)
    written.skipped += len(taken) - len(changes)


def _edits(change: Change, source: Source | None, row: Row, importing: Importing) -> list[Edit]:
    """The record of what changes in the candidate, if anything does."""
    said = {name: (value, getattr(change.candidate, name)) for name, value in change.columns.items()}
    changes = {name: values for name, values in said.items() if name not in MOVED}
    if changes.pop("source_id", None):
        changes["source"] = (source, row.known["source"])
    return [record_of(change.candidate, changes, by=importing.by)] if changes else []


def update_candidates(candidates: Sequence[Candidate]) -> None:
    """Write all that an update of an import can change."""
    update_all(candidates, [name.removesuffix("_id") for name in CHANGED])


def _move(candidate: Candidate, row: Row, importing: Importing) -> list[StatusChange]:
    status = row.known.get("status")
    if not status or status == candidate.status:
        return []
    if status == Status.HIRED:
        raise RuleBroken(str(NO_HIRING))
    return [moved(candidate, status, by=importing.by)]


def _set(candidate: Candidate, row: Row, importing: Importing) -> None:
    said = {name: row.known.get(name) for name in (*UPDATED, "applied_date")}
    if source := row.known.get("source"):
        said["source_id"] = importing.sources[source]
    for name, value in said.items():
        if value is not None:
            setattr(candidate, name, value)


def _name_skills(pairs: Sequence[tuple[Row, Change]], importing: Importing) -> None:
    """Give each candidate the skills and levels that the row names, and note in the change which."""
    wanted = [(change, *named) for row, change in pairs for named in row.known.get("skills") or ()]
    stored = Skill.objects.filter(candidate__in={change.candidate.pk for change, *_named in wanted}) if wanted else ()
    present = {(skill.candidate_id, str(skill.name_folded)): skill for skill in stored}
    added, changed = [], []
    for change, name, level in wanted:
        skill = present.get((change.candidate.pk, fold(name)))
        if skill is None:
            key = uuid7()
            added.append((key, change.candidate.pk, name, level))
            change.skills.append(key)
            skill = Skill(candidate=change.candidate, organization=importing.organization, name=name)
            change.edits.append(record_of(skill, {}, by=importing.by, kind=Edit.Kind.ADDED))
        elif level not in (None, skill.level):
            change.levels[skill.pk] = skill.level
            change.edits.append(record_of(skill, {"level": (skill.level, level)}, by=importing.by))
            skill.level = level
            changed.append(skill)
    _insert_skills(added, importing)
    if changed:
        importing.require("change", Skill)
        update_all(changed, ("level",))
