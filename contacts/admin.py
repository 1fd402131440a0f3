from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from organizations.list_tabs import ListTabs
from organizations.models import Employee, User
from organizations.office_words import avatar
from organizations.owned_admin import OwnedAdmin
from organizations.owned_forms import ColleaguesField, OwnedForm

from .actions import write_contact
from .models import Contact, Member

#: Members of a contact that its row shows by name.
MOST_NAMED = 3


class ContactForm(OwnedForm):
    members = ColleaguesField(Member, label=_("Members"), help_text=_("the employees who look after the contact"))


class TypeTabs(ListTabs):
    title = _("type")
    parameter_name = "contact_type"

    def lookups(self, request, model_admin):
        return Contact.Type.choices

    def queryset(self, request, queryset):
        return queryset.filter(contact_type=self.value()) if self.value() else queryset

    def counts(self) -> Mapping[str, int]:
        # Each is known without counting.
        return {value: self.rows.filter(contact_type=value).count() for value in Contact.Type.values}


@admin.register(Contact)
class ContactAdmin(OwnedAdmin):
    form = ContactForm
    fields = (
        "name", "contact_type", "primary_email", "primary_phone", "website", "address", "postcode", "city", "country",
        "members", "notes", "image_url",
    )  # fmt: skip
    list_display = ("called", "kind", "reach", "place", "looked_after_by")
    list_filter = (TypeTabs, "is_active", "is_archived", "created_at")
    list_before_template = "organizations/list_tabs.html"
    change_form_outer_before_template = "contacts/reach_on_top.html"

    class Media:
        css: ClassVar = {"all": ("contacts/contacts.css",)}

    def get_queryset(self, request):
        colleagues = Employee.objects.permitted(request.user).order_by()
        members = Member.objects.permitted(request.user).filter(employee__in=colleagues).select_related("employee")
        seen = Prefetch("members", members.order_by("created_at", "pk"), to_attr="seen_members")
        return super().get_queryset(request).prefetch_related(seen)

    @admin.display(description=_("Name"), ordering="name_folded")
    def called(self, contact: Contact) -> str:
        return format_html('<span class="contact">{} {}</span>', avatar(contact.name), contact.name)

    @admin.display(description=_("Type"), ordering="contact_type")
    def kind(self, contact: Contact) -> str:
        return contact.get_contact_type_display()

    @admin.display(description=_("Contact"))
    def reach(self, contact: Contact) -> str:
        """How to get hold of them, one press away."""
        return render_to_string("contacts/reach.html", {"contact": contact})

    @admin.display(description=_("Place"), ordering="city_folded")
    def place(self, contact: Contact) -> str:
        return ", ".join(filter(None, [contact.city, contact.get_country_display()])) or self.get_empty_value_display()

    @admin.display(description=_("Looked after by"))
    def looked_after_by(self, contact: Contact) -> str:
        names = [str(member.employee) for member in contact.seen_members]  # type: ignore[attr-defined]
        words = {"named": names[:MOST_NAMED], "rest": names[MOST_NAMED:]}
        return render_to_string("contacts/members.html", words) if names else self.get_empty_value_display()

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
