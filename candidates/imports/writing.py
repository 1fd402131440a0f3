"""The checked rows of an import, as candidates: set by set, at a number of statements that does not grow with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from candidates.actions import find_or_add_sources, moved, rejected_at, require, require_move
from candidates.models import Candidate, Education, Experience, Skill, StatusChange
from organizations.errors import RuleBroken
from organizations.loading import insert_all, load, update_all
from organizations.models import Organization, Owned, User, fold

from .rows import Refusal, Row

Status = Candidate.Status
#: Columns of a candidate that a row gives as they are.
COLUMNS = ("first_name", "last_name", "email", "phone_number", "rating", "cv_url", "candidate_level", "notes")
#: Those of them that an update changes: by the e-mail it was found.
UPDATED = tuple(name for name in COLUMNS if name != "email")
NO_HIRING = (
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


@dataclass
class Importing:
    """Where rows go, on whose behalf (None: a command's), and what is known from the chunks before."""

    organization: Organization
    by: User | None
    duplicates: Duplicates
    #: Keys of the rows that are made from now on are greater.
    began: UUID = field(default_factory=uuid7)
    sources: dict[str, UUID] = field(default_factory=dict)

    def find_sources(self, rows: Iterable[Row]) -> None:
        if len(self.sources) > MAX_SOURCES:
            self.sources.clear()
        names = dict.fromkeys(row.known["source"] for row in rows if row.known.get("source"))
        unknown = [(self.organization.pk, name) for name in names if name not in self.sources]
        found = find_or_add_sources(unknown, by=self.by) if unknown else {}
        self.sources |= {name: source.pk for (_, name), source in found.items()}

    def require(self, action: str, model: type[Owned]) -> None:
        require(action, model, self.organization.pk, by=self.by)


@dataclass(slots=True)
class Written:
    made: int = 0
    updated: int = 0
    skipped: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, row: Row, reason: str) -> None:
        self.refusals.append(Refusal(row.line, [reason], row.raw))


def write(rows: Sequence[Row], importing: Importing) -> Written:
    """All of them that can be taken, in one transaction. PermissionDenied if `importing.by` may not write what they
    hold."""
    for _ in range(CLASHES_TO_BEAR):
        try:
            with transaction.atomic():
                return _write(rows, importing)
        except IntegrityError:
            # Perhaps a source went, too.
            importing.sources.clear()
    with transaction.atomic():
        return _write(rows, importing)


def _write(rows: Sequence[Row], importing: Importing) -> Written:
    written = Written()
    for part in without_duplicates(rows, importing.duplicates, written):
        stored = _stored(part, importing)
        importing.find_sources(part.values())
        new = [row for key, row in part.items() if key not in stored and is_importable(row, written)]
        _insert(new, importing)
        written.made += len(new)
        known = [(row, stored[key]) for key, row in part.items() if key in stored]
        if importing.duplicates == Duplicates.UPDATE:
            _update(known, importing, written)
        elif importing.duplicates == Duplicates.SKIP:
            written.skipped += len(known)
        else:
            for row, key in known:
                where = "stands in this file before" if key > importing.began else "belongs to a candidate already"
                written.refuse(row, f"email: {row.known['email']} {where}.")
    return written


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
        else:
            written.refuse(row, f"email: {row.known['email']} stands in line {part[row.key].line} already.")
    yield part


def _stored(part: Mapping[str, Row], importing: Importing) -> Mapping[str, Any]:
    """Folded e-mail → the key of the candidate who has it, or for an update the candidate, locked."""
    rows = Candidate.objects.filter(organization=importing.organization, email_folded__in=list(part))
    if importing.duplicates != Duplicates.UPDATE:
        return dict(rows.values_list("email_folded", "pk"))
    return {str(candidate.email_folded): candidate for candidate in rows.select_for_update().order_by("pk")}


def is_importable(row: Row, written: Written) -> bool:
    if row.known.get("status") == Status.HIRED:
        written.refuse(row, f"status: {NO_HIRING}")
        return False
    return True


