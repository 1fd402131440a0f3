"""What must hold for every endpoint, asked of the router: it holds for the endpoint that is written tomorrow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from api.bulk import BulkCreateMixin
from api.query import Node
from api.schema import all_paths
from api.serializers import api_fields
from api.viewsets import BaseViewSet, CreateMixin, DestroyMixin, NestedViewSet, UpdateMixin
from ats_project.urls import router
from organizations.models import Organization
from organizations.roles import built_in_roles, every_permission
from organizations.tests.factories import EmployeeFactory, OrganizationFactory

from .world import World, new_bodies

RESOURCES: dict[str, type[BaseViewSet]] = {
    prefix: viewset
    for prefix, viewset, basename in router.registry
    if basename == prefix and not issubclass(viewset, NestedViewSet)
}
ALIASES = {prefix: viewset for prefix, viewset, basename in router.registry if basename.startswith("alias-")}
PARTS = {"candidate": "skills", "candidate-interview": "feedbacks"}
PUBLIC = {
    ("POST", "/api/auth/login"),
    ("POST", "/api/auth/refresh-token"),
    ("POST", "/api/auth/request-password"),
    ("POST", "/api/auth/reset-password"),
    ("POST", "/api/invite/validate"),
    ("GET", "/api/invite/validate"),
    ("POST", "/api/invite/reject"),
    ("GET", "/api/schema"),
    ("GET", "/api/docs"),
}
#: Keys that hold the id of another row.
REFERENCES = {"organizationId", "candidateId", "interviewId", "employeeId", "interviewerId", "roleId", "pipelineId"}
UNKNOWN = "018f0000-0000-7000-8000-000000000000"

each_resource = pytest.mark.parametrize("prefix", RESOURCES)


def that_can(*mixins: type) -> Any:
    return pytest.mark.parametrize("prefix", [p for p, v in RESOURCES.items() if issubclass(v, mixins)])


@pytest.fixture
def world(organization) -> World:
    return World(organization)


def operator_value(condition: Any, node: Node) -> list[str]:
    """Query strings after the field name that are valid for a condition."""
    from django import forms

    from api import conditions

    each = condition.operand.each
    value = {
        conditions.BooleanField: lambda: "true",
        conditions.ChoiceField: lambda: str(next(iter(each.choices))[0]),
        conditions.ParsedField: lambda: "2024-01-10",
        forms.UUIDField: lambda: UNKNOWN,
        conditions.DecimalField: lambda: "4.5",
        conditions.IntegerField: lambda: "1",
        forms.CharField: lambda: "a",
    }[type(each)]()
    match condition.operator:
        case "eq":
            return [f"={quote(value)}"]
        case "in":
            return [f"[]={quote(value)}", f"[in][]={quote(value)}&X[in][]={quote(value)}"]
        case "between":
            return [f"[between][]={quote(value)}&X[between][]={quote(value)}"]
    return [f"[{condition.operator}]={quote(value)}"]


def declared_conditions(node: Node, above: str = "where"):
    for name, by_operator in node.columns.items():
        field = above + "".join(f"[{step}]" for step in name.split("."))
        for condition in by_operator.values():
            for value in operator_value(condition, node):
                yield field + value.replace("X", field)
    for name, below in node.below.items():
        yield from declared_conditions(below, f"{above}[{name}]")


# Strangers and anonymous.


@each_resource
def test_a_strangers_rows_do_not_exist(prefix, stranger, world):
    row = world[prefix]

    assert str(row.pk) not in stranger.get(f"/api/{prefix}?take=100").content.decode()
    assert stranger.get(f"/api/{prefix}?where[id]={row.pk}").json()["total"] == 0
    assert stranger.get(f"/api/{prefix}/count?where[id]={row.pk}").json() == 0
    assert stranger.get(f"/api/{prefix}/pagination?where[id]={row.pk}").json()["total"] == 0
    if "organizationId" in RESOURCES[prefix].query.where:
        listed = stranger.get(f"/api/{prefix}?where[organizationId]={world.organization.pk}")
        assert listed.json() == {"items": [], "total": 0}
    for method in ("get", "put", "patch", "delete"):
        foreign = getattr(stranger, method)(f"/api/{prefix}/{row.pk}")
        absent = getattr(stranger, method)(f"/api/{prefix}/{UNKNOWN}")
        assert foreign.status_code == absent.status_code
        assert foreign.status_code in {404, 405}
        assert {**foreign.json(), "requestId": ""} == {**absent.json(), "requestId": ""}
    assert type(row)._base_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize(("prefix", "part"), PARTS.items())
def test_the_parts_of_a_strangers_row_do_not_exist(prefix, part, stranger, world):
    for method in ("get", "post"):
        assert getattr(stranger, method)(f"/api/{prefix}/{world[prefix].pk}/{part}").status_code == 404


@pytest.mark.parametrize("action", ["hired", "rejected"])
def test_a_stranger_can_neither_hire_nor_reject(action, stranger, world):
    assert stranger.put(f"/api/candidate/{world['candidate'].pk}/{action}").status_code == 404


@that_can(CreateMixin)
def test_an_id_of_another_organization_in_a_body_is_refused_like_one_that_does_not_exist(prefix, stranger, world):
    if prefix == "organization":
        pytest.skip("an organization refers to nothing")
    body = new_bodies(world)[prefix]()
    before = type(world[prefix])._base_manager.count()

    foreign = stranger.post(f"/api/{prefix}", body)
    absent = stranger.post(f"/api/{prefix}", {k: UNKNOWN if k in REFERENCES else v for k, v in body.items()})

    assert (foreign.status_code, absent.status_code) == (400, 400)
    assert {**foreign.json(), "requestId": ""} == {**absent.json(), "requestId": ""}
    assert type(world[prefix])._base_manager.count() == before


@that_can(BulkCreateMixin)
def test_a_stranger_makes_many_of_nothing_here(prefix, stranger, world):
    body = new_bodies(world)[prefix]()
    before = type(world[prefix])._base_manager.count()

    foreign = stranger.post(f"/api/{prefix}/bulk", [body])
    absent = stranger.post(f"/api/{prefix}/bulk", [{**body, "organizationId": UNKNOWN}])

    assert (foreign.status_code, absent.status_code) == (400, 400)
    assert {**foreign.json(), "requestId": ""} == {**absent.json(), "requestId": ""}
    assert foreign.json()["details"][0]["field"] == "[0].organizationId"
    assert type(world[prefix])._base_manager.count() == before


@that_can(CreateMixin)
def test_rows_of_two_own_organizations_do_not_mix(prefix, organization, world, sign_in):
    """Someone who belongs to both could see both ids: they are still of two organizations."""
    recruiter = sign_in("ADMIN")
    elsewhere = OrganizationFactory()
    EmployeeFactory(organization=elsewhere, user=recruiter.user, role_name="ADMIN")
    body, other = new_bodies(world).get(prefix), World(elsewhere)
    if body is None:
        pytest.skip("refers to nothing")
    theirs = {k: v for k, v in new_bodies(other)[prefix]().items() if k in REFERENCES and k != "organizationId"}

    for key, value in theirs.items():
        mixed = {**body(), key: value}
        if len(REFERENCES & set(mixed)) < 2:
            continue  # Its only id decides where it belongs.
        assert recruiter.post(f"/api/{prefix}", mixed).status_code == 400, key


def routes() -> list[tuple[str, str]]:
    """Every method and path of the API, with an id for each placeholder."""
    found = []

    def walk(patterns, above=""):
        for pattern in patterns:
            text = above + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, text)
            elif isinstance(pattern, URLPattern) and "api/" in text:
                path = "/" + text.replace("(?P<pk>[^/]+)", UNKNOWN).replace("^", "").replace("/?$", "").replace("$", "")
                actions = getattr(pattern.callback, "actions", None)
                methods = actions or [m for m in ("get", "post", "put", "patch") if _takes(pattern.callback, m)]
                # DRF adds HEAD to a view that was called.
                found.extend((method.upper(), path) for method in methods if method != "head")

    walk(get_resolver().url_patterns)
    return sorted(set(found))


def _takes(callback, method: str) -> bool:
    return hasattr(getattr(callback, "view_class", getattr(callback, "cls", None)), method)


def test_anonymous_is_turned_away_with_and_without_a_trailing_slash(anonymous):
    found = routes()
    assert len(found) > 100
    assert set(found) >= PUBLIC
    for method, path in found:
        for spelling in (path, f"{path}/"):
            response = anonymous.generic(method, spelling)
            if (method, path) in PUBLIC:
                assert response.status_code in {200, 400}, (method, spelling)
            else:
                assert response.status_code == 401, (method, spelling, response.content)
                assert response.json()["error"] == "Unauthorized"


@pytest.mark.parametrize("alias", ALIASES)
def test_a_further_name_is_the_same_resource(alias, recruiter, world):
    prefix = next(p for p, viewset in RESOURCES.items() if viewset is ALIASES[alias])
    assert recruiter.get(f"/api/{alias}").json() == recruiter.get(f"/api/{prefix}").json()


# Roles.

MAY_SEE_OWN = {"organization", "candidate", "candidate-skill", "candidate-experience", "candidate-education",
               "candidate-document", "candidate-interview", "candidate-interviewer", "candidate-feedback",
               "employee"}  # fmt: skip
RECRUITING = {p for p in RESOURCES if p.startswith("candidate") or p.startswith(("pipeline", "organization-contact"))}
SEES = {
    "ADMIN": set(RESOURCES),
    "RECRUITER": RECRUITING | {"invite", "employee", "role", "organization"},
    "INTERVIEWER": MAY_SEE_OWN,
    "VIEWER": RECRUITING | {"employee", "organization"},
    "EMPLOYEE": {"employee"},
}
MAKES = {
    "ADMIN": {p for p, v in RESOURCES.items() if issubclass(v, CreateMixin)} - {"organization"},
    "RECRUITER": {p for p in RECRUITING | {"invite"} if issubclass(RESOURCES[p], CreateMixin)},
    "INTERVIEWER": {"candidate-feedback"},
    "VIEWER": set(),
    "EMPLOYEE": set(),
}
CHANGES = {
    "ADMIN": {p for p, v in RESOURCES.items() if issubclass(v, UpdateMixin)},
    "RECRUITER": {p for p in RECRUITING if issubclass(RESOURCES[p], UpdateMixin)},
    "INTERVIEWER": {"candidate-feedback"},
    "VIEWER": set(),
    "EMPLOYEE": set(),
}
each_role = pytest.mark.parametrize("role", built_in_roles())


@contextmanager
def undone() -> Iterator[None]:
    """What happens within is taken back, so that one world serves many tries."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def those_that_can(*mixins: type) -> list[str]:
    return [prefix for prefix, viewset in RESOURCES.items() if issubclass(viewset, mixins)]


