"""Broken and hostile requests get a clear 4xx in the one error shape, and change nothing."""

from __future__ import annotations

import json

import pytest

from candidates.models import Candidate
from candidates.tests.factories import CandidateFactory

PERSON = {"firstName": "Ada", "lastName": "Byron", "email": "ada@example.com"}


def post(client, body: str | bytes, path: str = "/api/candidate", content_type: str = "application/json"):
    return client.generic("POST", path, body, content_type=content_type)


def assert_is_an_error(response, status: int) -> None:
    assert response.status_code == status, response.content
    body = json.loads(response.content)
    assert set(body) == {"statusCode", "message", "error", "details", "requestId"}
    assert body["statusCode"] == status
    assert body["requestId"] == response["X-Request-Id"]
    assert response["Content-Type"].startswith("application/json")


@pytest.mark.parametrize(
    "body",
    [
        "not json",
        "",
        "[]",
        '"text"',
        "null",
        "17",
        '{"user": {"email": "a@b.ch"}, "user": {"email": "c@d.ch"}}',
        '{"rating": NaN}',
        '{"rating": Infinity}',
        '{"rating": 1e999}',
        '{"rating": 1' + "0" * 5000 + "}",
        '{"notes": "\\u0000"}',
        '{"notes": "\\ud800"}',
        '{"\\ud800": 1}',
        '{"user": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"user": ' + '{"a": ' * 50 + "1" + "}" * 51,
        b"\xff\xfe",
        b'{"notes": "\xff"}',
        '{"user": []}',
        '{"user": "Jane"}',
        '{"user": {"firstName": "Jane", "email": "no address"}}',
        '{"user": {"firstName": {"a": 1}, "email": "a@b.ch"}}',
    ],
    ids=range(22),
)
def test_a_body_that_is_no_candidate_is_refused(body, recruiter):
    assert_is_an_error(post(recruiter, body), 400)
    assert not Candidate.objects.exists()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("appliedDate", "0000-01-01"),
        ("appliedDate", "99999-01-01"),
        ("appliedDate", "2024-02-30"),
        ("appliedDate", "yesterday"),
        ("appliedDate", 17),
        ("appliedDate", "0001-01-01T00:00:00+14:00"),
        ("rating", "4.5"),
        ("rating", True),
        ("rating", 4.3),
        ("rating", 5.5),
        ("rating", -0.5),
        ("rating", [4.5]),
        ("status", "FIRED"),
        ("status", None),
        ("isActive", "true"),
        ("isActive", None),
        ("cvUrl", "javascript:alert(1)"),
        ("cvUrl", "ftp://example.com/cv"),
        ("candidateLevel", "x" * 10_000),
        ("candidateLevel", 3),
        ("notes", {"a": "b"}),
        ("sourceId", "nope"),
        ("sourceId", 17),
        ("sourceId", {"id": 1}),
        ("organizationId", None),
        ("organizationId", "' OR 1=1 --"),
        ("password", "short"),
        ("password", "password123"),
        ("password", "x" * 10_000),
        ("skills", "Python"),
        ("skills", [{"name": "Python", "level": "GOD"}]),
        ("skills", [{"name": "Python"}, {"name": "PYTHON"}]),
        ("skills", [{"level": "EXPERT"}]),
        ("experience", [{"occupation": ""}]),
        ("source", {"name": ""}),
        ("source", "LinkedIn"),
        ("user", {**PERSON, "firstName": "x" * 10_000}),
        ("user", {**PERSON, "id": "018f0000-0000-7000-8000-000000000000"}),
        ("user", {**PERSON, "isSuperuser": True}),
        ("hiredDate", "2024-01-01"),
        ("employeeId", "018f0000-0000-7000-8000-000000000000"),
        ("ratings", 5),
        ("createdById", "018f0000-0000-7000-8000-000000000000"),
        ("__proto__", {}),
    ],
)
def test_a_field_of_another_kind_is_refused_and_named(key, value, recruiter):
    response = recruiter.post("/api/candidate", {"user": PERSON, key: value})

    assert_is_an_error(response, 400)
    assert response.json()["details"][0]["field"].split(".")[0] == key
    assert not Candidate.objects.exists()


def test_a_body_of_ten_megabytes_is_too_large(recruiter):
    assert_is_an_error(post(recruiter, json.dumps({"notes": "x" * 10_000_000})), 413)


def test_a_page_that_is_sent_too_much_says_so(client):
    answer = client.post("/admin/login/", {"username": "x" * 6_000_000})

    assert answer.status_code == 413
    assert "What you sent is larger than 5 MB. Nothing of it was saved." in answer.text


def test_a_query_that_is_too_long_is_refused_and_eighty_ids_are_not(recruiter, organization):
    ids = [str(CandidateFactory(organization=organization).pk) for _ in range(80)]
    asked = "&".join(f"where[id][]={pk}" for pk in ids)

    assert recruiter.get(f"/api/candidate?take=100&{asked}").json()["total"] == 80
    assert_is_an_error(recruiter.get(f"/api/candidate?where[id]={'a' * 70_000}"), 400)


