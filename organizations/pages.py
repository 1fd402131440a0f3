"""The page behind a mailed password link, and what it has in common with other pages whose address holds a token."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from .passwords import MAX_PASSWORD_LENGTH, check_password_quality, reset_password

Page = Callable[[HttpRequest], HttpResponse]
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'",
}


def page_behind_a_token(page: Page) -> Page:
    """A page with a token in its address, which goes to no other site, and of which no copy is kept."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @sensitive_post_parameters("password", "token")
    @wraps(page)
    def guarded(request: HttpRequest) -> HttpResponse:
        response = page(request)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return guarded


class NewPasswordField(forms.CharField):
    def __init__(self, **options) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        super().__init__(
            help_text="8 characters or more, and not a common one.",
            widget=widget,
            strip=False,
            max_length=MAX_PASSWORD_LENGTH,
            **options,
        )

    def clean(self, value: str) -> str:
        return check_password_quality(super().clean(value))


class TokenForm(forms.Form):
    token = forms.CharField(max_length=500)


class PasswordForm(forms.Form):
    password = NewPasswordField()


@page_behind_a_token
def password_page(request: HttpRequest) -> HttpResponse:
    """Set the password that the token allows."""
    asked = TokenForm(request.POST or request.GET)
    form = PasswordForm(request.POST or None, label_suffix="")
    if not asked.is_valid():
        return render(request, "organizations/password_refused.html", status=404)
    token = asked.cleaned_data["token"]
    if not form.is_valid():
        return render(request, "organizations/password.html", {"form": form, "token": token})
    try:
        reset_password(token, form.cleaned_data["password"])
    except ValidationError:
        return render(request, "organizations/password_refused.html", status=404)
    return render(request, "organizations/password_set.html")
