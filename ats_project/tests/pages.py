"""Every page of the back office, found by its addresses: so the rules hold for the page written tomorrow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.contrib import admin
from django.db.models import Model
from django.urls import URLPattern, reverse

#: Addresses of the admin that show no page: they answer with choices, texts of scripts, or send elsewhere.
NO_PAGES = {"app_list", "autocomplete", "choose", "jsi18n", "login", "logout", "search", "view_on_site"}


class Page(NamedTuple):
    name: str
    #: Whose it is; None for a page of the site.
    model: type[Model] | None
    #: Is it the page of one row, whose id stands in the address?
    of_a_row: bool

    def url(self, row: Model | None = None) -> str:
        return reverse(f"admin:{self.name}", args=[row.pk] if self.of_a_row else [])


def pages() -> list[Page]:
    return [Page(p.name, None, False) for p in named(admin.site.get_urls())] + [
        Page(pattern.name, model, bool(pattern.pattern.converters))
        for model, model_admin in sorted(admin.site._registry.items(), key=lambda item: item[0]._meta.label)
        for pattern in named(model_admin.get_urls())
    ]


def named(patterns: list) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and pattern.name and pattern.name not in NO_PAGES:
            yield pattern
