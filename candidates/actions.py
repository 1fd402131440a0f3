"""What happens to candidates: they apply, are rejected, reopened, hired. API, admin, commands and tests call these."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.actions import employ, open_account
from organizations.errors import RuleBroken
from organizations.loading import insert_all
from organizations.models import Organization, Owned, Role, User, fold

from .edits import add_part, edit, record_of
from .models import Candidate, Education, Experience, Skill, Source, StatusChange

Status = Candidate.Status
#: The permission that a move to this status needs.
PERMISSIONS = {
    Status.HIRED: "candidates.hire_candidate",
    Status.REJECTED: "candidates.reject_candidate",
    Status.APPLIED: "candidates.change_candidate",
    Status.INTERVIEWED: "candidates.change_candidate",
}


#: What comes with an application beside the candidate's own columns: its key, and whose rows they are.
PARTS: dict[str, type[Owned]] = {"skills": Skill, "experience": Experience, "educations": Education}


@transaction.atomic
def apply(*, organization: Organization, by: User | None, **known: Any) -> Candidate:
    """A new candidate with what is known of them: columns, the rows of `PARTS`, and

    - `source_name`: the source of that name, ignoring case, or a new one;
    - `password`: opens a login for the e-mail if there is none; an existing account is linked and left untouched;
    - `status`: a move like any other.

    PermissionDenied if `by` may not add one of the parts, or make the move."""
    (candidate,) = _write_down([{"organization": organization, **known}], by=by)
    return candidate


@transaction.atomic
def apply_many(applications: Sequence[Mapping[str, Any]], *, by: User | None) -> list[Candidate]:
    """What `apply` does, for each: the number of statements does not grow with them, but with those who get a password
    or are hired, since each of these opens an account.

    RuleBroken naming those whose e-mail a candidate of the organization has already."""
    _refuse_known(applications)
    return _write_down(applications, by=by)


def _refuse_known(applications: Sequence[Mapping[str, Any]]) -> None:
    keys = [(application["organization"].pk, fold(application["email"])) for application in applications]
    organizations, emails = ({key[place] for key in keys} for place in (0, 1))
    stored = Candidate.objects.filter(organization__in=organizations, email_folded__in=emails)
    known = set(stored.values_list("organization_id", "email_folded"))
    clashes = [f"[{place}] {applications[place]['email']}" for place, key in enumerate(keys) if key in known]
    if clashes:
        shown = ", ".join(clashes[:10])
        if more := len(clashes) - 10 if len(clashes) > 10 else 0:
            shown = _("%(shown)s and %(count)d more") % {"shown": shown, "count": more}
        message = _("Candidates with these e-mails exist already: %(emails)s.") % {"emails": shown}
        raise RuleBroken(message, "duplicate")


def _write_down(applications: Sequence[Mapping[str, Any]], *, by: User | None) -> list[Candidate]:
    named = [(known["organization"].pk, known["source_name"]) for known in applications if known.get("source_name")]
    sources = find_or_add_sources(named, by=by)
    pairs = [(_candidate(known, sources, by=by), known) for known in applications]
    moves = []
    # In this order, since accounts are locked one after the other.
    for candidate, known in sorted(pairs, key=lambda pair: fold(pair[0].email)):
        if known.get("password") is not None:
            candidate.user = open_account(candidate.email, password=known["password"])
        if known.get("status", candidate.status) != candidate.status:
            moves.append(moved(candidate, known["status"], by=by))
    insert_all([candidate for candidate, _ in pairs])
    for key, model in PARTS.items():
        _add_parts(model, [(candidate, row) for candidate, known in pairs for row in known.get(key, ())], by=by)
    insert_all(moves)
    return [candidate for candidate, _ in pairs]


def _candidate(known: Mapping[str, Any], sources: Mapping[tuple[UUID, str], Source], *, by: User | None) -> Candidate:
    fields = {key: value for key, value in known.items() if key not in {*PARTS, "source_name", "password", "status"}}
    if known.get("source_name"):
        fields["source"] = sources[known["organization"].pk, known["source_name"]]
    return Candidate(created_by=by, **fields)


def _add_parts(model: type[Owned], parts: Sequence[tuple[Candidate, Mapping[str, Any]]], *, by: User | None) -> None:
    for organization_id in {part[0].organization_id for part in parts}:
        require("add", model, organization_id, by=by)
    insert_all(
        [
            model(candidate=candidate, organization_id=candidate.organization_id, created_by=by, **row)
            for candidate, row in parts
        ]
    )


def require(action: str, model: type[Owned], organization_id: UUID, *, by: User | None) -> None:
    """PermissionDenied if `by` may not `action` rows of the model there. Without `by` a command acts."""
    if by is not None and not by.may(model.permission(action), organization_id):
        raise PermissionDenied


def find_or_add_sources(named: Collection[tuple[UUID, str]], *, by: User | None) -> dict[tuple[UUID, str], Source]:
    """The sources of these organizations and names, found ignoring case, else made as the first of them is spelled.
    PermissionDenied if one must be made and `by` may not. Three statements at most."""
    folded: dict[tuple[UUID, str], str] = {}
    for organization_id, name in named:
        folded.setdefault((organization_id, fold(name)), name)
    found = _sources(folded)
    missing = sorted(folded.keys() - found.keys())
    if missing:
        for organization_id in {organization_id for organization_id, _ in missing}:
            require("add", Source, organization_id, by=by)
        Source.objects.bulk_create(
            (Source(organization_id=key[0], name=folded[key], created_by=by) for key in missing),
            ignore_conflicts=True,  # Another request made it in this moment: theirs is taken.
        )
        found |= _sources(missing)
    return {(organization_id, name): found[organization_id, fold(name)] for organization_id, name in named}


def _sources(keys: Collection[tuple[UUID, str]]) -> dict[tuple[UUID, str], Source]:
    organizations, names = ({key[place] for key in keys} for place in (0, 1))
    rows = Source.objects.filter(organization__in=organizations, name_folded__in=names) if keys else ()
    return {(source.organization_id, str(source.name_folded)): source for source in rows}


@transaction.atomic
def move(
    candidate: Candidate,
    status: str,
    *,
    by: User | None,
    started_work_on: date | None = None,
    note: str | None = None,
) -> Candidate:
    """Move a candidate to `status` by the rules of the trade, and record it. To the same status is no move.

    HIRED makes the person an employee and is final. REJECTED can be reopened. PermissionDenied if `by` may not make
    this move, RuleBroken after a hire. Without `by` a command acts."""
    candidate = candidate.locked()
    if status != candidate.status:
        change = moved(candidate, status, by=by, started_work_on=started_work_on, note=note)
        candidate.save()
        change.save()
    return candidate


def moved(
    candidate: Candidate,
    status: str,
    *,
    by: User | None,
    started_work_on: date | None = None,
    note: str | None = None,
) -> StatusChange:
    """The candidate as they are after the move, and its record; neither is saved."""
    before = candidate.status
    require_move(status, candidate.organization_id, by=by)
    if candidate.is_hired:
        raise RuleBroken(_("The candidate is hired; that is final."), "already_hired")
    now = timezone.now()
    candidate.status = status
    candidate.moved_at = now
    candidate.reject_date = rejected_at(status, now)
    if status == Status.HIRED:
        _employ(candidate, started_work_on=started_work_on, by=by)
        candidate.hired_date = now
    return StatusChange(
        organization_id=candidate.organization_id,
        candidate=candidate,
        from_status=before,
        to_status=status,
        note=note or None,
        created_by=by,
        created_at=now,
    )


def rejected_at(status: str, now: datetime) -> datetime | None:
    """The `reject_date` of who comes to `status` now."""
    return now if status == Status.REJECTED else None


def require_move(status: str, organization_id: UUID, *, by: User | None) -> None:
    """PermissionDenied if `by` may not move candidates to `status` there."""
    if by is not None and not by.may(PERMISSIONS[Status(status)], organization_id):
        raise PermissionDenied


def _employ(candidate: Candidate, *, started_work_on: date | None, by: User | None) -> None:
    organization = candidate.organization
    candidate.employee = employ(
        candidate,
        organization=organization,
        role=Role.objects.get(organization=organization, is_built_in=True, name="EMPLOYEE"),
        started_work_on=started_work_on or organization.today,
        by=by,
    )
    candidate.user = candidate.employee.user


def hire(
    candidate: Candidate, *, by: User | None, started_work_on: date | None = None, note: str | None = None
) -> Candidate:
    """RuleBroken if they are hired already."""
    return _move_for_the_first_time(candidate, Status.HIRED, by=by, started_work_on=started_work_on, note=note)


def reject(candidate: Candidate, *, by: User | None, note: str | None = None) -> Candidate:
    """RuleBroken if they are rejected already, or hired."""
    return _move_for_the_first_time(candidate, Status.REJECTED, by=by, note=note)


def reopen(candidate: Candidate, *, by: User | None) -> Candidate:
    """A rejected candidate is back in APPLIED. RuleBroken after a hire, or if they are not rejected."""
    with transaction.atomic():
        now = candidate.locked()
        if now.status not in {Status.REJECTED, Status.HIRED}:
            raise RuleBroken(_("The candidate is not rejected."), "not_rejected")
        return move(now, Status.APPLIED, by=by)


@transaction.atomic
def _move_for_the_first_time(candidate: Candidate, status: str, **options: Any) -> Candidate:
    if candidate.locked().status == status:
        message = _("The candidate is %(status)s already.") % {"status": Status(status).label.lower()}
        raise RuleBroken(message, f"already_{status.lower()}")
    return move(candidate, status, **options)


@transaction.atomic
def delete_source(source: Source, *, by: User | None) -> None:
    """Its candidates stay, with none; that changes them, so whoever has read them before is told."""
    edits = []
    for candidate in source.candidates.select_for_update().order_by("pk"):
        candidate.source = None
        candidate.save(update_fields=["source"])
        edits.append(record_of(candidate, {"source": (source, None)}, by=by))
    insert_all(edits)
    source.delete()


@transaction.atomic
def name_skills(candidate: Candidate, skills: Sequence[Mapping[str, Any]], *, by: User) -> list[Skill]:
    """Give the candidate these skills, in this order; one that is there, ignoring case, gets the new level.

    PermissionDenied if `by` may not add, or for one that is there, change."""
    candidate.locked()
    present = {skill.name_folded: skill for skill in Skill.objects.filter(candidate=candidate)}
    named = []
    for wanted in skills:
        skill = present.get(fold(wanted["name"]))
        require("change" if skill else "add", Skill, candidate.organization_id, by=by)
        if skill is None:
            skill = Skill(organization_id=candidate.organization_id, candidate=candidate, **wanted)
            add_part(skill, by=by)
        else:
            edit(skill, by=by, level=wanted.get("level", skill.level))
        named.append(skill)
    return named
