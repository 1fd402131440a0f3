"""Many candidates are written down at once: all of them, or none."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.models import Candidate, Skill, Source, StatusChange
from candidates.tests.factories import CandidateFactory, SourceFactory
from organizations.models import Employee, User
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, RoleFactory

ADDRESS = "/api/candidate/bulk"


def applicant(number: int, **more: Any) -> dict[str, Any]:
    return {"user": {"firstName": f"Jane {number}", "email": f"jane{number}@example.com"}, **more}


def fields_refused(response) -> set[str]:
    assert response.status_code == 400, response.content
    return {detail["field"] for detail in response.json()["details"]}


def test_each_is_what_a_single_post_would_have_made(recruiter, organization):
    linkedin = SourceFactory(organization=organization, name="LinkedIn")
    known = {
        "appliedDate": "2024-01-10",
        "rating": 3.5,
        "skills": [{"name": "Go", "level": "EXPERT"}, {"name": "C"}],
        "experience": [{"occupation": "Developer", "organization": "Acme"}],
        "educations": [{"schoolName": "MIT", "completionDate": "2020-06-01"}],
        "notes": "Zoë 👩🏽‍💻",
    }
    shown = "?relations=user,source,skills,experience,educations,statusHistory"
    bodies = [applicant(1, source={"name": "LINKEDIN"}, **known), applicant(2, sourceId=str(linkedin.pk), **known)]

    many = recruiter.post(f"{ADDRESS}{shown}", bodies)

    assert many.status_code == 201, many.content
    assert [row["user"]["firstName"] for row in many.json()] == ["Jane 1", "Jane 2"]
    for row, body in zip(many.json(), bodies, strict=True):
        assert row == recruiter.get(f"/api/candidate/{row['id']}{shown}").json()
        body["user"]["email"] = f"again-{body['user']['email']}"
        single = recruiter.post(f"/api/candidate{shown}", body).json()
        assert without_times_and_ids(row, single) == without_times_and_ids(single, single)


def without_times_and_ids(value: Any, like: Any) -> Any:
    if isinstance(value, list):
        return [without_times_and_ids(item, other) for item, other in zip(value, like, strict=True)]
    if isinstance(value, dict):
        own = {"id", "candidateId", "createdAt", "updatedAt", "email"}
        return {key: without_times_and_ids(item, like[key]) for key, item in value.items() if key not in own}
    return value


def test_the_answer_without_relations_is_the_default_one(recruiter):
    (row,) = recruiter.post(ADDRESS, [applicant(1)]).json()

    assert row == recruiter.get(f"/api/candidate/{row['id']}").json()


def test_what_is_wrong_stands_under_its_index(recruiter):
    response = recruiter.post(
        ADDRESS,
        [
            applicant(0),
            {"user": {"firstName": "J", "email": "jane"}},
            applicant(2, skills=[{"name": "Go"}, {"level": "EXPERT"}]),
            "Jane",
            applicant(4, rating=4.3),
        ],
    )

    assert response.json()["details"][0] == {
        "field": "[3]",
        "code": "invalid",
        "message": "This must be a JSON object.",
    }
    response = recruiter.post(ADDRESS, [applicant(0, age=5), applicant(1), applicant(2, hired=True)])
    assert fields_refused(response) == {"[0].age", "[2].hired"}
    response = recruiter.post(
        ADDRESS,
        [
            applicant(0),
            {"user": {"firstName": "J", "email": "jane"}},
            applicant(2, skills=[{"name": "Go"}, {"level": "EXPERT"}]),
            applicant(3, rating=4.3, sourceId=str(SourceFactory().pk)),
        ],
    )
    assert fields_refused(response) == {"[1].user.email", "[2].skills.1.name", "[3].rating", "[3].sourceId"}
    assert response.json()["message"][0] == "[1].user.email: Enter a valid email address."
    assert not Candidate.objects.exists()


@pytest.mark.parametrize("body", [{}, [], None, "Jane", {"user": {}}])
def test_the_body_is_an_array(recruiter, body):
    response = recruiter.post(ADDRESS, body)

    assert fields_refused(response) == {""}


def test_there_are_a_thousand_at_most(recruiter):
    assert fields_refused(recruiter.post(ADDRESS, [{}] * 1001)) == {""}


def test_one_e_mail_twice_names_both(recruiter):
    bodies = [applicant(1), applicant(2), applicant(3)]
    bodies[2]["user"]["email"] = "JANE1@example.com"

    response = recruiter.post(ADDRESS, bodies)

    assert fields_refused(response) == {"[0].user.email", "[2].user.email"}
    assert {d["message"] for d in response.json()["details"]} == {"The same stands in [0], [2]."}


def test_who_is_known_already_is_named_and_nobody_is_written_down(recruiter, organization):
    CandidateFactory(organization=organization, email="Jane1@Example.com")
    CandidateFactory(email="jane0@example.com")

    response = recruiter.post(ADDRESS, [applicant(0), applicant(1)])

    assert response.status_code == 409
    assert response.json()["message"] == "Candidates with these e-mails exist already: [1] jane1@example.com."
    assert response.json()["details"][0]["code"] == "duplicate"
    assert Candidate.objects.count() == 2


def test_a_source_of_many_is_made_once(recruiter, organization):
    rows = recruiter.post(ADDRESS, [applicant(n, source={"name": name}) for n, name in enumerate(["Fair", "FAIR"])])

    source = Source.objects.get()
    assert {row["sourceId"] for row in rows.json()} == {str(source.pk)}
    assert (source.created_by, source.organization) == (recruiter.user, organization)


def test_each_goes_into_its_own_organization_and_none_into_another(sign_in, organization):
    recruiter = sign_in("RECRUITER")
    second, lesser = OrganizationFactory(), OrganizationFactory()
    EmployeeFactory(organization=second, user=recruiter.user, role_name="RECRUITER")
    EmployeeFactory(organization=lesser, user=recruiter.user, role_name="VIEWER")

    def bodies(*organizations):
        return [applicant(n, organizationId=str(o.pk)) for n, o in enumerate(organizations)]

    assert fields_refused(recruiter.post(ADDRESS, [applicant(1)])) == {"[0].organizationId"}
    assert fields_refused(recruiter.post(ADDRESS, bodies(second, OrganizationFactory()))) == {"[1].organizationId"}
    assert recruiter.post(ADDRESS, bodies(organization, lesser)).status_code == 403
    assert not Candidate.objects.exists()
    assert [row["organizationId"] for row in recruiter.post(ADDRESS, bodies(organization, second)).json()] == [
        str(organization.pk),
        str(second.pk),
    ]


def test_what_one_request_may_name_another_may_not(recruiter, sign_in, organization):
    source = SourceFactory(organization=organization)
    role = RoleFactory(organization=organization, permissions=["candidates.add_candidate", "candidates.view_candidate"])
    blind = sign_in("", role=role)

    assert recruiter.post(ADDRESS, [applicant(1, sourceId=str(source.pk))]).status_code == 201
    assert fields_refused(blind.post(ADDRESS, [applicant(2, sourceId=str(source.pk))])) == {"[0].sourceId"}
    assert fields_refused(blind.post("/api/candidate", applicant(2, sourceId=str(source.pk)))) == {"sourceId"}


@pytest.mark.parametrize("more", [{"skills": [{"name": "Go"}]}, {"source": {"name": "New"}}, {"status": "HIRED"}])
def test_what_comes_along_needs_its_own_permission(sign_in, organization, more):
    permissions = ["candidates.view_candidate", "candidates.add_candidate"]
    client = sign_in("", role=RoleFactory(organization=organization, permissions=permissions))

    assert client.post(ADDRESS, [applicant(0), applicant(1, **more)]).status_code == 403
    assert not Candidate.objects.exists()
    assert client.post(ADDRESS, [applicant(0), applicant(1)]).status_code == 201


def test_a_status_is_a_move_like_any_other(recruiter, mails):
    with mails() as sent:
        rows = recruiter.post(
            f"{ADDRESS}?relations=statusHistory",
            [applicant(n, status=status) for n, status in enumerate(["APPLIED", "INTERVIEWED", "REJECTED", "HIRED"])],
        ).json()

    moves = [[(move["fromStatus"], move["toStatus"]) for move in row["statusHistory"]] for row in rows]
    assert moves == [[], [("APPLIED", "INTERVIEWED")], [("APPLIED", "REJECTED")], [("APPLIED", "HIRED")]]
    assert [row["rejectDate"] is not None for row in rows] == [False, False, True, False]
    for row in rows:
        last = row["statusHistory"][-1]["createdAt"] if row["statusHistory"] else row["appliedDate"]
        assert row["statusSince"] == last
    assert [row["hiredDate"] is not None for row in rows] == [False, False, False, True]
    assert rows[3]["employeeId"] == str(Employee.objects.get(email="jane3@example.com").pk)
    assert [mail.to for mail in sent] == [["jane3@example.com"]]


def test_a_password_opens_a_login_for_its_own_row(recruiter):
    rows = recruiter.post(ADDRESS, [applicant(0), applicant(1, password="a phrase of my own")]).json()

    account = User.objects.get(email="jane1@example.com")
    assert account.check_password("a phrase of my own")
    assert [row["userId"] for row in rows] == [None, str(account.pk)]


def test_fixed_keys_are_refused_with_another_value(recruiter):
    assert fields_refused(recruiter.post(ADDRESS, [applicant(0), applicant(1, ratings=4)])) == {"[1].ratings"}
    assert not Candidate.objects.exists()
    assert recruiter.post(ADDRESS, [applicant(0), applicant(1, ratings=None)]).status_code == 201


def test_nothing_is_left_when_a_part_fails(recruiter, monkeypatch):
    from organizations.errors import RuleBroken

    def fail(*_, **__):
        raise RuleBroken("No.")

    monkeypatch.setattr("candidates.actions._add_parts", fail)

    assert recruiter.post(ADDRESS, [applicant(0, source={"name": "New"}, status="HIRED")]).status_code == 409
    assert not Candidate.objects.exists()
    assert not Source.objects.exists()
    assert not StatusChange.objects.exists()


def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(recruiter):
    def statements(start: int, size: int) -> int:
        more = {"skills": [{"name": "Go"}, {"name": "C"}], "status": "REJECTED", "experience": [{"occupation": "Cook"}]}
        bodies = [applicant(start + n, source={"name": f"{start} {n % 7}"}, **more) for n in range(size)]
        with CaptureQueriesContext(connection) as captured:
            response = recruiter.post(f"{ADDRESS}?relations=user,source,skills", bodies)
        assert response.status_code == 201, response.content
        return len(captured)

    assert statements(0, 2) == statements(1000, 500)
    assert Skill.objects.count() == 1004
