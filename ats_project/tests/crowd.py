"""Many rows of every kind on PostgreSQL, nine tenths of them in one organization, written by the database itself."""

from __future__ import annotations

from django.db import connection, models, transaction

from candidates.models import Candidate, Document, Education, Experience, Skill, Source, StatusChange
from contacts.models import Contact, Member
from interviews.models import Feedback, Interview, Interviewer
from invitations.models import Invitation
from organizations.models import Employee, Organization, Role, User, Words
from organizations.models.ownership import Folded
from pipelines.models import Pipeline, Stage

CANDIDATES, OTHERS = 100_000, 5_000
OWNED = {
    "id": "lpad(to_hex(n), 32, '0')::uuid",
    "organization_id": "organization_id",
    "is_active": "n % 500 <> 0",
    "is_archived": "n % 500 = 0",
    "created_at": "now() + n * interval '1 minute' - interval '1 year'",
    "updated_at": "now() + n * interval '1 minute' - interval '1 year'",
}


def fill(model: type[models.Model], rows: str, **columns: str) -> None:
    """INSERT … SELECT the columns from `rows`, which has `n` and `organization_id`; folded twins by themselves. No one
    is searched for by words here."""
    names = {field.column for field in model._meta.concrete_fields}
    columns = {name: value for name, value in OWNED.items() if name in names} | columns
    for field in model._meta.concrete_fields:
        if isinstance(field, Folded) and field.folds in columns:
            columns[field.column] = f"lower({columns[field.folds]})"
        if isinstance(field, Words):
            columns[field.column] = "''"
    written, values = ", ".join(f'"{name}"' for name in columns), ", ".join(columns.values())
    with connection.cursor() as cursor:
        # What is written here is known to be right; checking it takes longer than writing it.
        is_superuser = "current_setting('is_superuser') = 'on'"
        cursor.execute(f"SELECT set_config('session_replication_role', 'replica', true) WHERE {is_superuser}")
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({written}) SELECT {values} FROM ({rows}) AS rows")


def parts_of(model: type[models.Model], columns: str = "", rows: int = OTHERS) -> str:
    """Rows for `fill`: one for each of the whole, as `whole`."""
    return (
        f"SELECT id AS whole, organization_id, row_number() OVER () AS n {columns} "
        f"FROM {model._meta.db_table} LIMIT {rows}"
    )


