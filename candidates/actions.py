"""What happens to candidates: they apply, are rejected, reopened, hired. API, admin, commands and tests call these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from organizations.actions import employ, open_account
from organizations.errors import RuleBroken
from organizations.models import Organization, Role, User, fold

from .models import Candidate, Education, Experience, Skill, Source, StatusChange

Status = Candidate.Status
#: The permission that a move to this status needs.
PERMISSIONS = {
    Status.HIRED: "candidates.hire_candidate",
    Status.REJECTED: "candidates.reject_candidate",
    Status.APPLIED: "candidates.change_candidate",
    Status.INTERVIEWED: "candidates.change_candidate",
}


@transaction.atomic
def apply(
    *,
    organization: Organization,
    by: User | None,
    source_name: str | None = None,
    password: str | None = None,
    status: str = Status.APPLIED,
    skills: Sequence[Mapping[str, Any]] = (),
    experience: Sequence[Mapping[str, Any]] = (),
    educations: Sequence[Mapping[str, Any]] = (),
    **fields: Any,
) -> Candidate:
    """A new candidate with what is known of them. The source is found by its name, or made. PermissionDenied if `by`
    may not add one of the parts.

    `password` opens a login for the e-mail if there is none; an existing account is linked and left untouched."""
    if source_name:
        fields["source"] = find_or_add_source(source_name, organization=organization, by=by)
    candidate = Candidate(organization=organization, created_by=by, **fields)
    if password is not None:
        candidate.user = open_account(candidate.email, password=password)
    candidate.save()
    for model, rows in ((Skill, skills), (Experience, experience), (Education, educations)):
        if rows and by is not None and not by.may(model.permission("add"), organization.pk):
            raise PermissionDenied
        for row in rows:
            model.objects.create(candidate=candidate, organization=organization, created_by=by, **row)
    if status != Status.APPLIED:
        candidate = move(candidate, status, by=by)
    return candidate


def find_or_add_source(name: str, *, organization: Organization, by: User | None) -> Source:
    """The source of this name, ignoring case. PermissionDenied if it must be made and `by` may not."""
    named = Source.objects.filter(organization=organization, name_folded=fold(name))
    if found := named.first():
        return found
    if by is not None and not by.may(Source.permission("add"), organization.pk):
        raise PermissionDenied
    try:
        with transaction.atomic():
            return Source.objects.create(organization=organization, name=name, created_by=by)
    except IntegrityError:
        return named.get()


@transaction.atomic
def move(candidate: Candidate, status: str, *, by: User | None, started_work_on: date | None = None) -> Candidate:
    """Move a candidate to `status` by the rules of the trade, and record it. To the same status is no move.

    HIRED makes the person an employee and is final. REJECTED can be reopened. PermissionDenied if `by` may not make
    this move, RuleBroken after a hire. Without `by` a command acts."""
    candidate = candidate.locked()
    before = candidate.status
    if status == before:
        return candidate
    if by is not None and not by.may(PERMISSIONS[Status(status)], candidate.organization_id):
        raise PermissionDenied
    if candidate.is_hired:
        raise RuleBroken("The candidate is hired; that is final.", "already_hired")
    now = timezone.now()
    candidate.status = status
    candidate.reject_date = now if status == Status.REJECTED else None
    if status == Status.HIRED:
        _employ(candidate, started_work_on=started_work_on, by=by)
        candidate.hired_date = now
    candidate.save()
    StatusChange.objects.create(
        organization_id=candidate.organization_id,
        candidate=candidate,
        from_status=before,
        to_status=status,
        created_by=by,
    )
    return candidate


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


def hire(candidate: Candidate, *, by: User | None, started_work_on: date | None = None) -> Candidate:
    """RuleBroken if they are hired already."""
    return _move_for_the_first_time(candidate, Status.HIRED, by=by, started_work_on=started_work_on)


def reject(candidate: Candidate, *, by: User | None) -> Candidate:
    """RuleBroken if they are rejected already, or hired."""
    return _move_for_the_first_time(candidate, Status.REJECTED, by=by)


def reopen(candidate: Candidate, *, by: User | None) -> Candidate:
    """A rejected candidate is back in APPLIED. RuleBroken after a hire, or if they are not rejected."""
    with transaction.atomic():
        now = candidate.locked()
        if now.status not in {Status.REJECTED, Status.HIRED}:
            raise RuleBroken("The candidate is not rejected.", "not_rejected")
        return move(now, Status.APPLIED, by=by)


@transaction.atomic
def _move_for_the_first_time(candidate: Candidate, status: str, **options: Any) -> Candidate:
    if candidate.locked().status == status:
        raise RuleBroken(f"The candidate is {Status(status).label.lower()} already.", f"already_{status.lower()}")
    return move(candidate, status, **options)


@transaction.atomic
def delete_source(source: Source) -> None:
    """Its candidates stay, with none; that changes them, so whoever has read them before is told."""
    for candidate in source.candidates.select_for_update().order_by("pk"):
        candidate.source = None
        candidate.save(update_fields=["source"])
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
        if not by.may(Skill.permission("change" if skill else "add"), candidate.organization_id):
            raise PermissionDenied
        if skill is None:
            skill = Skill(organization_id=candidate.organization_id, candidate=candidate, created_by=by)
            skill.name = wanted["name"]
        skill.level = wanted.get("level", skill.level)
        skill.save()
        named.append(skill)
    return named
