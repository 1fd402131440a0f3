"""SQLite beside PostgreSQL: the same questions to an organization of the same size in each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from .measuring import Line, alternate, ratio
from .reads import LIST
from .scene import House, Scene
from .server import ROOT, Client, Server
from .writes import body, command, write_file

SIZE = 100_000
IMPORTED = 20_000
#: No line slower than this many times PostgreSQL's.
TARGET = 4
#: Prints the organization and a token of its recruiter.
WAY_IN = """
import django, json; django.setup()
from benchmarks.scene import recruiter_of
from organizations.models import Organization
from organizations.sessions import open_session
recruiter = recruiter_of(Organization.objects.get().pk)
print(json.dumps([str(recruiter.organization_id), open_session(recruiter.user)["token"]]))
"""


def prepared(path: Path) -> str:
    """The address of a SQLite database with one organization of `SIZE`."""
    url = f"sqlite:///{path}"
    environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "ats_project.settings"}
    seed = ["seed", "--candidates", str(SIZE), "--organizations", "1", "--seed", "1"]
    for arguments in (["migrate", "--verbosity", "0"], seed):
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True)
    return url


def way_in(url: str, server: Server) -> House:
    environment = {**os.environ, "DATABASE_URL": url}
    found = subprocess.run([sys.executable, "-c", WAY_IN], cwd=ROOT, env=environment, check=True, capture_output=True)
    organization, token = json.loads(found.stdout)
    return House(UUID(organization), SIZE, Client(server.port, token), token)


def lines(scene: Scene, postgresql_url: str, folder: Path) -> Iterator[Line]:
    url = prepared(folder / "sqlite" / "ats.sqlite3")
    with Server(url, log=folder / "server.log") as server:
        here, there = way_in(url, server), scene.house(SIZE)
        for name, ask in questions().items():
            ours, theirs = alternate(partial(ask, here), partial(ask, there), rounds=3, seconds=0.7)
            yield ratio(name, ours, theirs, TARGET)
    path = folder / "few-applicants.csv"
    taken = []
    for address, house in ((url, here), (postgresql_url, there)):
        write_file(path, IMPORTED)
        seconds, _, _ = command("import_candidates", str(path), "--organization", str(house.id), "--json", url=address)
        taken.append(seconds)
    detail = f"{taken[0]:.1f} s against {taken[1]:.1f} s"
    yield Line(f"import of {IMPORTED:,} rows", taken[0] / taken[1], TARGET, detail=detail)


def questions() -> dict[str, Callable[[House], float]]:
    lists = {
        "list of 20 with `user`, `source`": "",
        "`where[status]=APPLIED`": "&where[status]=APPLIED",
        "`where[rating][gte]=3`": "&where[rating][gte]=3",
        "`where[user][lastName][startsWith]=s`": "&where[user][lastName][startsWith]=s",
        "`where[user][lastName][contains]=ann`": "&where[user][lastName][contains]=ann",
        "`where[skills][name]=Python`": "&where[skills][name]=Python",
        "`order[rating]=DESC`": "&order[rating]=DESC",
        "`order[user][lastName]=ASC`": "&order[user][lastName]=ASC",
        f"`skip={SIZE * 4 // 5}`": f"&skip={SIZE * 4 // 5}",
        "first page by `cursor`": "&cursor=",
        "`search=anna`": f"&search={quote('anna')}",
        "`search=a b`": f"&search={quote('a b')}",
    }
    asked: dict[str, Callable[[House], float]] = {
        name: lambda house, further=further: house.client.timed("GET", LIST + further)
        for name, further in lists.items()
    }
    asked["POST candidate"] = lambda house: house.client.timed("POST", "/api/candidate", body(house.id), expect=201)
    return asked
