from __future__ import annotations

from typing import Any

from django.contrib import admin

from organizations.models import User
from organizations.owned_admin import OwnedAdmin, ScopedFilter

from .actions import invite, resend, withdraw
from .models import Invitation


class StatusFilter(admin.SimpleListFilter):
    title = "status"
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Invitation.Status.choices

    def queryset(self, request, queryset):
        return queryset.filter(current_status=self.value()) if self.value() else queryset


@admin.register(Invitation)
class InvitationAdmin(OwnedAdmin):
    """The token is in the mail and nowhere else."""

    fields = ("email", "role", "started_work_on", "current_status", "expire_date", "invited_by", "employee")
    list_display = ("email", "role", "current_status", "expire_date", "started_work_on", "created_at")
    list_filter = (StatusFilter, ("role", ScopedFilter), "expire_date")
    actions = ("resend", "withdraw")

    @admin.display(description="Status", ordering="current_status")
    def current_status(self, invitation: Invitation) -> str:
        return Invitation.Status(invitation.status).label

    def get_actions(self, request):
        """To withdraw is to delete."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    @admin.action(description="Mail again, with a new link", permissions=["add"])
    def resend(self, request, queryset):
        self.on_each(request, queryset, resend, "sent again", Invitation.permission("add"))

    @admin.action(description="Withdraw", permissions=["delete"])
    def withdraw(self, request, queryset):
        self.on_each(request, queryset, withdraw, "withdrawn", Invitation.permission("delete"))

    def make(self, row: Invitation, values: dict[str, Any], *, by: User) -> Invitation:
        return invite(values.pop("email"), by=by, **values)

    def remove(self, row: Invitation, *, by: User) -> None:
        withdraw(row, by=by)
