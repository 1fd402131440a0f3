"""The floors: what hand-written SQL behind the same authentication takes. PostgreSQL writes the whole answer.

For the list of 20, `row_to_json` over a subselect was the quickest of the ways to write it."""

from __future__ import annotations

import json
import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from uuid_utils.compat import uuid7

from candidates.models import Candidate
from organizations.authentication import BearerAuthentication
from organizations.models import fold
from organizations.models.words import words_in


def moment(column: str) -> str:
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""


def owned(table: str) -> str:
    return f"""{table}.id, {table}.organization_id AS "organizationId", {table}.is_active AS "isActive",
        {table}.is_archived AS "isArchived", {moment(f"{table}.created_at")} AS "createdAt",
        {moment(f"{table}.updated_at")} AS "updatedAt", {table}.created_by_id AS "createdById" """


def person(table: str) -> str:
    return f"""(SELECT row_to_json(p) FROM (SELECT {table}.user_id AS id, {table}.first_name AS "firstName",
        {table}.last_name AS "lastName", {table}.email, {table}.phone_number AS "phoneNumber") p) AS "user" """


COLUMNS = f"""{owned("c")}, c.user_id AS "userId", c.status, c.rating::float8 AS rating, c.ratings::float8 AS ratings,
    {moment("c.status_since")} AS "statusSince",
    {moment("c.applied_date")} AS "appliedDate", {moment("c.hired_date")} AS "hiredDate",
    {moment("c.reject_date")} AS "rejectDate", c.source_id AS "sourceId", c.employee_id AS "employeeId",
    c.cv_url AS "cvUrl", c.candidate_level AS "candidateLevel", c.notes"""
CANDIDATE = f"""{COLUMNS}, {person("c")},
    (SELECT row_to_json(q) FROM (SELECT {owned("s")}, s.name WHERE s.id IS NOT NULL) q) AS source"""
FROM_CANDIDATES = """FROM candidates_candidate c LEFT JOIN candidates_source s
    ON s.id = c.source_id AND s.organization_id = c.organization_id WHERE c.organization_id = %(organization)s"""
TALLIED = """SELECT coalesce(sum(count), 0)::bigint FROM organizations_tally
    WHERE rows_of = 'candidate_is_tallied' AND organization_id = %(organization)s"""

ITEMS = "'items', coalesce(json_agg(row_to_json(t)), '[]')"
LIST = f"""SELECT json_build_object({ITEMS}, 'total', ({TALLIED}))::text FROM (
    SELECT {CANDIDATE} {FROM_CANDIDATES} ORDER BY c.created_at DESC, c.id DESC LIMIT 20) t"""
ONE = f"""SELECT row_to_json(t)::text FROM (SELECT {CANDIDATE}, (SELECT coalesce(json_agg(row_to_json(k)), '[]') FROM (
    SELECT {owned("k")}, k.candidate_id AS "candidateId", k.name, k.level FROM candidates_skill k
    WHERE k.candidate_id = c.id AND k.organization_id = %(organization)s ORDER BY k.created_at, k.id) k) AS skills
    {FROM_CANDIDATES} AND c.id = %(id)s) t"""
INTERVIEWS = f"""SELECT json_build_object({ITEMS}, 'total', count(*))::text
    FROM (SELECT {owned("i")}, i.title, {moment("i.start_time")} AS "startTime", {moment("i.end_time")} AS "endTime",
    i.location, i.note, i.rating::float8 AS rating, i.candidate_id AS "candidateId", i.is_cancelled AS "isCancelled",
    (SELECT coalesce(json_agg(row_to_json(w)), '[]') FROM (SELECT {owned("v")}, v.interview_id AS "interviewId",
        v.employee_id AS "employeeId", (SELECT row_to_json(x) FROM (SELECT {owned("e")}, e.user_id AS "userId",
        e.role_id AS "roleId", e.started_work_on AS "startedWorkOn", {person("e")}) x) AS employee
        FROM interviews_interviewer v JOIN organizations_employee e ON e.id = v.employee_id
        WHERE v.interview_id = i.id AND v.organization_id = %(organization)s
        ORDER BY v.created_at, v.id) w) AS interviewers
    FROM interviews_interview i WHERE i.candidate_id = %(candidate)s AND i.organization_id = %(organization)s
    ORDER BY i.created_at DESC, i.id DESC LIMIT 10) t"""
