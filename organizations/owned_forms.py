"""The forms of the admin: choices through the scope, and what was refused told in its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models
from django.http import HttpRequest
from django.utils.translation import gettext
from unfold.widgets import UnfoldAdminURLInputWidget

from .errors import RuleBroken, rule_broken_by
from .meanwhile import READ, Difference, differences, read_by
from .models import Employee, Organization, Owned, User

#: What a write can be refused with. It is told to the user, and nothing of the write stays.
REFUSALS = (RuleBroken, ValidationError, PermissionDenied, IntegrityError)


def words(error: Exception) -> str:
    """A refusal as a sentence for people."""
    if isinstance(error, IntegrityError):
        error = rule_broken_by(error)
    if isinstance(error, RuleBroken):
        return error.on_page
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return str(error) or gettext("You may not do this.")


class Refused(Exception):
    """A write was refused with `error`: unlike a PermissionDenied of the page itself, that is for its form to say."""

    def __init__(self, error: Exception) -> None:
        super().__init__(words(error))
        self.error = error


@contextmanager
def told() -> Iterator[None]:
    try:
        yield
    except REFUSALS as error:
        raise Refused(error) from error


class Autocomplete(AutocompleteSelect):
    """A choice by typing. What was sent and is no id at all is no choice, where Django's own would fail."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [pk for pk in value if is_id(pk)], attr)


class AutocompleteMany(AutocompleteSelectMultiple, Autocomplete):
    pass


def is_id(text: Any) -> bool:
    try:
        return bool(models.UUIDField().to_python(text))
    except ValidationError:
        return False


class ColleaguesField(forms.ModelMultipleChoiceField):
    """The employees of the rows between (`through`): the interviewers of an interview, the members of a contact."""

    def __init__(self, through: type[Owned], **options: Any) -> None:
        self.through = through
        widget = AutocompleteMany(through._meta.get_field("employee"), admin.site)
        super().__init__(Employee.objects.none(), **{"required": False, "widget": widget, **options})

    def visible(self, whole: models.Model, user: User) -> models.QuerySet[Employee]:
        between = self.through._default_manager.permitted(user).filter(**{self.through.parent: whole})
        return Employee.objects.permitted(user).filter(pk__in=between.values("employee"))


class OwnedForm(forms.ModelForm):
    """Refuses rows of other organizations, and says what an action refused."""

    #: Set for each request by `OwnedAdmin.get_form`.
    request: ClassVar[HttpRequest]
    user: ClassVar[User]
    #: What was saved by someone else since the form was opened, against what was typed.
    meanwhile: Sequence[Difference] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            if isinstance(field, ColleaguesField):
                field.queryset = Employee.objects.permitted(self.user)
                if not self.instance._state.adding:
                    self.initial[name] = list(field.visible(self.instance, self.user))

    def clean(self) -> dict[str, Any]:
        super().clean()
        self._refuse_other_organizations()
        if self.refusal is not None:
            self._tell(self.refusal)
        else:
            self._refuse_stale()
        return self.cleaned_data

    @property
    def refusal(self) -> Exception | None:
        """What an action said to the values of this form, in the request before this look at it."""
        return getattr(self.request, "refusal", None)

    def _refuse_stale(self) -> None:
        read = read_by(self.request.POST.get(READ))
        self.meanwhile = differences(self, getattr(self.request, "formsets", []), read)
        if self.meanwhile:
            self.add_error(None, gettext("Someone else saved this while you were writing."))

    @property
    def owner_id(self) -> Any:
        """The organization of the row, as far as the form says."""
        if not self.instance._state.adding:
            return self.instance.organization_id
        whole = self.cleaned_data.get(self.instance.parent or "organization")
        return whole and whole.organization_id

    def _refuse_other_organizations(self) -> None:
        owner_id, parent = self.owner_id, self.instance.parent
        if owner_id is None:
            return
        if self.instance._state.adding and parent and not self.user.may(self.instance.permission("add"), owner_id):
            self.add_error(parent, gettext("You may not add anything to this."))
        for name, value in list(self.cleaned_data.items()):
            rows = [value] if isinstance(value, Owned) else value if isinstance(value, models.QuerySet) else []
            if any(row.organization_id != owner_id for row in rows):
                self.add_error(name, gettext("Choose from the organization of this row."))

    def _tell(self, refusal: Exception) -> None:
        if not isinstance(refusal, ValidationError) or not hasattr(refusal, "error_dict"):
            self.add_error(None, words(refusal))
            return
        for name, errors in refusal.error_dict.items():
            name = name.removesuffix("_id")
            self.add_error(name if name in self.fields else None, ValidationError(errors))


class OwnedFields(BaseModelAdmin):
    """How columns become form fields and who may do what, on a page as in a table on it."""

    formfield_overrides = {models.URLField: {"assume_scheme": "https", "widget": UnfoldAdminURLInputWidget}}

    def _may(self, request: HttpRequest, action: str, row: Any = None) -> bool:
        """May the user do this to the row, or without one, to any?"""
        raise NotImplementedError

    def has_view_permission(self, request, obj=None):
        return self._may(request, "view", obj)

    def has_change_permission(self, request, obj=None):
        return self._may(request, "change", obj)

    def has_delete_permission(self, request, obj=None):
        return self._may(request, "delete", obj)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "organization" and field and len(field.queryset[:2]) == 1:
            # There is nothing to choose.
            field.widget = forms.HiddenInput()
        if isinstance(field, forms.CharField) and db_field.null:
            # Django does so for CharField only: what is left out is null in every text, as in the API.
            field.empty_value = None
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "organization":
            kwargs["queryset"] = organizations_to_add_in(request.user, self.model)
        else:
            kwargs["queryset"] = db_field.related_model._default_manager.permitted(request.user)
            kwargs["widget"] = Autocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def organizations_to_add_in(user: User, model: type[Owned]) -> models.QuerySet[Organization]:
    if user.is_superuser:
        return Organization.objects.order_by("name_folded")
    return Organization.objects.filter(pk__in=user.grants.organizations(model.permission("add")))
