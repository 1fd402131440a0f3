"""Choosing a role: those that hold more than one's own are shown, greyed, with the reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from .models import Role, User

MORE = _("holds more than your own role")


class RoleSelect(UnfoldAdminSelectWidget):
    """A list of roles in which some can't be chosen. It helps; what refuses is the action."""

    user: User

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        role: Role | None = getattr(value, "instance", None)
        if role is not None and not self.user.holds(role.granted, role.organization_id):
            option["attrs"]["disabled"] = True
            option["label"] = format_lazy(
                "{role} - {why}", role=option["label"], why=_("holds more than your own role")
            )
        return option


class RoleField(forms.ModelChoiceField):
    """One of the active roles that `user` sees: of one organization, or of all of theirs, which are then named."""

    widget = RoleSelect

    def __init__(self, user: User, organization_id: UUID | None = None, **options: Any) -> None:
        roles = Role.objects.permitted(user).filter(is_active=True).select_related("organization")
        roles = roles.filter(organization=organization_id) if organization_id else roles
        super().__init__(roles.order_by("organization", "-is_built_in", "name_folded", "pk"), **options)
        self.is_named = organization_id is None and user.only_organization_id is None
        self.widget.user = user

    def label_from_instance(self, role: Role) -> str:
        return f"{role.name} ({role.organization})" if self.is_named else role.name
