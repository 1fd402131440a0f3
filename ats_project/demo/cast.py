"""The people of a demo organization. They come through the same actions as real ones, but nobody gets a mail:
their accounts are proven beforehand, and only accounts without a password are written to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Model
from django.utils import timezone

from organizations.actions import employ, found_organization
from organizations.models import Employee, Organization, Role, User

#: How long ago the demo organizations were founded.
FOUNDED = timedelta(days=400)


@cache
def hashed(password: str) -> str:
    """Hashed once for all: a good hash is slow on purpose."""
    return make_password(password)


def account(email: str, first_name: str = "", last_name: str = "", **fields: Any) -> User:
    return User.objects.create(
        email=email,
        first_name=first_name,
        last_name=last_name,
        password=hashed(settings.DEMO_PASSWORD),
        is_email_proven=True,
        **fields,
    )


def found(name: str, **fields: Any) -> Organization:
    since = timezone.now() - FOUNDED
    organization = found_organization(name, created_at=since, **fields)
    Role.objects.filter(organization=organization).update(created_at=since)
    return organization


def add_employee(organization: Organization, role: str, email: str, name: str, *, started: date) -> Employee:
    first_name, _, last_name = name.partition(" ")
    account(email, first_name, last_name)
    person = Employee(first_name=first_name, last_name=last_name, email=email)
    employee = employ(
        person, organization=organization, role=built_in(organization, role), started_work_on=started, by=None
    )
    backdate(employee, created_at=timezone.now() - FOUNDED)
    return employee


def built_in(organization: Organization, role: str) -> Role:
    return Role.objects.get(organization=organization, is_built_in=True, name=role)


def backdate(row: Model, **moments: datetime) -> None:
    """What an action stamps is now; the demo tells of the past."""
    type(row)._default_manager.filter(pk=row.pk).update(**moments)