INSERT = f"""WITH c AS (INSERT INTO candidates_candidate (id, organization_id, is_active, is_archived, created_at,
    updated_at, created_by_id, first_name, first_name_folded, last_name, last_name_folded, email, email_folded, status,
    applied_date, status_since, words, note_words) VALUES (%(id)s, %(organization)s, true, false, now(), now(), %(by)s,
    %(first)s, %(first_folded)s, %(last)s, %(last_folded)s, %(email)s, %(email_folded)s, 'APPLIED', %(applied)s,
    %(applied)s, %(words)s, '') RETURNING *)
    SELECT row_to_json(t)::text FROM (SELECT {COLUMNS} FROM c) t"""
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def caller(request: HttpRequest, permission: str) -> tuple[Any, Any]:
    """The signed-in user and their organization, in which they have the permission."""
    signed_in: Any = BearerAuthentication().authenticate(request)  # type: ignore[arg-type]
    if signed_in is None or not signed_in[0].may(permission):
        raise PermissionDenied
    return signed_in[0], signed_in[0].only_organization_id


def answer(sql: str, values: dict[str, Any], status: int = 200) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        (text,) = cursor.fetchone()
    return HttpResponse(text, status=status, content_type="application/json")


def candidates(request: HttpRequest) -> HttpResponse:
    _, organization = caller(request, "candidates.view_candidate")
    return answer(LIST, {"organization": organization})


def candidate(request: HttpRequest, pk: Any) -> HttpResponse:
    _, organization = caller(request, "candidates.view_candidate")
    return answer(ONE, {"organization": organization, "id": pk})


def interviews(request: HttpRequest, candidate: Any) -> HttpResponse:
    _, organization = caller(request, "interviews.view_interview")
    return answer(INTERVIEWS, {"organization": organization, "candidate": candidate})


def count(request: HttpRequest) -> HttpResponse:
    """The bare count of what a condition of the benchmark itself matches."""
    _, organization = caller(request, "candidates.view_candidate")
    condition = CONDITIONS[request.GET["of"]]
    sql = (
        f"SELECT count(*)::text FROM candidates_candidate c WHERE c.organization_id = %(organization)s AND {condition}"
    )
    return answer(sql, {"organization": organization})


SEARCH = f"""WITH found AS (SELECT c.id, ((ts_rank(%(weights)s::real[], w.vector, %(any)s::tsquery)
        + ts_rank(%(weights)s::real[], w.vector, %(whole)s::tsquery)) * 1000000)::int AS rank, count(*) OVER () AS total
        FROM candidate_search w JOIN candidates_candidate c ON c.id = w.row_id
        WHERE w.vector @@ %(match)s::tsquery AND c.organization_id = %(organization)s
        ORDER BY rank DESC, c.created_at DESC, c.id DESC LIMIT 20)
    SELECT json_build_object({ITEMS}, 'total', (SELECT max(total) FROM found))::text FROM (
        SELECT {CANDIDATE} FROM found f JOIN candidates_candidate c ON c.id = f.id LEFT JOIN candidates_source s
        ON s.id = c.source_id AND s.organization_id = c.organization_id
        ORDER BY f.rank DESC, c.created_at DESC, c.id DESC) t"""


def search(request: HttpRequest) -> HttpResponse:
    user, organization = caller(request, "candidates.view_candidate")
    asked = json.loads(Candidate.objects.all().search_text(request.GET["words"], user))
    weights = [asked[each] for each in "DCBA"]
    names = ("match", "any", "whole")
    return answer(SEARCH, {"organization": organization, "weights": weights, **{name: asked[name] for name in names}})


#: Conditions that match many rows, as the benchmark asks the API for them and as SQL says them.
CONDITIONS = {
    "where[rating][gte]=3": "c.rating >= 3",
    "where[status][ne]=APPLIED": "c.status <> 'APPLIED'",
    "where[appliedDate][gte]=2025-01-01": "c.applied_date >= '2025-01-01T00:00Z'",
    "where[user][lastName][startsWith]=s": "c.last_name_folded LIKE 's%%'",
    "where[candidateLevel]=Senior": "c.candidate_level_folded = 'senior'",
    "where[skills][name]=Python": "c.id IN (SELECT candidate_id FROM candidates_skill k "
    "WHERE k.organization_id = %(organization)s AND k.name_folded = 'python')",
}


@csrf_exempt
def apply(request: HttpRequest) -> HttpResponse:
    """A new candidate: the same columns written, the same row shown, checked as far as SQL does not check it."""
    user, organization = caller(request, "candidates.add_candidate")
    body = json.loads(request.body)
    words = body["user"]
    if not EMAIL.fullmatch(words["email"]) or str(organization) != body["organizationId"]:
        raise PermissionDenied
    values = {
        "id": uuid7(), "organization": organization, "by": user.pk, "first": words["firstName"],
        "first_folded": fold(words["firstName"]), "last": words["lastName"], "last_folded": fold(words["lastName"]),
        "email": words["email"], "email_folded": fold(words["email"]), "applied": f"{body['appliedDate']}T00:00Z",
        "words": " ".join(words_in(words["firstName"], words["lastName"], words["email"])),
    }  # fmt: skip
    return answer(INSERT, values, 201)
