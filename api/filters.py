from __future__ import annotations

from rest_framework.filters import BaseFilterBackend


class QueryBackend(BaseFilterBackend):
    """`where` and `order`, as the viewset declares them."""

    def filter_queryset(self, request, queryset, view):
        asked = view.asked
        if "where" in asked:
            queryset = view.query.filter(queryset, asked["where"], request.user)
        return view.query.sort(queryset, asked.get("order", {}), request.user, asked.get("where"))
