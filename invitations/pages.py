"""The page behind the link of an invitation."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from organizations.models import User
from organizations.pages import NewPasswordField, TokenForm, page_behind_a_token

from .actions import NotRedeemable, accept, redeemable, reject


class Address(TokenForm):
    email = forms.CharField(max_length=254)


class JoinForm(forms.Form):
    """Who joins; only for an account that is new, or was never proven to be theirs."""

    first_name = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = forms.CharField(
        label="Last name (optional)",
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    password = NewPasswordField()


@page_behind_a_token
def invitation_page(request: HttpRequest) -> HttpResponse:
    """Look at an invitation, and accept or decline it."""
    address = Address(request.POST or request.GET)
    if not address.is_valid():
        return _not_valid(request)
    try:
        return _answer(request, **address.cleaned_data)
    except NotRedeemable:
        return _not_valid(request)


def _answer(request: HttpRequest, email: str, token: str) -> HttpResponse:
    invitation = redeemable(email, token)
    words = {"invitation": invitation, "token": token}
    if request.POST.get("answer") == "decline":
        reject(email, token)
        return render(request, "invitations/declined.html", words)
    form = (JoinForm if User.objects.is_unproven(invitation.email) else forms.Form)(
        request.POST or None, label_suffix=""
    )
    if not form.is_valid():
        return render(request, "invitations/invitation.html", {**words, "form": form})
    acceptance = accept(email, token, **form.cleaned_data)
    return render(request, "invitations/joined.html", {**words, "employee": acceptance.employee})


def _not_valid(request: HttpRequest) -> HttpResponse:
    return render(request, "invitations/not_valid.html", status=404)
