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
from .models.people import Grant, Role, expand
from .sessions import is_issued_to, session_id_of

ACCOUNT = [f.attname for f in User._meta.concrete_fields]
PLACE = (
    "organization_id", "id", "is_active", "role__is_active", "organization__is_active",
    "role__permissions", "role__is_built_in", "role__name",
)  # fmt: skip


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
    account = dict(zip(ACCOUNT, rows[0], strict=False))
    user = User.from_db(None, ACCOUNT, [*{**account, "id": UUID(account["id"])}.values()])
    if not is_issued_to(user, token):
        return None
    user.grants = Grants(dict(_granted(row[len(ACCOUNT) :]) for row in rows if all(row[len(ACCOUNT) + 2 :][:3])))
    return user


def _granted(place: Any) -> tuple[UUID, Grant]:
    organization_id, employee_id, _, _, _, *role = place
    return UUID(organization_id), Grant(UUID(employee_id), expand(Role.granted_by(*role)))


@cache
def _account_and_places() -> Statement:
    """A row for each place of the account; one without a place if there is none."""
    session = Session.objects.live().filter(pk=Slot(0, Session._meta.pk))
    columns = [*(f"user__{name}" for name in ACCOUNT), *(f"user__employees__{name}" for name in PLACE)]
    return Statement(session.values_list(*columns), Nobody(), is_shown=False)
