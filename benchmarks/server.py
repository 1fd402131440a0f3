"""The server that is measured, as production runs it, and a client that asks it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

#: Seconds after which a client connects anew: the server closes connections that are idle for longer.
IDLE = 30


class Server:
    """gunicorn with the settings of the benchmark, on a free port of 127.0.0.1."""

    def __init__(self, database_url: str, *, workers: int = 1, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "DATABASE_URL": database_url,
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(workers),
            "ALLOWED_HOSTS": "127.0.0.1",
            "ACCESS_TOKEN_MINUTES": "600",
        }
        self.log = log

    def __enter__(self) -> Server:
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "ats_project/gunicorn_conf.py",
            "--access-logfile",
            "/dev/null",
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "ats_project.wsgi"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        for _ in range(150):
            try:
                if Client(self.port).get("/livez")[0] == 200:
                    return self
            except OSError:
                time.sleep(0.2)
        self.process.kill()
        raise RuntimeError(f"The server did not start: see {self.log}.")

    def __exit__(self, *_: Any) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)

    def workers(self) -> list[int]:
        """The processes that answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def resident(self) -> int:
        """Bytes of the largest worker."""
        return max(resident(pid) for pid in self.workers())


def resident(pid: int, peak: bool = False) -> int:
    """Bytes that a process holds, or held at most."""
    name = "VmHWM" if peak else "VmRSS"
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


class Client:
    """One connection that is kept open."""

    def __init__(self, port: int, token: str = "", **headers: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.last_used = time.monotonic()
        self.headers = {**headers, **({"Authorization": f"Bearer {token}"} if token else {})}

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        return self.send("GET", path, None, **headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
        sent = {**self.headers, **headers}
        if body is not None:
            sent["Content-Type"] = "application/json"
        if time.monotonic() - self.last_used > IDLE:
            self.connection.close()
        self.last_used = time.monotonic()
        self.connection.request(method, path, None if body is None else json.dumps(body), sent)
        response = self.connection.getresponse()
        self.statements = int(response.headers.get("X-Statements") or 0)
        return response.status, response.read()

    def timed(self, method: str, path: str, body: Any = None, expect: int = 200) -> float:
        """Seconds that an answer takes. RuntimeError for another status."""
        begun = time.perf_counter()
        status, answer = self.send(method, path, body)
        taken = time.perf_counter() - begun
        if status != expect:
            raise RuntimeError(f"{method} {path}: {status} {answer[:300]!r}")
        return taken

    def count(self, path: str) -> int:
        """Statements that a request takes."""
        self.get(path, **{"X-Count": "1"})
        return self.statements