def load(organizations: list[Organization], by: User) -> None:
    """Nine tenths of everything in the first organization, and what autovacuum would do in a while."""
    with transaction.atomic():
        _fill_all(organizations, by)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _fill_all(organizations: list[Organization], by: User) -> None:
    big, *small = (f"'{organization.pk}'::uuid" for organization in organizations)
    owners = f"CASE WHEN n % 10 > 0 THEN {big} ELSE (ARRAY[{', '.join(small)}])[1 + n / 10 % {len(small)}] END"
    own = f"SELECT n, {owners} AS organization_id FROM generate_series(1, {OTHERS}) AS n"
    days = "now() + n * interval '1 hour' - interval '10 years'"
    person = {"first_name": "'First' || n % 1000", "last_name": "'Last' || n", "email": "'ann' || n || '@example.com'"}
    fill(Source, own.replace(str(OTHERS), "300"), name="'Source ' || n", created_by_id=f"'{by.pk}'")
    fill(
        Candidate,
        own.replace(str(OTHERS), str(CANDIDATES)),
        **person,
        phone_number="'+1-555-' || n",
        status="(ARRAY['APPLIED', 'APPLIED', 'INTERVIEWED'])[1 + n % 3]",
        rating="CASE WHEN n % 3 = 0 THEN n % 11 / 2.0 END",
        ratings="CASE WHEN n % 5 = 0 THEN n % 500 / 100.0 END",
        applied_date=days,
        status_since=days,
        source_id=f"(ARRAY(SELECT id FROM {Source._meta.db_table} LIMIT 20))[1 + n % 20]",
        notes="repeat('What was said on the phone. ', (n % 20)::int)",
        candidate_level="CASE WHEN n % 2 = 0 THEN 'Level ' || n % 10 END",
        created_by_id=f"CASE WHEN n % 2 = 0 THEN '{by.pk}'::uuid END",
    )
    of_candidate = parts_of(Candidate)
    fill(
        StatusChange,
        of_candidate,
        candidate_id="whole",
        from_status="'APPLIED'",
        to_status="(ARRAY['INTERVIEWED', 'REJECTED', 'HIRED'])[1 + n % 3]",
    )
    fill(Skill, of_candidate, candidate_id="whole", name="'Skill ' || n % 300", level="'EXPERT'")
    fill(Experience, of_candidate, candidate_id="whole", occupation="'Job ' || n % 300", company="'Firm ' || n % 900")
    fill(
        Education,
        of_candidate,
        candidate_id="whole",
        school_name="'School ' || n % 300",
        degree="'Degree ' || n % 20",
        field="'Field ' || n % 50",
        completion_date="current_date - n::int % 5000",
    )
    fill(Document, of_candidate, candidate_id="whole", name="'CV ' || n", document_url="'https://example.com'")
    fill(
        Interview,
        of_candidate,
        candidate_id="whole",
        title="'Talk ' || n % 700",
        start_time=days,
        end_time=f"{days} + interval '30 minutes'",
        location="'Room ' || n % 50",
        rating="CASE WHEN n % 3 = 0 THEN n % 11 / 2.0 END",
        is_cancelled="n % 300 = 0",
    )
    fill(
        Contact,
        own,
        name="'Firm ' || n",
        contact_type="(ARRAY['CLIENT', 'LEAD'])[1 + n % 2]",
        city="'City ' || n % 90",
        primary_email="'firm' || n || '@example.com'",
        primary_phone="'+1-555-' || n",
        postcode="n % 900",
        website="'https://example.com/' || n",
        country="(ARRAY['DE', 'FR', NULL])[1 + n % 3]",
    )
    fill(Pipeline, own, name="'Pipeline ' || n")
    fill(Stage, parts_of(Pipeline), pipeline_id="whole", name="'Stage ' || n % 5", index="n % 7")
    fill(User, own, **person, password="''", is_superuser="false", is_email_proven="true")
    of_user = own.replace(
        " FROM", f", (ARRAY(SELECT id FROM {User._meta.db_table} WHERE email LIKE 'ann%'))[n] AS whole FROM"
    )
    role = f"(SELECT id FROM {Role._meta.db_table} LIMIT 1)"
    fill(Employee, of_user, **person, user_id="whole", role_id=role, started_work_on="current_date - n % 5000")
    one_of_twenty = f"(ARRAY(SELECT id FROM {Employee._meta.db_table} LIMIT 20))[1 + n % 20]"
    fill(Interviewer, parts_of(Interview), interview_id="whole", employee_id=one_of_twenty)
    fill(Member, parts_of(Contact), contact_id="whole", employee_id=one_of_twenty)
    fill(
        Feedback,
        parts_of(Interviewer, ", interview_id, employee_id"),
        interview_id="interview_id",
        interviewer_id="employee_id",
        participation_id="whole",
        candidate_id=f"(SELECT candidate_id FROM {Interview._meta.db_table} WHERE id = interview_id)",
        rating="n % 11 / 2.0",
        status="CASE WHEN n % 2 = 0 THEN 'HIRED' END",
    )
    fill(
        Invitation,
        own,
        email="'ann' || n || '@example.com'",
        role_id=role,
        invited_by_id=f"'{by.pk}'",
        started_work_on="CASE WHEN n % 2 = 0 THEN current_date END",
        sent_at="now()",
        expire_date="now() + n * interval '1 minute' - interval '5000 minutes'",
        answer="(ARRAY['INVITED', 'ACCEPTED'])[1 + n % 2]",
        token_hash="''",
    )
