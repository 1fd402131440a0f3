"""A filter of a list that stands above it, as tabs with the number of rows behind each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .models import OwnedQuerySet


class ListTabs(admin.SimpleListFilter):
    """A subclass declares `title`, `parameter_name`, `lookups` and `queryset`, and its list
    `list_before_template = "organizations/list_tabs.html"`."""

    #: Nothing: it is above the list, not among the filters beside it.
    template = "organizations/not_beside.html"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.rows: OwnedQuerySet = model._default_manager.permitted(request.user)

    def counts(self) -> Mapping[str, int]:
        """Value → how many of `rows` have it. The number of queries must not depend on the rows."""
        raise NotImplementedError

    def tabs(self, changelist: Any) -> Iterator[dict[str, Any]]:
        counts = self.counts()
        values = [None, *(value for value, _label in self.lookup_choices)]
        for value, choice in zip(values, self.choices(changelist), strict=True):
            yield {**choice, "count": sum(counts.values()) if value is None else counts.get(str(value), 0)}
