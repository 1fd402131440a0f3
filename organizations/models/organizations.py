from __future__ import annotations

import zoneinfo
from datetime import date
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .ownership import Folded, Owned

if TYPE_CHECKING:
    from .people import User


def time_zones() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(zoneinfo.available_timezones())]


web_address = URLValidator(schemes=["http", "https"])


class Organization(Owned):
    """A company or agency that hires here. It is its own owner: `organization` is the row itself."""

    organization = None
    name = models.CharField(_("name"), max_length=200)
    name_folded = Folded("name")
    website = models.URLField(_("website"), max_length=2000, null=True, blank=True, validators=[web_address])
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", choices=time_zones)
    invite_expiry_days = models.PositiveSmallIntegerField(
        _("invitations stay open for"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("days"),
    )
    days_to_answer = models.PositiveSmallIntegerField(
        _("candidates are answered within"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("days; who waits longer in a status is pointed out"),
    )

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(
                condition=Q(invite_expiry_days__range=(1, 90)), name="organization_invitations_expire_in_90_days"
            ),
            models.CheckConstraint(
                condition=Q(days_to_answer__range=(1, 365)), name="organization_answers_within_a_year"
            ),
        ]
        indexes = [models.Index(fields=["created_by"], name="organization_created_by")]

    def __str__(self) -> str:
        return self.name

    @property
    def organization_id(self):
        return self.pk

    @classmethod
    def permitted_rows(cls, user: User, action: str) -> Q:
        """Everyone sees the organizations that they belong to."""
        if action == "view":
            return Q(pk__in=user.grants.belonging())
        return Q(pk__in=user.grants.organizations(cls.permission(action)))

    @property
    def today(self) -> date:
        """The date in the organization's own time zone."""
        return timezone.localdate(timezone=zoneinfo.ZoneInfo(self.time_zone))
