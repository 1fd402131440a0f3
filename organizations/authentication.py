from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt import exceptions
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.tokens import Token

from api.statements import Nobody, Slot, Statement

from .models import Grants, Session, User
from .models.people import SWITCHES, Grant, Role, expand
from .sessions import is_issued_to, session_id_of

ACCOUNT = [f.attname for f in User._meta.concrete_fields]
PLACE = ("organization_id", "id", "role__permissions", "role__is_built_in", "role__name", *SWITCHES)


class BearerAuthentication(JWTAuthentication):
    """Bearer token → user with grants, in one query."""

    def get_user(self, validated_token) -> User:
        user = user_of(validated_token)
        if user is None:
            raise exceptions.InvalidToken
        return user

    def authenticate(self, request):
        try:
            return super().authenticate(request)
        except exceptions.AuthenticationFailed as error:
            # The same words for expired, revoked and forged.
            raise AuthenticationFailed("The token is not valid (any more).", "token_not_valid") from error


def user_of(token: Token) -> User | None:
    """The account whose live session the token is of, with what it may do. None for a session that is over."""
    session_id = session_id_of(token)
    rows = _account_and_places().rows(Nobody(), [session_id]) if session_id else []
    if not rows:
        return None
    user = User.from_db(None, ACCOUNT, rows[0][: len(ACCOUNT)])
    if not is_issued_to(user, token):
        return None
    user.grants = Grants(dict(_granted(*row[len(ACCOUNT) :]) for row in rows if all(row[-len(SWITCHES) :])))
    return user


def _granted(organization_id: UUID, employee_id: UUID, permissions: Any, is_built_in: bool, name: str, *_: Any):
    return organization_id, Grant(employee_id, expand(Role.granted_by(permissions, is_built_in, name)))


@cache
def _account_and_places() -> Statement:
    """A row for each place of the account; one without a place if there is none."""
    session = Session.objects.live().filter(pk=Slot(0, Session._meta.pk))
    columns = [*(f"user__{name}" for name in ACCOUNT), *(f"user__employees__{name}" for name in PLACE)]
    return Statement(session.values_list(*columns), Nobody(), is_shown=False)
