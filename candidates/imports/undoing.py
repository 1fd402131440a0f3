"""An import taken back: who it added goes, who it updated is as before. Only while nobody has changed any since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.actions import require
from candidates.models import Candidate, Edit, Import, ImportedRow, Skill, Source, StatusChange
from organizations.errors import RuleBroken
from organizations.loading import update_all
from organizations.models import Owned, User

from .writing import update_candidates

#: Rows that are taken back with one statement of each kind.
BATCH = 500
#: Changed candidates that are named.
NAMED = 3


def require_undo(row: Import, *, by: User) -> None:
    """PermissionDenied unless `by` may undo imports there, and delete and change what this one wrote."""
    if not by.may("candidates.undo_import", row.organization_id):
        raise PermissionDenied
    if row.made:
        require("delete", Candidate, row.organization_id, by=by)
    if row.updated:
        require("change", Candidate, row.organization_id, by=by)


def changed_since(row: Import) -> QuerySet[Candidate]:
    """The candidates of the import that were changed after it, or got anything: an interview, feedback, a skill, a
    move."""
    mine = ImportedRow.objects.filter(of_import=row)
    later = mine.filter(candidate=OuterRef("candidate"), pk__gt=OuterRef("pk"))
    is_changed = Q()
    for relation in attached():
        newer = {relation.field.name: OuterRef("candidate"), "updated_at__gt": OuterRef("written_at")}
        is_changed |= Q(Exists(relation.related_model._base_manager.filter(**newer)))
    changed = mine.filter(~Exists(later)).filter(~Q(candidate__updated_at=F("updated_at")) | is_changed)
    return Candidate.objects.filter(pk__in=changed.values("candidate"))


def attached() -> list[Any]:
    """The relations of all rows, of whatever floor, that belong to a candidate."""
    relations: list[Any] = list(Candidate._meta.related_objects)
    return [relation for relation in relations if issubclass(relation.related_model, Owned)]


def refuse_changed(row: Import) -> None:
    changed = changed_since(row)
    count = changed.count()
    if not count:
        return
    names = ", ".join(map(str, changed.order_by("pk")[:NAMED]))
    if count > NAMED:
        names = _("%(names)s and %(count)s more") % {"names": names, "count": count - NAMED}
    message = ngettext(
        "%(count)s candidate was changed since: %(names)s. Nothing was undone.",
        "%(count)s candidates were changed since: %(names)s. Nothing was undone.",
        count,
    )
    raise RuleBroken(message % {"count": count, "names": names}, "changed_since")


def take_back(row: Import) -> None:
    """In the transaction of the caller. RuleBroken as soon as a candidate was changed since."""
    mine = ImportedRow.objects.filter(of_import=row)
    # In one order, and all of them, before it is asked whether any was changed.
    locked = Candidate.objects.filter(pk__in=mine.values("candidate")).order_by("pk").select_for_update()
    for _key in locked.values_list("pk", flat=True).iterator():
        pass
    refuse_changed(row)
    last = mine.aggregate(last=Max("written_at"))["last"]
    for part in batches(mine.filter(was_added=False).order_by("-pk")):
        restore(part)
    added = mine.filter(was_added=True).order_by("pk").values_list("candidate", flat=True)
    for keys in batches(added):
        Candidate.objects.filter(pk__in=keys).delete()
    mine.delete()
    delete_unused_sources(row, last)


def delete_unused_sources(row: Import, last: datetime | None) -> None:
    """Of the sources that the import made, those that nobody has named a candidate's, or changed, since."""
    if last:
        made = Source.objects.filter(pk__in=row.added_sources, updated_at__lte=last)
        for keys in batches(made.filter(candidates=None).values_list("pk", flat=True)):
            Source.objects.filter(pk__in=keys).delete()


def batches(rows: QuerySet[Any, Any]) -> Iterator[list[Any]]:
    # Read to the end first: what comes of them writes to the same tables.
    found = iter(list(rows))
    while batch := list(islice(found, BATCH)):
        yield batch


def restore(rows: Sequence[ImportedRow]) -> None:
    """Candidates, skills and levels as they were before these rows, which come with the last one first."""
    candidates = Candidate.objects.in_bulk([row.candidate_id for row in rows])
    for row in rows:
        for name, value in row.before["columns"].items():
            column: Any = Candidate._meta.get_field(name.removesuffix("_id"))
            setattr(candidates[row.candidate_id], name, column.to_python(value))
    forget_lost_sources(candidates.values())
    update_candidates([candidates[key] for key in dict.fromkeys(r.candidate_id for r in rows if r.before["columns"])])
    StatusChange.objects.filter(pk__in=[row.before["move"] for row in rows if row.before["move"]]).delete()
    Edit.objects.filter(pk__in=[key for row in rows for key in row.before["edits"]]).delete()
    Skill.objects.filter(pk__in=[key for row in rows for key in row.before["skills"]]).delete()
    levels = {UUID(key): level for row in rows for key, level in row.before["levels"].items()}
    skills = list(Skill.objects.filter(pk__in=levels))
    for skill in skills:
        skill.level = levels[skill.pk]
    update_all(skills, ("level",))


def forget_lost_sources(candidates: Any) -> None:
    """A source that was deleted since is none."""
    named = {candidate.source_id for candidate in candidates if candidate.source_id}
    present = set(Source.objects.filter(pk__in=named).values_list("pk", flat=True))
    for candidate in candidates:
        if candidate.source_id not in present:
            candidate.source_id = None
