"""The permissions of a role as a table to tick: a row a resource, in plain words, and a column a deed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.db import models
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from .models import Role, User

#: Deed → the head of its column.
DEEDS = {
    "view": gettext_lazy("See all"),
    "view_own": gettext_lazy("See own"),
    "add": gettext_lazy("Add"),
    "change": gettext_lazy("Change"),
    "delete": gettext_lazy("Delete"),
}


@dataclass(frozen=True)
class Box:
    permission: str
    #: What ticking it allows.
    label: str
    is_ticked: bool
    #: Why it can't be ticked or unticked; empty, if it can.
    why_not: str


@dataclass(frozen=True)
class Row:
    resource: str
    #: As many as there are deeds; None for what can't be done with the resource.
    boxes: list[Box | None]
    special: list[Box]


@dataclass(frozen=True)
class Group:
    title: str
    rows: list[Row]


def table_of(ticked: Collection[str], why_not: Callable[[str], str]) -> list[Group]:
    """All permissions of our domains. `why_not(permission)` says why one can't be granted or taken away."""
    make = _boxes(ticked, why_not)
    groups = [(app, [_row(model, make) for model in app.get_models() if _permissions(model)]) for app in _domains()]
    return [Group(str(capfirst(app.verbose_name)), rows) for app, rows in groups if rows]


def _domains() -> list[Any]:
    """What is worked with first stands first; people and roles at the end."""
    first, *rest = settings.DOMAIN_APPS
    return [apps.get_app_config(label) for label in (*reversed(rest), first)]


def _permissions(model: type[models.Model]) -> list[str]:
    return [*model._meta.default_permissions, *(code for code, _ in model._meta.permissions)]


def _boxes(ticked: Collection[str], why_not: Callable[[str], str]) -> Callable[[str, str], Box]:
    return lambda permission, label: Box(permission, label, permission in ticked, why_not(permission))


def _row(model: type[models.Model], make: Callable[[str, str], Box]) -> Row:
    meta = model._meta
    resource = str(capfirst(meta.verbose_name_plural))
    codes = {f"{deed}_{meta.model_name}": deed for deed in DEEDS}
    present = {f"{action}_{meta.model_name}": "" for action in meta.default_permissions}
    present |= {code: str(name) for code, name in meta.permissions}
    boxes = [
        make(f"{meta.app_label}.{code}", f"{DEEDS[deed]}: {resource}") if code in present else None
        for code, deed in codes.items()
    ]
    special = [
        make(f"{meta.app_label}.{code}", capfirst(gettext(name).removeprefix("Can ")))
        for code, name in present.items()
        if code not in codes
    ]
    return Row(resource, boxes, special)


class PermissionTable(forms.CheckboxSelectMultiple):
    """The widget of `RoleForm.permissions`. What is greyed and ticked is sent along, so that a save leaves it."""

    template_name = "organizations/permission_table.html"
    why_not: Callable[[str], str] = staticmethod(lambda permission: "")

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        groups = table_of(frozenset(value or ()), self.why_not)
        return {"widget": {"name": name, "groups": groups, "deeds": list(DEEDS.values())}}

    @classmethod
    def shown(cls, ticked: Collection[str]) -> SafeString:
        """The table for those who may look only."""
        groups = table_of(frozenset(ticked), lambda permission: gettext("You may look only."))
        widget = {"name": "", "groups": groups, "deeds": list(DEEDS.values())}
        return SafeString(render_to_string(cls.template_name, {"widget": widget}))

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return ""


def why_not_granted(user: User, role: Role) -> Callable[[str], str]:
    """Permission → why `user` can't give it to the role, or take it away."""

    def why_not(permission: str) -> str:
        if role.is_admin:
            return gettext("ADMIN can do everything, always.")
        if role.is_plain_employee:
            return gettext("EMPLOYEE is for those who work on nothing here.")
        held = user.may(permission) if role._state.adding else user.holds([permission], role.organization_id)
        return "" if held else gettext("Your own role doesn't hold this.")

    return why_not
