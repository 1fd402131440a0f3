from __future__ import annotations

from typing import Any

from django.contrib import admin

from organizations.models import User
from organizations.owned_admin import OwnedAdmin
from organizations.owned_forms import ColleaguesField, OwnedForm

from .actions import write_contact
from .models import Contact, Member


class ContactForm(OwnedForm):
    members = ColleaguesField(Member, help_text="the employees who look after the contact")


@admin.register(Contact)
class ContactAdmin(OwnedAdmin):
    form = ContactForm
    fields = (
        "name", "contact_type", "primary_email", "primary_phone", "website", "address", "postcode", "city", "country",
        "members", "notes", "image_url",
    )  # fmt: skip
    list_display = ("name", "contact_type", "primary_email", "primary_phone", "city", "country", "created_at")
    list_filter = ("contact_type", "is_active", "is_archived", "created_at")

    def make(self, row: Contact, values: dict[str, Any], *, by: User) -> Contact:
        return write_contact(row, by=by, members=values["members"])

    def revise(self, row: Contact, changes: dict[str, Any], *, by: User) -> None:
        write_contact(row, by=by, **changes)


@admin.register(Member)
class MemberAdmin(OwnedAdmin):
    fields = ("contact", "employee")
    list_display = ("created_at", "contact", "employee")
    list_filter = ("created_at",)
    search_through = ("contact", "employee")
