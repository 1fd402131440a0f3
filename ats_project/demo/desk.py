"""What lies on the desk beside the candidates: pipelines, contacts, invitations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.text import slugify

from contacts.actions import write_contact
from contacts.models import Contact
from invitations.actions import accept, reject
from invitations.models import Invitation
from pipelines.actions import write_pipeline
from pipelines.models import Pipeline

from . import words
from .cast import account, backdate, built_in
from .story import Story


def add_pipelines(story: Story, pipelines: Sequence[tuple] = words.PIPELINES) -> None:
    by = story.admin.user
    for number, (name, description, stages) in enumerate(pipelines):
        since = story.now - timedelta(days=300 - 40 * number)
        write_pipeline(
            Pipeline(organization=story.organization, created_by=by, created_at=since),
            by=by,
            name=name,
            description=description,
            stages=[
                {"name": stage, "description": purpose, "index": index, "created_at": since}
                for index, (stage, purpose) in enumerate(stages)
            ],
        )


def add_contacts(story: Story, contacts: Sequence[tuple] = words.CONTACTS) -> None:
    by = story.admin.user
    lookers_after = list(dict.fromkeys([story.admin, story.recruiter, story.interviewer, *story.panel]))
    for number, (name, contact_type, city, country, notes) in enumerate(contacts):
        since = story.now - timedelta(days=9 * (len(contacts) - number), hours=number)
        write_contact(
            Contact(organization=story.organization, created_by=by, created_at=since),
            by=by,
            members=story.chance.sample(lookers_after, story.chance.randint(1, 2)),
            name=name,
            contact_type=contact_type,
            primary_email=f"hello@{slugify(name)}.example.com",
            primary_phone=f"+1-555-01{number:02}",
            website=f"https://{slugify(name)}.example.com",
            address=f"{12 + 7 * number} Station Road",
            city=city,
            postcode=f"{1000 + 37 * number}",
            country=country,
            notes=notes,
        )


def add_invitations(story: Story) -> None:
    """Open ones, one that expired, one that was declined, and one that made an employee."""
    invite_quietly(story, "INTERVIEWER", "sven.lindqvist", days_ago=1)
    invite_quietly(story, "RECRUITER", "nadia.benali", days_ago=3)
    invite_quietly(story, "VIEWER", "oscar.lund", days_ago=30)
    invite_quietly(story, "INTERVIEWER", "rosa.ferrari", days_ago=16, answer=reject)
    account(f"hanna.nowak@{story.domain}", "Hanna", "Nowak")
    accepted = invite_quietly(story, "RECRUITER", "hanna.nowak", days_ago=44, answer=accept)
    accepted.refresh_from_db()
    assert accepted.employee is not None
    backdate(accepted.employee, created_at=story.now - timedelta(days=43))


def invite_quietly(
    story: Story, role: str, address: str, *, days_ago: int, answer: Callable[[str, str], Any] | None = None
) -> Invitation:
    """An invitation, and its answer if it has one. Written down here: `invite` would mail the address."""
    sent = story.now - timedelta(days=days_ago)
    invitation = Invitation(
        organization=story.organization,
        email=f"{address}@{story.domain}",
        role=built_in(story.organization, role),
        invited_by=story.admin.user,
        created_by=story.admin.user,
        started_work_on=first_monday_after(story.day(sent) + timedelta(days=14)),
    )
    token = invitation.renew_token()
    invitation.save()
    if answer:
        answer(invitation.email, token)
    expires = sent + timedelta(days=story.organization.invite_expiry_days)
    backdate(invitation, created_at=sent, sent_at=sent, expire_date=expires)
    return invitation


def first_monday_after(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())
