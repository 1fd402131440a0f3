from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from .background import after_commit
from .models import User
from .passwords import password_token


def link(path: str, **query: str) -> str:
    """An address of ours for a mail, on `PUBLIC_URL`."""
    return f"{settings.PUBLIC_URL}{path}?{urlencode(query)}"


def mail(template: str, to: str, subject: str, **words: Any) -> None:
    """Write a mail (text and HTML part) from `<template>.txt` and `.html`, and send it after the commit."""
    # Names are of one line: a break in one must not write headers, nor paragraphs in our name.
    words = {name: " ".join(word.split()) if isinstance(word, str) else word for name, word in words.items()}
    message = EmailMultiAlternatives(" ".join(subject.split()), render_to_string(f"{template}.txt", words), to=[to])
    message.attach_alternative(render_to_string(f"{template}.html", words), "text/html")
    after_commit(_send, message)


def _send(message: EmailMultiAlternatives) -> None:
    message.send()


def mail_password_link(user: User) -> None:
    """A single-use link to set the password of the account, to its own address. Nothing for a switched-off account."""
    if user.is_active:
        mail(
            "organizations/mail/password",
            user.email,
            _("Set your password"),
            link=link("/password", token=password_token(user)),
            hours=settings.PASSWORD_RESET_TIMEOUT // 3600,
        )


def mail_password_link_if_known(email: str) -> None:
    user = User.objects.known_by(email)
    if user:
        mail_password_link(user)
