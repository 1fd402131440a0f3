"""How the code is laid out, held over its syntax tree."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Floor → the floors that it may import from.
BELOW = {
    "api": set(),
    "organizations": {"api"},
    "contacts": {"api", "organizations"},
    "pipelines": {"api", "organizations"},
    "candidates": {"api", "organizations", "pipelines", "contacts"},
    "interviews": {"api", "organizations", "candidates"},
    "invitations": {"api", "organizations", "candidates"},
    "ats_project": {"api", "organizations", "contacts", "pipelines", "candidates", "interviews", "invitations"},
}
#: The places of an app that speak HTTP; the others must not know it.
SPEAKS_HTTP = {"views", "serializers", "urls", "authentication", "sessions", "pages", "viewer"}
FILES = [
    path
    for floor in BELOW
    for path in sorted((ROOT / floor).rglob("*.py"))
    if not {"tests", "migrations"} & set(path.relative_to(ROOT).parts)
]
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))


def imports(path: Path) -> set[str]:
    """Dotted names of the modules that a file imports, relative ones made whole."""
    package = path.relative_to(ROOT).parts[:-1]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            found.add(module)
    return found


@each_file
def test_imports_point_down(path):
    floor = path.relative_to(ROOT).parts[0]
    reached = {name.partition(".")[0] for name in imports(path)} & set(BELOW)
    assert reached <= BELOW[floor] | {floor}


def holds_rules(path: Path) -> bool:
    floor, place = path.relative_to(ROOT).parts[:2]
    return floor not in {"api", "ats_project"} and place.removesuffix(".py") not in SPEAKS_HTTP


@pytest.mark.parametrize("path", list(filter(holds_rules, FILES)), ids=lambda path: str(path.relative_to(ROOT)))
def test_rules_do_not_know_http(path):
    assert not {name for name in imports(path) if name.partition(".")[0] in {"api", "rest_framework"}}


def test_every_floor_is_listed():
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert apps | {"ats_project"} == set(BELOW)


def test_an_upward_import_would_be_seen(tmp_path):
    """The test above can fail."""
    tree = "from candidates.models import Candidate\nimport interviews.actions"
    path = ROOT / "api" / "names.py"
    assert "candidates" not in {name.partition(".")[0] for name in imports(path)}
    (tmp_path / "x.py").write_text(tree)
    found = {
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(tree))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert found == {"candidates.models", "interviews.actions"}
