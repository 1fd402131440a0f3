"""What happens to organizations, their people and their roles. API, admin, commands and tests call these."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .errors import RuleBroken
from .mail import mail_password_link
from .models import Employee, Organization, Person, Role, User, fold
from .passwords import change_password
from .roles import built_in_roles, every_permission


@transaction.atomic
def found_organization(name: str, *, by: User | None = None, **fields: Any) -> Organization:
    """A new organization with its five roles."""
    organization = Organization.objects.create(name=name, created_by=by, **fields)
    Role.objects.bulk_create(
        Role(organization=organization, name=name, permissions=permissions, is_built_in=True, created_by=by)
        for name, permissions in built_in_roles().items()
    )
    return organization


@transaction.atomic
def change_organization(organization: Organization, *, by: User, **changes: Any) -> Organization:
    """PermissionDenied if anyone but an operator would switch it off or archive it: nobody in it could undo that."""
    organization = organization.locked()
    for switch in ("is_active", "is_archived"):
        if changes.get(switch, getattr(organization, switch)) != getattr(organization, switch) and not by.is_superuser:
            raise PermissionDenied(_("Only an operator switches an organization on and off."))
    for name, value in changes.items():
        setattr(organization, name, value)
    organization.save()
    return organization


def open_account(email: str, *, password: str | None = None) -> User:
    """The account of the address: the one that is there, untouched, or a new one whose address is not yet proven.

    It has no name: names are for its owner to write, what an organization calls them stays in its own records."""
    account = User(email=email)
    # Hashed in either case: the time that it takes must not tell whether the account was there.
    account.set_password(password)
    try:
        with transaction.atomic():
            if not User.objects.filter(email_folded=fold(email)).exists():
                account.save()
    except IntegrityError:
        pass  # Another request opened it in this moment: theirs is taken.
    # `no_key` here and below: what points at the row (`created_by`) may be written meanwhile. Without it, two
    # recruiters who hire each other wait in a circle.
    return User.objects.select_for_update(no_key=True).get(email_folded=fold(email))


def claim_account(email: str) -> tuple[User, bool]:
    """The account for someone who is about to become an employee, and whether it is without a password now.

    Whoever opened an account whose address was never proven may not be its owner: it loses its password and its
    sessions here. A proven account is left as it is."""
    account = open_account(email)
    if account.is_email_proven:
        return account, False
    change_password(account, None)
    return account, True


@transaction.atomic
def employ(
    person: Person,
    *,
    organization: Organization,
    role: Role,
    started_work_on: date | None = None,
    by: User | None = None,
) -> Employee:
    """Make the person an employee, and mail a link to set a password to an account that has none.

    Who is employed here already keeps their role; who was switched off comes back with `role`."""
    account, needs_password = claim_account(person.email)
    employee = place(account, person, organization=organization, role=role, started_work_on=started_work_on, by=by)
    if needs_password:
        mail_password_link(account)
    return employee


def place(
    account: User,
    person: Person,
    *,
    organization: Organization,
    role: Role,
    started_work_on: date | None = None,
    by: User | None = None,
) -> Employee:
    """The account's one place in the organization: as it is if active, made active again with `role`, or new."""
    places = Employee.objects.select_for_update(no_key=True)
    employee = places.filter(organization=organization, user=account).first()
    if employee is None:
        return Employee.objects.create(
            organization=organization,
            user=account,
            role=role,
            first_name=person.first_name,
            last_name=person.last_name,
            email=person.email,
            phone_number=person.phone_number,
            started_work_on=started_work_on,
            created_by=by,
        )
    if employee.is_active:
        return employee
    employee.role = role
    employee.started_work_on = started_work_on or employee.started_work_on
    employee.is_active = True
    employee.is_archived = False
    employee.save()
    return employee