@each_role
def test_each_role_sees_what_its_table_says(role, sign_in, world):
    client = sign_in(role)
    for prefix in RESOURCES:
        assert client.get(f"/api/{prefix}").status_code == (200 if prefix in SEES[role] else 403), prefix


@each_role
def test_each_role_makes_what_its_table_says(role, sign_in, organization):
    client = sign_in(role)
    world = World(organization, interviewer=client.employee)
    for prefix in those_that_can(CreateMixin):
        with undone():
            body = new_bodies(world)[prefix]() if prefix != "organization" else {"name": "Another"}
            if role == "INTERVIEWER" and prefix == "candidate-feedback":
                world["candidate-feedback"].delete()
                body["interviewerId"] = str(client.employee.pk)

            response = client.post(f"/api/{prefix}", body)

            assert response.status_code == (201 if prefix in MAKES[role] else 403), (prefix, response.content)


@each_role
def test_each_role_makes_many_of_what_it_makes_one_of(role, sign_in, world):
    client = sign_in(role)
    for prefix in those_that_can(BulkCreateMixin):
        with undone():
            response = client.post(f"/api/{prefix}/bulk", [new_bodies(world)[prefix]()])

            assert response.status_code == (201 if prefix in MAKES[role] else 403), (prefix, response.content)


