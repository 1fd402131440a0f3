"""Every page of the back office, found by its addresses: so the rules hold for the page written tomorrow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.urls import URLPattern, reverse

#: Addresses of the admin that show no page: they answer with choices, texts of scripts, or send elsewhere.
NO_PAGES = {"app_list", "autocomplete", "choose", "jsi18n", "login", "logout", "search", "view_on_site"}
#: The pages that Django's admin has of every model.
STANDARD = ("add", "change", "changelist", "delete", "history")


class Page(NamedTuple):
    name: str
    #: The app that it stands in; "" for a page of the site.
    floor: str
    #: Whose row the id in its address is of; None for an address without.
    model: type[Model] | None

    @property
    def is_our_own(self) -> bool:
        """Not one of those that every model has."""
        return bool(self.floor) and self.name.rpartition("_")[2] not in STANDARD

    def url(self, pk: UUID | str | None = None) -> str:
        return reverse(f"admin:{self.name}", args=[pk] if self.model else [])


def pages() -> list[Page]:
    of_models = (
        Page(pattern.name, model._meta.app_label, model_of(pattern, model))
        for model, model_admin in sorted(admin.site._registry.items(), key=lambda item: item[0]._meta.label)
        for pattern in named(model_admin.get_urls())
    )
    return [*(Page(pattern.name, "", None) for pattern in named(admin.site.get_urls())), *of_models]


def named(patterns: list) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and pattern.name and pattern.name not in NO_PAGES:
            yield pattern


def model_of(pattern: URLPattern, model: type[Model]) -> type[Model] | None:
    """`<uuid:pk>/feedback/` is of a row of the model itself, `of-candidate/<uuid:pk>/` of a candidate."""
    if not pattern.pattern.converters:
        return None
    other = re.match(r"of-(\w+)/", str(pattern.pattern))
    return next(m for m in apps.get_models() if m._meta.model_name == other[1]) if other else model
