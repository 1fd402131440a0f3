"""The back office: Django's admin in Unfold's clothes, with signing in by e-mail and one organization at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.forms import AuthenticationForm
from unfold.sites import UnfoldAdminSite

from .typed import Typed
from .viewer import CHOSEN, Viewer, viewer_of

View = Callable[..., HttpResponse]


class SignInForm(AuthenticationForm):
    """By e-mail, ignoring case."""

    error_messages = {
        "invalid_login": _("E-mail or password is wrong."),
        "inactive": _("This account is switched off."),
    }

    def __init__(self, request: Any = None, *args: Any, **options: Any) -> None:
        super().__init__(request, *args, **options)
        self.fields["username"].label = _("E-mail")
        self.fields["username"].widget.attrs |= {"type": "email", "autocomplete": "username", "autofocus": True}

    def confirm_login_allowed(self, user: Any) -> None:
        super(AuthenticationForm, self).confirm_login_allowed(user)
        if not user.is_staff:
            raise forms.ValidationError(_("There is nothing for you here: none of your roles sees recruiting rows."))


class BackOffice(UnfoldAdminSite):
    login_form = SignInForm
    index_title = _("Home")
    site_url = None

    def extra_urls(self) -> list[Any]:
        return [path("organization/", self.admin_view(require_POST(self.choose_organization)), name="choose")]

    def choose_organization(self, request: HttpRequest) -> HttpResponse:
        """Look at one organization from now on, or at all of one's own. What can't be chosen is no choice."""
        request.session.pop(CHOSEN, None)
        if wanted := request.POST.get("organization", ""):
            request.session[CHOSEN] = wanted
        back = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
        return HttpResponseRedirect(back if is_ours else reverse("admin:index"))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        # A page that just signed someone in, or out, has no viewer yet.
        viewer: Viewer = getattr(request, "viewer", None) or (
            viewer_of(request.user, None) if request.user.is_authenticated else Viewer((), None, "")  # type: ignore[arg-type]
        )
        return {**super().each_context(request), "viewer": viewer}

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """What someone typed before they were signed out is kept for them, and offered when they are back."""
        inner = super().admin_view(view, cacheable)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
            if request.user.is_authenticated:
                if request.method == "GET" and (typed := Typed.taken(request)):
                    return self.offer(request, typed)
            elif request.method == "POST":
                if is_in_the_background(request):
                    return HttpResponse(_("You were signed out."), status=401)
                Typed.keep(request)
            return inner(request, *args, **options)

        return guarded

    def offer(self, request: HttpRequest, typed: Typed) -> HttpResponse:
        context = {**self.each_context(request), "title": _("You were signed out"), "typed": typed}
        return TemplateResponse(request, "organizations/typed.html", context)


def is_in_the_background(request: HttpRequest) -> bool:
    """Did a script of a page send it, which can't follow to the sign-in page?"""
    return "HX-Request" in request.headers or "application/json" in request.headers.get("Accept", "")
