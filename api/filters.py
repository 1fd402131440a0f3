from __future__ import annotations

from rest_framework.filters import BaseFilterBackend


class QueryBackend(BaseFilterBackend):
    """`where`, `search` and `order`, as the viewset declares them, on the values that will stand in the slots."""

    def filter_queryset(self, request, queryset, view):
        matching = view.query.filter(queryset, view.asked, view.acting, first_slot=len(view.path_values))
        return view.query.sort(matching, view.asked)
