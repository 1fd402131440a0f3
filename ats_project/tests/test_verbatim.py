"""The published examples of the contract, as they stand there, ids and tokens aside."""

from __future__ import annotations

import json
import re

from candidates.tests.factories import CandidateFactory, SourceFactory
from organizations.tests.factories import built_in_role


def post(client, path: str, body: str):
    return client.generic("POST", path, body, content_type="application/json")


def test_list_candidates(recruiter, organization):
    source = SourceFactory(organization=organization, name="LinkedIn")
    CandidateFactory(
        organization=organization, source=source, first_name="Jane", last_name="Doe", email="jane.doe@example.com",
        rating="4.5", applied_date="2024-01-10T00:00:00Z",
    )  # fmt: skip

    response = recruiter.get("/api/candidate?take=20&skip=0&relations[]=user&relations[]=source")

    assert response.status_code == 200
    body = json.loads(response.content)
    assert body["total"] == 1
    item = body["items"][0]
    shown = {k: item[k] for k in ("rating", "status", "appliedDate", "hiredDate", "rejectDate", "organizationId")}
    assert shown == {
        "rating": 4.5,
        "status": "APPLIED",
        "appliedDate": "2024-01-10T00:00:00.000Z",
        "hiredDate": None,
        "rejectDate": None,
        "organizationId": str(organization.pk),
    }
    assert item["user"] == {
        "id": None,
        "firstName": "Jane",
        "lastName": "Doe",
        "email": "jane.doe@example.com",
        "phoneNumber": None,
    }
    assert item["source"]["name"] == "LinkedIn"


def test_create_and_update_a_candidate(recruiter, organization):
    response = post(
        recruiter,
        "/api/candidate",
        """{"user":{"firstName":"Jane","lastName":"Doe","email":"jane.doe@example.com"},"password":"temporaryPassword",
        "appliedDate":"2024-01-10","organizationId":"%s"}"""
        % organization.pk,
    )
    assert response.status_code == 201, response.content
    assert response.json()["appliedDate"] == "2024-01-10T00:00:00.000Z"

    response = recruiter.generic(
        "PUT", f"/api/candidate/{response.json()['id']}", '{"rating":4.5,"status":"INTERVIEWED"}',
        content_type="application/json",
    )  # fmt: skip
    assert response.status_code == 200
    assert (response.json()["rating"], response.json()["status"]) == (4.5, "INTERVIEWED")


def test_interviews_and_feedback(recruiter, organization, colleague):
    candidate = CandidateFactory(organization=organization)
    response = post(
        recruiter,
        "/api/candidate-interview",
        """{"title":"Technical Interview","startTime":"2024-01-20T10:00:00.000Z","endTime":"2024-01-20T11:00:00.000Z",
        "candidateId":"%s","organizationId":"%s","interviewers":[{"employeeId":"%s"}]}"""
        % (candidate.pk, organization.pk, colleague.pk),
    )
    assert response.status_code == 201, response.content
    interview = response.json()["id"]

    listed = recruiter.get(f"/api/candidate-interview?where[candidateId]={candidate.pk}").json()
    assert [item["id"] for item in listed["items"]] == [interview]

    response = post(
        recruiter,
        f"/api/candidate-interview/{interview}/feedbacks",
        """{"description":"Strong technical skills, good cultural fit","rating":4.5,"interviewerId":"%s"}"""
        % colleague.pk,
    )
    assert response.status_code == 201, response.content
    assert response.json()["rating"] == 4.5
    assert recruiter.get(f"/api/candidate/{candidate.pk}").json()["ratings"] == 4.5


def test_skills_experience_education(recruiter, organization):
    candidate = CandidateFactory(organization=organization)
    response = post(
        recruiter,
        f"/api/candidate/{candidate.pk}/skills",
        '{"skills":[{"name":"TypeScript","level":"EXPERT"},{"name":"Angular","level":"INTERMEDIATE"}]}',
    )
    assert response.status_code == 201, response.content
    assert [(skill["name"], skill["level"]) for skill in response.json()] == [
        ("TypeScript", "EXPERT"),
        ("Angular", "INTERMEDIATE"),
    ]
    response = post(
        recruiter,
        "/api/candidate-experience",
        """{"occupation":"Senior Developer","organization":"Previous Company","duration":"3 years",
        "description":"Led frontend team","candidateId":"%s"}"""
        % candidate.pk,
    )
    assert response.status_code == 201, response.content
    assert response.json()["organization"] == "Previous Company"
    assert response.json()["organizationId"] == str(organization.pk)
    response = post(
        recruiter,
        "/api/candidate-education",
        """{"schoolName":"MIT","degree":"BS Computer Science","field":"Computer Science","completionDate":"2020-06-01",
        "candidateId":"%s"}"""
        % candidate.pk,
    )
    assert response.status_code == 201, response.content
    assert response.json()["completionDate"] == "2020-06-01"


def test_invite_read_the_mail_accept_set_a_password_sign_in(admin, anonymous, organization, mails):
    role = built_in_role(organization, "RECRUITER")
    with mails() as sent:
        response = post(
            admin,
            "/api/invite",
            """{"emailId":"user@example.com","roleId":"%s","organizationId":"%s","invitedById":"%s",
            "startedWorkOn":"2024-02-01"}"""
            % (role.pk, organization.pk, admin.user.pk),
        )
    assert response.status_code == 201, response.content
    assert response.json()["status"] == "INVITED"
    token = re.search(r"token=([\w-]+)", sent[0].body)[1]

    response = post(anonymous, "/api/invite/validate", '{"email":"user@example.com","token":"%s"}' % token)
    assert response.status_code == 200, response.content
    assert response.json()["status"] == "ACCEPTED"

    reset = {"token": response.json()["passwordToken"], "password": "a phrase of my own"}
    assert anonymous.post("/api/auth/reset-password", reset).status_code == 200
    login = anonymous.post("/api/auth/login", {"email": "User@Example.com", "password": "a phrase of my own"})
    assert login.status_code == 200
    assert set(login.json()) == {"user", "token", "refreshToken", "refresh_token"}
    assert login.json()["user"]["employees"][0]["role"]["name"] == "RECRUITER"


def test_pipelines(recruiter, organization):
    response = post(
        recruiter,
        "/api/pipelines",
        """{"name":"Enterprise Sales","description":"Pipeline for enterprise deals","organizationId":"%s",
        "stages":[{"name":"Lead","index":0},{"name":"Qualified","index":1},{"name":"Proposal","index":2},
        {"name":"Negotiation","index":3},{"name":"Closed Won","index":4}]}"""
        % organization.pk,
    )
    assert response.status_code == 201, response.content
    assert [stage["name"] for stage in response.json()["stages"]][-1] == "Closed Won"
    listed = recruiter.get(f"/api/pipelines?where[organizationId]={organization.pk}").json()
    assert listed["total"] == 1


def test_contacts(recruiter, organization):
    response = post(
        recruiter,
        "/api/organization-contact",
        """{"name":"Acme Corporation","contactType":"CLIENT","primaryEmail":"contact@acme.com",
        "primaryPhone":"+1-555-0100","organizationId":"%s"}"""
        % organization.pk,
    )
    assert response.status_code == 201, response.content
    listed = recruiter.get("/api/organization-contact?take=20&skip=0").json()
    assert listed["items"][0]["name"] == "Acme Corporation"
