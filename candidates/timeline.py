"""What happened to a candidate, newest first: who did what and when. Floors above add what they know of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from organizations.models import Employee, User

from .models import Candidate, Edit, StatusChange
from .models.edits import SUBJECTS

#: Entries of one page.
PAGE = 50


@dataclass
class Entry:
    """What happened, in words. `status` is where a move led, `stars` a rating that was given."""

    at: datetime
    text: str
    by_id: UUID | None
    details: tuple[str, ...] = ()
    note: str = ""
    icon: str = "edit"
    status: str = ""
    stars: Any = None
    link: str = ""
    #: Filled in by `timeline`.
    by: str = ""


#: The entries of a candidate that a user may see, those before a moment: at least the newest `PAGE` and one.
EntriesOf = Callable[[Candidate, User, datetime], Iterable[Entry]]
_sources: list[EntriesOf] = []


def add_to_timeline(entries_of: EntriesOf) -> EntriesOf:
    """Called by a floor above when it is ready; twice is once."""
    if entries_of not in _sources:
        _sources.append(entries_of)
    return entries_of


def timeline(candidate: Candidate, user: User, *, before: datetime) -> tuple[list[Entry], bool]:
    """The newest entries before a moment that the user may see, and whether there are older ones."""
    found = [entry for entries_of in _sources for entry in entries_of(candidate, user, before)]
    found.sort(key=lambda entry: entry.at, reverse=True)
    page = found[:PAGE]
    # None of one moment is cut off, since the next page begins before the last.
    page += [entry for entry in found[PAGE:] if entry.at == page[-1].at]
    _name_who(page, candidate, user)
    return page, len(found) > len(page)


def _name_who(entries: Iterable[Entry], candidate: Candidate, user: User) -> None:
    """A login is known by the name of the employee that it has here. Its e-mail is nobody's business but theirs."""
    ids = {entry.by_id for entry in entries if entry.by_id}
    colleagues = Employee.objects.permitted(user).filter(organization=candidate.organization_id, user__in=ids)
    names = {employee.user_id: str(employee) for employee in colleagues}
    for entry in entries:
        entry.by = names.get(entry.by_id, _("someone else")) if entry.by_id else ""


@add_to_timeline
def added(candidate: Candidate, user: User, before: datetime) -> Iterable[Entry]:
    if candidate.created_at < before:
        yield Entry(candidate.created_at, _("Added"), candidate.created_by_id, icon="person_add")


@add_to_timeline
def moves(candidate: Candidate, user: User, before: datetime) -> Iterable[Entry]:
    rows = StatusChange.objects.permitted(user).filter(candidate=candidate, created_at__lt=before)
    for change in rows.order_by("-created_at", "-pk")[: PAGE + 1]:
        words = {"before": change.get_from_status_display(), "after": change.get_to_status_display()}
        text = _("Moved from %(before)s to %(after)s") % words
        yield Entry(
            change.created_at, text, change.created_by_id, note=change.note or "", icon="move_down",
            status=change.to_status,
        )  # fmt: skip


@add_to_timeline
def edits(candidate: Candidate, user: User, before: datetime) -> Iterable[Entry]:
    rows = Edit.objects.permitted(user).filter(candidate=candidate, created_at__lt=before)
    for edit in rows.order_by("-created_at", "-pk")[: PAGE + 1]:
        yield Entry(edit.created_at, said(edit), edit.created_by_id, details=tuple(changes_of(edit)))


def said(edit: Edit) -> str:
    kind, subject = Edit.Kind(edit.kind), Edit.Subject(edit.subject)
    if subject == Edit.Subject.CANDIDATE:
        return _("Profile changed")
    words = {"part": subject.label, "title": edit.title}
    if kind == Edit.Kind.ADDED:
        return _("%(part)s added: %(title)s") % words
    if kind == Edit.Kind.REMOVED:
        return _("%(part)s removed: %(title)s") % words
    return _("%(part)s changed: %(title)s") % words


def changes_of(edit: Edit) -> Iterable[str]:
    """`Phone number: 555 0100 → 555 0199`."""
    model = SUBJECTS[Edit.Subject(edit.subject)]
    for name, (before, after) in edit.changes.items():
        field: Any = model._meta.get_field(name)
        words = {None: "-", "True": _("yes"), "False": _("no"), **dict(field.flatchoices)}
        texts = (str(words.get(text, text)) for text in (before, after))
        yield f"{capfirst(field.verbose_name)}: {' → '.join(texts)}"
