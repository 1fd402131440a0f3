"""The demo data in a database of their own, served as `make run` serves them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "demo-password"  # noqa: S105, it stands in the README
#: Seconds that the start may take, with the making of the data.
PATIENCE = 120


@contextmanager
def demo_server() -> Iterator[str]:
    """Its address. Database and mails are gone afterwards. RuntimeError if it does not start."""
    with tempfile.TemporaryDirectory(prefix="ats-screenshots-") as folder:
        port = free_port()
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/ats.sqlite3",
            "DEBUG": "1",
            "DEMO_PASSWORD": PASSWORD,
            "LOG_LEVEL": "ERROR",
            "MAIL_DIR": f"{folder}/mail",
            "PORT": str(port),
        }
        command = [sys.executable, "manage.py", "quickstart"]
        log = Path(folder, "log")
        with log.open("w") as lines:
            server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=lines, stderr=lines)  # noqa: S603
        try:
            if not is_ready(f"http://127.0.0.1:{port}", server):
                raise RuntimeError(f"The server did not start:\n{log.read_text()}")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_ready(address: str, server: subprocess.Popen) -> bool:
    """Waits until it answers. False if it has ended, or took too long."""
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):  # noqa: S310, our own server
                return True
        except OSError:
            time.sleep(0.2)
    return False
