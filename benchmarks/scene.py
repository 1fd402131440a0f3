"""Where it is measured: organizations of known sizes, each with a recruiter who is signed in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db.models import Count
from django.test import Client as Browser

from organizations.models import Employee, User
from organizations.sessions import open_session
from organizations.viewer import ZONE

from .server import Client, Server

SMALL = 1_000
SIZES = (SMALL, 10_000, 100_000)


@dataclass
class House:
    """An organization, its size and its recruiter's way in."""

    id: UUID
    size: int
    client: Client
    token: str

    @cached_property
    def browser(self) -> Client:
        """The recruiter's, who is signed in to the back office too."""
        return Client(self.client.connection.port, Cookie=cookies_of(recruiter_of(self.id).user))


def recruiter_of(organization: UUID) -> Employee:
    """One who works in this organization only. Employee.DoesNotExist if there is none."""
    recruiters = Employee.objects.filter(organization=organization, role__name="RECRUITER", is_active=True)
    return recruiters.annotate(places=Count("user__employees")).filter(places=1, user__is_active=True)[:1].get()


def cookies_of(user: User) -> str:
    """Of a browser in which the user has signed in."""
    browser = Browser()
    browser.force_login(user)
    signed_in = browser.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={signed_in}; {ZONE}=Europe/Berlin"


class Scene:
    """The data, the server and the clients of one run."""

    def __init__(self, connection: psycopg.Connection, server: Server) -> None:
        self.connection, self.server = connection, server

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, values).fetchall()  # type: ignore[arg-type]

    def one(self, sql: str, *values: Any) -> Any:
        found = self.connection.execute(sql, values).fetchone()  # type: ignore[arg-type]
        return found[0] if found else None

    @cached_property
    def sizes(self) -> list[tuple[UUID, int]]:
        """The organizations and their candidates, the largest first."""
        return [
            (pk, int(size))
            for pk, size in self.rows(
                "SELECT organization_id, sum(count) FROM organizations_tally WHERE rows_of = 'candidate_is_tallied' "
                "GROUP BY 1 ORDER BY 2 DESC"
            )
        ]

    def house(self, size: int) -> House:
        """The organization that is nearest to this size."""
        pk, found = min(self.sizes, key=lambda one: abs(one[1] - size))
        token = open_session(recruiter_of(pk).user)["token"]
        return House(pk, found, Client(self.server.port, token), token)

    @cached_property
    def large(self) -> House:
        return self.house(self.sizes[0][1])

    @cached_property
    def small(self) -> House:
        return self.house(SMALL)

    def get(self, house: House, path: str) -> Any:
        status, answer = house.client.get(path)
        if status != 200:
            raise RuntimeError(f"{path}: {status} {answer[:300]!r}")
        return json.loads(answer)

    def same(self, house: House, path: str, floor: str) -> None:
        """Both sides must say the same, or the comparison is none."""
        ours, theirs = self.get(house, path), self.get(house, floor)
        if ours != theirs:
            raise RuntimeError(f"{path} and {floor} differ: {difference(ours, theirs)}")


def difference(one: Any, other: Any, at: str = "") -> str:
    """Where two answers differ first."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = one.keys() ^ other.keys()
        if keys:
            return f"{at}: keys {sorted(keys)}"
        return next(filter(None, (difference(one[key], other[key], f"{at}.{key}") for key in one)), "")
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return f"{at}: {len(one)} and {len(other)} rows"
        pairs = enumerate(zip(one, other, strict=True))
        return next(filter(None, (difference(a, b, f"{at}[{n}]") for n, (a, b) in pairs)), "")
    return "" if one == other else f"{at}: {one!r} and {other!r}"
