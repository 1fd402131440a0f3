"""What a body changes: all that differs from what the caller is shown, and nothing else.

So what GET returned can be sent back whole, and rows that the caller can't see are not touched by leaving them out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from .errors import Conflict
from .moments import parse_timestamp
from .serializers import Relations


def writable_keys(serializer: Any) -> set[str]:
    fields = serializer.prototypes if hasattr(serializer, "prototypes") else serializer.fields
    return {name for name, field in fields.items() if not field.read_only}


_uuid = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def changes_in(body: Mapping[str, Any], shown: Mapping[str, Any], serializer: Any) -> dict[str, Any]:
    """The part of a body that differs from what the caller is shown, once all of it is known to be writable.

    400 for unknown keys and for others that differ, 409 for an `updatedAt` that is not the stored one."""
    writable = writable_keys(serializer)
    changes = {key: value for key, value in body.items() if not (key in shown and same(value, shown[key]))}
    refuse_unknown(serializer, changes, also=shown)
    refuse_stale(changes, shown)
    refuse_different({key: value for key, value in changes.items() if key not in writable}, shown)
    return {key: narrowed(value, shown.get(key)) for key, value in changes.items() if key in writable}


def narrowed(sent: Any, shown: Any) -> Any:
    """An object without what it has in common with the one shown; a list of rows with those that are sent back under
    their id reduced to what changes in them."""
    if isinstance(sent, dict) and isinstance(shown, dict):
        return {key: value for key, value in sent.items() if not (key in shown and same(value, shown[key]))}
    if isinstance(sent, list) and isinstance(shown, list):
        return known_rows(sent, shown)
    return sent


def refuse_unknown(serializer: Any, body: Mapping[str, Any], also: Any = ()) -> None:
    """400 naming the keys of a body that nobody knows."""
    writable = writable_keys(serializer)
    unknown = [key for key in body if key not in writable and key not in also]
    if unknown:
        allowed = ", ".join(sorted(writable)) or "none"
        words = f"Unknown key. Allowed: {allowed}."
        raise serializers.ValidationError({key[:100]: [words] for key in unknown}, "unknown")


def refuse_stale(changes: Mapping[str, Any], shown: Mapping[str, Any]) -> None:
    """409 for the `updatedAt` of a row that was changed meanwhile, 400 for one that is no timestamp."""
    if "updatedAt" not in changes:
        return
    try:
        sent = parse_timestamp(changes["updatedAt"])
    except (TypeError, ValueError):
        words = {"updatedAt": [ErrorDetail("Not a timestamp.", "invalid")]}
        raise serializers.ValidationError(words) from None
    if sent != parse_timestamp(shown["updatedAt"]):
        raise Conflict("The row was changed meanwhile.", "changed_meanwhile")


def refuse_different(fixed: Mapping[str, Any], shown: Mapping[str, Any]) -> None:
    """400 for what can't be written and is sent with another value than it has."""
    different = [
        key
        for key, value in fixed.items()
        if key != "updatedAt" and not (key in shown and (same(value, shown[key]) or is_respelled(value, shown[key])))
    ]
    if different:
        raise serializers.ValidationError({key: ["This can't be written."] for key in different}, "read_only")


def same(sent: Any, shown: Any) -> bool:
    """Is what was sent what is shown? Of an object, a part is enough; a list must be whole, its rows sent back under
    their id: one without is another row."""
    if isinstance(sent, dict) and isinstance(shown, dict):
        return all(key in shown and same(value, shown[key]) for key, value in sent.items())
    if isinstance(sent, list) and isinstance(shown, list):
        return len(sent) == len(shown) and all(map(same_item, sent, shown))
    return isinstance(sent, bool) == isinstance(shown, bool) and sent == shown


def same_item(sent: Any, shown: Any) -> bool:
    is_named = not isinstance(shown, dict) or "id" not in shown or (isinstance(sent, dict) and "id" in sent)
    return is_named and same(sent, shown)


def is_respelled(sent: Any, shown: Any) -> bool:
    """Two spellings of one timestamp or of one UUID."""
    try:
        if _uuid.fullmatch(shown):
            return sent.lower() == shown
        return shown.endswith("Z") and parse_timestamp(sent) == parse_timestamp(shown)
    except (AttributeError, TypeError, ValueError):
        return False


def known_rows(sent: list[Any], shown: list[Any]) -> list[Any]:
    """Rows that are sent back under their id need to carry what changes only; their fixed keys must be as shown."""
    by_id = {row["id"]: row for row in shown if isinstance(row, dict) and "id" in row}
    return [
        {key: value for key, value in row.items() if key == "id" or not same(value, by_id[row["id"]].get(key))}
        if isinstance(row, dict) and isinstance(row.get("id"), str) and row["id"] in by_id
        else row
        for row in sent
    ]


def relations_in(body: Any, includable: Relations) -> Relations:
    """The declared relations that a body holds, as deep as it holds them."""
    tree: Relations = {}
    for row in body if isinstance(body, list) else [body]:
        if isinstance(row, Mapping):
            for name in includable:
                if name in row:
                    found = relations_in(row[name], includable[name])
                    tree[name] = merged(tree.get(name, {}), found)
    return tree


def merged(one: Relations, other: Relations) -> Relations:
    return {name: merged(one.get(name, {}), other.get(name, {})) for name in {**one, **other}}
