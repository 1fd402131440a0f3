"""How many candidates each organization of a large installation has."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

#: Organizations to measure by: of exactly these sizes, where they fit.
MEASURES = (100_000, 10_000, 1_000)


def sizes(candidates: int, organizations: int, *, skew: bool) -> list[int]:
    """One number for each organization, the largest first; together `candidates`. With `skew` one has half of all, a
    few are large and most are small. ValueError if there are fewer candidates than organizations, or none of these."""
    if not 1 <= organizations <= candidates:
        raise ValueError("Each organization needs a candidate: ask for more candidates, or fewer organizations.")
    if not skew:
        return shared(candidates, [1.0] * organizations)
    if organizations == 1:
        return [candidates]
    found = [min(candidates // 2, candidates - organizations + 1)]
    for measure in MEASURES:
        left, others = candidates - sum(found), organizations - len(found)
        if others > 1 and measure <= left // 2 and left - measure >= others - 1:
            found.append(measure)
    left, others = candidates - sum(found), organizations - len(found)
    # Zipf's law, as the sizes of towns and companies go, with a head that is cut: the large ones are above.
    return sorted([*found, *shared(left, [1 / (rank + 10) for rank in range(others)])], reverse=True)


def shared(whole: int, weights: Sequence[float]) -> list[int]:
    """`whole` in parts of 1 or more, in proportion to their weights, that add up to it."""
    spare = whole - len(weights)
    total = sum(weights)
    ends, weight = [0], 0.0
    for one in weights:
        weight += one
        ends.append(round(spare * weight / total))
    return [1 + after - before for before, after in pairwise(ends)]
