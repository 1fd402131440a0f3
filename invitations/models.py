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
from django.utils.translation import gettext_lazy as _

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
        INVITED = "INVITED", _("Invited")
        ACCEPTED = "ACCEPTED", _("Accepted")
        EXPIRED = "EXPIRED", _("Expired")
        REJECTED = "REJECTED", _("Declined")

    computed: ClassVar = {"current_status": models.CharField(_("status"), max_length=20, choices=Status.choices)}

    email = models.EmailField(_("e-mail"), max_length=254)
    email_folded = Folded("email", null=False)
    role = models.ForeignKey(
        Role, verbose_name=_("role"), on_delete=models.RESTRICT, related_name="invitations", db_index=False
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("invited by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="invitations",
        db_index=False,
    )
    started_work_on = models.DateField(_("first working day"), null=True, blank=True)
    sent_at = Moment(_("sent"), default=timezone.now, editable=False)
    expire_date = Moment(_("open until"), editable=False)
    answer = models.CharField(_("answer"), max_length=20, choices=Status, default=Status.INVITED, editable=False)
    token_hash = models.CharField(max_length=64, editable=False)
    employee = models.ForeignKey(
        Employee,
        verbose_name=_("employee"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="invitations",
        db_index=False,
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        default_permissions = ("view", "add", "delete")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email_folded"],
                condition=Q(answer="INVITED"),
                name="invitation_is_open_once_for_an_address",
                violation_error_message=_("This address has an open invitation already."),
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

    @property
    def inviter_name(self) -> str:
        """Who invites, as the organization knows them; "" for who is not of it. Reads one row."""
        inviter = Employee.objects.filter(organization_id=self.organization_id, user_id=self.invited_by_id).first()
        return str(inviter or "")

    def renew_token(self) -> str:
        """A new token, and as many days for it as the organization gives. Returned once, stored as a hash only."""
        token = secrets.token_urlsafe(32)
        self.token_hash = digest(token)
        self.sent_at = timezone.now()
        self.expire_date = self.sent_at + timedelta(days=self.organization.invite_expiry_days)
        return token


class ClosedLink(models.Model):
    """A mailed link that no invitation knows any more: the one withdrawn is gone, the one renewed has a newer token.

    It is found by who holds the link only, and keeps no address."""

    class Reason(models.TextChoices):
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")
        RENEWED = "RENEWED", _("Sent anew")

    fingerprint = models.CharField(max_length=64, primary_key=True, editable=False)
    organization = models.ForeignKey("organizations.Organization", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=20, choices=Reason)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.get_reason_display()

    @staticmethod
    def fingerprint_of(email_folded: str, token_hash: str) -> str:
        return digest(f"{email_folded} {token_hash}")
