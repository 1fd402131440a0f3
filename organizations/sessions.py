"""Sessions and their tokens: a refresh token that rotates, and short-lived access tokens that die with the session."""

from __future__ import annotations

from datetime import timedelta
from typing import TypedDict
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import RefreshToken, Token

from .models import Session, User

SESSION_CLAIM = "sid"
#: Ties a token to the password that it was issued under.
CREDENTIAL_CLAIM = "cred"


class Pair(TypedDict):
    token: str
    refreshToken: str
    refresh_token: str


def open_session(user: User) -> Pair:
    return _issue(Session.objects.create(user=user))


def refresh(token: str) -> Pair:
    """A new pair for a refresh token, which dies. TokenError for one that is bad, expired or dead.

    A token that comes again within seconds is a second tab; later it was stolen, and the whole session ends."""
    with transaction.atomic():
        refresh_token, session = _session_of(token)
        outstanding = OutstandingToken.objects.filter(jti=refresh_token["jti"]).first()
        if outstanding is None:
            raise TokenError("Token is not on record.")
        used = BlacklistedToken.objects.filter(token=outstanding).first()
        if used is None:
            BlacklistedToken.objects.create(token=outstanding)
            session.renewed_at = timezone.now()
            session.save(update_fields=["renewed_at"])
            return _issue(session)
        if timezone.now() - used.blacklisted_at > timedelta(seconds=settings.REFRESH_REUSE_GRACE_SECONDS):
            session.revoke()
    raise TokenError("Token was used already.")


@transaction.atomic
def close_session(token: str, user: User) -> None:
    """End the session that a refresh token of the user belongs to. TokenError if it is none of theirs."""
    _, session = _session_of(token)
    if session.user_id != user.pk:
        raise TokenError("Token is of somebody else.")
    session.revoke()


def session_behind(token: Token) -> Session | None:
    """The live session that a token belongs to, with its user: one query. None for one that is over."""
    session_id = session_id_of(token)
    session = session_id and Session.objects.live().select_related("user").filter(pk=session_id).first()
    return session if session and is_issued_to(session.user, token) else None


def session_id_of(token: Token) -> UUID | None:
    try:
        return UUID(token.get(SESSION_CLAIM, ""))
    except (ValueError, AttributeError, TypeError):
        return None


def is_issued_to(user: User, token: Token) -> bool:
    """Under the password that the user still has?"""
    return constant_time_compare(token.get(CREDENTIAL_CLAIM, ""), _credential(user))


class PresentedRefreshToken(RefreshToken):
    def check_blacklist(self) -> None:
        """Left to `refresh`, which must tell a second tab from a thief."""


def _session_of(token: str) -> tuple[Token, Session]:
    refresh_token = PresentedRefreshToken(token)  # type: ignore[arg-type]
    session = session_behind(refresh_token)
    if session is None:
        raise TokenError("Token is not valid (any more).")
    return refresh_token, Session.objects.select_for_update(of=("self",)).select_related("user").get(pk=session.pk)


def _issue(session: Session) -> Pair:
    refresh_token = RefreshToken()
    refresh_token[SESSION_CLAIM] = str(session.pk)
    refresh_token[CREDENTIAL_CLAIM] = _credential(session.user)
    OutstandingToken.objects.create(
        user=session.user,
        jti=refresh_token["jti"],
        # The token itself is not stored: who reads the database must not be able to sign in with it.
        token="",
        created_at=refresh_token.current_time,
        expires_at=refresh_token.current_time + refresh_token.lifetime,
    )
    written = str(refresh_token)
    return {"token": str(refresh_token.access_token), "refreshToken": written, "refresh_token": written}


def _credential(user: User) -> str:
    """A keyed fingerprint of the password: another password, and every token of the old one is void."""
    return user.get_session_auth_hash()[:24]