@pytest.mark.parametrize(
    ("status", "method", "path", "extra"),
    [
        (404, "GET", "/api/nothing-here", {}),
        (404, "GET", "/api", {}),
        (405, "DELETE", "/api/candidate", {}),
        (405, "POST", "/api/candidate/018f0000-0000-7000-8000-000000000000", {}),
        (405, "PUT", "/api/auth/login", {}),
        (406, "GET", "/api/candidate", {"HTTP_ACCEPT": "application/xml"}),
        (415, "POST", "/api/candidate", {"content_type": "application/x-www-form-urlencoded", "data": "a=1"}),
        (415, "POST", "/api/auth/login", {"content_type": "text/plain", "data": "{}"}),
        (400, "GET", "/api/candidate/nope", {}),
        (404, "GET", "/api/candidate/018f0000-0000-7000-8000-000000000000", {}),
    ],
)
def test_http_errors_have_the_one_shape(status, method, path, extra, recruiter):
    assert_is_an_error(recruiter.generic(method, path, **extra), status)


def test_a_fault_of_ours_shows_no_trace(recruiter, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("secret words of the database")

    monkeypatch.setattr("candidates.views.CandidateViewSet.list", fail)
    recruiter.raise_request_exception = False

    response = recruiter.get("/api/candidate")

    assert_is_an_error(response, 500)
    assert "secret" not in response.content.decode()


def test_the_request_id_of_the_client_is_kept_if_it_is_sane(recruiter):
    assert recruiter.get("/api/candidate", HTTP_X_REQUEST_ID="trace-me-0123")["X-Request-Id"] == "trace-me-0123"
    for evil in ("", "x" * 200, "a b c d e f g h", "<script>alert(1)</script>"):
        assert recruiter.get("/api/candidate", HTTP_X_REQUEST_ID=evil)["X-Request-Id"] != evil


def test_an_unknown_header_is_ignored(recruiter):
    assert recruiter.get("/api/candidate", HTTP_TENANT_ID="somebody").status_code == 200


@pytest.mark.parametrize("evil", ["' OR '1'='1", "%' OR 1=1 --", "\\", "%", "_", '"; DROP TABLE x; --', "😀", "\u202e"])
def test_sql_in_a_value_is_a_value(evil, recruiter, organization):
    CandidateFactory(organization=organization, first_name="Ada")
    target = CandidateFactory(organization=organization, first_name=f"x{evil}y")

    for operator in ("", "[contains]"):
        value = f"x{evil}y" if not operator else evil
        found = recruiter.get("/api/candidate", {f"where[user][firstName]{operator}": value}).json()
        assert [item["id"] for item in found["items"]] == [str(target.pk)]


def test_a_cross_origin_is_refused_unless_it_is_named(recruiter, settings):
    assert not recruiter.get("/api/candidate", HTTP_ORIGIN="https://evil.example").has_header(
        "Access-Control-Allow-Origin"
    )
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example"]
    allowed = recruiter.get("/api/candidate", HTTP_ORIGIN="https://app.example")
    assert allowed["Access-Control-Allow-Origin"] == "https://app.example"


@pytest.mark.parametrize("debug", [True, False])
def test_an_unknown_path_and_a_fault_have_the_one_shape_with_debug_on_too(debug, recruiter, monkeypatch, settings):
    def fail(*args, **kwargs):
        raise RuntimeError("secret words of the database")

    settings.DEBUG = debug
    monkeypatch.setattr("candidates.views.CandidateViewSet.list", fail)
    recruiter.raise_request_exception = False

    assert_is_an_error(recruiter.get("/api/nope/at/all"), 404)
    response = recruiter.get("/api/candidate")
    assert_is_an_error(response, 500)
    assert "secret" not in response.content.decode()


def test_a_scheme_of_lower_case_is_one(recruiter):
    token = recruiter._credentials["HTTP_AUTHORIZATION"].partition(" ")[2]
    recruiter.credentials(HTTP_AUTHORIZATION=f"bearer {token}")
    assert recruiter.get("/api/candidate").status_code == 200


def test_an_id_in_capitals_is_the_same_id(recruiter, organization):
    path = f"/api/candidate/{CandidateFactory(organization=organization).pk}"
    shown = recruiter.get(path).json()

    response = recruiter.put(path, {"id": shown["id"].upper(), "organizationId": shown["organizationId"].upper()})

    assert response.status_code == 200


def test_parameters_of_a_public_route_are_never_ignored(anonymous):
    response = anonymous.post("/api/invite/validate?relations=role", {"email": "a@b.ch", "token": "x"})
    assert response.json()["message"] == ["relations: No such parameter here. Allowed: nothing."]
