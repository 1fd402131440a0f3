from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from organizations.models import Employee, Folded, Moment, Owned, OwnedQuerySet, Role, Tallied, User, asked_by


def digest(token: str) -> str:
    """The only form in which a token is stored. A plain hash: 256 random bits can't be guessed from it."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


class InvitationQuerySet(OwnedQuerySet):
    def permitted(self, user: User | AnonymousUser | None, action: str = "view") -> Self:
        return super().permitted(user, action).with_status()

    def with_status(self) -> Self:
        """Adds `current_status`: EXPIRED is computed, by the database's clock, and only ever replaces INVITED."""
        return self.annotate(
            current_status=Case(
                When(answer="INVITED", expire_date__lte=Now(), then=Value("EXPIRED")),
                default=F("answer"),
                output_field=Invitation.computed["current_status"],
            )
        )

    def unanswered(self) -> Self:
        """Open or expired: not accepted, not rejected."""
        return self.filter(answer=Invitation.Status.INVITED)


class Invitation(Owned):
    """An e-mail address is asked to join an organization in a role."""

    class Status(models.TextChoices):
        INVITED = "INVITED", "Invited"
        ACCEPTED = "ACCEPTED", "Accepted"
        EXPIRED = "EXPIRED", "Expired"
        REJECTED = "REJECTED", "Rejected"

    computed: ClassVar = {"current_status": models.CharField(max_length=20, choices=Status.choices)}

    email = models.EmailField(max_length=254)
    email_folded = Folded("email", null=False)
    role = models.ForeignKey(Role, on_delete=models.RESTRICT, related_name="invitations", db_index=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="invitations",
        db_index=False,
    )
    started_work_on = models.DateField(null=True, blank=True)
    expire_date = Moment(editable=False)
    answer = models.CharField(max_length=20, choices=Status, default=Status.INVITED, editable=False)
    token_hash = models.CharField(max_length=64, editable=False)
    employee = models.ForeignKey(
        Employee, null=True, editable=False, on_delete=models.SET_NULL, related_name="invitations", db_index=False
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        default_permissions = ("view", "add", "delete")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email_folded"],
                condition=Q(answer="INVITED"),
                name="invitation_is_open_once_for_an_address",
                violation_error_message="This address has an open invitation already.",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["INVITED", "ACCEPTED", "REJECTED"]), name="invitation_answer_is_no_expiry"
            ),
            Tallied(name="invitation_is_tallied"),
        ]
        indexes = [
            *asked_by(
                "invite",
                "email_folded", "expire_date",
                nullable=("started_work_on",),
                relations=("role", "invited_by", "employee"),
            ),
            # What the status is made of.
            models.Index(fields=["organization", "answer", "expire_date"], name="invite_status"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.email

    @property
    def has_expired(self) -> bool:
        return self.answer == self.Status.INVITED and self.expire_date <= timezone.now()

    @property
    def status(self) -> str:
        return self.Status.EXPIRED if self.has_expired else self.answer

    @property
    def is_redeemable(self) -> bool:
        return self.answer == self.Status.INVITED and not self.has_expired

    def renew_token(self) -> str:
        """A new token, and as many days for it as the organization gives. Returned once, stored as a hash only."""
        token = secrets.token_urlsafe(32)
        self.token_hash = digest(token)
        self.expire_date = timezone.now() + timedelta(days=self.organization.invite_expiry_days)
        return token
