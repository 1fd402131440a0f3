from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from .errors import BadParameter

DEFAULT_TAKE = 10
MAX_TAKE = 100
MAX_SKIP = 2**31 - 1


def whole_number(tree: dict[str, Any], name: str, default: int, least: int, most: int) -> int:
    """The parameter as a number from `least` to `most`."""
    raw = tree.get(name, str(default))
    if not (isinstance(raw, str) and raw.isascii() and raw.isdecimal() and len(raw) <= 10):
        raise BadParameter(name, f"must be a whole number from {least} to {most}")
    if not least <= int(raw) <= most:
        raise BadParameter(name, f"must be from {least} to {most}")
    return int(raw)


class TakeSkipPagination(BasePagination):
    """`take` and `skip` in, `{items, total}` out; `total` counts all matches."""

    def paginate_queryset(self, queryset: QuerySet, request, view=None) -> list[Any]:
        take = whole_number(view.asked, "take", DEFAULT_TAKE, 1, MAX_TAKE)
        skip = whole_number(view.asked, "skip", 0, 0, MAX_SKIP)
        self.total = queryset.order_by().count()
        return list(queryset[skip : skip + take]) if skip < self.total else []

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"items": data, "total": self.total})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["items", "total"],
            "properties": {
                "items": {"type": "array", "items": schema},
                "total": {"type": "integer", "minimum": 0, "description": "All matches, not only these"},
            },
        }
