from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from organizations.list_tabs import ListTabs
from organizations.models import User
from organizations.office import Page
from organizations.office_words import ago, status_label, when
from organizations.owned_admin import OwnedAdmin, ScopedFilter
from organizations.owned_columns import NOTHING
from organizations.owned_forms import OwnedForm
from organizations.role_choice import RoleField

from .actions import invite_many, resend, withdraw
from .addresses import AddressesField
from .models import Invitation


class InvitationForm(OwnedForm):
    addresses = AddressesField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "role" in self.fields:
            self.fields["role"] = RoleField(self.user, label=_("Role"), empty_label=_("Choose a role"))


class StatusTabs(ListTabs):
    title = gettext_lazy("status")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Invitation.Status.choices

    def queryset(self, request, queryset):
        return queryset.filter(current_status=self.value()) if self.value() else queryset

    def counts(self) -> Mapping[str, int]:
        counted = self.rows.order_by().values("current_status").annotate(rows=Count("pk"))
        return dict(counted.values_list("current_status", "rows"))


@dataclass(frozen=True)
class Buttons:
    """What can be done with an invitation that waits for its answer."""

    request: HttpRequest
    short_description = ""

    __name__ = "buttons"

    def __call__(self, row: Invitation) -> str:
        user: Any = self.request.user
        if row.answer != Invitation.Status.INVITED:
            return ""
        may = {action: user.may(Invitation.permission(action), row.organization_id) for action in ("add", "delete")}
        words = {"invitation": row, "may": may, "back": self.request.get_full_path()}
        return render_to_string("invitations/buttons.html", words)


class ResendPage(Page):
    """The button on the row. It leads back to the list as it was."""

    permission = Invitation.permission("add")
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        rows = Invitation.objects.permitted(self.user)
        get_object_or_404(rows, pk=pk)
        self.model_admin.resend(request, rows.filter(pk=pk))
        back = request.POST.get("back", "")
        is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
        return HttpResponseRedirect(back if is_ours else reverse("admin:invitations_invitation_changelist"))


@admin.register(Invitation)
class InvitationAdmin(OwnedAdmin):
    """The token is in the mail and nowhere else."""

    form = InvitationForm
    fields = ("email", "role", "started_work_on", "current_status", "sent_at", "open_until", "invited_by", "employee")
    list_display = ("email", "current_status", "role", "sent", "expires", "invited_by")
    list_filter = (StatusTabs, ("role", ScopedFilter), "sent_at", "expire_date")
    list_before_template = "organizations/list_tabs.html"
    change_form_template = "invitations/sent.html"
    add_form_template = "invitations/invite.html"
    delete_confirmation_template = "invitations/withdraw.html"
    actions = ("resend", "withdraw")
    custom_urls = (("<uuid:pk>/resend/", "invitations_invitation_resend", ResendPage.as_view()),)

    @admin.display(description=gettext_lazy("Status"), ordering="current_status")
    def current_status(self, invitation: Invitation) -> str:
        return status_label(invitation.status, Invitation.Status(invitation.status).label)

    @admin.display(description=gettext_lazy("Sent"), ordering="sent_at")
    def sent(self, invitation: Invitation) -> str:
        return ago(invitation.sent_at)

    @admin.display(description=gettext_lazy("Open until"))
    def open_until(self, invitation: Invitation) -> str:
        return when(invitation.expire_date)

    @admin.display(description=gettext_lazy("Expires"), ordering="expire_date")
    def expires(self, invitation: Invitation) -> str:
        return ago(invitation.expire_date) if invitation.answer == Invitation.Status.INVITED else NOTHING

    def get_list_display(self, request):
        return [*super().get_list_display(request), Buttons(request)]

    def get_fields(self, request, obj=None):
        return self.fields if obj else ("addresses", "role", "started_work_on")

    def get_actions(self, request):
        """To withdraw is to delete."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    @admin.action(description=gettext_lazy("Mail again, with a new link"), permissions=["add"])
    def resend(self, request, queryset):
        self.on_each(request, queryset, resend, _("sent again"), Invitation.permission("add"))

    @admin.action(description=gettext_lazy("Withdraw…"), permissions=["delete"])
    def withdraw(self, request, queryset):
        if request.POST.get("post"):
            self.on_each(request, queryset, withdraw, _("withdrawn"), Invitation.permission("delete"))
            return None
        title = _("Withdraw invitations?")
        words = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, "invitations": queryset}
        return TemplateResponse(request, "invitations/withdraw.html", words)

    def make(self, row: Invitation, values: dict[str, Any], *, by: User) -> Invitation:
        sent = invite_many(values.pop("addresses"), by=by, **values)
        row.email, row.sent = sent[0].email, sent  # type: ignore[attr-defined]
        return sent[0]

    def remove(self, row: Invitation, *, by: User) -> None:
        withdraw(row, by=by)

    def log_addition(self, request, obj, message):
        for invitation in obj.sent:
            super().log_addition(request, invitation, message)

    def add_view(self, request, form_url="", extra_context=None):
        return super().add_view(request, form_url, {"title": _("Invite colleagues"), **(extra_context or {})})

    def response_add(self, request, obj, post_url_continue=None):
        count = len(obj.sent)
        said = ngettext("%(email)s is invited.", "%(count)d people are invited.", count)
        self.message_user(request, said % {"email": obj.email, "count": count}, messages.SUCCESS)
        return self.response_post_save_add(request, obj)

    def delete_view(self, request, object_id, extra_context=None):
        title = _("Withdraw the invitation?")
        return super().delete_view(request, object_id, {"title": title, **(extra_context or {})})

    def response_delete(self, request, obj_display, obj_id):
        self.message_user(
            request, _("The invitation of %(email)s is withdrawn.") % {"email": obj_display}, messages.SUCCESS
        )
        return HttpResponseRedirect(reverse("admin:invitations_invitation_changelist"))
