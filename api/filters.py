from __future__ import annotations

from rest_framework.filters import BaseFilterBackend


class QueryBackend(BaseFilterBackend):
    """`where`, `order` and `relations`, as the viewset declares them."""

    def filter_queryset(self, request, queryset, view):
        asked = view.asked
        if "where" in asked:
            queryset = view.query.filter(queryset, asked["where"], request.user)
        queryset = view.query.sort(queryset, asked.get("order", {}), request.user)
        return view.query.include(queryset, view.asked_relations, request.user)
