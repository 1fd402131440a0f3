"""Northwind Recruiting: four months of hiring."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from candidates.models import Candidate
from interviews.actions import reschedule
from interviews.models import Interview
from organizations.models import Organization

from . import words
from .cast import add_employee, found
from .desk import add_contacts, add_invitations, add_pipelines
from .story import ROUNDS, Status, Story, arrange, meet, step, welcome

NAME = "Northwind Recruiting"
DOMAIN = "northwind.test"

#: How many come to each status, and how many days ago they applied: at most and at least.
CROWD = {
    Status.HIRED: (8, 130, 60),
    Status.REJECTED: (11, 100, 20),
    Status.INTERVIEWED: (17, 45, 14),
    Status.APPLIED: (24, 20, 0),
}


def fill_northwind() -> Organization:
    story = begin()
    for status, applied in arrivals(story):
        PLOTS[status](story, applied)
    meet_today(story)
    call_one_off(story)
    add_pipelines(story)
    add_contacts(story)
    add_invitations(story)
    return story.organization


def begin() -> Story:
    organization = found(NAME, website="https://northwind.example.com", time_zone="Europe/Amsterdam")
    started = organization.today - timedelta(days=395)

    def add(role: str, address: str, name: str):
        return add_employee(organization, role, f"{address}@{DOMAIN}", name, started=started)

    chance = random.Random(1)  # noqa: S311 - the same demo every time
    story = Story(
        organization=organization,
        domain=DOMAIN,
        admin=add("ADMIN", "admin", "Ingrid Solberg"),
        recruiter=add("RECRUITER", "recruiter", "Mateo Vargas"),
        interviewer=add("INTERVIEWER", "interviewer", "Amara Okafor"),
        panel=[
            add("INTERVIEWER", "yuki.tanaka", "Yuki Tanaka"),
            add("INTERVIEWER", "priya.raman", "Priya Raman"),
            add("INTERVIEWER", "luc.moreau", "Luc Moreau"),
        ],
        names=chance.sample(words.PEOPLE, len(words.PEOPLE)),
        chance=chance,
    )
    add("VIEWER", "viewer", "Jonas Weber")
    return story


def arrivals(story: Story) -> list[tuple[Candidate.Status, datetime]]:
    """Status to come to and day of application, the oldest first."""
    coming = [
        (status, story.now - timedelta(days=story.chance.randint(least, most), minutes=story.chance.randint(5, 600)))
        for status, (how_many, most, least) in CROWD.items()
        for _ in range(how_many)
    ]
    return sorted(coming, key=lambda arrival: arrival[1])


def be_hired(story: Story, applied: datetime) -> None:
    candidate = welcome(story, applied)
    for number, days in enumerate((4, 9, 15)):
        meet(story, candidate, number, applied + timedelta(days=days), ratings=(4, 4.5, 5))
    step(story, candidate, Status.HIRED, at=applied + timedelta(days=21))


def be_rejected(story: Story, applied: datetime) -> None:
    candidate = welcome(story, applied)
    if story.chance.random() < 0.6:
        meet(story, candidate, 0, applied + timedelta(days=5), ratings=(1, 1.5, 2, 2.5))
    step(story, candidate, Status.REJECTED, at=applied + timedelta(days=12))


def be_interviewed(story: Story, applied: datetime) -> None:
    """Some wait for the feedback of an interviewer, some for the next round."""
    chance = story.chance
    candidate = welcome(story, applied)
    rounds = chance.randint(1, 2)
    for number in range(rounds):
        meet(story, candidate, number, applied + timedelta(days=4 + 5 * number), ratings=(2.5, 3, 3.5, 4, 4.5, 5))
    if rounds == 1 and chance.random() < 0.7:
        days_ago = timedelta(days=chance.randint(1, 4))
        meet(story, candidate, 1, story.now - days_ago, ratings=(3, 3.5, 4, 4.5), late=[story.interviewer])
    elif rounds == 2 and chance.random() < 0.7:
        meet(story, candidate, 2, story.now + timedelta(days=chance.randint(1, 9)))


def wait(story: Story, applied: datetime) -> None:
    """Applied; some have a first date, and some were rejected in haste."""
    chance = story.chance
    candidate = welcome(story, applied)
    if chance.random() < 0.15:
        step(story, candidate, Status.REJECTED, at=applied + (story.now - applied) / 3)
        step(story, candidate, Status.APPLIED, at=applied + (story.now - applied) / 2)
    if chance.random() < 0.4:
        meet(story, candidate, 0, story.now + timedelta(days=chance.randint(1, 8)))


PLOTS = {
    Status.HIRED: be_hired,
    Status.REJECTED: be_rejected,
    Status.INTERVIEWED: be_interviewed,
    Status.APPLIED: wait,
}


def meet_today(story: Story) -> None:
    """Something to do on the day that the demo is made, whatever weekday it is."""
    waiting = Candidate.objects.filter(
        organization=story.organization, status=Status.INTERVIEWED, interviews__isnull=False
    )
    free = waiting.exclude(interviews__end_time__gte=story.now - timedelta(days=4)).order_by("pk").distinct()
    for candidate, number, opening in zip(free, (2, 1, 1), (10, 13, 15), strict=False):
        interviewers = [story.interviewer, story.panel[number]]
        people = [candidate.pk, *(employee.pk for employee in interviewers)]
        if found_time := story.diary.book_at(story.today, ROUNDS[number][1], people, opening=opening):
            arrange(story, candidate, number, *found_time, interviewers)


def call_one_off(story: Story) -> None:
    coming = Interview.objects.filter(organization=story.organization, start_time__gt=story.now)
    reschedule(coming.latest("start_time"), by=story.recruiter.user, is_cancelled=True)
