"""`python -m benchmarks`: make the data if they are missing, measure, and write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg

from .database import Database
from .measuring import Line
from .server import ROOT, Server

SECRET = "only for the benchmark, which serves to 127.0.0.1 as long as it runs"  # noqa: S105
CANDIDATES = 1_000_000


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--candidates", type=int, default=CANDIDATES)
    parser.add_argument("--organizations", type=int, default=2_000)
    parser.add_argument("--only", default="", help="lines, with commas: " + ",".join([*LINES, "sqlite"]))
    parser.add_argument("--seconds", type=float, default=60, help="how long the 64 clients go on")
    parser.add_argument("--imported", type=int, default=100_000, help="rows of the file that is imported")
    parser.add_argument("--no-report", action="store_true", help="leave docs/benchmarks.md as it is")
    return parser.parse_args()


def prepare(url: str, candidates: int, organizations: int) -> None:
    """Migrate, and seed what is not there."""
    os.environ |= {"DATABASE_URL": url, "DEBUG": "0", "SECRET_KEY": SECRET, "LOG_LEVEL": "WARNING"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    os.environ.setdefault("ACCESS_TOKEN_MINUTES", "600")
    manage = [sys.executable, "manage.py"]
    environment = {**os.environ, "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "ats_project.settings"}
    sizes = ["--candidates", str(candidates), "--organizations", str(organizations), "--skew", "--seed", "1"]
    for command in (["migrate", "--verbosity", "0"], ["seed", *sizes]):
        subprocess.run([*manage, *command], cwd=ROOT, env=environment, check=True)
    # The back office's own files, by the names that its pages have for them.
    subprocess.run([*manage, "collectstatic", "--no-input", "--verbosity", "0"], cwd=ROOT, check=True)
    import django

    django.setup()


#: Name → the lines that it measures, from the scene, the address of the database, a folder and the arguments.
LINES: dict[str, str] = {
    "list": "reads.listing", "one": "reads.single", "sizes": "reads.sizes", "few": "reads.few", "broad": "reads.broad",
    "search": "reads.search", "deep": "reads.deep", "relations": "reads.relations", "office": "pages.office",
    "post": "writes.single", "bulk": "writes.bulk", "import": "writes.importing", "export": "writes.exporting",
    "load": "writes.load", "memory": "writes.memory",
}  # fmt: skip


def measured(name: str, measure: Callable[[], Iterator[Line]]) -> list[Line]:
    """The lines, as they come. One that can't be measured says why, and the others go on."""
    found = []
    try:
        for line in measure():
            print(f"{line.name}: {line.figure:.2f} {line.unit} ({line.detail})", flush=True)
            found.append(line)
    except Exception as error:
        traceback.print_exc()
        found.append(Line(f"{name}: not measured", float("nan"), detail=str(error)[:300]))
    return found


@contextmanager
def swept(connection: psycopg.Connection) -> Iterator[None]:
    """Without the rows of a run: those of one that was broken off, before, and those of this one, after."""
    from .writes import sweep

    sweep(connection)
    try:
        yield
    finally:
        sweep(connection)


def run(options: argparse.Namespace) -> list[Line]:
    wanted = [name for name in LINES if not options.only or name in options.only.split(",")]
    folder = ROOT / "var" / "bench"
    # Another size, other data.
    name = "postgres" if options.candidates == CANDIDATES else f"postgres-{options.candidates}"
    with Database(folder / name) as database:
        prepare(database.url, options.candidates, options.organizations)
        from . import pages, reads, report, small_database, writes
        from .scene import Scene

        modules = {"pages": pages, "reads": reads, "writes": writes}
        further: dict[str, dict[str, Any]] = {
            "import": {"url": database.url, "folder": folder, "rows": options.imported},
            "export": {"url": database.url, "folder": folder},
            "load": {"seconds": options.seconds},
        }
        lines = []
        with (
            database.connect() as connection,
            swept(connection),
            Server(database.url, log=folder / "server.log") as server,
        ):
            scene = Scene(connection, server)
            for name in wanted:
                module, function = LINES[name].split(".")
                measure = partial(getattr(modules[module], function), scene, **further.get(name, {}))
                lines += measured(name, measure)
            beside = partial(small_database.lines, scene, database.url, folder)
            small = measured("SQLite", beside) if not options.only or "sqlite" in options.only else []
            if not options.no_report:
                facts = {
                    "postgresql": scene.one("SHOW server_version"),
                    "candidates": sum(size for _, size in scene.sizes),
                    "organizations": len(scene.sizes),
                    "largest": scene.large.size,
                }
                report.picture(report.DOCS / "pictures" / "benchmarks.svg", reads.growth(scene))
                report.write(report.DOCS / "benchmarks.md", lines, facts, small)
    return [*lines, *small]


def main() -> None:
    lines = run(arguments())
    missed = [line.name for line in lines if line.is_met is False]
    print(f"\n{len(lines)} lines, {len(missed)} not met: {'; '.join(missed) or 'none'}")


if __name__ == "__main__":
    main()
