"""The lines about reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from urllib.parse import quote, urlencode

from api.cursors import written
from api.query import Asked
from api.schema import all_paths
from ats_project.large import words
from candidates.views import CandidateViewSet

from .floors import CONDITIONS
from .measuring import Line, Times, alternate, ratio
from .scene import House, Scene

LIST = "/api/candidate?take=20&relations[]=user&relations[]=source"
#: Every organization has a hundred fellows, no more and no less: these find them.
FELLOWS = (
    f"where[candidateLevel]={words.FELLOW_LEVEL}",
    f"where[source][name]={quote(words.FELLOW_SOURCE)}",
    f"where[skills][name]={words.FELLOW_SKILL}",
    f"where[skills][name][startsWith]={words.FELLOW_SKILL[:3]}",
    f"where[candidateLevel]={words.FELLOW_LEVEL}&order[user][lastName]=ASC",
    "search=fellowship",
    f"search={quote('returning engineers')}",
)


def getting(house: House, path: str) -> Callable[[], float]:
    return partial(house.client.timed, "GET", path)


def against(scene: Scene, name: str, path: str, floor: str, target: float) -> Line:
    scene.same(scene.large, path, floor)
    ours, theirs = alternate(getting(scene.large, path), getting(scene.large, floor))
    count = scene.large.client.count
    return ratio(name, ours, theirs, target, statements=f"{count(path)} against {count(floor)}")


def listing(scene: Scene) -> Iterator[Line]:
    yield against(scene, "list of 20 with `user`, `source`: against its floor", LIST, "/floor/candidates", 1.4)


def single(scene: Scene) -> Iterator[Line]:
    pk = scene.one(
        "SELECT c.id FROM candidates_candidate c WHERE organization_id = %s AND source_id IS NOT NULL AND "
        "(SELECT count(*) FROM candidates_skill s WHERE s.candidate_id = c.id) = 3 LIMIT 1",
        scene.large.id,
    )
    path = f"/api/candidate/{pk}?relations[]=user&relations[]=source&relations[]=skills"
    yield against(
        scene, "one row by id with `user`, `source`, `skills`: against its floor", path, f"/floor/candidate/{pk}", 1.6
    )
    met = scene.one(
        "SELECT i.candidate_id FROM interviews_interview i JOIN interviews_interviewer v ON v.interview_id = i.id "
        "WHERE i.organization_id = %s GROUP BY 1 HAVING count(DISTINCT i.id) BETWEEN 2 AND 5 LIMIT 1",
        scene.large.id,
    )
    path = f"/api/candidate-interview?where[candidateId]={met}&relations[]=interviewers.employee.user"
    yield against(scene, "interviews of a candidate with interviewers and their users: against its floor", path,
                  f"/floor/interviews/{met}", 1.6)  # fmt: skip


def in_both(scene: Scene, name: str, paths: Sequence[str], target: float | None, of: str = "") -> Line:
    """The same question in the large organization and in the small one; two paths if it is put with other words."""
    ours, theirs = alternate(getting(scene.large, paths[0]), getting(scene.small, paths[-1]), seconds=0.7)
    return ratio(name, ours, theirs, target, of=of)


def sizes(scene: Scene) -> Iterator[Line]:
    name = f"organization of {scene.large.size:,} against {scene.small.size:,}:"
    yield in_both(scene, f"{name} first page with exact total", [LIST], 1.3)
    for asked in ("where[status]=APPLIED", "where[status]=HIRED"):
        yield in_both(scene, f"{name} `{asked}`", [f"{LIST}&{asked}"], 1.3)


def few(scene: Scene) -> Iterator[Line]:
    """Filters that match as many rows in both organizations, and orders."""
    name = "same matches in both:"
    for column, field in (("applied_date", "appliedDate"), ("created_at", "createdAt"), ("updated_at", "updatedAt")):
        asked = []
        for house in (scene.large, scene.small):
            offset = min(house.size // 2, house.size - 200)
            edges = [
                scene.one(
                    f"SELECT {column} FROM candidates_candidate WHERE organization_id = %s "
                    f"ORDER BY {column} OFFSET %s LIMIT 1",
                    house.id,
                    offset + further,
                )
                for further in (0, 199)
            ]
            pairs = [(f"where[{field}][between][]", edge.isoformat(timespec="milliseconds")) for edge in edges]
            asked.append(f"{LIST}&{urlencode(pairs)}")
        yield in_both(scene, f"{name} `where[{field}][between]`, about 200", asked, 3)
    emails = [
        scene.one("SELECT email FROM candidates_candidate WHERE organization_id = %s OFFSET 500 LIMIT 1", house.id)
        for house in (scene.large, scene.small)
    ]
    for field in ("where[user][email]", "where[user][email][startsWith]"):
        yield in_both(scene, f"{name} `{field}`, one", [f"{LIST}&{field}={quote(email)}" for email in emails], 3)
    for order in ("rating", "appliedDate", "user][lastName", "ratings", "candidateLevel", "status"):
        for direction in ("ASC", "DESC"):
            path = f"{LIST}&order[{order}]={direction}"
            yield in_both(scene, f"{name} `order[{order}]={direction}`", [path], 3)
    for asked in FELLOWS:
        totals = {scene.get(house, f"{LIST}&{asked}")["total"] for house in (scene.large, scene.small)}
        if totals != {words.FELLOWS}:
            raise RuntimeError(f"{asked}: {totals} matches")
        yield in_both(scene, f"{name} `{asked}`, {words.FELLOWS}", [f"{LIST}&{asked}"], 3)


def broad(scene: Scene) -> Iterator[Line]:
    for asked in CONDITIONS:
        path, floor = f"{LIST}&{asked}", f"/floor/count?of={quote(asked)}"
        total, counted = scene.get(scene.large, path)["total"], scene.get(scene.large, floor)
        if total != counted:
            raise RuntimeError(f"{asked}: {total} and {counted}")
        ours, theirs = alternate(getting(scene.large, path), getting(scene.large, floor))
        yield ratio(f"broad: `{asked}` against its bare count", ours, theirs, 1.5, of=f"{total:,} matches")


def search(scene: Scene) -> Iterator[Line]:
    address = "SELECT email FROM candidates_candidate WHERE organization_id = %s OFFSET 700 LIMIT 1"
    emails = [scene.one(address, house.id) for house in (scene.large, scene.small)]
    yield in_both(scene, "`search=` an e-mail, in both", [f"{LIST}&search={quote(email)}" for email in emails], 3)
    word = scene.one(
        "SELECT split_part(words, ' ', 1) FROM candidates_candidate WHERE organization_id = %s "
        "GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
        scene.large.id,
    )
    path, floor = f"{LIST}&search={quote(word)}", f"/floor/search?words={quote(word)}"
    scene.same(scene.large, path, floor)
    ours, theirs = alternate(getting(scene.large, path), getting(scene.large, floor))
    matches = scene.get(scene.large, path)["total"]
    yield ratio(f"broad: `search={word}` against its ranked statement", ours, theirs, 1.5, of=f"{matches:,} matches")


def deep(scene: Scene) -> Iterator[Line]:
    far = min(400_000, scene.large.size * 4 // 5)
    for skip in (far // 2, far):
        ours, theirs = alternate(getting(scene.large, f"{LIST}&skip={skip}"), getting(scene.large, LIST))
        yield ratio(f"`skip={skip}` against `skip=0`", ours, theirs, 8)
    moment, pk = scene.rows(
        "SELECT created_at, id FROM candidates_candidate WHERE organization_id = %s "
        "ORDER BY created_at DESC, id DESC OFFSET %s LIMIT 1",
        scene.large.id,
        far,
    )[0]
    cursor = written([moment, pk], of="candidates.candidate", sorting=CandidateViewSet.query.sorting(Asked()))
    ours, theirs = alternate(getting(scene.large, f"{LIST}&cursor={cursor}"), getting(scene.large, f"{LIST}&cursor="))
    yield ratio(f"page after {far:,} rows by `cursor` against the first by `cursor`", ours, theirs, 1.1)


def relations(scene: Scene) -> Iterator[Line]:
    everything = "&".join(f"relations[]={path}" for path in all_paths(CandidateViewSet.query))
    plain = "/api/candidate?take=100&order[createdAt]=ASC"
    whole = f"{plain}&{everything}"
    ours, theirs = alternate(getting(scene.large, whole), getting(scene.large, plain))
    counts = {scene.large.client.count(whole.replace("100", str(take), 1)) for take in (10, 50, 100)}
    statements = " and ".join(map(str, sorted(counts))) + f" against {scene.large.client.count(plain)}"
    yield ratio("100 rows with all relations against 100 plain rows", ours, theirs, 6, statements=statements)


def growth(scene: Scene) -> dict[str, list[tuple[int, Times]]]:
    """For the picture: some questions in organizations of each size."""
    asked = {
        "first page": LIST,
        "where[status]": f"{LIST}&where[status]=APPLIED",
        "order[rating]": f"{LIST}&order[rating]=DESC",
        "where[rating][gte]": f"{LIST}&where[rating][gte]=4.5",
    }
    found: dict[str, list[tuple[int, Times]]] = {name: [] for name in asked}
    for size in (1_000, 10_000, 100_000, scene.large.size):
        house = scene.house(size)
        for name, path in asked.items():
            (times,) = alternate(getting(house, path), rounds=3, seconds=0.5)
            found[name].append((house.size, times))
    return found
