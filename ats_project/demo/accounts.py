"""Demo accounts: their password stands in the README, so they open nothing where the data is real."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

#: RFC 2606 keeps this domain for tests: nobody's real address ends so, and no mail can ever reach one.
DOMAIN = ".test"


def is_demo(user: Any) -> bool:
    return user.email_folded.endswith(DOMAIN)


class Backend(ModelBackend):
    """Signs in by e-mail and password. Without DEBUG demo accounts stay outside, whatever their password."""

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and (settings.DEBUG or not is_demo(user))