@each_role
def test_each_role_changes_what_its_table_says(role, sign_in, organization):
    client = sign_in(role)
    world = World(organization, interviewer=client.employee)
    for prefix in those_that_can(UpdateMixin):
        response = client.put(f"/api/{prefix}/{world[prefix].pk}", {})
        assert response.status_code == (200 if prefix in CHANGES[role] else 403), (prefix, response.content)


@each_role
def test_each_role_deletes_what_its_table_says(role, sign_in, organization):
    client = sign_in(role)
    world = World(organization, interviewer=client.employee)
    for prefix in those_that_can(DestroyMixin):
        with undone():
            row = world[prefix]
            key = row.pk

            response = client.delete(f"/api/{prefix}/{key}")

            may = prefix in MAKES[role] and role != "INTERVIEWER"
            in_use = prefix == "candidate-interviewer"  # They gave feedback.
            assert response.status_code == (409 if may and in_use else 204 if may else 403), (prefix, response.content)
            assert type(row)._base_manager.filter(pk=key).exists() is not (may and not in_use)


@each_resource
def test_a_role_of_one_permission_opens_nothing_else(prefix, organization, world):
    """The permission to view one resource shows that resource, and of the others what everyone sees."""
    from conftest import client_of
    from organizations.tests.factories import RoleFactory

    permission = RESOURCES[prefix].model.permission("view")
    role = RoleFactory(organization=organization, permissions=[permission])
    client = client_of(EmployeeFactory(organization=organization, role=role).user)

    for other in RESOURCES:
        expected = 200 if other in {prefix, "employee"} else 403
        assert client.get(f"/api/{other}").status_code == expected, other
    assert client.get(f"/api/{prefix}/{world[prefix].pk}").status_code == 200


