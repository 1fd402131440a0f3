"""The query string of the dialect: `where[a][b]=1` → `{"where": {"a": {"b": "1"}}}`, balanced and bounded."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from .errors import BadParameter

MAX_PARAMETERS = 1000
MAX_DEPTH = 5

#: A value is a text, a list of texts (`a[]=1&a[]=2`, `a[0]=1`, `a=1&a=2`) or a mapping of names to values.
Tree = dict[str, "str | list[str] | Tree"]

_list_marker = re.compile(r"[0-9]{0,4}")
_index = re.compile(r"\[([0-9]{1,4})\]$")
_name = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def parse(query_string: str) -> Tree:
    """Raises BadParameter, which names the parameter, for what is unbalanced, too deep, too much or contradictory."""
    tree: Tree = {}
    for name, value in _pairs(query_string):
        _put(tree, _path(name), value, name)
    return tree


def _pairs(query_string: str) -> list[tuple[str, str]]:
    if query_string.count("&") >= MAX_PARAMETERS:
        raise BadParameter("query", f"more than {MAX_PARAMETERS} parameters")
    return sorted(parse_qsl(query_string, keep_blank_values=True), key=_place)


def _place(pair: tuple[str, str]) -> int:
    """`a[1]=…&a[0]=…` is a list in the order of its numbers; everything else keeps the order in which it came."""
    match = _index.search(pair[0])
    return int(match[1]) if match else 0


def _path(name: str) -> list[str]:
    """`a[b][c.d]` → `["a", "b", "c", "d"]`; the list markers `[]` and `[0]` become `""`."""
    match = _name.fullmatch(name)
    if match is None:
        raise BadParameter(name[:200], "its brackets are not balanced")
    steps = [match[1]]
    for step in re.findall(r"\[([^\[\]]*)\]", match[2]):
        within = [""] if _list_marker.fullmatch(step) else step.split(".")
        if len(within) > 1 and "" in within:
            raise BadParameter(name[:200], "a name in it is empty")
        steps += within
    if len(steps) - 1 - steps.count("") > MAX_DEPTH:
        raise BadParameter(name[:200], f"nested deeper than {MAX_DEPTH}")
    if "" in steps[:-1]:
        raise BadParameter(name[:200], "[] stands at the end only")
    return steps


def _put(tree: Tree, path: list[str], value: str, name: str) -> None:
    if "\0" in value or "\0" in name:
        raise BadParameter(name.replace("\0", "")[:200], "it holds a null character")
    is_list = path[-1] == ""
    *above, last = path[:-1] if is_list else path
    for step in above:
        below = tree.setdefault(step, {})
        if not isinstance(below, dict):
            raise BadParameter(name, "it stands beside a plain value of the same name")
        tree = below
    present = tree.get(last)
    if isinstance(present, dict):
        raise BadParameter(name, "it stands beside nested ones of the same name")
    if present is None:
        tree[last] = [value] if is_list else value
    else:
        tree[last] = [*([present] if isinstance(present, str) else present), value]
