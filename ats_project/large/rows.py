"""The rows of a large installation, on their way into the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import models

from candidates.models import Candidate, Document, Education, Experience, Skill, Source, StatusChange
from contacts.models import Contact, Member
from interviews.models import Feedback, Interview, Interviewer
from invitations.models import Invitation
from organizations.loading import load
from organizations.models import Employee, Organization, Role, User
from organizations.searching import left_for_later
from pipelines.models import Pipeline, Stage

EVERY = ("id", "created_at", "updated_at")
OWNED = (*EVERY, "organization_id", "created_by_id")
PERSON = ("first_name", "last_name", "email", "phone_number")
OF_CANDIDATE = (*OWNED, "candidate_id")

#: The columns of each table that are given, in the order in which the tables are written. What is part of a candidate
#: comes before the candidates: what is made of it, such as the words that search finds, is then made once.
COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    User: (*EVERY, "password", "is_email_proven", *PERSON),
    Organization: (*EVERY, "created_by_id", "name", "website", "time_zone"),
    Role: (*OWNED, "name", "permissions", "is_built_in"),
    Employee: (*OWNED, *PERSON, "user_id", "role_id", "started_work_on"),
    Source: (*OWNED, "name"),
    Stage: (*OWNED, "pipeline_id", "name", "description", "index"),
    Pipeline: (*OWNED, "name", "description"),
    Member: (*OWNED, "contact_id", "employee_id"),
    Contact: (*OWNED, "name", "contact_type", "primary_email", "primary_phone", "website", "city", "country", "notes"),
    Invitation: (
        *OWNED, "email", "role_id", "invited_by_id", "started_work_on", "sent_at", "expire_date", "answer",
        "token_hash", "employee_id",
    ),
    Skill: (*OF_CANDIDATE, "name", "level"),
    Experience: (*OF_CANDIDATE, "occupation", "company", "duration", "description"),
    Education: (*OF_CANDIDATE, "school_name", "degree", "field", "completion_date"),
    Document: (*OF_CANDIDATE, "name", "document_url"),
    StatusChange: (*OF_CANDIDATE, "from_status", "to_status"),
    Candidate: (
        *OWNED, *PERSON, "user_id", "status", "rating", "ratings", "applied_date", "hired_date", "reject_date",
        "moved_at", "source_id", "employee_id", "cv_url", "candidate_level", "notes",
    ),
    Interviewer: (*OWNED, "interview_id", "employee_id"),
    Interview: (*OF_CANDIDATE, "title", "start_time", "end_time", "location", "note", "rating", "is_cancelled"),
    Feedback: (
        *OF_CANDIDATE, "interview_id", "interviewer_id", "participation_id", "description", "rating", "status",
    ),
}  # fmt: skip

#: Candidates that are kept in memory, with all that belongs to them, before they are written.
BLOCK = 5_000


class Pages:
    """Rows that wait to be written, some thousand candidates in a transaction."""

    def __init__(self, progress: Callable[[int], Any] = lambda candidates: None) -> None:
        self.waiting: dict[type[models.Model], list[tuple]] = {model: [] for model in COLUMNS}
        self.written: Counter[type[models.Model]] = Counter()
        self.progress = progress

    def add(self, model: type[models.Model], *values: Any) -> None:
        """A row, as the values of `COLUMNS`."""
        self.waiting[model].append(values)
        if model is Candidate and len(self.waiting[model]) >= BLOCK:
            self.write()

    def write(self) -> None:
        with left_for_later():
            for model, rows in self.waiting.items():
                if rows:
                    self.written[model] += load(model, COLUMNS[model], rows)
        self.progress(len(self.waiting[Candidate]))
        self.waiting = {model: [] for model in COLUMNS}
