"""Other Company: a second organization, so that one can see that neither sees the other."""

from __future__ import annotations

import random
from datetime import timedelta

from organizations.models import Organization

from . import words
from .cast import add_employee, found
from .desk import add_contacts, add_pipelines, invite_quietly
from .story import Status, Story, meet, step, welcome

NAME = "Other Company"
DOMAIN = "other.test"


def fill_other() -> Organization:
    story = begin()
    early, late, *rest = (story.now - timedelta(days=days, hours=3) for days in (40, 25, 9, 2))
    rejected, interviewed = welcome(story, early), welcome(story, late)
    step(story, rejected, Status.REJECTED, at=early + timedelta(days=7))
    meet(story, interviewed, 1, late + timedelta(days=6), ratings=(3.5, 4))
    for applied in rest:
        welcome(story, applied)
    meet(story, interviewed, 2, story.now + timedelta(days=2))
    add_pipelines(story, words.PIPELINES[:1])
    add_contacts(story, words.OTHER_CONTACTS)
    invite_quietly(story, "RECRUITER", "ida.holm", days_ago=2)
    return story.organization


def begin() -> Story:
    organization = found(NAME, time_zone="America/New_York")
    started = organization.today - timedelta(days=390)
    admin = add_employee(organization, "ADMIN", f"admin@{DOMAIN}", "Robin Castellanos", started=started)
    interviewer = add_employee(organization, "INTERVIEWER", f"interviewer@{DOMAIN}", "Dele Bakare", started=started)
    return Story(
        organization=organization,
        domain=DOMAIN,
        admin=admin,
        recruiter=admin,
        interviewer=interviewer,
        panel=[],
        names=list(words.OTHER_PEOPLE),
        chance=random.Random(2),  # noqa: S311 - the same demo every time
    )
