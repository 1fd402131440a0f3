"""What happens to contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from organizations.loading import insert_all
from organizations.models import Employee, User

from .models import Contact, Member


@transaction.atomic
def add_contacts(rows: Sequence[Mapping[str, Any]], *, by: User) -> list[Contact]:
    """New contacts, each of its columns and `members`: the employees who look after it. The number of statements does
    not grow with them. PermissionDenied if `by` may not add members."""
    contacts = []
    members = []
    for row in rows:
        columns = {key: value for key, value in row.items() if key != "members"}
        contacts.append(Contact(created_by=by, **columns))
        members += [_member(contacts[-1], employee, by=by) for employee in row.get("members") or ()]
    for organization_id in {member.organization_id for member in members}:
        _require("add", organization_id, by=by)
    insert_all(contacts)
    insert_all(members)
    return contacts


@transaction.atomic
def write_contact(contact: Contact, *, by: User, members: Sequence[Employee] | None = None, **values: Any) -> Contact:
    """Make or change a contact. `members`, if given, are the employees who look after it from now on."""
    contact = contact.locked()
    for name, value in values.items():
        setattr(contact, name, value)
    contact.save()
    if members is not None:
        look_after(contact, members, by=by)
    return contact


@transaction.atomic
def look_after(contact: Contact, employees: Sequence[Employee], *, by: User) -> None:
    """Replace the members. Those whom `by` can't see stay. PermissionDenied if `by` may not add or take off."""
    contact.locked()
    visible = Member.objects.permitted(by).filter(contact=contact)
    leaving = visible.exclude(employee__in=employees)
    present = set(contact.members.values_list("employee_id", flat=True))
    joining = [employee for employee in employees if employee.pk not in present]
    for rows, action in ((leaving, "delete"), (joining, "add")):
        if rows:
            _require(action, contact.organization_id, by=by)
    leaving.delete()
    insert_all([_member(contact, employee, by=by) for employee in joining])


def _member(contact: Contact, employee: Employee, *, by: User) -> Member:
    return Member(contact=contact, employee=employee, organization_id=contact.organization_id, created_by=by)


def _require(action: str, organization_id: UUID, *, by: User) -> None:
    if not by.may(Member.permission(action), organization_id):
        raise PermissionDenied
