from __future__ import annotations

from organizations.mail import link, mail

from .models import Invitation


def mail_invitation(invitation: Invitation, token: str) -> None:
    """The only place that the token goes to."""
    organization = invitation.organization
    mail(
        "invitations/mail/invitation",
        invitation.email,
        f"Join {organization.name}",
        organization=organization.name,
        role=invitation.role.name,
        inviter=invitation.invited_by,
        expires=invitation.expire_date,
        link=link("/invitation", email=invitation.email, token=token),
    )
