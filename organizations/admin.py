from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from .actions import change_employee, change_organization, delete_role, found_organization, write_role
from .mail import mail_password_link
from .models import Employee, Organization, Role, Session, User
from .owned_admin import OwnedAdmin, ScopedFilter
from .owned_columns import NOTHING
from .owned_forms import OwnedForm
from .roles import every_permission

# Tokens must not stand on a page, and permissions come from roles.
admin.site.unregister([BlacklistedToken, OutstandingToken, Group])


@admin.register(Organization)
class OrganizationAdmin(OwnedAdmin):
    fields = ("name", "website", "time_zone", "invite_expiry_days", "days_to_answer")
    list_display = ("name", "website", "time_zone", "is_active", "created_at")
    list_filter = ("is_active",)

    def has_add_permission(self, request):
        return request.user.is_superuser

    def make(self, row: Organization, values: dict[str, Any], *, by: User) -> Organization:
        return found_organization(by=by, id=row.pk, **values)

    def revise(self, row: Organization, changes: dict[str, Any], *, by: User) -> None:
        change_organization(row, by=by, **changes)


def permissions_by_app(permissions: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices in groups: app → (`candidates.view_candidate`, `view candidate`)."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for permission in permissions:
        app, _, code = permission.partition(".")
        groups.setdefault(app.capitalize(), []).append((permission, code.replace("_", " ")))
    return list(groups.items())


class RoleForm(OwnedForm):
    permissions = forms.MultipleChoiceField(required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "permissions" in self.fields:
            self.initial["permissions"] = sorted(self.instance.granted)
            offered = permissions_by_app(filter(self._is_held, every_permission()))
            self.fields["permissions"].choices = offered  # type: ignore[attr-defined]

    def _is_held(self, permission: str) -> bool:
        """No one can grant what they don't hold, so it is not offered."""
        if self.instance._state.adding:
            return self.user.may(permission)
        return self.user.holds([permission], self.instance.organization_id)


@admin.register(Role)
class RoleAdmin(OwnedAdmin):
    form = RoleForm
    fields = ("name", "is_built_in", "permissions")
    list_display = ("name", "is_built_in", "is_active", "created_at")
    list_filter = ("is_built_in", "is_active")

    def get_fields(self, request, obj=None):
        may_write = obj is None or self.has_change_permission(request, obj)
        return self.fields if may_write else ("name", "is_built_in", "allowed")

    @admin.display(description="Permissions")
    def allowed(self, role: Role) -> str:
        return "\n".join(sorted(role.granted)) or NOTHING

    def make(self, row: Role, values: dict[str, Any], *, by: User) -> Role:
        return write_role(row, by=by, permissions=values["permissions"])

    def revise(self, row: Role, changes: dict[str, Any], *, by: User) -> None:
        write_role(row, by=by, **changes)

    def remove(self, row: Role, *, by: User) -> None:
        delete_role(row, by=by)


@admin.register(Employee)
class EmployeeAdmin(OwnedAdmin):
    """They come by invitation or by being hired, and are switched off, not deleted."""

    fields = ("first_name", "last_name", "email", "phone_number", "role", "started_work_on", "is_active")
    readonly_fields = ("first_name", "last_name", "email", "phone_number")
    list_display = ("full_name", "email", "role", "started_work_on", "is_active")
    list_filter = (("role", ScopedFilter), "is_active", "started_work_on")

    @admin.display(description="Name", ordering="first_name_folded")
    def full_name(self, employee: Employee) -> str:
        return str(employee)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def revise(self, row: Employee, changes: dict[str, Any], *, by: User) -> None:
        change_employee(row, by=by, **changes)


class OperatorAdmin(ModelAdmin):
    """Rows outside any organization, which operators see only."""

    show_full_result_count = False

    def has_view_permission(self, request, obj=None):
        return request.user.is_active and request.user.is_superuser

    has_change_permission = has_module_permission = has_view_permission

    def has_add_permission(self, request):
        return self.has_view_permission(request)

    def has_delete_permission(self, request, obj=None):
        """Never: who wrote what must stay known. An account is switched off, a session revoked."""
        return False


class UserForm(forms.ModelForm):
    def clean_email(self) -> str:
        known = User.objects.known_by(self.cleaned_data["email"])
        if known and known != self.instance:
            raise ValidationError("An account with this e-mail exists already.")
        return self.cleaned_data["email"]


@admin.register(User)
class UserAdmin(OperatorAdmin):
    """The accounts. A new one has no password: its owner sets it by a mailed link."""

    form = UserForm
    fields = (
        "email", "first_name", "last_name", "phone_number", "is_active", "is_superuser", "is_email_proven",
        "last_login", "created_at",
    )  # fmt: skip
    readonly_fields = ("last_login", "created_at")
    list_display = ("email", "first_name", "last_name", "is_active", "is_superuser", "is_email_proven", "last_login")
    list_filter = ("is_active", "is_superuser", "is_email_proven")
    search_fields = ("email_folded",)
    ordering = ("email_folded",)
    actions = ("send_password_link",)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
            obj.save()
            return
        obj.save(update_fields=form.changed_data)
        if not obj.is_active:
            # Or they would come back with the account.
            obj.sign_out_everywhere()

    @admin.action(description="Mail a link to set the password")
    def send_password_link(self, request, queryset):
        users = list(queryset.filter(is_active=True))
        for user in users:
            mail_password_link(user)
        self.message_user(request, f"A link was mailed to {len(users)} of {queryset.count()} accounts.")


@admin.register(Session)
class SessionAdmin(OperatorAdmin):
    """Who is signed in to the API, and since when."""

    fields = ("user", "created_at", "revoked_at")
    readonly_fields = fields
    list_display = ("created_at", "user", "revoked_at")
    list_filter = ("created_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("user__email_folded",)
    ordering = ("-created_at",)
    actions = ("revoke",)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.action(description="Revoke", permissions=["view"])
    def revoke(self, request, queryset):
        count = queryset.filter(revoked_at=None).update(revoked_at=timezone.now())
        self.message_user(request, f"{count} sessions revoked.", messages.SUCCESS)
