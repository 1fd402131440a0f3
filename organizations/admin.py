from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from unfold.admin import ModelAdmin

from .actions import change_employee, change_organization, delete_role, found_organization, write_role
from .mail import mail_password_link
from .models import Employee, Organization, Role, Session, User
from .office_words import avatar, status_label
from .owned_admin import OwnedAdmin, ScopedFilter
from .owned_forms import OwnedForm
from .permission_table import PermissionTable, why_not_granted
from .role_choice import RoleField
from .role_words import role_in_words
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

    def get_urls(self):
        settings = self.admin_site.admin_view(self.settings)
        return [path("settings/", settings, name="organizations_organization_settings"), *super().get_urls()]

    def settings(self, request: HttpRequest) -> HttpResponse:
        """The organization's own page, for who may change one; the list, for who may change several."""
        own = self.model._default_manager.permitted(request.user, "change").values_list("pk", flat=True)[:2]
        if len(own) == 1:
            return redirect("admin:organizations_organization_change", own[0])
        return redirect("admin:organizations_organization_changelist")

    def make(self, row: Organization, values: dict[str, Any], *, by: User) -> Organization:
        return found_organization(by=by, id=row.pk, **values)

    def revise(self, row: Organization, changes: dict[str, Any], *, by: User) -> None:
        change_organization(row, by=by, **changes)


class RoleForm(OwnedForm):
    permissions = forms.MultipleChoiceField(
        label=_("What it allows"),
        choices=[(permission, permission) for permission in every_permission()],
        required=False,
        widget=PermissionTable,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "permissions" in self.fields:
            self.initial["permissions"] = sorted(self.instance.granted)
            self.fields["permissions"].widget.why_not = why_not_granted(self.user, self.instance)  # type: ignore[attr-defined]


@admin.register(Role)
class RoleAdmin(OwnedAdmin):
    form = RoleForm
    fields = ("name", "permissions")
    list_display = ("name", "in_words", "people", "is_built_in", "is_active")
    list_filter = ("is_built_in", "is_active")
    ordering = ("-is_built_in", "name_folded", "pk")
    change_form_before_template = "organizations/role_form.html"

    class Media:
        css = {"all": ["organizations/roles.css"]}
        js = ["organizations/roles.js"]

    def get_urls(self):
        sentence = self.admin_site.admin_view(require_POST(self.sentence))
        return [path("sentence/", sentence, name="organizations_role_sentence"), *super().get_urls()]

    def sentence(self, request: HttpRequest) -> HttpResponse:
        """What a role with these boxes ticked can do."""
        if not self._may(request, "view"):
            raise PermissionDenied
        ticked = set(request.POST.getlist("permissions")) & set(every_permission())
        return HttpResponse(role_in_words(Role(permissions=sorted(ticked))), content_type="text/plain; charset=utf-8")

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["role_sentence"] = role_in_words(obj or Role())
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_queryset(self, request):
        here = Employee.objects.permitted(request.user).filter(is_active=True, role=OuterRef("pk"))
        count = here.order_by().values("role").annotate(count=Count("pk")).values("count")
        return super().get_queryset(request).annotate(people=Coalesce(Subquery(count), 0))

    @admin.display(description=_("What it allows"))
    def in_words(self, role: Role) -> str:
        return role_in_words(role)

    @admin.display(description=_("People"), ordering="people")
    def people(self, role: Any) -> str:
        url = reverse("admin:organizations_employee_changelist", query={"role__id__exact": role.pk})
        return format_html('<a class="office-link" href="{}">{}</a>', url, role.people) if role.people else "0"

    def get_fields(self, request, obj=None):
        may_write = obj is None or self.has_change_permission(request, obj)
        return self.fields if may_write else ("name", "allowed")

    @admin.display(description=_("What it allows"))
    def allowed(self, role: Role) -> str:
        return PermissionTable.shown(role.granted)

    def make(self, row: Role, values: dict[str, Any], *, by: User) -> Role:
        return write_role(row, by=by, permissions=values["permissions"])

    def revise(self, row: Role, changes: dict[str, Any], *, by: User) -> None:
        write_role(row, by=by, **changes)

    def remove(self, row: Role, *, by: User) -> None:
        delete_role(row, by=by)


class EmployeeForm(OwnedForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "role" in self.fields:
            self.fields["role"] = RoleField(self.user, self.instance.organization_id, label=_("Role"))


@admin.register(Employee)
class EmployeeAdmin(OwnedAdmin):
    """They come by invitation or by being hired, and are switched off, not deleted."""

    form = EmployeeForm
    fields = ("first_name", "last_name", "email", "phone_number", "role", "started_work_on", "is_active")
    readonly_fields = ("first_name", "last_name", "email", "phone_number")
    list_display = ("person", "email", "role", "started_work_on", "state")
    list_filter = (("role", ScopedFilter), "is_active", "started_work_on")
    actions = ("switch_off", "switch_on")

    @admin.display(description=_("Name"), ordering="first_name_folded")
    def person(self, employee: Employee) -> str:
        return format_html('<span class="bar">{} {}</span>', avatar(str(employee)), employee)

    @admin.display(description=_("State"), ordering="is_active")
    def state(self, employee: Employee) -> str:
        return status_label("accepted", _("Active")) if employee.is_active else status_label("off", _("Switched off"))

    @admin.action(description=_("Switch off"), permissions=["change"])
    def switch_off(self, request, queryset):
        self.on_each(request, queryset, partial(change_employee, is_active=False), _("switched off"))

    @admin.action(description=_("Switch on"), permissions=["change"])
    def switch_on(self, request, queryset):
        self.on_each(request, queryset, partial(change_employee, is_active=True), _("switched on"))

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
            raise ValidationError(_("An account with this e-mail exists already."))
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

    @admin.action(description=_("Mail a link to set the password"))
    def send_password_link(self, request, queryset):
        users = list(queryset.filter(is_active=True))
        for user in users:
            mail_password_link(user)
        counts = {"mailed": len(users), "chosen": queryset.count()}
        self.message_user(request, _("A link was mailed to %(mailed)d of %(chosen)d accounts.") % counts)


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

    @admin.action(description=_("Revoke"), permissions=["view"])
    def revoke(self, request, queryset):
        count = queryset.filter(revoked_at=None).update(revoked_at=timezone.now())
        self.message_user(request, _("%(count)d sessions revoked.") % {"count": count}, messages.SUCCESS)
