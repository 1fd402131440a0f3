from __future__ import annotations

import pycountry
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organizations.models import (
    Employee,
    Folded,
    Owned,
    RowOf,
    SearchedQuerySet,
    SearchIndex,
    SearchRow,
    Tallied,
    Words,
    asked_by,
    owned_by,
)
from organizations.models.organizations import web_address


def countries() -> list[tuple[str, str]]:
    """ISO 3166 alpha-2 codes with their English names."""
    return sorted((country.alpha_2, country.name) for country in pycountry.countries)


class Contact(Owned):
    """A company or person that the organization deals with."""

    class Type(models.TextChoices):
        CLIENT = "CLIENT", _("Client")
        LEAD = "LEAD", _("Lead")
        CUSTOMER = "CUSTOMER", _("Customer")

    name = models.CharField(_("name"), max_length=200)
    name_folded = Folded("name")
    contact_type = models.CharField(_("type"), max_length=20, choices=Type, default=Type.CLIENT)
    primary_email = models.EmailField(_("e-mail"), max_length=254, null=True, blank=True)
    primary_email_folded = Folded("primary_email")
    primary_phone = models.CharField(_("phone"), max_length=50, null=True, blank=True)
    # Not longer: an entry of an index has a page's third to fit in.
    website = models.URLField(_("website"), max_length=500, null=True, blank=True, validators=[web_address])
    address = models.CharField(_("address"), max_length=500, null=True, blank=True)
    city = models.CharField(_("city"), max_length=200, null=True, blank=True)
    city_folded = Folded("city")
    postcode = models.CharField(_("postcode"), max_length=20, null=True, blank=True)
    country = models.CharField(_("country"), max_length=2, null=True, blank=True, choices=countries)
    notes = models.TextField(_("notes"), max_length=20_000, null=True, blank=True)
    image_url = models.URLField(
        _("address of a picture"), max_length=2000, null=True, blank=True, validators=[web_address]
    )
    words = Words("name", "primary_email")
    note_words = Words("city", "address", "notes")

    objects = SearchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            Tallied(name="contact_is_tallied", by="contact_type"),
            SearchIndex(name="contact_search", own={"A": "words", "D": "note_words"}),
        ]
        indexes = asked_by(
            "contact",
            "name_folded", "contact_type", "primary_phone", "website", "postcode",
            nullable=("primary_email_folded", "city_folded", "country"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name


class ContactSearch(SearchRow):
    row = RowOf(Contact)

    class Meta(SearchRow.Meta):
        db_table = "contact_search"


class Member(Owned):
    """An employee who looks after a contact."""

    parent = "contact"

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="members", db_index=False
    )
    employee = models.ForeignKey(
        Employee, verbose_name=_("employee"), on_delete=models.RESTRICT, related_name="contact_memberships"
    )

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "employee"],
                name="member_is_once_in_a_contact",
                violation_error_message=_("This employee looks after the contact already."),
            )
        ]
        indexes = owned_by("member", "created_by")

    def __str__(self) -> str:
        # No name: who sees this row need not see the employee's.
        return gettext("Member since %(day)s") % {"day": f"{self.created_at:%Y-%m-%d}"}
