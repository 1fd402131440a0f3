"""Where candidates come from."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from candidates.models import Candidate, Source
from candidates.tests.factories import CandidateFactory, SourceFactory


def test_a_source_is_made_read_renamed_and_deleted(recruiter, organization):
    made = recruiter.post("/api/candidate-source", {"name": "LinkedIn"})

    assert made.status_code == 201
    assert (made.json()["name"], made.json()["organizationId"]) == ("LinkedIn", str(organization.pk))
    path = f"/api/candidate-source/{made.json()['id']}"
    assert recruiter.get(path).json() == made.json()
    assert recruiter.put(path, {"name": "LINKEDIN"}).json()["name"] == "LINKEDIN"
    assert recruiter.delete(path).status_code == 204
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("stored", "sent"), [("LinkedIn", "linkedIN"), ("Straße", "STRASSE"), ("É", "e\u0301"), ("İ", "i̇"), ("Σ", "ς")]
)
def test_a_name_is_unique_in_its_organization_ignoring_case(recruiter, organization, stored, sent):
    SourceFactory(organization=organization, name=stored)
    other = SourceFactory(organization=organization)

    made = recruiter.post("/api/candidate-source", {"name": sent})
    renamed = recruiter.put(f"/api/candidate-source/{other.pk}", {"name": sent})

    assert (made.status_code, renamed.status_code) == (409, 409)
    assert made.json()["message"] == "A source of this name exists already."
    assert Source.objects.count() == 2


def test_another_organization_has_its_own(recruiter):
    SourceFactory(name="LinkedIn")

    assert recruiter.post("/api/candidate-source", {"name": "LinkedIn"}).status_code == 201


def test_deleting_one_that_is_used_leaves_the_candidates_without(recruiter, organization):
    source = SourceFactory(organization=organization)
    candidate = CandidateFactory(organization=organization, source=source)

    assert recruiter.delete(f"/api/candidate-source/{source.pk}").status_code == 204

    shown = recruiter.get(f"/api/candidate/{candidate.pk}?relations[]=source").json()
    assert (shown["sourceId"], shown["source"]) == (None, None)
    assert Candidate.objects.get(pk=candidate.pk).status == "APPLIED"


@pytest.mark.parametrize("name", ["", " ", None, 5, "x" * 201, ["LinkedIn"]])
def test_a_name_is_a_text(recruiter, name):
    response = recruiter.post("/api/candidate-source", {"name": name})

    assert response.status_code == 400
    assert {detail["field"] for detail in response.json()["details"]} == {"name"}


@pytest.mark.parametrize(
    ("client", "read", "write"),
    [("viewer", 200, 403), ("interviewer", 403, 403), ("stranger", 404, 404), ("anonymous", 401, 401)],
)
def test_who_may_do_what(request, organization, client, read, write):
    source = SourceFactory(organization=organization, name="LinkedIn")
    client = request.getfixturevalue(client)
    path = f"/api/candidate-source/{source.pk}"

    assert client.get(path).status_code == read
    assert client.put(path, {"name": "Other"}).status_code == write
    assert client.delete(path).status_code == write
    source.refresh_from_db()
    assert source.name == "LinkedIn"


def test_names_are_searched_ignoring_case_and_sorted(recruiter, organization):
    for name in ("straße", "Ärger", "école", "Beta", "alpha"):
        SourceFactory(organization=organization, name=name)

    def names(query: str) -> list[str]:
        path = f"/api/candidate-source?{quote(query, safe='=&[]')}"
        return [item["name"] for item in recruiter.get(path).json()["items"]]

    assert names("where[name][contains]=STRASS") == ["straße"]
    assert names("where[name][startsWith]=ÉC") == ["école"]
    assert names("where[name][startsWith]=är") == ["Ärger"]
    assert names("where[name]=beta") == []
    assert names("where[name]=Beta") == ["Beta"]
    assert names("where[name][in][]=alpha&where[name][in][]=Beta&order[name]=DESC") == ["Beta", "alpha"]


def test_who_read_a_candidate_before_its_source_went_is_told(recruiter, organization):
    candidate = CandidateFactory(organization=organization, source=SourceFactory(organization=organization))
    read = recruiter.get(f"/api/candidate/{candidate.pk}").json()

    recruiter.delete(f"/api/candidate-source/{candidate.source_id}")

    stale = recruiter.put(f"/api/candidate/{candidate.pk}", {"updatedAt": read["updatedAt"], "notes": "Hello"})
    assert stale.status_code == 409