def test_every_viewset_asks_for_permissions_that_exist():
    # Only an operator makes an organization: that no role can hold its permission is the point.
    named = {p for v in RESOURCES.values() for p in v.permissions.values()} - {"organizations.add_organization"}
    assert named <= set(every_permission())


# Asking.


@each_resource
def test_every_declared_filter_runs(prefix, admin, world):
    for asked in declared_conditions(RESOURCES[prefix].query.root):
        response = admin.get(f"/api/{prefix}?{asked}")
        assert response.status_code == 200, (asked, response.content)


@each_resource
def test_every_declared_order_runs_and_its_pages_do_not_overlap(prefix, admin, organization, world):
    for name in RESOURCES[prefix].query.order:
        field = "".join(f"[{step}]" for step in name.split("."))
        for direction in ("ASC", "DESC"):
            whole = admin.get(f"/api/{prefix}?take=100&order{field}={direction}")
            assert whole.status_code == 200, (name, whole.content)
            ids = [item["id"] for item in whole.json()["items"]]
            pages = [
                admin.get(f"/api/{prefix}?take=1&skip={n}&order{field}={direction}").json()["items"][0]["id"]
                for n in range(min(3, len(ids)))
            ]
            assert pages == ids[: len(pages)]


@each_resource
def test_every_declared_relation_shows(prefix, admin, world):
    query = RESOURCES[prefix].query
    for path in all_paths(query):
        response = admin.get(f"/api/{prefix}/{world[prefix].pk}?relations[]={path}")
        assert response.status_code == 200, (path, response.content)
        shown = [response.json()]
        for step in path.split("."):
            assert all(step in row for row in shown), (path, shown)
            below = [row[step] for row in shown]
            shown = [r for rows in below for r in (rows if isinstance(rows, list) else [rows]) if r is not None]
        assert shown, f"{path} shows nothing: the world has no such row"


@each_resource
def test_what_is_selected_is_shown_and_nothing_else(prefix, admin, world):
    shown = admin.get(f"/api/{prefix}?where[id]={world[prefix].pk}").json()["items"][0]
    for name in shown:
        for path in (f"/api/{prefix}?where[id]={world[prefix].pk}&", f"/api/{prefix}/{world[prefix].pk}?"):
            answer = admin.get(f"{path}select[]={name}").json()
            (item,) = answer.get("items", [answer])
            assert item == {"id": shown["id"], name: shown[name]}


def test_a_selection_reads_its_columns_only_and_costs_no_further_query(recruiter, world):
    asked = "/api/candidate?select[]=status&select[]=sourceId&relations[]=source&relations[]=skills"
    with CaptureQueriesContext(connection) as captured:
        items = recruiter.get(asked).json()["items"]
    assert set(items[0]) == {"id", "status", "sourceId", "source", "skills"}
    (page,) = [q["sql"] for q in captured if 'FROM "candidates_candidate"' in q["sql"]]
    assert "status" in page
    assert "notes" not in page
    assert queries(recruiter, asked) == queries(recruiter, "/api/candidate?relations[]=source&relations[]=skills")


