"""How a line is measured: in rounds, its two sides one after the other."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

ROUNDS = 5
#: Seconds for one side of one round, and how many calls it has at most and at least.
ROUND_SECONDS = 1.5
MOST, LEAST = 300, 3


@dataclass
class Times:
    """Seconds, round by round."""

    rounds: list[list[float]] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Of the rounds' medians."""
        return statistics.median(statistics.median(one) for one in self.rounds)

    def percentile(self, share: float) -> float:
        every = sorted(taken for one in self.rounds for taken in one)
        return every[min(len(every) - 1, int(len(every) * share))]


def alternate(*sides: Callable[[], float], rounds: int = ROUNDS, seconds: float = ROUND_SECONDS) -> list[Times]:
    """The times of each side. Each is warmed up first; in each round they take turns."""
    times = [Times() for _ in sides]
    sizes = []
    for side in sides:
        first = min(side() for _ in range(3))
        sizes.append(max(LEAST, min(MOST, int(seconds / max(first, 1e-4)))))
    for _ in range(rounds):
        for side, size, taken in zip(sides, sizes, times, strict=True):
            taken.rounds.append([side() for _ in range(size)])
    return times


@dataclass
class Line:
    """One line of the results. `figure` is a ratio, or what `unit` says."""

    name: str
    figure: float
    target: float | None = None
    aim: str = "most"
    unit: str = ""
    detail: str = ""
    statements: str = ""

    @property
    def is_met(self) -> bool | None:
        if self.target is None:
            return None
        return self.figure <= self.target if self.aim == "most" else self.figure >= self.target


def milliseconds(times: Times) -> str:
    return f"{times.median * 1e3:.2f} ms (p95 {times.percentile(0.95) * 1e3:.2f})"


def ratio(name: str, one: Times, other: Times, target: float | None, *, statements: str = "", of: str = "") -> Line:
    """How many times as long `one` takes as `other`."""
    detail = f"{milliseconds(one)} against {milliseconds(other)}{f'; {of}' if of else ''}"
    return Line(name, one.median / other.median, target, detail=detail, statements=statements)
