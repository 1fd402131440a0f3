"""What a release must not forget."""

from __future__ import annotations

import logging
import re
import tomllib
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_exactly(name):
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.lstrip().startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9.\-_]+(\[[a-z,]+\])?==\S+( ; .+)?", line) for line in lines)
    assert not re.search(r"https?://", (ROOT / name).read_text())


def test_every_direct_dependency_is_among_the_pinned():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    pinned = {
        line.partition("==")[0].partition("[")[0] for line in (ROOT / "requirements.txt").read_text().splitlines()
    }
    assert {re.split(r"[~\[=<>]", name)[0] for name in declared} <= pinned


def test_health_answers(client, db):
    assert client.get("/livez").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok"}


def test_readiness_fails_while_migrations_wait(client, db, monkeypatch):
    monkeypatch.setattr("django.db.migrations.executor.MigrationExecutor.migration_plan", lambda *args: ["one"])
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (503, "migrations are waiting")


def test_the_development_server_logs_no_query(caplog):
    with caplog.at_level("INFO", logger="django.server"):
        logging.getLogger("django.server").info('"%s" %s %s', "GET /invitation?token=secret HTTP/1.1", "200", "17")

    assert caplog.records[0].getMessage() == '"GET /invitation HTTP/1.1" 200 17'


@pytest.mark.parametrize("document", ["README.md", *(str(p.relative_to(ROOT)) for p in (ROOT / "docs").glob("*.md"))])
def test_every_picture_of_a_document_is_there(document):
    path = ROOT / document
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", path.read_text())
    assert [name for name in shown if not (path.parent / name).is_file()] == []


def test_every_picture_is_shown_somewhere():
    documents = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = {Path(name).name for path in documents for name in re.findall(r"\]\(([^)]+)\)", path.read_text())}
    assert {path.name for path in (ROOT / "docs" / "pictures").iterdir()} - shown == set()