@pytest.mark.parametrize("spelling", ["relations[]={0}&relations[]={1}", "relations[0]={0}&relations[1]={1}",
                                      "relations={0},{1}", "relations={0}&relations={1}",
                                      "relations%5B%5D={0}&relations%5B%5D={1}"])  # fmt: skip
def test_relations_are_spelled_in_many_ways(spelling, recruiter, world):
    item = recruiter.get(f"/api/candidate?{spelling.format('user', 'source')}").json()["items"][0]
    assert {"user", "source"} <= set(item)


UNDECLARED = [
    "where[password]=a", "where[__class__]=a", "where[user][password][startsWith]=a", "order[password]=ASC",
    "relations[]=__class__", "relations[]=createdBy", "take=abc", "take=0", "take=101", "skip=-1", "skip=abc",
    "where[a][b][c][d][e][f]=1", "where[id=1", "where]id[=1", "where[id]]=1", "where[id][nope]=1", "where=1",
    "where[id]=nope", "where[createdAt][gt]=99999-01-01", "where[isActive]=maybe", "order[createdAt]=UP", "nope=1",
    "where[id][gt]=1", "where[organizationId]=1%27%20OR%201=1--", "where[createdAt][between][]=2024-01-01",
    "search=", "search[a]=b", "search=%2B-%22*", "select[]=password", "select[a]=id", "order=createdAt",
    "where[createdAt]=0000-01-01", "where[id][isNull]=perhaps",
    "&".join(f"a{n}=1" for n in range(10_000)), "&".join("where[isActive]=true" for n in range(1001)),
]  # fmt: skip


@each_resource
def test_what_is_not_declared_is_refused(prefix, admin):
    for asked in UNDECLARED:
        for path in (f"/api/{prefix}", f"/api/{prefix}/count", f"/api/{prefix}/pagination"):
            response = admin.get(f"{path}?{asked}")
            assert response.status_code == 400, (path, asked[:100], response.content)
            body = response.json()
            assert body["error"] == "Bad Request"
            assert body["details"][0]["message"]


#: What a row is found by: the endpoint, and a column of its row in `world`.
SEARCHED = {
    "candidate": "last_name",
    "candidate-interview": "title",
    "pipelines": "name",
    "organization-contact": "name",
}


@pytest.mark.parametrize("prefix", SEARCHED)
def test_what_is_searched_is_found(prefix, admin, stranger, world):
    asked = {"search": getattr(world[prefix], SEARCHED[prefix])}

    for path in (f"/api/{prefix}", f"/api/{prefix}/pagination"):
        found = admin.get(path, asked).json()
        assert str(world[prefix].pk) in {item["id"] for item in found["items"]}
        assert admin.get(f"/api/{prefix}/count", asked).json() == found["total"] == len(found["items"])
        assert stranger.get(path, asked).json() == {"items": [], "total": 0}


@pytest.mark.parametrize("prefix", sorted(set(RESOURCES) - set(SEARCHED)))
def test_nothing_else_takes_a_search(prefix, admin):
    for path in (f"/api/{prefix}", f"/api/{prefix}/count", f"/api/{prefix}/pagination"):
        response = admin.get(path, {"search": "a"})
        assert response.status_code == 400
        assert response.json()["details"][0]["field"] == "search"


def test_a_refusal_names_the_offender_and_lists_what_is_allowed(recruiter):
    (message,) = recruiter.get("/api/candidate?where[password]=a").json()["message"]
    assert message.startswith("where[password]: ")
    assert "status" in message


@each_resource
def test_unknown_keys_in_a_body_are_refused(prefix, admin, world):
    for method, path in (("post", f"/api/{prefix}"), ("put", f"/api/{prefix}/{world[prefix].pk}")):
        response = getattr(admin, method)(path, {"isStaff": True})
        if response.status_code not in {403, 405}:  # Only an operator makes an organization.
            assert response.status_code == 400
            assert "isStaff" in response.content.decode()


@each_resource
def test_a_path_id_that_is_no_uuid_is_malformed(prefix, admin):
    assert admin.get(f"/api/{prefix}/not-a-uuid").status_code == 400
    assert admin.get(f"/api/{prefix}/{'9' * 400}").status_code == 400


