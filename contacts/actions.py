"""What happens to contacts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from organizations.models import Employee, User

from .models import Contact, Member


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
        if rows and not by.may(Member.permission(action), contact.organization_id):
            raise PermissionDenied
    leaving.delete()
    for employee in joining:
        Member.objects.create(
            contact=contact, employee=employee, organization_id=contact.organization_id, created_by=by
        )
