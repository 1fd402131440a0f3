"""API names and ours differ by case only."""

from __future__ import annotations

import re
from functools import cache


@cache
def camelize(name: str) -> str:
    """`first_name` → `firstName`."""
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


@cache
def snake(name: str) -> str:
    """`firstName` → `first_name`."""
    return re.sub(r"(?<!^)([A-Z])", lambda match: f"_{match[1].lower()}", name)
