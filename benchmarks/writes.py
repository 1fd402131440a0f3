"""The lines about writing, and about many at once."""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from .measuring import Line, Times, alternate, ratio
from .reads import LIST
from .scene import Scene
from .server import ROOT, Client, resident

IMPORTED = 100_000
COLUMNS = (
    "firstName", "lastName", "email", "phoneNumber", "appliedDate", "rating", "source", "candidateLevel", "skills",
    "notes",
)  # fmt: skip
CLIENTS, SECONDS = 64, 60
#: Of the addresses of all rows that the benchmark writes, and of no others.
DOMAIN = "bench.test"
MEBI = 1024 * 1024


def sweep(connection: psycopg.Connection) -> None:
    """Take away what a run has written, so that the next one finds the same rows."""
    with connection.transaction():
        written = f"(SELECT id FROM candidates_candidate WHERE email_folded LIKE '%@{DOMAIN}')"
        for part in ("skill", "experience", "education", "document", "statuschange"):
            connection.execute(f"DELETE FROM candidates_{part} WHERE candidate_id IN {written}")  # type: ignore[arg-type]
        connection.execute(f"DELETE FROM candidates_candidate WHERE id IN {written}")  # type: ignore[arg-type]
    connection.execute("VACUUM (ANALYZE)")


def body(organization: Any) -> dict[str, Any]:
    address = f"{uuid4().hex}@{DOMAIN}"
    words = {"firstName": "Jane", "lastName": "Doe", "email": address}
    return {"user": words, "appliedDate": "2024-01-10", "organizationId": str(organization)}


def single(scene: Scene) -> Iterator[Line]:
    house = scene.large
    refuse_different_rows(scene)

    def ours() -> float:
        return house.client.timed("POST", "/api/candidate", body(house.id), expect=201)

    def floor() -> float:
        return house.client.timed("POST", "/floor/apply", body(house.id), expect=201)

    posted, written = alternate(ours, floor)
    yield ratio("POST candidate without password: against its floor", posted, written, 2)


def refuse_different_rows(scene: Scene) -> None:
    """Both sides write the same columns and show the same row, but for id, e-mail and time."""
    house = scene.large
    made = []
    for path in ("/api/candidate", "/floor/apply"):
        status, answer = house.client.send("POST", path, body(house.id))
        if status != 201:
            raise RuntimeError(f"{path}: {status} {answer[:300]!r}")
        made.append({k: v for k, v in json.loads(answer).items() if k not in {"id", "createdAt", "updatedAt", "user"}})
    if made[0] != made[1]:
        raise RuntimeError(f"The two posts differ: {made}")


def bulk(scene: Scene) -> Iterator[Line]:
    house = scene.large

    def many() -> float:
        rows = [body(house.id) for _ in range(1_000)]
        return house.client.timed("POST", "/api/candidate/bulk", rows, expect=201)

    def thousand() -> float:
        return sum(house.client.timed("POST", "/api/candidate", body(house.id), expect=201) for _ in range(1_000))

    times = [Times(), Times()]
    for _ in range(3):
        for side, taken in zip((many, thousand), times, strict=True):
            taken.rounds.append([side()])
    detail = f"{times[0].median:.2f} s against {times[1].median:.2f} s"
    yield Line("bulk of 1,000 against 1,000 single posts: times faster", times[1].median / times[0].median, 25, "least",
               detail=detail)  # fmt: skip


# Files.


