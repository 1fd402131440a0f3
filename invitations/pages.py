"""The page behind the link of an invitation."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.models import User
from organizations.pages import NewPasswordField, TokenForm, public_page
from organizations.role_words import role_in_words

from .actions import Acceptance, NotRedeemable, accept, redeemable, refuse_outgrown, reject


class Address(TokenForm):
    email = forms.CharField(max_length=254)


class JoinForm(forms.Form):
    """Who joins; only for an account that is new, or was never proven to be theirs."""

    first_name = forms.CharField(
        label=gettext_lazy("First name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name (optional)"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    password = NewPasswordField()


@public_page
def invitation_page(request: HttpRequest) -> HttpResponse:
    """Look at an invitation, and accept or decline it."""
    address = Address(request.POST or request.GET)
    try:
        if not address.is_valid():
            raise NotRedeemable
        return _answer(request, **address.cleaned_data)
    except NotRedeemable as refused:
        return _not_valid(request, refused)


def _answer(request: HttpRequest, email: str, token: str) -> HttpResponse:
    invitation = redeemable(email, token)
    if request.POST.get("answer") == "decline":
        return render(request, "invitations/declined.html", {"invitation": reject(email, token)})
    refuse_outgrown(invitation)
    is_new = User.objects.is_unproven(invitation.email)
    form = (JoinForm if is_new else forms.Form)(request.POST or None, label_suffix="")
    if form.is_valid():
        acceptance = accept(email, token, **form.cleaned_data)
        return _welcome(request, acceptance, form.cleaned_data.get("password"))
    words = {
        "invitation": invitation,
        "role": role_in_words(invitation.role),
        "token": token,
        "form": form,
        "is_new": is_new,
    }
    return render(request, "invitations/invitation.html", words)


def _welcome(request: HttpRequest, acceptance: Acceptance, password: str | None) -> HttpResponse:
    """Who has just chosen a password is signed in by it; everyone else signs in themselves."""
    employee = acceptance.employee
    account = authenticate(request, username=acceptance.invitation.email, password=password) if password else None
    if account is not None:
        login(request, account)
    is_in = request.user.pk == employee.user_id
    if is_in and employee.user.is_staff:
        messages.success(request, _("Welcome to %(organization)s.") % {"organization": employee.organization.name})
        return redirect("admin:index")
    return render(request, "invitations/joined.html", {"employee": employee, "is_in": is_in})


def _not_valid(request: HttpRequest, refused: NotRedeemable) -> HttpResponse:
    """Who does not hold both, address and token, learns nothing: neither that there was an invitation, nor whose."""
    words = {"why": refused.why, "organization": refused.organization, "invitation": refused.invitation}
    return render(request, "invitations/not_valid.html", words, status=410 if refused.why else 404)
