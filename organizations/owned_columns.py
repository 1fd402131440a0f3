"""Columns of the admin that show a user what they may see of a row, and a dash for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.html import format_html

from .models import User
from .owned_forms import ColleaguesField

NOTHING = "-"


@dataclass(frozen=True)
class Seen:
    """A relation as far as the user may see what is behind it, which `OwnedAdmin.get_queryset` reads."""

    name: str
    #: Said in the viewer's language when it is shown.
    short_description: Any

    @property
    def __name__(self) -> str:
        return self.name

    def __call__(self, row: models.Model) -> str:
        seen = getattr(row, f"seen_{self.name}", None)
        return link_to(seen) if isinstance(seen, models.Model) else seen or NOTHING


@dataclass(frozen=True)
class Blind:
    """A mean of feedback, as `rating_for(user)` tells it: nothing before the own feedback is given."""

    name: str
    short_description: Any
    user: User

    @property
    def __name__(self) -> str:
        return self.name

    def __call__(self, row: models.Model) -> Any:
        columns = [getattr(row, column) for column in type(row).masked[self.name]]  # type: ignore[attr-defined]
        mean = getattr(row, f"{self.name}_for")(self.user, *columns)
        return NOTHING if mean is None else mean


def link_to(row: models.Model) -> str:
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, row)


@dataclass(frozen=True)
class Colleagues:
    """The employees of a `ColleaguesField`, for who may look only."""

    name: str
    field: ColleaguesField
    user: User

    @property
    def __name__(self) -> str:
        return self.name

    @property
    def short_description(self) -> str:
        return str(self.field.label or self.field.through._meta.verbose_name_plural)

    def __call__(self, row: models.Model) -> str:
        return ", ".join(map(str, self.field.visible(row, self.user))) or NOTHING
