"""The OpenAPI description says what the requests answer."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from openapi_spec_validator import validate

from .test_every_endpoint import RESOURCES
from .world import World


@cache
def description() -> dict[str, Any]:
    from rest_framework.test import APIClient

    response = APIClient().get("/api/schema")
    assert response.status_code == 200
    return response.json()


@pytest.fixture(autouse=True)
def _database(db):
    pass


def operations():
    return [
        (path, method, operation)
        for path, methods in description()["paths"].items()
        for method, operation in methods.items()
        if method in {"get", "post", "put", "patch", "delete"}
    ]


def test_the_description_is_valid_openapi():
    validate(description())


def test_it_comes_without_warnings(capsys):
    from drf_spectacular.drainage import GENERATOR_STATS
    from drf_spectacular.generators import SchemaGenerator

    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache


@pytest.mark.parametrize("prefix", RESOURCES)
def test_every_list_names_the_whole_query_language(prefix):
    operation = description()["paths"][f"/api/{prefix}"]["get"]
    named = {parameter["name"] for parameter in operation["parameters"]}
    query = RESOURCES[prefix].query
    expected = {"take", "skip", "cursor", "where", "order", "select[]"}
    expected |= {"relations[]"} if query.relations else set()
    expected |= {"search"} if query.search else set()
    assert named == expected
    where = next(p for p in operation["parameters"] if p["name"] == "where")
    for name in RESOURCES[prefix].query.where:
        assert f"`{name}`" in where["description"]


def test_every_operation_names_its_errors():
    public = {"/api/auth/login", "/api/schema", "/api/docs"}
    for path, method, operation in operations():
        if path in public:
            continue
        errors = {code for code in operation["responses"] if code.startswith("4")}
        assert {"400", "401", "403", "405", "406", "409", "429"} <= errors, (method, path)
        assert ("404" in errors) == ("{" in path)
        assert ({"413", "415"} <= errors) == (method in {"post", "put", "patch"})


def test_operations_have_names_of_their_own():
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("prefix", RESOURCES)
def test_what_is_shown_is_what_is_described(prefix, admin, organization):
    """Every key of an answer, relations included, stands in the description."""
    from api.schema import all_paths

    world = World(organization)
    paths = "&".join(f"relations[]={path}" for path in all_paths(RESOURCES[prefix].query))
    shown = admin.get(f"/api/{prefix}/{world[prefix].pk}?{paths}").json()
    content = description()["paths"][f"/api/{prefix}/{{id}}"]["get"]["responses"]["200"]["content"]

    def compare(value: Any, schema: dict[str, Any], where: str) -> None:
        schema = resolve(schema)
        if isinstance(value, list):
            for item in value:
                compare(item, schema["items"], where)
        elif isinstance(value, dict):
            assert set(value) <= set(schema["properties"]), where
            for key, item in value.items():
                compare(item, schema["properties"][key], f"{where}.{key}")

    compare(shown, content["application/json"]["schema"], prefix)


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    for key in ("oneOf", "allOf"):
        if key in schema:
            schema = schema[key][0]
    if "$ref" in schema:
        return description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def test_the_docs_page_needs_no_outside_host(client):
    page = client.get("/api/docs").content.decode()
    assert "swagger-ui" in page
    assert "https://" not in page
    assert "http://" not in page
