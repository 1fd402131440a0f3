from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, StepValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models import (
    DayOf,
    DaysBetween,
    Derived,
    Employee,
    Folded,
    Joined,
    Moment,
    Owned,
    Person,
    RowOf,
    SearchedQuerySet,
    SearchIndex,
    SearchRow,
    Tallied,
    User,
    Words,
    asked_by,
    owned_by,
)
from organizations.models.organizations import web_address

#: Ratings go from 0 to 5 in half steps.
HALF_STEPS = [Decimal(step) / 2 for step in range(11)]
rating_validators = [MinValueValidator(0), MaxValueValidator(5), StepValueValidator(Decimal("0.5"))]


class Source(Owned):
    """Where candidates come from: a job board, a referral, a fair."""

    name = models.CharField(_("name"), max_length=200)
    name_folded = Folded("name")

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name_folded"],
                name="source_name_is_unique",
                violation_error_message=_("A source of this name exists already."),
            ),
            Tallied(name="source_is_tallied"),
        ]
        indexes = asked_by("source")

    def __str__(self) -> str:
        return self.name


class StatusSince(Derived, Moment):
    """When a candidate came into the present status: with the last move, before the first with the application."""

    sources = ("moved_at", "applied_date")

    def derive(self, moved_at: datetime | None, applied_date: datetime) -> datetime:
        return self.to_millisecond(moved_at or applied_date)


class Candidate(Person, Owned):
    """The record that one organization keeps about a person who applies."""

    own_path = "interviews__interviewers__employee"
    masked = {"ratings": ("ratings", "organization_id")}

    class Status(models.TextChoices):
        APPLIED = "APPLIED", _("Applied")
        INTERVIEWED = "INTERVIEWED", _("Interviewed")
        REJECTED = "REJECTED", _("Rejected")
        HIRED = "HIRED", _("Hired")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="candidates",
        db_index=False,
        verbose_name=_("login"),
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.APPLIED)
    rating = models.DecimalField(
        _("rating"),
        max_digits=3,
        decimal_places=2,
        null=True,
        blank=True,
        validators=rating_validators,
        help_text=_("set by hand"),
    )
    ratings = models.DecimalField(
        _("mean rating"),
        max_digits=3,
        decimal_places=2,
        null=True,
        editable=False,
        help_text=_("mean of all feedback"),
    )
    applied_date = Moment(_("applied"), default=timezone.now)
    hired_date = Moment(_("hired"), null=True, editable=False)
    reject_date = Moment(_("rejected"), null=True, editable=False)
    moved_at = Moment(_("moved"), null=True, editable=False)
    status_since = StatusSince(_("in this status since"), editable=False, blank=True)
    source = models.ForeignKey(
        Source,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="candidates",
        db_index=False,
        verbose_name=_("source"),
    )
    employee = models.ForeignKey(
        Employee,
        null=True,
        editable=False,
        on_delete=models.RESTRICT,
        related_name="candidates",
        db_index=False,
        verbose_name=_("employee"),
    )
    cv_url = models.URLField(_("CV"), max_length=2000, null=True, blank=True, validators=[web_address])
    candidate_level = models.CharField(_("level"), max_length=100, null=True, blank=True)
    candidate_level_folded = Folded("candidate_level")
    notes = models.TextField(_("notes"), max_length=20_000, null=True, blank=True)
    words = Words("first_name", "last_name", "email")
    note_words = Words("notes")

    objects = SearchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        permissions = [
            ("hire_candidate", _("Can hire a candidate")),
            ("reject_candidate", _("Can reject a candidate")),
            ("export_candidate", _("Can take candidates along as a file")),
            ("view_own_candidate", _("Can view the candidates that one interviews")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email_folded"],
                name="candidate_email_is_unique",
                violation_error_message=_("A candidate with this e-mail exists already."),
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__in=HALF_STEPS), name="candidate_rating_is_in_half_steps"
            ),
            models.CheckConstraint(
                condition=Q(status="HIRED", hired_date__isnull=False, employee__isnull=False)
                | (~Q(status="HIRED") & Q(hired_date=None)),
                name="candidate_is_hired_whole_or_not",
            ),
            models.CheckConstraint(
                condition=Q(status="REJECTED", reject_date__isnull=False)
                | (~Q(status="REJECTED") & Q(reject_date=None)),
                name="candidate_is_rejected_with_a_date",
            ),
            Tallied(
                name="candidate_is_tallied",
                by="status",
                also={
                    "source": Joined("source", "status"),
                    "applied_day": DayOf("applied_date"),
                    "days_to_hire": DaysBetween("applied_date", "hired_date"),
                },
                apart=["is_archived"],
            ),
            SearchIndex(
                name="candidate_search",
                own={"A": "words", "D": "note_words"},
                parts={"B": "candidates.skill", "C": "candidates.experience"},
            ),
        ]
        indexes = [
            *asked_by(
                "candidate",
                "status", "applied_date", "first_name_folded", "last_name_folded", "phone_number_folded",
                nullable=("rating", "ratings", "hired_date", "reject_date", "candidate_level_folded"),
                relations=("user", "source", "employee"),
            ),
            # Who has been in a status for how long. The last column is for counting those that are not archived.
            models.Index(
                fields=["organization", "status", "status_since", "id", "is_archived"], name="candidate_status_since"
            ),
        ]  # fmt: skip

    @property
    def is_hired(self) -> bool:
        return self.status == self.Status.HIRED

    @classmethod
    def blind_columns(cls, user: User, within: Collection[UUID] | None = None) -> frozenset[str]:
        return frozenset() if sees_all_feedback(user, cls, within) else frozenset({"ratings"})

    @staticmethod
    def ratings_for(user: User, ratings: Decimal | None, organization_id: UUID) -> Decimal | None:
        """The mean of all feedback, for those who may see all feedback."""
        return ratings if user.may("interviews.view_feedback", organization_id) else None


class CandidateSearch(SearchRow):
    row = RowOf(Candidate)

    class Meta(SearchRow.Meta):
        db_table = "candidate_search"


def sees_all_feedback(user: User, model: type[Owned], within: Collection[UUID] | None = None) -> bool:
    """Does the user see all feedback wherever they see rows of `model`, or `within` these organizations? Otherwise
    figures made of it stay blind."""
    return user.is_superuser or all(
        user.may("interviews.view_feedback", organization_id)
        for organization_id in user.grants.belonging()
        if (within is None or organization_id in within) and user.may(model.permission("view_own"), organization_id)
    )


class StatusChange(Owned):
    """One move of a candidate: from, to, when (`created_at`), by whom (`created_by`) and, if they said so, why."""

    parent = "candidate"

    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, related_name="status_history", verbose_name=_("candidate")
    )
    from_status = models.CharField(_("from"), max_length=20, choices=Candidate.Status)
    to_status = models.CharField(_("to"), max_length=20, choices=Candidate.Status)
    note = models.TextField(_("note"), max_length=2000, null=True, blank=True)

    class Meta:
        verbose_name = _("move")
        verbose_name_plural = _("moves")
        default_permissions = ("view",)
        indexes = [
            *owned_by("status_change", "created_by"),
            models.Index(fields=["organization", "to_status", "candidate"], name="status_change_to"),
            models.Index(fields=["organization", "created_at", "candidate"], name="status_change_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_status_display()} → {self.get_to_status_display()}"
