"""Demo data: two organizations whose rows were made by the actions that real ones are made by. No mail is sent."""

from __future__ import annotations

from django.db import transaction

from organizations.models import Organization, fold

from . import northwind, other
from .cast import account

SUPERUSER = "root@localhost.test"
#: Those to show to a newcomer: one for each role.
ACCOUNTS = (
    SUPERUSER,
    *(f"{name}@{northwind.DOMAIN}" for name in ("admin", "recruiter", "interviewer", "viewer")),
    f"admin@{other.DOMAIN}",
)


def is_there() -> bool:
    return Organization.objects.filter(name_folded=fold(northwind.NAME)).exists()


@transaction.atomic
def fill() -> list[Organization]:
    """Both organizations and an operator's account: all of it or nothing."""
    account(SUPERUSER, is_superuser=True)
    return [northwind.fill_northwind(), other.fill_other()]
