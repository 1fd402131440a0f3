"""PostgreSQL finds what is asked for by an index, in an organization that has most of the rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.db import connection, transaction
from rest_framework.test import APIRequestFactory, force_authenticate

from candidates.models import Candidate
from interviews.models import Interviewer
from organizations.models import Employee, Organization, User
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, built_in_role

from . import crowd
from .test_every_endpoint import RESOURCES, declared_conditions

#: Those that are few in any organization are not looked at.
SMALL = {"organization": "organizations_organization", "role": "organizations_role"}
BIG = {prefix: viewset for prefix, viewset in RESOURCES.items() if prefix not in SMALL}
#: A page comes out of an index in its order, or of no more rows than these.
SORTED_AT_MOST = 2_000
#: What is counted or sifted may cost so many times what it costs to count all rows of the organization by an index.
TIMES = 2
A_LITTLE = 100
NEWEST = [("list", ""), ("count", "")]
MAY_SEE_OWN = ("candidate", "candidate-interview", "candidate-interviewer", "candidate-skill")
#: Where it costs more, and why.
DEARER = {
    r"where\[candidate\]\[user\]\[(firstName|lastName|email)\]\[(ne|contains|startsWith)\]": "interviews of nearly all "
    "candidates: what these are not called, and the unique index of their e-mails, do not lead on to their keys",
}


@dataclass(frozen=True)
class Plans:
    """Those of a statement: the one that PostgreSQL takes, and the one without reading any table whole."""

    taken: dict[str, Any]
    by_index: dict[str, Any]

    @classmethod
    def of(cls, sql: str, params: Any, execute: Callable[..., Any]) -> Plans:
        found = []
        for whole in ("on", "off"):
            # The cost of a page is that of the disks that databases are on; docs/operations.md asks for it.
            execute(f"SET LOCAL random_page_cost = 1.1; SET LOCAL enable_seqscan = {whole}", ())
            found.append(execute(f"EXPLAIN (FORMAT JSON) {sql}", params).fetchone()[0][0]["Plan"])
        return cls(*found)


def explained(sql: str, params: Any = ()) -> Plans:
    with connection.cursor() as cursor:

        def execute(sql: str, params: Any) -> Any:
            cursor.execute(sql, params)
            return cursor

        return Plans.of(sql, params, execute)


def plans(prefix: str, action: str, query: str, user: User) -> list[Plans]:
    """Those of the statements by which an endpoint answers; none is run."""
    found = []

    def explain(execute, sql, params, many, context):
        def run(sql: str, params: Any) -> Any:
            execute(sql, params, many, context)
            return context["cursor"]

        found.append(Plans.of(sql, params, run))
        return execute("SELECT 1000" if is_total(sql) else "SELECT 1 WHERE false", (), many, context)

    _ = user.grants
    request = APIRequestFactory().get("/", QUERY_STRING=query)
    force_authenticate(request, user)
    with connection.execute_wrapper(explain):
        response = BIG[prefix].as_view({"get": action})(request)
    assert response.status_code == 200, (query, response.data)
    assert found
    return found


def is_total(sql: str) -> bool:
    return re.match(r"SELECT \(*(COUNT|SUM)\(", sql) is not None


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def tables(plan: dict[str, Any], kind: str = "") -> set[str]:
    """The big ones that are read, by nodes of a kind."""
    reading = (node for node in nodes(plan) if "Relation Name" in node and node["Node Type"].endswith(kind))
    return {node["Relation Name"] for node in reading} - {*SMALL.values(), "organizations_tally", "candidates_source"}


def counting(table: str, organization: Organization) -> float:
    """The cost of counting all rows of the organization by an index."""
    plan = explained(f"SELECT count(*) FROM {table} WHERE organization_id = %s", [organization.pk]).by_index
    assert "Index Only Scan" in {node["Node Type"] for node in nodes(plan)}
    return plan["Total Cost"]


def faults(plans: Plans, cost: Callable[[str], float]) -> Iterator[str]:
    """What is wrong with them. A narrow table may be read whole where that costs no more than an index that has all
    that is asked for; but there must be that index."""
    if "candidates_candidate" in tables(plans.taken, "Seq Scan"):
        yield "reads all candidates"
    plan = plans.by_index
    if tables(plan, "Seq Scan"):
        yield f"reads all of {tables(plan, 'Seq Scan')}"
    if plan["Node Type"] == "Limit":
        many = max((node["Plans"][0]["Plan Rows"] for node in nodes(plan) if node["Node Type"] == "Sort"), default=0)
        if many > SORTED_AT_MOST:
            yield f"sorts {many} rows"
    dear = A_LITTLE + TIMES * sum(cost(table) for table in tables(plan))
    if plan["Total Cost"] > dear:
        yield f"costs {plan['Total Cost']}, not {dear}"


def faults_of(prefix: str, cases: list[tuple[str, str]], user: User, organization: Organization) -> list[Any]:
    cost = cache(lambda table: counting(table, organization))
    return [
        (prefix, action, query, fault)
        for action, query in cases
        for found in plans(prefix, action, query, user)
        for fault in faults(found, cost)
        if not any(re.match(query_that_is, query) for query_that_is in DEARER)
    ]


def declared(prefix: str) -> list[tuple[str, str]]:
    filtered = declared_conditions(BIG[prefix].query.root)
    return [*plain(prefix), *((action, query) for query in filtered for action in ("list", "count"))]


def plain(prefix: str) -> list[tuple[str, str]]:
    fields = [f"order[{name.replace('.', '][')}]" for name in BIG[prefix].query.order]
    return [*NEWEST, *(("list", f"{field}={direction}") for field in fields for direction in ("ASC", "DESC"))]


def without_index(organization: Organization) -> list[str]:
    """The faults of a question that nothing is made for."""
    rows = Candidate.objects.filter(organization=organization).order_by("notes")[:10]
    found = explained(*rows.query.sql_with_params())
    return [fault.partition(" ")[0] for fault in faults(found, lambda table: counting(table, organization))]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="it is about PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_every_declared_filter_and_order_has_an_index():
    """One test, since loading the rows takes longer than all the rest."""
    big, other, *_ = organizations = OrganizationFactory.create_batch(5)
    admin = EmployeeFactory(organization=big, role_name="ADMIN").user
    both = EmployeeFactory(organization=big, role_name="ADMIN").user
    EmployeeFactory(user=both, organization=other, role_name="ADMIN")
    crowd.load(organizations, by=admin)
    interviewing = Interviewer.objects.filter(organization=big).exclude(employee__user__in=[admin, both])
    interviewer = Employee.objects.get(pk=interviewing.values("employee")[:1])
    Employee.objects.filter(pk=interviewer.pk).update(role=built_in_role(big, "INTERVIEWER"))

    with transaction.atomic():
        found = {
            "in one": [fault for prefix in BIG for fault in faults_of(prefix, declared(prefix), admin, big)],
            "in two": [fault for prefix in BIG for fault in faults_of(prefix, plain(prefix), both, big)],
            "own": [fault for prefix in MAY_SEE_OWN for fault in faults_of(prefix, NEWEST, interviewer.user, big)],
            "of nothing made for it": without_index(big),
        }

    assert found == {"in one": [], "in two": [], "own": [], "of nothing made for it": ["reads", "sorts", "costs"]}