# Cost.


def fields_of(prefix: str) -> list[str]:
    return list(api_fields(RESOURCES[prefix].serializer_class))


def queries(client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200, response.content
    return len(captured)


@each_role
def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(role, sign_in):
    two, twenty = OrganizationFactory(), OrganizationFactory()
    clients = {}
    for size, organization in ((2, two), (20, twenty)):
        clients[size] = sign_in(role, organization=organization)
        World(organization, interviewer=clients[size].employee, size=size)
    for prefix in SEES[role]:
        paths = "&".join(f"relations[]={path}" for path in all_paths(RESOURCES[prefix].query))
        for asked in (
            f"/api/{prefix}?take=100&{paths}",
            f"/api/{prefix}?take=100&cursor=",
            *(f"/api/{prefix}?take=100&select[]={name}" for name in fields_of(prefix)),
        ):
            assert queries(clients[2], asked) == queries(clients[20], asked), asked


def test_the_list_of_candidates_with_user_and_source_takes_two_queries(recruiter, world):
    """One for signing in and one for the page, which shows its total."""
    assert queries(recruiter, "/api/candidate?take=20&relations[]=user&relations[]=source") == 2


# Sent back.


@that_can(UpdateMixin)
@pytest.mark.parametrize("role", ["ADMIN", "RECRUITER"])
def test_what_get_returned_can_be_sent_back_whole_and_changes_nothing(role, prefix, sign_in, organization):
    client = sign_in(role)
    if prefix not in CHANGES[role]:
        pytest.skip("may not change it")
    world = World(organization)
    paths = "&".join(f"relations[]={path}" for path in all_paths(RESOURCES[prefix].query))
    path = f"/api/{prefix}/{world[prefix].pk}"
    for asked in ("", f"?{paths}"):
        before = client.get(path + asked).json()
        counts = {type(row): type(row)._base_manager.count() for row in world.rows.values()}

        response = client.put(path + asked, before)

        assert response.status_code == 200, response.content
        after = response.json()
        assert after.keys() >= before.keys()
        assert {k: after[k] for k in before if k != "updatedAt"} == {
            k: v for k, v in before.items() if k != "updatedAt"
        }
        assert after["updatedAt"] > before["updatedAt"]
        assert counts == {type(row): type(row)._base_manager.count() for row in world.rows.values()}


@that_can(UpdateMixin)
@pytest.mark.parametrize(("key", "value"), [
    ("id", UNKNOWN), ("organizationId", UNKNOWN), ("createdAt", "2001-01-01T00:00:00.000Z"), ("createdById", UNKNOWN),
])  # fmt: skip
def test_what_can_not_be_written_is_refused(prefix, key, value, admin, world):
    path = f"/api/{prefix}/{world[prefix].pk}"
    before = admin.get(path).json()

    response = admin.put(path, {key: value})

    assert response.status_code == 400
    assert response.json()["details"][0]["field"] == key
    assert admin.get(path).json() == before


@that_can(UpdateMixin)
def test_a_stale_row_is_refused(prefix, admin, world):
    path = f"/api/{prefix}/{world[prefix].pk}"
    response = admin.put(path, {**admin.get(path).json(), "updatedAt": "2001-01-01T00:00:00.000Z"})
    assert response.status_code == 409
    assert "changed meanwhile" in response.json()["message"]


@that_can(CreateMixin)
def test_a_smuggled_id_makes_nothing(prefix, admin, superuser, world):
    client = superuser if prefix == "organization" else admin
    body = {"name": "New"} if prefix == "organization" else new_bodies(world)[prefix]()
    before = type(world[prefix])._base_manager.count()

    response = client.post(f"/api/{prefix}", {**body, "id": UNKNOWN})

    assert response.status_code == 400
    assert response.json()["details"][0]["field"] == "id"
    assert type(world[prefix])._base_manager.count() == before


def test_the_world_has_every_endpoint(world):
    assert set(world.rows) == set(RESOURCES)
    assert set(new_bodies(world)) == {p for p, v in RESOURCES.items() if issubclass(v, CreateMixin)} - {"organization"}
    assert json.dumps({k: body() for k, body in new_bodies(world).items()})
    assert Organization.objects.count() == 1
