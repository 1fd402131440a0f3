"""The lines about the back office: the same page in a large organization and in a small one, opened by a recruiter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import quote

from django.urls import reverse

from ats_project.large import words

from .measuring import Line, alternate, ratio
from .scene import House, Scene

#: What the list of candidates is asked, as its address says it.
LISTS = {
    "the list": "",
    "filtered by status": "status=APPLIED",
    "filtered by status, archived too": "status=APPLIED&archived=all",
    "page 2": "p=2",
    "page 2, filtered by status": "status=REJECTED&p=2",
    "sorted by name": "o=name",
    "sorted by rating": "o=-rating",
    "who waits for an answer": "status=APPLIED&waiting=7",
    f"filtered by skill, {words.FELLOWS} have it": f"skill={words.FELLOW_SKILL}",
    f"search, {words.FELLOWS} found": "q=fellowship",
}


def opening(house: House, path: str) -> Callable[[], float]:
    return partial(house.browser.timed, "GET", path)


def in_both(scene: Scene, name: str, path: str, target: float = 2) -> Line:
    ours, theirs = alternate(opening(scene.large, path), opening(scene.small, path), rounds=3, seconds=1)
    counts = [house.browser.count(path) for house in (scene.large, scene.small)]
    return ratio(f"back office: {name}", ours, theirs, target, statements=f"{counts[0]} against {counts[1]}")


def most_frequent_beginning(scene: Scene) -> str:
    """Two letters with which more first names begin than with others: in either organization these fill a page."""
    return scene.one(
        "SELECT substr(first_name_folded, 1, 2) FROM candidates_candidate WHERE organization_id = %s "
        "GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
        scene.large.id,
    )


def office(scene: Scene) -> Iterator[Line]:
    yield in_both(scene, "Home", reverse("admin:index"))
    candidates = reverse("admin:candidates_candidate_changelist")
    for name, asked in LISTS.items():
        yield in_both(scene, f"candidates, {name}", f"{candidates}?{asked}")
    yield in_both(scene, "candidates, search, many found", f"{candidates}?q={quote(most_frequent_beginning(scene))}")
    yield in_both(scene, "the board", reverse("admin:candidates_candidate_board"))
    yield in_both(
        scene, "interviews of the next 7 days", f"{reverse('admin:interviews_interview_changelist')}?time=week"
    )
    yield in_both(scene, "the calendar", reverse("admin:interviews_interview_calendar"))
    yield in_both(scene, "feedback due", reverse("admin:interviews_interview_feedback_due"))
