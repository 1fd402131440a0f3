"""Setting a password: what is good enough, and the single-use tokens that allow it."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .models import User

MAX_PASSWORD_LENGTH = 200


def check_password_quality(password: str) -> str:
    """`password`, if it has 8 to 200 characters and is not a common one; else ValidationError."""
    validate_password(password)
    return password


class MaximumLengthValidator:
    """For `AUTH_PASSWORD_VALIDATORS`: a password that no door would take must not be set at any."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > MAX_PASSWORD_LENGTH:
            raise ValidationError(self.get_help_text(), "too_long")

    def get_help_text(self) -> str:
        return _("A password has %(most)d characters at most.") % {"most": MAX_PASSWORD_LENGTH}


def password_token(user: User) -> str:
    """A token for `reset_password`. Nothing is stored: it is signed over the present password, so using it ends it."""
    return f"{user.pk.hex}.{default_token_generator.make_token(user)}"


@transaction.atomic
def reset_password(token: str, password: str) -> User:
    """Set the password of the account that `token` was made for, and sign out all its sessions.

    The token came by mail, so the address is proven. ValidationError for a bad, used or expired token."""
    user = account_behind(token, lock=True)
    user.is_email_proven = True
    change_password(user, password)
    return user


def account_behind(token: str, *, lock: bool = False) -> User:
    """The account whose password `token` may set. ValidationError for a bad, used or expired token."""
    key, _dot, signature = token.partition(".")
    user = _account_of(key, lock=lock)
    if user is None or not default_token_generator.check_token(user, signature):
        raise ValidationError({"token": ValidationError(_("This token is not valid (any more)."), "invalid_token")})
    return user


def change_password(user: User, password: str | None) -> None:
    """Give the account a new password (None: none at all) and sign out all its sessions."""
    user.set_password(password)
    user.save(update_fields=["password", "is_email_proven"])
    user.sign_out_everywhere()


def _account_of(key: str, *, lock: bool) -> User | None:
    accounts = User.objects.select_for_update(no_key=True) if lock else User.objects.all()
    try:
        return accounts.filter(pk=key, is_active=True).first()
    except (ValidationError, ValueError):
        return None
