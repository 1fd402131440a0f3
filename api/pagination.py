from __future__ import annotations

from typing import Any

from rest_framework.pagination import BasePagination

from .errors import BadParameter
from .listing import Listing

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
    """`take` and `skip`, or `take` and `cursor`, in; `{items, total}` out, with a cursor `nextCursor` too. `total`
    counts all matches."""

    def answer(self, listing: Listing, asked: dict[str, Any]) -> dict[str, Any]:
        take = whole_number(asked, "take", DEFAULT_TAKE, 1, MAX_TAKE)
        skip = whole_number(asked, "skip", 0, 0, MAX_SKIP)
        if "cursor" not in asked:
            items, total = listing.page(take, skip)
            return {"items": items, "total": total}
        if skip:
            raise BadParameter("cursor", "it says where the page begins, and so can't stand beside skip")
        if not isinstance(asked["cursor"], str):
            raise BadParameter("cursor", "write cursor=, and later what nextCursor said")
        items, following = listing.page_after(take, asked["cursor"])
        return {"items": items, "total": listing.total(), "nextCursor": following}

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["items", "total"],
            "properties": {
                "items": {"type": "array", "items": schema},
                "total": {"type": "integer", "minimum": 0, "description": "All matches, not only these"},
                "nextCursor": {
                    "type": ["string", "null"],
                    "description": "Asked with `cursor` only: the cursor of the next page, null after the last",
                },
            },
        }
