"""An organization, its people, and what lies on its desk beside the candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from ats_project.demo import words as demo
from candidates.models import Source
from contacts.models import Contact, Member
from invitations.models import Invitation
from organizations.models import Employee, Organization, Role, User
from organizations.roles import built_in_roles
from pipelines.models import Pipeline, Stage

from . import words
from .calendar import Calendar
from .chance import Chance, Weighted
from .rows import Pages

#: The roles of those who sign in with DEMO_PASSWORD, and of the first employees everywhere.
CAST = ("ADMIN", "RECRUITER", "INTERVIEWER", "VIEWER", "INTERVIEWER")
ROLES = Weighted(("INTERVIEWER", 70), ("RECRUITER", 22), ("VIEWER", 6), ("ADMIN", 2))
CONTACT_TYPES = Weighted((Contact.Type.CLIENT, 5), (Contact.Type.LEAD, 3), (Contact.Type.CUSTOMER, 2))


@dataclass(frozen=True)
class Place:
    """An employee, with the account that acts for them."""

    id: UUID
    user_id: UUID
    role: str


@dataclass
class House:
    """An organization in the making."""

    number: int
    size: int
    name: str
    until: datetime
    chance: Chance
    pages: Pages
    #: Sign-ins with DEMO_PASSWORD: its hash, for the organizations to measure by.
    password: str | None = None

    id: UUID = field(init=False)
    founded: datetime = field(init=False)
    roles: dict[str, UUID] = field(init=False, default_factory=dict)
    staff: list[Place] = field(init=False, default_factory=list)
    sources: list[UUID] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        years = 3 if self.size >= 10_000 else self.chance.uniform(0.5, 3)
        self.founded = self.until - timedelta(days=365 * years)
        self.id = self.chance.id(self.founded)

    @property
    def domain(self) -> str:
        """Of its people's addresses: the first word of its name, or one of its own."""
        return f"{self.name.split()[0].lower()}.test" if self.password else f"house{self.number}.test"

    def open(self) -> None:
        self._found()
        self._employ(max(len(CAST), min(400, self.size // 1_000)))
        self.recruiters = [place.user_id for place in self.staff if place.role == "RECRUITER"]
        self.calendar = Calendar([place for place in self.staff if place.role == "INTERVIEWER"])
        self._lay_out_sources()
        self._lay_out_pipelines()
        self._meet_contacts(3 + min(3_000, self.size // 100))
        self._invite()

    def owned(self, at: datetime, by: UUID | None) -> tuple:
        """The first columns of a row."""
        return self.chance.id(at), at, at, self.id, by

    def some_day(self, within: float = 1.0) -> datetime:
        """A moment of the organization's life; of its last part with `within`."""
        moment = self.until - (self.until - self.founded) * within * self.chance.random()
        return moment.replace(microsecond=0)

    def _found(self) -> None:
        add, since = self.pages.add, self.founded
        website = f"https://{self.domain.removesuffix('.test')}.example.com"
        add(Organization, self.id, since, since, None, self.name, website, self.chance.choice(words.TIME_ZONES))
        for name, permissions in built_in_roles().items():
            row = self.owned(since, None)
            self.roles[name] = row[0]
            add(Role, *row, name, permissions, True)

    def _employ(self, count: int) -> None:
        for number in range(count):
            role = CAST[number] if number < len(CAST) else ROLES.pick(self.chance)
            is_known = self.password is not None and role in CAST[:4] and number < 4
            first, last = person(self.chance)
            address = role.lower() if is_known else f"{first.plain}.{last.plain}{number}"
            self.staff.append(
                self.add_employee(
                    (first.written, last.written, f"{address}@{self.domain}", None),
                    self.founded + timedelta(minutes=number),
                    role=role,
                    password=self.password if is_known else None,
                )
            )

    def add_employee(self, known: tuple, at: datetime, *, role: str, password: str | None = None) -> Place:
        """With an account; `known` are the columns of a person."""
        user_id = self.chance.account_id()
        # A place is never without its account's password: an unusable one of it is one too.
        hashed = password or self.chance.unusable_password()
        self.pages.add(User, user_id, at, at, hashed, True, *known)
        row = self.owned(at, None)
        self.pages.add(Employee, *row, *known, user_id, self.roles[role], at.date() + timedelta(days=14))
        return Place(row[0], user_id, role)

    def recruiter(self) -> UUID:
        return self.chance.choice(self.recruiters)

    def _lay_out_sources(self) -> None:
        # Everyone has the first ones.
        for name in words.SOURCES[: self.chance.randint(3, len(words.SOURCES))]:
            self.sources.append(self._add_source(name))
        self.fellowship = self._add_source(words.FELLOW_SOURCE)

    def _add_source(self, name: str) -> UUID:
        row = self.owned(self.founded, self.staff[0].user_id)
        self.pages.add(Source, *row, name)
        return row[0]

    def _lay_out_pipelines(self) -> None:
        for name, description, stages in demo.PIPELINES[: self.chance.randint(1, len(demo.PIPELINES))]:
            at = self.some_day()
            row = self.owned(at, self.staff[0].user_id)
            self.pages.add(Pipeline, *row, name, description)
            for index, (stage, purpose) in enumerate(stages):
                self.pages.add(Stage, *self.owned(at, row[4]), row[0], stage, purpose, index)

    def _meet_contacts(self, count: int) -> None:
        moments = sorted(self.some_day() for _ in range(count))
        for at in moments:
            name = company(self.chance)
            site = f"{name.lower().replace(' ', '-')}.example.com"
            city, country = self.chance.choice(words.CITIES)
            row = self.owned(at, self.recruiter())
            kind = CONTACT_TYPES.pick(self.chance)
            phone = f"+1-555-01{self.chance.randrange(100):02}"
            note = self.chance.choice((None, None, f"Met in {city}.", "Hires every spring."))
            self.pages.add(Contact, *row, name, kind, f"hello@{site}", phone, f"https://{site}", city, country, note)
            for place in self.chance.sample(self.staff, self.chance.randint(1, 2)):
                self.pages.add(Member, *self.owned(at, row[4]), row[0], place.id)

    def _invite(self) -> None:
        """Open ones, expired ones, declined ones, and one that made an employee."""
        by = self.staff[0].user_id
        answers: Sequence[tuple[Any, ...]] = [(Invitation.Status.ACCEPTED, self.staff[1])]
        answers = [*answers, *((Invitation.Status.INVITED, None), (Invitation.Status.REJECTED, None)) * 2]
        for number, (answer, place) in enumerate(answers[: self.chance.randint(0, len(answers))]):
            at = self.founded if place else self.some_day(within=0.05)
            self.pages.add(
                Invitation, *self.owned(at, by), f"invited{number}@{self.domain}",
                self.roles[place.role if place else "INTERVIEWER"], by, at.date() + timedelta(days=30),
                at, at + timedelta(days=7), answer, self.chance.token_hash(), place and place.id,
            )  # fmt: skip


def person(chance: Chance) -> tuple[words.Word, words.Word]:
    names = chance.choice(words.NAMES)
    return chance.choice(names.first), chance.choice(names.last)


def company(chance: Chance) -> str:
    return f"{chance.choice(words.COMPANY_HEADS)} {chance.choice(words.COMPANY_TAILS)}"