def refuse_more_than_held(by: User, role: Role, permissions: Collection[str] | None = None) -> None:
    """No one can grant or touch what they don't hold: PermissionDenied if the role holds more than `by` there."""
    if not by.holds(role.granted if permissions is None else permissions, role.organization_id):
        raise PermissionDenied(_("The role %(role)s holds more than yours.") % {"role": role.name})


@transaction.atomic
def change_employee(employee: Employee, *, by: User, **changes: Any) -> Employee:
    """Change `role`, `started_work_on`, `is_active` or `is_archived` of an employee.

    PermissionDenied where the old or the new role holds more than `by`; RuleBroken for the last active ADMIN."""
    # The organization is locked, not the employee: of two admins who demote each other one must come second.
    Organization.objects.select_for_update(no_key=True).get(pk=employee.organization_id)
    employee = Employee.objects.select_related("role").get(pk=employee.pk)
    refuse_more_than_held(by, employee.role)
    refuse_more_than_held(by, changes.get("role", employee.role))
    was_admin = employee.is_active and employee.role.is_admin
    for name, value in changes.items():
        setattr(employee, name, value)
    stays_admin = employee.is_active and employee.role.is_admin
    if was_admin and not stays_admin and not _other_admins(employee).exists():
        raise RuleBroken(_("This is the last active ADMIN of the organization."), "last_admin")
    employee.save()
    return employee


def _other_admins(employee: Employee):
    return Employee.objects.filter(
        organization_id=employee.organization_id,
        is_active=True,
        role__is_built_in=True,
        role__name="ADMIN",
        user__is_active=True,
    ).exclude(pk=employee.pk)


@transaction.atomic
def write_role(role: Role, *, by: User, **changes: Any) -> Role:
    """Make or change a role. PermissionDenied where it holds, or would hold, more than `by`; RuleBroken for what the
    five built-in ones must keep: their names, all of ADMIN, nothing for EMPLOYEE."""
    if not role._state.adding:
        role = role.locked()
        refuse_more_than_held(by, role)
    permissions = sorted(set(changes.get("permissions", role.granted)))
    unknown = set(permissions) - set(every_permission())
    if unknown:
        raise ValidationError(
            {"permissions": [_("There is no permission %(code)r.") % {"code": code} for code in sorted(unknown)]}
        )
    if role.is_built_in:
        _refuse_bending(role, {**changes, "permissions": permissions})
    for name, value in {**changes, "permissions": permissions}.items():
        setattr(role, name, value)
    refuse_more_than_held(by, role)
    role.save()
    return role


def _refuse_bending(role: Role, changes: dict[str, Any]) -> None:
    if changes.get("name", role.name) != role.name:
        raise RuleBroken(_("A built-in role keeps its name."), "built_in_role")
    if not changes.get("is_active", True) and (role.is_admin or role.is_plain_employee):
        raise RuleBroken(_("%(role)s can't be switched off.") % {"role": role.name}, "built_in_role")
    if role.is_admin and set(changes["permissions"]) < set(every_permission()):
        raise RuleBroken(_("ADMIN can't be reduced."), "built_in_role")
    if role.is_plain_employee and changes["permissions"]:
        raise RuleBroken(_("EMPLOYEE can't be widened."), "built_in_role")


@transaction.atomic
def delete_role(role: Role, *, by: User) -> None:
    """RuleBroken for a built-in role; one in use is refused by the database."""
    if role.is_built_in:
        raise RuleBroken(_("The built-in roles can't be deleted."), "built_in_role")
    refuse_more_than_held(by, role)
    role.delete()


@transaction.atomic
def change_own_profile(user: User, *, password: str | None = None, **names: Any) -> User:
    """The user changes their own names, phone number or password; a new password signs out all sessions.

    Their organizations show the new names: they are the person's own words."""
    for name, value in names.items():
        setattr(user, name, value)
    user.save(update_fields=list(names))
    if names:
        for employee in user.employees.all():
            for name, value in names.items():
                setattr(employee, name, value)
            employee.save(update_fields=list(names))
    if password is not None:
        change_password(user, password)
    return user