def command(*arguments: str, url: str) -> tuple[float, int, str]:
    """Seconds, peak bytes and output of a `manage.py` command. RuntimeError if it fails."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "ats_project.settings"},
    )  # fmt: skip
    peak = 0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.05):
            try:
                peak = max(peak, resident(process.pid, peak=True))
            except (OSError, StopIteration):
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, errors = process.communicate()
    done.set()
    watcher.join()
    if process.returncode:
        raise RuntimeError(f"{arguments[0]}: {errors[-2000:] or output[-2000:]}")
    return time.perf_counter() - begun, peak, output


def write_file(path: Path, rows: int) -> None:
    """Applicants as a job board would export them."""
    chance = random.Random(1)
    levels, sources = ("Junior", "Senior", "Lead", ""), ("LinkedIn", "Indeed", "Referral", "Fair", "")
    skills = ("Python", "TypeScript", "SQL", "Go", "Sales", "Accounting", "German", "Excel")
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for number in range(rows):
            out.writerow([
                chance.choice(("Jane", "Łukasz", "Zoë", "Ivan", "Anna")), f"Doe{number}",
                f"{uuid4().hex[:12]}.{number}@{DOMAIN}", f"+49 30 {number:07}",
                f"2025-{1 + number % 12:02}-{1 + number % 28:02}",
                chance.choice(("", "3", "4.5")), chance.choice(sources), chance.choice(levels),
                "; ".join(chance.sample(skills, number % 4)),
                "Met at the fair, wants to move." if number % 5 == 0 else "",
            ])  # fmt: skip


def importing(scene: Scene, url: str, folder: Path, rows: int = IMPORTED) -> Iterator[Line]:
    path = folder / "applicants.csv"
    copied, ran, peaks = [], [], []
    for _ in range(2):
        # New addresses each time: rows that are there already would be skipped.
        write_file(path, rows)
        copied.append(copy_into_bare_table(scene, path))
        taken, peak, output = command(
            "import_candidates", str(path), "--organization", str(scene.large.id), "--json", url=url
        )
        made = json.loads(output.strip().splitlines()[-1])["made"]
        if made != rows:
            raise RuntimeError(f"The import made {made} of {rows} candidates.")
        ran.append(taken)
        peaks.append(peak)
    detail = f"{min(ran):.1f} s against {min(copied):.2f} s"
    name = f"import of {rows:,} rows: against COPY of the same file into one bare table"
    yield Line(name, min(ran) / min(copied), 12, detail=detail)
    yield Line("import: memory", max(peaks) / MEBI, 200, unit="MB")


def copy_into_bare_table(scene: Scene, path: Path) -> float:
    with path.open("rb") as file:
        columns = file.readline().count(b",") + 1
        named = ", ".join(f"c{number} text" for number in range(columns))
        scene.connection.execute(f"DROP TABLE IF EXISTS bench_bare; CREATE TABLE bench_bare ({named})")  # type: ignore[arg-type]
        begun = time.perf_counter()
        with scene.connection.cursor().copy("COPY bench_bare FROM STDIN (FORMAT csv)") as copy:
            while block := file.read(1 << 20):
                copy.write(block)
        taken = time.perf_counter() - begun
    scene.connection.execute("DROP TABLE bench_bare")
    return taken


EXPORTED = """COPY (SELECT c.*, s.name, (SELECT string_agg(k.name, '; ' ORDER BY k.created_at, k.id)
    FROM candidates_skill k WHERE k.candidate_id = c.id) FROM candidates_candidate c
    LEFT JOIN candidates_source s ON s.id = c.source_id WHERE c.organization_id = '{}'
    ORDER BY c.created_at DESC, c.id DESC) TO STDOUT (FORMAT csv)"""


def exporting(scene: Scene, url: str, folder: Path) -> Iterator[Line]:
    path = folder / "exported.csv"
    ran, peak, _ = command(
        "export_candidates", "--organization", str(scene.large.id), "--format", "csv", "--output", str(path), url=url
    )
    begun = time.perf_counter()
    with (
        (folder / "bare.csv").open("wb") as file,
        scene.connection.cursor().copy(EXPORTED.format(scene.large.id)) as copy,
    ):  # type: ignore[arg-type]
        for block in copy:
            file.write(block)
    copied = time.perf_counter() - begun
    rows = sum(1 for _ in path.open("rb")) - 1
    name = f"export of {rows:,} candidates with user, source, skills"
    yield Line(f"{name}: against COPY (SELECT …) TO", ran / copied, 8, detail=f"{ran:.1f} s against {copied:.1f} s")
    yield Line("export: memory", peak / MEBI, 200, unit="MB")
    for each in (path, folder / "bare.csv"):
        each.unlink()


# Many at once.


class Waits:
    """Looks twice a second who waits for a lock for longer than a second."""

    SQL = """SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND state = 'active'
        AND now() - query_start > interval '1 second'"""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.seen, self.over = scene, 0, threading.Event()

    def __enter__(self) -> Waits:
        self.thread = threading.Thread(target=self._look)
        self.thread.start()
        return self

    def _look(self) -> None:
        while not self.over.wait(0.5):
            self.seen += self.scene.one(self.SQL)

    def __exit__(self, *_: Any) -> None:
        self.over.set()
        self.thread.join()


def load(scene: Scene, seconds: float = SECONDS) -> Iterator[Line]:
    """Each client reads and writes without a pause: lists, a search, a new candidate, a row, a change, a move."""
    errors: list[str] = []
    ends = time.monotonic() + seconds

    def visit(number: int) -> list[float]:
        house = (scene.large, scene.small)[number % 2]
        client = Client(scene.server.port, house.token)
        taken: list[float] = []
        while time.monotonic() < ends:
            try:
                taken += errand(client, house.id, number)
            except (RuntimeError, OSError) as error:
                errors.append(str(error))
        return taken

    with Waits(scene) as waits, ThreadPoolExecutor(CLIENTS) as pool:
        every = sorted(taken for one in pool.map(visit, range(CLIENTS)) for taken in one)
    p95, median = (every[int(len(every) * share)] for share in (0.95, 0.5))
    detail = f"{len(every) / seconds:.0f} requests/s, median {median * 1e3:.0f} ms, p95 {p95 * 1e3:.0f} ms"
    if errors:
        detail += f"; first error: {errors[0][:200]}"
    yield Line(f"{CLIENTS} clients, mixed reads and writes for {seconds:.0f} s: errors", len(errors), 0, detail=detail)
    yield Line("the same: lock waits over 1 s", waits.seen, 0)


def errand(client: Client, organization: Any, number: int) -> Iterator[float]:
    for asked in ("", "&where[status]=APPLIED", "&order[rating]=DESC", "&skip=100"):
        yield client.timed("GET", LIST + asked)
    yield client.timed("GET", f"{LIST}&search=anna")
    sent = body(organization)
    status, answer = client.send("POST", "/api/candidate", sent)
    if status != 201:
        raise RuntimeError(f"POST: {status} {answer[:200]!r}")
    path = f"/api/candidate/{json.loads(answer)['id']}"
    yield client.timed("GET", f"{path}?relations[]=user&relations[]=skills")
    yield client.timed("PUT", path, {"rating": number % 11 / 2, "status": "INTERVIEWED"})
    yield client.timed("PUT", f"{path}/rejected", {})


def memory(scene: Scene) -> Iterator[Line]:
    yield Line("resident memory of a worker after all that", scene.server.resident() / MEBI, 160, unit="MB")
