"""What happens to invitations. API, admin, pages, commands and tests call these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from organizations.actions import claim_account, place, refuse_more_than_held
from organizations.errors import RuleBroken
from organizations.models import Employee, Organization, Role, User, fold
from organizations.passwords import change_password, password_token

from .mail import mail_invitation
from .models import ClosedLink, Invitation, digest


class NotRedeemable(ValidationError):
    """One and the same words for a wrong address, a wrong token, a used, expired or withdrawn invitation.

    `why` is known where address and token were right: a status of the invitation, a reason of its closed link, or
    `OUTGROWN`. It is for the page behind the link to say, whose reader holds both."""

    #: The inviter may no longer grant the role.
    OUTGROWN = "OUTGROWN"

    def __init__(
        self, why: str = "", organization: Organization | None = None, invitation: Invitation | None = None
    ) -> None:
        super().__init__(_("This invitation is not valid (any more)."), "invalid_invitation")
        self.why = why
        self.organization = organization
        self.invitation = invitation


@transaction.atomic
def invite(
    email: str, *, organization: Organization, role: Role, by: User, started_work_on: date | None = None
) -> Invitation:
    """Ask an address to join, by a mail that carries the token. An unanswered invitation of the address is renewed:
    new token, role and date.

    PermissionDenied where the role, or the one of the invitation that is renewed, holds more than `by`; RuleBroken
    for an active employee."""
    # Locked against a second invitation of the same address in this moment.
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    refuse_more_than_held(by, role)
    if _is_employed(email, organization):
        message = _("%(email)s is an active employee here already.") % {"email": email}
        raise RuleBroken(message, "already_employed")
    invitation = (
        Invitation.objects.unanswered()
        .filter(organization=organization, email_folded=fold(email))
        .select_for_update()
        .first()
    )
    if invitation is None:
        invitation = Invitation(organization=organization, created_by=by)
    else:
        refuse_more_than_held(by, invitation.role)
    invitation.email = email
    invitation.role = role
    invitation.invited_by = by
    invitation.started_work_on = started_work_on
    return _send(invitation)


@transaction.atomic
def invite_many(emails: Sequence[str], **options: Any) -> list[Invitation]:
    """All of them or none."""
    return [invite(email, **options) for email in emails]


@transaction.atomic
def resend(invitation: Invitation, *, by: User) -> Invitation:
    """A new token and expiry. RuleBroken once it was answered."""
    invitation = _unanswered(invitation)
    refuse_more_than_held(by, invitation.role)
    invitation.invited_by = by
    return _send(invitation)


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> None:
    """RuleBroken once it was accepted: the employee is there, and so is the record of how they came."""
    invitation = invitation.locked()
    refuse_more_than_held(by, invitation.role)
    if invitation.answer == Invitation.Status.ACCEPTED:
        raise RuleBroken(_("This invitation was already accepted."), "already_accepted")
    if invitation.answer == Invitation.Status.INVITED:
        _close_link(invitation, ClosedLink.Reason.WITHDRAWN)
    invitation.delete()


@dataclass(frozen=True)
class Acceptance:
    invitation: Invitation
    employee: Employee
    #: Single-use token for `reset_password`, for an account that has no password now.
    password_token: str | None


@transaction.atomic
def accept(
    email: str, token: str, *, first_name: str = "", last_name: str = "", password: str | None = None
) -> Acceptance:
    """The invited person joins: account found by the invited e-mail or made, employee made or made active again.

    An existing account is neither signed in nor changed, except that one whose address was never proven loses its
    password and its sessions. `password` and names are for an account that is new. NotRedeemable for anything wrong,
    an inviter who may no longer grant the role included."""
    invitation = redeemable(email, token, lock=True)
    refuse_outgrown(invitation)
    account, is_claimed = claim_account(invitation.email)
    if is_claimed:
        # Whoever had the account before may have written other names: the owner's are these.
        account.first_name, account.last_name = first_name, last_name
        account.is_email_proven = True
        account.save()
        if password is not None and account.is_active:
            change_password(account, password)
    employee = _join(invitation, account, first_name=first_name, last_name=last_name)
    invitation.answer = Invitation.Status.ACCEPTED
    invitation.employee = employee
    invitation.save()
    needs_password = is_claimed and password is None and account.is_active
    return Acceptance(invitation, employee, password_token(account) if needs_password else None)


def redeemable(email: str, token: str, *, lock: bool = False) -> Invitation:
    """The open invitation that e-mail and token belong to, or NotRedeemable, which knows why."""
    rows = Invitation.objects.select_related("organization", "role", "invited_by")
    if lock:
        rows = rows.select_for_update(of=("self",))
    # Asked by the token's hash: a row that it does not open is neither read nor locked.
    opened = rows.filter(email_folded=fold(email), token_hash=digest(token), organization__is_active=True).first()
    if opened is None:
        raise _not_redeemable(email, token)
    if not opened.is_redeemable:
        raise NotRedeemable(opened.status, opened.organization, opened)
    return opened


def refuse_outgrown(invitation: Invitation) -> None:
    """What the inviter may no longer grant, the invitation no longer gives: NotRedeemable."""
    inviter = invitation.invited_by
    outgrown = NotRedeemable(NotRedeemable.OUTGROWN, invitation.organization)
    if inviter is None or not inviter.may(Invitation.permission("add"), invitation.organization_id):
        raise outgrown
    try:
        refuse_more_than_held(inviter, invitation.role)
    except PermissionDenied as error:
        raise outgrown from error


@transaction.atomic
def reject(email: str, token: str) -> Invitation:
    """The invited person declines."""
    invitation = redeemable(email, token, lock=True)
    invitation.answer = Invitation.Status.REJECTED
    invitation.save()
    return invitation


def _not_redeemable(email: str, token: str) -> NotRedeemable:
    fingerprint = ClosedLink.fingerprint_of(fold(email), digest(token))
    known = ClosedLink.objects.select_related("organization")
    closed = known.filter(fingerprint=fingerprint, organization__is_active=True).first()
    return NotRedeemable(closed.reason, closed.organization) if closed else NotRedeemable()


def _close_link(invitation: Invitation, reason: str) -> None:
    fingerprint = ClosedLink.fingerprint_of(invitation.email_folded, invitation.token_hash)
    closed = {"organization_id": invitation.organization_id, "reason": reason}
    ClosedLink.objects.update_or_create(fingerprint=fingerprint, defaults=closed)


def _send(invitation: Invitation) -> Invitation:
    if not invitation._state.adding:
        _close_link(invitation, ClosedLink.Reason.RENEWED)
    token = invitation.renew_token()
    invitation.save()
    mail_invitation(invitation, token)
    return invitation


def _unanswered(invitation: Invitation) -> Invitation:
    invitation = invitation.locked()
    if invitation.answer == Invitation.Status.ACCEPTED:
        raise RuleBroken(_("This invitation was already accepted."), "already_answered")
    if invitation.answer == Invitation.Status.REJECTED:
        raise RuleBroken(_("This invitation was already declined."), "already_answered")
    return invitation


def _is_employed(email: str, organization: Organization) -> bool:
    return Employee.objects.filter(
        Q(email_folded=fold(email)) | Q(user__email_folded=fold(email)), organization=organization, is_active=True
    ).exists()


def _join(invitation: Invitation, account: User, *, first_name: str, last_name: str) -> Employee:
    person = Employee(
        first_name=first_name or account.first_name,
        last_name=last_name or account.last_name,
        email=invitation.email,
        phone_number=None,
    )
    employee = place(
        account,
        person,
        organization=invitation.organization,
        role=invitation.role,
        started_work_on=invitation.started_work_on,
        by=invitation.invited_by,
    )
    if employee.role.is_plain_employee and employee.role_id != invitation.role_id:
        # Hired while the invitation was open: the role that they were invited to is the larger one.
        employee.role = invitation.role
        employee.save(update_fields=["role"])
    return employee
