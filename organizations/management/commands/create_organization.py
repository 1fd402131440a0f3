from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from organizations.actions import employ, found_organization
from organizations.models import Employee, Organization, Role, User, fold


class Command(BaseCommand):
    help = (
        "Found an organization with its five roles and its first ADMIN, who gets a mail with a link to set a password. "
        "Run again with the same name and address it changes nothing. Acts outside any organization, as an operator."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", help="of the organization")
        parser.add_argument("--admin-email", required=True, help="of the person who becomes ADMIN")
        parser.add_argument("--first-name", default="", help="of that person, for a new account")
        parser.add_argument("--last-name", default="", help="of that person, for a new account")
        parser.add_argument("--force", action="store_true", help="even if another organization has this name")
        parser.add_argument("--json", action="store_true", help="the outcome as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        name = checked(Organization, "name", options["name"].strip())
        email = checked(User, "email", options["admin_email"].strip())
        first_name = checked(User, "first_name", options["first_name"])
        last_name = checked(User, "last_name", options["last_name"])
        with transaction.atomic():
            admin = None if options["force"] else admin_of(name, email)
            is_new = admin is None
            gets_mail = is_new and User.objects.is_unproven(email)
            admin = admin or found(name, email, first_name, last_name)
        self.report(admin, is_new=is_new, gets_mail=gets_mail, as_json=options["json"])

    def report(self, admin: Employee, *, is_new: bool, gets_mail: bool, as_json: bool) -> None:
        organization = admin.organization
        if as_json:
            outcome = {
                "organizationId": str(organization.pk),
                "name": organization.name,
                "adminEmail": admin.email,
                "employeeId": str(admin.pk),
                "created": is_new,
                "mailed": gets_mail,
            }
            self.stdout.write(json.dumps(outcome))
        elif is_new:
            how = "gets a mail to set a password" if gets_mail else "signs in with the password they have"
            self.stdout.write(self.style.SUCCESS(f"Founded {organization.name}; {admin.email} is its ADMIN and {how}."))
        else:
            self.stdout.write(f"{organization.name} is there already with {admin.email}; nothing was done.")


def checked(model: Any, field: str, value: str) -> str:
    try:
        return model._meta.get_field(field).clean(value, None)
    except ValidationError as error:
        raise CommandError(f"{value!r} is no {field.replace('_', ' ')}: {' '.join(error.messages)}") from error


def admin_of(name: str, email: str) -> Employee | None:
    """The place that an earlier run gave this person. CommandError if the name is that of someone else's organization:
    a second one of the same name is hardly ever meant."""
    namesakes = Organization.objects.filter(name_folded=fold(name))
    places = Employee.objects.select_related("organization").filter(organization__in=namesakes)
    if place := places.filter(user__email_folded=fold(email)).order_by("created_at").first():
        return place
    if namesakes.exists():
        raise CommandError(f"An organization {name!r} exists already. --force founds a second one of that name.")
    return None


def found(name: str, email: str, first_name: str, last_name: str) -> Employee:
    organization = found_organization(name)
    account = User.objects.known_by(email) or User()
    person = Employee(
        first_name=first_name or account.first_name or email.partition("@")[0],
        last_name=last_name or account.last_name,
        email=email,
    )
    return employ(person, organization=organization, role=Role.objects.get(organization=organization, name="ADMIN"))
