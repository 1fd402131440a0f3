"""What is done to many candidates at once, set by set: each set is written whole or not at all. Those whom a rule keeps
back stay as they are, and are told. What can be taken back is found again by its moment and its doer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.errors import RuleBroken
from organizations.loading import insert_all, update_all
from organizations.models import Moment, User, fold

from .actions import hire, moved, require
from .edits import record_of
from .models import Candidate, Edit, Skill, StatusChange

Status = Candidate.Status
#: Candidates in one transaction.
SET = 500
#: Candidates of one call; more take longer than anyone waits for a page.
MOST = 10_000
#: Each hire opens an account and sends a mail.
MOST_HIRES = 100


@dataclass
class Outcome:
    """How many were changed, why others were not, and the moment by which it can be taken back."""

    at: datetime = field(default_factory=lambda: Moment.to_millisecond(timezone.now()))
    done: int = 0
    #: Why → how many.
    refusals: Counter[str] = field(default_factory=Counter)

    def refuse(self, error: Exception) -> None:
        self.refusals[str(error) or _("You may not do this.")] += 1


def move_all(keys: Sequence[UUID], status: str, *, by: User, note: str | None = None) -> Outcome:
    """What `move` does, for each. To HIRED one by one, since each opens an account."""
    outcome = Outcome()
    if status == Status.HIRED:
        _hire_each(keys, outcome, by=by, note=note)
        return outcome

    def move(candidates: list[Candidate]) -> None:
        changes = list(_moved(candidates, status, outcome, by=by, note=note))
        update_all([change.candidate for change in changes], ("status", "reject_date", "moved_at"))
        insert_all(changes)
        outcome.done += len(changes)

    _set_by_set(keys, move)
    return outcome


def _moved(
    candidates: list[Candidate], status: str, outcome: Outcome, *, by: User, note: str | None
) -> Iterator[StatusChange]:
    for candidate in candidates:
        try:
            if candidate.status == status:
                label = Status(status).label.lower()
                raise RuleBroken(_("The candidate is %(status)s already.") % {"status": label})
            change = moved(candidate, status, by=by, note=note)
        except (RuleBroken, PermissionDenied) as error:
            outcome.refuse(error)
            continue
        change.created_at = candidate.moved_at = outcome.at
        yield change


def _hire_each(keys: Sequence[UUID], outcome: Outcome, *, by: User, note: str | None) -> None:
    for candidate in Candidate.objects.filter(pk__in=keys).order_by("pk"):
        try:
            hire(candidate, by=by, note=note)
        except (RuleBroken, PermissionDenied) as error:
            outcome.refuse(error)
        else:
            outcome.done += 1


def archive_all(keys: Sequence[UUID], *, by: User, is_archived: bool = True) -> Outcome:
    """Put them away, or fetch them back."""
    outcome = Outcome()

    def archive(candidates: list[Candidate]) -> None:
        changed = [
            candidate
            for candidate in _permitted(candidates, Candidate, "change", outcome, by=by)
            if candidate.is_archived != is_archived
        ]
        records = []
        for candidate in changed:
            candidate.is_archived = is_archived
            records.append(record_of(candidate, {"is_archived": (not is_archived, is_archived)}, by=by))
        _write(changed, ("is_archived",), records, outcome)

    _set_by_set(keys, archive)
    return outcome


def name_skill_of_all(keys: Sequence[UUID], name: str, *, level: str | None, by: User) -> Outcome:
    """Give each the skill; one who has it, ignoring case, gets the level, if one is said."""
    outcome = Outcome()

    def give(candidates: list[Candidate]) -> None:
        stored = Skill.objects.filter(candidate__in=candidates, name_folded=fold(name))
        present = {skill.candidate_id: skill for skill in stored}
        without = [candidate for candidate in candidates if candidate.pk not in present]
        new = [
            Skill(organization_id=c.organization_id, candidate=c, name=name, level=level, created_by=by)
            for c in _permitted(without, Skill, "add", outcome, by=by)
        ]
        others = [skill for skill in present.values() if level not in (None, skill.level)]
        changed = list(_permitted(others, Skill, "change", outcome, by=by))
        records = [record_of(skill, {}, by=by, kind=Edit.Kind.ADDED) for skill in new]
        for skill in changed:
            records.append(record_of(skill, {"level": (skill.level, level)}, by=by))
            skill.level = level
        insert_all(new)
        _write(changed, ("level",), records, outcome)

    _set_by_set(keys, give)
    return outcome


def take_back_moves(at: datetime, *, by: User) -> Outcome:
    """Move those whom `by` moved at that moment back to where they were, unless they went on since."""
    made = StatusChange.objects.filter(created_by=by, created_at=at).values_list("candidate_id", "from_status")
    before = dict(made[:MOST])
    outcome = Outcome()

    def move(candidates: list[Candidate]) -> None:
        unmoved = [candidate for candidate in candidates if candidate.moved_at == at]
        changes = [c for each in unmoved for c in _moved([each], before[each.pk], outcome, by=by, note=None)]
        update_all([change.candidate for change in changes], ("status", "reject_date", "moved_at"))
        insert_all(changes)
        outcome.done += len(changes)

    _set_by_set(list(before), move)
    return outcome


def take_back_archiving(at: datetime, *, by: User) -> Outcome:
    made = Edit.objects.filter(created_by=by, created_at=at, subject=Edit.Subject.CANDIDATE, changes__has_key=ARCHIVED)
    found = list(made.values_list("candidate_id", "changes")[:MOST])
    was_archived = bool(found) and found[0][1][ARCHIVED][0] == str(True)
    return archive_all([key for key, _changes in found], by=by, is_archived=was_archived)


ARCHIVED = "is_archived"


def _set_by_set(keys: Sequence[UUID], act: Callable[[list[Candidate]], None]) -> None:
    left = iter(sorted(keys))
    while some := list(islice(left, SET)):
        with transaction.atomic():
            # In one order, so that two who change the same candidates wait for each other.
            act(list(Candidate.objects.select_for_update().filter(pk__in=some).order_by("pk")))


def _permitted(rows: Sequence[Any], model: Any, action: str, outcome: Outcome, *, by: User) -> Iterator[Any]:
    for row in rows:
        try:
            require(action, model, row.organization_id, by=by)
        except PermissionDenied as error:
            outcome.refuse(error)
        else:
            yield row


def _write(changed: Sequence[Any], names: Sequence[str], records: Sequence[Edit], outcome: Outcome) -> None:
    for record in records:
        record.created_at = outcome.at
    update_all(changed, names)
    insert_all(records)
    outcome.done += len(records)
