from __future__ import annotations

from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt import exceptions
from rest_framework_simplejwt.authentication import JWTAuthentication

from .models import User
from .sessions import session_behind


class BearerAuthentication(JWTAuthentication):
    """Bearer token → user. One query for session and account; what the account may do is one more (`User.grants`)."""

    def get_user(self, validated_token) -> User:
        session = session_behind(validated_token)
        if session is None:
            raise exceptions.InvalidToken
        return session.user

    def authenticate(self, request):
        try:
            return super().authenticate(request)
        except exceptions.AuthenticationFailed as error:
            # The same words for expired, revoked and forged.
            raise AuthenticationFailed("The token is not valid (any more).", "token_not_valid") from error
