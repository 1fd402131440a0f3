"""The pages of a forgotten password, and what they have in common with other pages for who has not signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from .background import after_commit
from .mail import mail_password_link_if_known
from .passwords import MAX_PASSWORD_LENGTH, account_behind, check_password_quality, reset_password

Page = Callable[[HttpRequest], HttpResponse]
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
    ),
}


def public_page(page: Page) -> Page:
    """A page for who has not signed in. The token in its address goes to no other site; no copy of it is kept."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @sensitive_post_parameters("password", "token")
    @wraps(page)
    def guarded(request: HttpRequest) -> HttpResponse:
        response = page(request)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return guarded


#: What the page says of a password while it is typed, where there is JavaScript.
STRENGTHS = {
    "data-short": _("Too short"),
    "data-weak": _("Weak: easily guessed"),
    "data-fair": _("Fair"),
    "data-strong": _("Strong"),
}


class NewPasswordField(forms.CharField):
    def __init__(self, **options) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password", **STRENGTHS})
        super().__init__(
            label=_("Password"),
            help_text=_(
                "8 characters or more, and not a common one. Some words that nobody would put together are good."
            ),
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


class ForgotForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


@public_page
def forgot_page(request: HttpRequest) -> HttpResponse:
    """Ask for a link to set the password. The answer is the same whether there is an account."""
    form = ForgotForm(request.POST or None, label_suffix="")
    if not form.is_valid():
        return render(request, "organizations/forgot.html", {"form": form})
    after_commit(mail_password_link_if_known, form.cleaned_data["email"])
    return render(request, "organizations/forgot_sent.html", {"hours": settings.PASSWORD_RESET_TIMEOUT // 3600})


@public_page
def password_page(request: HttpRequest) -> HttpResponse:
    """Set the password that the token allows."""
    asked = TokenForm(request.POST or request.GET)
    form = PasswordForm(request.POST or None, label_suffix="")
    try:
        account = account_behind(asked.cleaned_data["token"] if asked.is_valid() else "")
        if not form.is_valid():
            return render(
                request, "organizations/password.html", {"form": form, "account": account, **asked.cleaned_data}
            )
        reset_password(asked.cleaned_data["token"], form.cleaned_data["password"])
    except ValidationError:
        return render(request, "organizations/password_refused.html", status=404)
    return render(request, "organizations/password_set.html")
