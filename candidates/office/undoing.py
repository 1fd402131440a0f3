"""What was done a moment ago, offered to be taken back: the message says what happened and has the button."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.many import Outcome, take_back_archiving, take_back_moves
from organizations.models import User
from organizations.office import Page

SALT = "candidates.undo"
LONGEST = timedelta(hours=1)


class Done(StrEnum):
    MOVED = "moved"
    ARCHIVED = "archived"


TAKE_BACK: dict[Done, Callable[..., Outcome]] = {Done.MOVED: take_back_moves, Done.ARCHIVED: take_back_archiving}


def tell(request: HttpRequest, text: str, *, done: Done | None = None, at: datetime | None = None) -> None:
    """Say that it is done; with `done` and `at`, with a button that takes it back."""
    message: Any = text
    if done and at:
        message = format_html(
            '<form method="post" action="{}" class="bar"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<input type="hidden" name="token" value="{}"><input type="hidden" name="next" value="{}">'
            '<span>{}</span> <button class="button button-small">{}</button></form>',
            reverse("admin:candidates_candidate_undo"), get_token(request),
            signing.dumps([done, at.isoformat(), str(request.user.pk)], salt=SALT),
            request.META.get("HTTP_REFERER", "") if request.method == "POST" else "", text, _("Undo"),
        )  # fmt: skip
    messages.success(request, message)


def tell_refusals(request: HttpRequest, outcome: Outcome) -> None:
    """Of those that a rule kept back, how many and why."""
    if not outcome.refusals:
        return
    reasons = format_html_join(" ", "{} ({})", ((why, count) for why, count in outcome.refusals.most_common(5)))
    left = sum(outcome.refusals.values())
    text = ngettext("%(count)d candidate stays as it is:", "%(count)d candidates stay as they are:", left)
    messages.error(request, format_html("{} {}", text % {"count": left}, reasons))


class UndoPage(Page):
    """Takes back what the token names, for who did it."""

    permission = "candidates.change_candidate"
    also = ("candidates.reject_candidate",)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        user: User = request.user  # type: ignore[assignment]
        try:
            done, at, who = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=LONGEST)
        except signing.BadSignature:
            done, at, who = None, "", ""
        moment = parse_datetime(at) if at else None
        if moment is None or who != str(user.pk):
            messages.error(request, _("It is too late to undo this."))
        else:
            outcome = TAKE_BACK[Done(done)](moment, by=user)
            if outcome.done:
                text = ngettext("Undone for %(count)d candidate.", "Undone for %(count)d candidates.", outcome.done)
                messages.success(request, text % {"count": outcome.done})
            elif not outcome.refusals:
                messages.error(request, _("There is nothing to undo: it was changed again since."))
            tell_refusals(request, outcome)
        return HttpResponseRedirect(next_of(request))


def next_of(request: HttpRequest) -> str:
    """Where the form says to go on, if that is a page of ours; else the list."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else reverse("admin:candidates_candidate_changelist")
