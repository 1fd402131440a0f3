"""What was typed into a form, and sent after the session had ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest

from .viewer import WHO

#: In the session of someone who is not signed in.
KEPT = "typed"
#: Characters that are kept of one form.
MOST = 200_000
#: Seconds that they are kept for.
LONGEST = 3600


@dataclass(frozen=True)
class Typed:
    """The fields of a form, and the address that it was sent to."""

    path: str
    fields: list[list[str]]

    @classmethod
    def keep(cls, request: HttpRequest) -> None:
        """Files are not kept, nor what is too long."""
        pairs = [[name, value] for name, values in request.POST.lists() for value in values]
        fields = [pair for pair in pairs if pair[0] != "csrfmiddlewaretoken"]
        if fields and sum(len(name) + len(str(value)) for name, value in fields) <= MOST:
            who = request.get_signed_cookie(WHO, None)
            request.session[KEPT] = {"path": request.get_full_path(), "fields": fields, "who": who}
            request.session.set_expiry(LONGEST)

    @classmethod
    def taken(cls, request: HttpRequest) -> Self | None:
        """What was kept for this page and this person. It is offered once, and nobody else ever sees it."""
        kept = request.session.get(KEPT)
        if not kept or kept["path"] != request.get_full_path():
            return None
        del request.session[KEPT]
        request.session.set_expiry(None)
        is_theirs = kept["who"] in (None, str(request.user.pk))
        return cls(kept["path"], kept["fields"]) if is_theirs else None
