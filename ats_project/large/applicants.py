"""The candidates of an organization: what they tell of themselves, and what became of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from ats_project.demo import words as demo
from candidates.models import Candidate, Document, Education, Experience, Skill, StatusChange
from candidates.models.candidates import HALF_STEPS
from interviews.models import Feedback, Interview, Interviewer

from . import words
from .calendar import LENGTHS
from .chance import Weighted, mean
from .staff import House, company, person

Status = Candidate.Status

#: What becomes of an application in the end, and how many interviews it takes.
FATES = Weighted(
    ((Status.APPLIED, 0), 40),
    ((Status.INTERVIEWED, 1), 11), ((Status.INTERVIEWED, 2), 6), ((Status.INTERVIEWED, 3), 2),
    ((Status.REJECTED, 0), 21), ((Status.REJECTED, 1), 10), ((Status.REJECTED, 2), 5),
    ((Status.HIRED, 2), 3), ((Status.HIRED, 3), 2),
)  # fmt: skip
#: What they get in feedback.
MERIT = {Status.APPLIED: 3.5, Status.INTERVIEWED: 3.5, Status.REJECTED: 2.0, Status.HIRED: 4.3}
SKILLS = Weighted((0, 4), (1, 9), (2, 17), (3, 30), (4, 26), (5, 14))
JOBS = Weighted((0, 12), (1, 40), (2, 33), (3, 15))
SCHOOLINGS = Weighted((0, 10), (1, 70), (2, 20))
PAPERS = Weighted(((), 25), (("CV",), 55), (("CV", "Cover letter"), 12), (("CV", "Portfolio", "Reference"), 8))
BY_HAND = Weighted(
    (None, 60), *((HALF_STEPS[step], weight) for step, weight in enumerate((0, 0, 0, 0, 3, 5, 8, 9, 8, 5, 2)))
)
LEVELS = Weighted((None, 15), ("Junior", 25), ("Mid-level", 30), ("Senior", 22), ("Lead", 8))
SKILL_LEVELS = (None, *Skill.Level.values)
CALLED_OFF = 0.04


class Applicants:
    """Writes the candidates of one house, the first to apply first."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.chance = house.chance
        self.add = house.pages.add

    def write(self) -> None:
        house = self.house
        every = max(1, house.size // words.FELLOWS)
        life = (house.until - house.founded) - timedelta(hours=1)
        for number in range(house.size):
            at = house.founded + life * ((number + self.chance.random()) / house.size)
            at = at.replace(microsecond=at.microsecond // 1000 * 1000)
            is_fellow = house.size >= words.FELLOWS and number % every == 0 and number // every < words.FELLOWS
            Applicant(self, number, at, is_fellow=is_fellow).write()


class Applicant:
    """One candidate. The row itself is written last: it holds what came of the others."""

    def __init__(self, applicants: Applicants, number: int, at: datetime, *, is_fellow: bool) -> None:
        self.house, self.chance, self.add = applicants.house, applicants.chance, applicants.add
        self.at = self.touched = at
        self.is_fellow = is_fellow
        self.id = self.chance.id(at)
        # Half of them write themselves, through the website.
        self.by = self.house.recruiter() if self.chance.random() < 0.5 else None
        first, last = person(self.chance)
        self.slug = f"{first.plain}.{last.plain}{number}"
        address = f"{self.slug}@mail{self.house.number}.test"
        phone = f"+1-555-01{number % 100:02}" if number % 5 else None
        self.known = (first.written, last.written, address, phone)
        self.status = Status.APPLIED
        self.ratings: list[Decimal] = []
        self.hired_date: datetime | None = None
        self.reject_date: datetime | None = None
        self.moved_at: datetime | None = None
        self.employee_id: UUID | None = None
        self.user_id: UUID | None = None

    def write(self) -> None:
        self.tell_of_themselves()
        self.live_through(*FATES.pick(self.chance))
        chance, house = self.chance, self.house
        cv = f"https://files.example.com/cv/{self.slug}.pdf" if chance.random() < 0.7 else None
        level = words.FELLOW_LEVEL if self.is_fellow else LEVELS.pick(chance)
        note = words.FELLOW_NOTE if self.is_fellow else chance.choice((None, None, *demo.NOTES))
        source = house.fellowship if self.is_fellow else chance.choice((None, *house.sources))
        self.add(
            Candidate, self.id, self.at, self.touched, house.id, self.by, *self.known, self.user_id, self.status,
            BY_HAND.pick(chance), mean(self.ratings), self.at, self.hired_date, self.reject_date, self.moved_at,
            source, self.employee_id, cv, level, note,
        )  # fmt: skip

    def part(self, at: datetime | None = None, by: UUID | None = None) -> tuple:
        """The first columns of a row that is part of the candidate."""
        return *self.house.owned(at or self.at, by or self.by), self.id

    def tell_of_themselves(self) -> None:
        chance, add = self.chance, self.add
        trade = chance.choice(demo.TRADES)
        skills = chance.sample(trade.skills, min(SKILLS.pick(chance), len(trade.skills)))
        if self.is_fellow:
            skills = [words.FELLOW_SKILL, *skills[:4]]
        for skill in skills:
            add(Skill, *self.part(), skill, chance.choice(SKILL_LEVELS))
        for number in range(JOBS.pick(chance)):
            did = None if number else trade.did
            years = f"{chance.randint(1, 9)} years"
            add(Experience, *self.part(), chance.choice(trade.occupations), company(chance), years, did)
        for _ in range(SCHOOLINGS.pick(chance)):
            city, _country = chance.choice(words.CITIES)
            left = date(self.at.year - chance.randint(1, 20), chance.randint(1, 12), 1)
            add(Education, *self.part(), f"University of {city}", chance.choice(demo.DEGREES), trade.field, left)
        for paper in PAPERS.pick(chance):
            add(Document, *self.part(), paper, f"https://files.example.com/{self.slug}/{paper.replace(' ', '-')}.pdf")

    def live_through(self, fate: str, rounds: int) -> None:
        """Interviews as far as they are over by now, one to come after that, and then the decision if it is time."""
        at = self.at
        for number in range(rounds):
            start = self.meet(number, at, fate)
            if start > self.house.until:
                return
            at = start + timedelta(hours=2)
        at += timedelta(days=self.chance.randint(1, 9), minutes=self.chance.randrange(300))
        if at > self.house.until:
            return
        if fate == Status.REJECTED:
            self.move(fate, at)
            self.reject_date = at
        elif fate == Status.HIRED:
            self.move(fate, at)
            self.hired_date = at
            place = self.house.add_employee(self.known, at, role="EMPLOYEE")
            self.employee_id, self.user_id = place.id, place.user_id

    def move(self, status: str, at: datetime) -> None:
        self.add(StatusChange, *self.part(at, self.house.recruiter()), self.status, status)
        self.status = Status(status)
        self.moved_at = at
        self.touched = max(self.touched, at)

    def meet(self, number: int, after: datetime, fate: str) -> datetime:
        """Round `number`, some days later; when it begins."""
        chance, house = self.chance, self.house
        slot = house.calendar.book(after.date() + timedelta(days=chance.randint(3, 12)))
        is_over = slot.start < house.until - timedelta(hours=1)
        arranged = min(after + timedelta(hours=3), house.until)
        row = self.part(arranged, house.recruiter())
        end = slot.start + chance.choice(LENGTHS)
        is_called_off = is_over and number > 0 and chance.random() < CALLED_OFF
        holders = slot.pair if chance.random() < 0.6 else slot.pair[:1]
        ratings = []
        for place in holders:
            taking_part = house.owned(arranged, row[4])
            self.add(Interviewer, *taking_part, row[0], place.id)
            said_at = end + timedelta(minutes=chance.randrange(3000))
            if is_over and not is_called_off and said_at < house.until and chance.random() < 0.85:
                rating = chance.rating(MERIT[Status(fate)])
                ratings.append(rating)
                said = self.part(said_at, place.user_id)
                self.add(Feedback, *said, row[0], place.id, taking_part[0], *judgement(rating, chance))
                self.touched = max(self.touched, said_at)
        self.ratings += ratings
        note = chance.choice((None, None, *words.INTERVIEW_NOTES))
        self.add(
            Interview, *row, words.ROUNDS[number], slot.start, end, chance.choice(words.PLACES), note, mean(ratings),
            is_called_off,
        )  # fmt: skip
        if is_over and self.status == Status.APPLIED:
            self.move(Status.INTERVIEWED, end)
        return slot.start if is_over else house.until + timedelta(days=1)


def judgement(rating: Decimal, chance) -> tuple[str, Decimal, str | None]:
    """What an interviewer writes: words, rating, proposal."""
    if rating >= 4:
        return chance.choice(demo.PRAISE), rating, Status.HIRED
    if rating > 2:
        return chance.choice(demo.MIXED), rating, chance.choice((None, Status.INTERVIEWED))
    return chance.choice(demo.DOUBT), rating, Status.REJECTED
