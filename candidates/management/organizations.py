from __future__ import annotations

from uuid import UUID

from django.core.management.base import CommandError

from organizations.models import Organization


def organization_of(key: str) -> Organization:
    """CommandError if there is none of this id."""
    try:
        return Organization.objects.get(pk=UUID(key))
    except (ValueError, Organization.DoesNotExist):
        raise CommandError(f"There is no organization {key!r}.") from None
