"""Where everything that is left to chance comes from: the same seed, the same installation."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import accumulate
from uuid import UUID

from candidates.models.candidates import HALF_STEPS

TAIL = (1 << 62) - 1


class Chance(random.Random):
    def id(self, at: datetime) -> UUID:
        """A UUIDv7 of this time: rows made in order have ids in order."""
        tail = self.getrandbits(74)
        return UUID(int=int(at.timestamp() * 1000) << 80 | 7 << 76 | (tail >> 62) << 64 | 2 << 62 | tail & TAIL)

    def account_id(self) -> UUID:
        """A UUIDv4: that of an account tells no time."""
        return UUID(int=self.getrandbits(128), version=4)

    def unusable_password(self) -> str:
        return f"!{self.getrandbits(160):040x}"

    def token_hash(self) -> str:
        return f"{self.getrandbits(256):064x}"

    def rating(self, mean: float) -> Decimal:
        """0 to 5 in half steps, around `mean`."""
        return HALF_STEPS[min(10, max(0, round(2 * self.gauss(mean, 0.8))))]

    def happens(self, share: float) -> bool:
        return self.random() < share


class Weighted:
    """A choice of things that are not equally likely."""

    def __init__(self, *weighted: tuple[object, float]) -> None:
        self.things = [thing for thing, _ in weighted]
        self.ends = list(accumulate(weight for _, weight in weighted))

    def pick(self, chance: random.Random):
        (thing,) = chance.choices(self.things, cum_weights=self.ends)
        return thing


def mean(ratings: Sequence[Decimal]) -> Decimal | None:
    """As the actions store it: two decimals, None without ratings."""
    return round(sum(ratings, Decimal()) / len(ratings), 2) if ratings else None