def _insert(rows: Sequence[Row], importing: Importing) -> None:
    """Parts before their candidates: what is computed of a whole candidate is computed once."""
    if not rows:
        return
    importing.require("add", Candidate)
    now = timezone.now()
    keyed = [(uuid7(), row.known) for row in rows]
    _insert_skills(keyed, importing)
    _insert_parts(Experience, "experience", keyed, importing)
    _insert_parts(Education, "educations", keyed, importing)
    _insert_moves(keyed, now, importing)
    load(
        Candidate,
        (
            "id", "organization_id", "created_by_id", "source_id", "status", "reject_date", "moved_at", "applied_date",
            *COLUMNS,
        ),
        (candidate(key, known, now, importing) for key, known in keyed),
    )  # fmt: skip


def candidate(key: UUID, known: Mapping[str, Any], now: datetime, importing: Importing) -> tuple[Any, ...]:
    get = known.get
    source, status = get("source"), get("status") or Status.APPLIED.value
    return (
        key,
        importing.organization.pk,
        importing.by and importing.by.pk,
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


def _insert_skills(keyed: Keyed, importing: Importing) -> None:
    organization, by = importing.organization.pk, importing.by and importing.by.pk
    rows = [(organization, by, key, name, level) for key, known in keyed for name, level in known.get("skills") or ()]
    if rows:
        importing.require("add", Skill)
        load(Skill, ("organization_id", "created_by_id", "candidate_id", "name", "level"), rows)


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
    for status in {status for _, status in moves}:
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
    changed, moves, taken = [], [], []
    for row, candidate in pairs:
        try:
            moves += _move(candidate, row, importing)
        except RuleBroken as error:
            written.refuse(row, f"status: {error.message}")
            continue
        taken.append((row, candidate))
        # A move is in `moves`, which is asked last: most rows have none.
        if _set(candidate, row, importing) or (moves and moves[-1].candidate is candidate):
            changed.append(candidate)
    insert_all(moves)
    update_all(changed, (*UPDATED, "applied_date", "source", "status", "reject_date", "moved_at"))
    touched = {candidate.pk for candidate in changed} | _name_skills(taken, importing)
    written.updated += len(touched)
    written.skipped += len(taken) - len(touched)


def _move(candidate: Candidate, row: Row, importing: Importing) -> list[StatusChange]:
    status = row.known.get("status")
    if not status or status == candidate.status:
        return []
    if status == Status.HIRED:
        raise RuleBroken(NO_HIRING)
    return [moved(candidate, status, by=importing.by)]


def _set(candidate: Candidate, row: Row, importing: Importing) -> bool:
    """Does anything change by what the row says?"""
    said = {name: row.known.get(name) for name in (*UPDATED, "applied_date")}
    if source := row.known.get("source"):
        said["source_id"] = importing.sources[source]
    changes = {name: value for name, value in said.items() if value not in (None, getattr(candidate, name))}
    for name, value in changes.items():
        setattr(candidate, name, value)
    return bool(changes)


def _name_skills(pairs: Sequence[tuple[Row, Candidate]], importing: Importing) -> set[UUID]:
    """The candidates who got a skill or another level."""
    wanted = {
        (candidate.pk, fold(name)): (name, level)
        for row, candidate in pairs
        for name, level in row.known.get("skills") or ()
    }
    stored = Skill.objects.filter(candidate__in={key for key, _ in wanted}) if wanted else ()
    present = {(skill.candidate_id, str(skill.name_folded)): skill for skill in stored}
    _insert_skills([(key[0], {"skills": [named]}) for key, named in wanted.items() if key not in present], importing)
    changed = []
    for key in wanted.keys() & present.keys():
        skill, (_, level) = present[key], wanted[key]
        if level not in (None, skill.level):
            skill.level = level
            changed.append(skill)
    if changed:
        importing.require("change", Skill)
        update_all(changed, ("level",))
    return {key for key, _ in wanted.keys() - present.keys()} | {skill.candidate_id for skill in changed}
