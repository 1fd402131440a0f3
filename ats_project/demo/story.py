"""How a candidate's way through an organization is told: by the actions that make it happen, then dated back."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.text import slugify

from candidates.actions import apply, hire, move
from candidates.models import Candidate, Document, Skill
from interviews.actions import give_feedback, schedule
from interviews.models import Interview
from organizations.models import Employee, Organization

from . import words
from .cast import account, backdate
from .diary import Diary

Status = Candidate.Status
ROUNDS = (
    ("Phone screen", timedelta(minutes=30)),
    ("Technical interview", timedelta(minutes=60)),
    ("Final interview", timedelta(minutes=60)),
)
PLACES = ("Video call", "Room Fjord", "Room Harbour")


@dataclass
class Story:
    """Who takes part, who is still to come, and what time it is."""

    organization: Organization
    #: Of its people's addresses.
    domain: str
    admin: Employee
    recruiter: Employee
    #: The one who signs in as interviewer: in most technical interviews, and late with some feedback.
    interviewer: Employee
    panel: Sequence[Employee]
    names: list[str]
    chance: random.Random
    now: datetime = field(default_factory=timezone.now)

    def __post_init__(self) -> None:
        self.diary = Diary(self.organization.time_zone)
        self.today = self.organization.today

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.diary.zone).date()

    def round_of(self, number: int) -> list[Employee]:
        """Who holds a round."""
        if number == 0:
            return [self.recruiter]
        others = [*self.panel, self.admin]
        if number == 1:
            return [self.interviewer, self.chance.choice(others)]
        return self.chance.sample(others, min(2, len(others)))


def welcome(story: Story, applied: datetime) -> Candidate:
    """A new candidate with what they say of themselves."""
    chance = story.chance
    name = story.names.pop()
    first_name, _, last_name = name.partition(" ")
    trade = chance.choice(words.TRADES)
    level = chance.choice(words.CANDIDATE_LEVELS)
    occupation = chance.choice(trade.occupations)
    candidate = apply(
        organization=story.organization,
        by=story.recruiter.user,
        first_name=first_name,
        last_name=last_name,
        email=f"{slugify(first_name)}.{slugify(last_name)}@mail.test",
        phone_number=f"+1-555-01{chance.randint(0, 99):02}",
        source_name=chance.choice(words.SOURCES),
        applied_date=applied,
        created_at=applied,
        candidate_level=level,
        rating=chance.choice((None, None, 3, 3.5, 4, 4.5)),
        cv_url=f"https://files.example.com/cv/{slugify(name)}.pdf",
        notes=chance.choice((None, None, *words.NOTES)),
        skills=[
            {"name": skill, "level": chance.choice(Skill.Level.values), "created_at": applied}
            for skill in chance.sample(trade.skills, chance.randint(2, 4))
        ],
        experience=[
            {
                "occupation": occupation if number or level == "Mid-level" else f"{level} {occupation}",
                "company": company,
                "duration": f"{chance.randint(2, 6)} years",
                "description": None if number else trade.did,
                "created_at": applied,
            }
            for number, company in enumerate(chance.sample(words.COMPANIES, chance.randint(1, 2)))
        ],
        educations=[
            {
                "school_name": chance.choice(words.SCHOOLS),
                "degree": chance.choice(words.DEGREES),
                "field": trade.field,
                "completion_date": date(story.now.year - chance.randint(2, 14), 7, 1),
                "created_at": applied,
            }
        ],
    )
    for kind in ("CV", *chance.sample(("Cover letter", "Portfolio", "Reference"), chance.randint(0, 1))):
        Document.objects.create(
            organization=story.organization,
            candidate=candidate,
            name=kind,
            document_url=f"https://files.example.com/{slugify(kind)}/{slugify(name)}.pdf",
            created_by=story.recruiter.user,
            created_at=applied,
        )
    return candidate


def step(story: Story, candidate: Candidate, status: str, *, at: datetime) -> None:
    """A move of the candidate, made at `at`."""
    by = story.recruiter.user
    if status == Status.HIRED:
        account(candidate.email, candidate.first_name, candidate.last_name)
        hired = hire(candidate, by=by, started_work_on=first_of_next_month(story.day(at)))
        backdate(candidate, hired_date=at)
        assert hired.employee is not None
        backdate(hired.employee, created_at=at)
    else:
        move(candidate, status, by=by)
        if status == Status.REJECTED:
            backdate(candidate, reject_date=at)
    backdate(candidate, moved_at=at)
    backdate(candidate.status_history.latest("pk"), created_at=at)


def first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def meet(
    story: Story,
    candidate: Candidate,
    number: int,
    around: datetime,
    *,
    ratings: Sequence[float] = (),
    late: Sequence[Employee] = (),
) -> Interview:
    """Round `number` of the candidate's interviews, on a working day near `around`. One in the past makes them
    INTERVIEWED, and all but those who are `late` gave feedback, one of `ratings`."""
    _, length = ROUNDS[number]
    interviewers = story.round_of(number)
    people = [candidate.pk, *(employee.pk for employee in interviewers)]
    is_over = around < story.now
    start, end = story.diary.book(
        story.day(around), length, people, step=-1 if is_over else 1, opening=story.chance.randint(9, 15)
    )
    interview = arrange(story, candidate, number, start, end, interviewers)
    if is_over:
        candidate.refresh_from_db(fields=["status"])
        if candidate.status == Status.APPLIED:
            step(story, candidate, Status.INTERVIEWED, at=end)
        for employee in interviewers:
            if employee not in late:
                judge(story, interview, employee, story.chance.choice(ratings), is_last=number == len(ROUNDS) - 1)
    return interview


def arrange(
    story: Story, candidate: Candidate, number: int, start: datetime, end: datetime, interviewers: Sequence[Employee]
) -> Interview:
    by = story.recruiter.user
    interview = Interview(
        organization=story.organization,
        candidate=candidate,
        title=ROUNDS[number][0],
        start_time=start,
        end_time=end,
        location="By telephone" if number == 0 else story.chance.choice(PLACES),
        created_by=by,
        created_at=min(max(start - timedelta(days=3), candidate.applied_date + timedelta(minutes=90)), story.now),
    )
    return schedule(interview, by=by, interviewers=interviewers)


def judge(story: Story, interview: Interview, employee: Employee, rating: float, *, is_last: bool) -> None:
    """The employee's own feedback, given on the day of the interview."""
    if rating >= 4:
        said, proposal = words.PRAISE, Status.HIRED if is_last else Status.INTERVIEWED
    elif rating > 2.5:
        said, proposal = words.MIXED, None
    else:
        said, proposal = words.DOUBT, Status.REJECTED
    feedback = give_feedback(
        interview,
        employee,
        by=employee.user,
        rating=rating,
        description=story.chance.choice(said),
        status=proposal,
    )
    backdate(feedback, created_at=min(interview.end_time + timedelta(hours=2), story.now))
