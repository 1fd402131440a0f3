from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.bulk import BulkCreateMixin
from api.query import Query
from api.viewsets import ModelViewSet

from .actions import add_contacts, write_contact
from .models import Contact
from .serializers import ContactBody, ContactSerializer


class ContactViewSet(BulkCreateMixin, ModelViewSet):
    """The companies and people that the organization deals with."""

    serializer_class = ContactSerializer
    bodies = {"create": ContactBody, "update": ContactBody, "partial_update": ContactBody}
    query = Query(
        where=(
            "name", "contactType", "primaryEmail", "primaryPhone", "website", "city", "postcode", "country",
            "members.employeeId",
        ),
        relations=("organization", "members.user", "members.employee.user"),
        order=("name", "contactType", "primaryEmail", "city", "country"),
        search="name, e-mail, city, address and notes",
    )  # fmt: skip

    def perform_create(self, values: dict[str, Any]) -> Contact:
        (added,) = add_contacts([values], by=self.user)
        return added

    def perform_bulk(self, rows: Sequence[dict[str, Any]]) -> list[Contact]:
        return add_contacts(rows, by=self.user)

    def perform_update(self, row: Contact, values: dict[str, Any]) -> None:
        write_contact(row, by=self.user, **values)
