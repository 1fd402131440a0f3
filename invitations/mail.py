from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from organizations.mail import link, mail

from .models import Invitation


def mail_invitation(invitation: Invitation, token: str) -> None:
    """The only place that the token goes to."""
    organization = invitation.organization
    mail(
        "invitations/mail/invitation",
        invitation.email,
        _("Join %(organization)s") % {"organization": organization.name},
        organization=organization.name,
        role=invitation.role.name,
        inviter=invitation.inviter_name or organization.name,
        expires=invitation.expire_date.astimezone(ZoneInfo(organization.time_zone)),
        link=link("/invitation", email=invitation.email, token=token),
    )
