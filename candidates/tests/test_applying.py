"""A candidate is written down: what is needed, what is refused, and what comes along."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from candidates.models import Candidate, Education, Experience, Skill, Source, StatusChange
from candidates.tests.factories import CandidateFactory, SourceFactory
from organizations.models import User
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, RoleFactory, UserFactory


def application(**more) -> dict:
    return {"user": {"firstName": "Jane", "lastName": "Doe", "email": "jane.doe@example.com"}, **more}


def fields_refused(response) -> set[str]:
    assert response.status_code == 400, response.content
    return {detail["field"] for detail in response.json()["details"]}


def test_name_and_address_are_enough(recruiter, organization):
    before = timezone.now() - timedelta(milliseconds=1)

    response = recruiter.post("/api/candidate", {"user": {"firstName": "Jane", "email": "jane.doe@example.com"}})

    assert response.status_code == 201
    body = response.json()
    applied = datetime.fromisoformat(body.pop("appliedDate"))
    created = datetime.fromisoformat(body.pop("createdAt"))
    assert datetime.fromisoformat(body.pop("statusSince")) == applied
    assert before <= applied <= timezone.now()
    assert before <= created <= datetime.fromisoformat(body.pop("updatedAt")) <= timezone.now()
    candidate = Candidate.objects.get()
    assert body == {
        "id": str(candidate.pk),
        "organizationId": str(organization.pk),
        "isActive": True,
        "isArchived": False,
        "createdById": str(recruiter.user.pk),
        "userId": None,
        "status": "APPLIED",
        "rating": None,
        "ratings": None,
        "hiredDate": None,
        "rejectDate": None,
        "sourceId": None,
        "employeeId": None,
        "cvUrl": None,
        "candidateLevel": None,
        "notes": None,
    }
    assert (candidate.first_name, candidate.last_name, candidate.email) == ("Jane", "", "jane.doe@example.com")
    assert not StatusChange.objects.exists()


def test_all_that_is_known_comes_with_the_application(recruiter, organization):
    response = recruiter.post(
        "/api/candidate?relations[]=user&relations[]=skills&relations[]=experience&relations[]=educations"
        "&relations[]=source&relations[]=interviews&relations[]=employee",
        application(
            appliedDate="2024-01-10T09:30:00+02:00",
            rating=3.5,
            source={"name": "LinkedIn"},
            skills=[{"name": "Go", "level": "EXPERT"}, {"name": "C"}],
            experience=[{"occupation": "Developer", "organization": "Acme", "duration": "3 years"}],
            educations=[{"schoolName": "MIT", "completionDate": "2020-06-01"}],
            cvUrl="https://files.example.com/cv.pdf",
            candidateLevel="Senior",
            notes="Met at a fair.",
        ),
    )

    assert response.status_code == 201, response.content
    body = response.json()
    assert body["user"] == {
        "id": None,
        "firstName": "Jane",
        "lastName": "Doe",
        "email": "jane.doe@example.com",
        "phoneNumber": None,
    }
    assert body["appliedDate"] == "2024-01-10T07:30:00.000Z"
    assert (body["rating"], body["candidateLevel"], body["notes"]) == (3.5, "Senior", "Met at a fair.")
    assert body["cvUrl"] == "https://files.example.com/cv.pdf"
    assert (body["source"]["name"], body["source"]["id"]) == ("LinkedIn", body["sourceId"])
    assert [(skill["name"], skill["level"]) for skill in body["skills"]] == [("Go", "EXPERT"), ("C", None)]
    assert [(row["occupation"], row["organization"]) for row in body["experience"]] == [("Developer", "Acme")]
    assert [(row["schoolName"], row["completionDate"]) for row in body["educations"]] == [("MIT", "2020-06-01")]
    assert (body["interviews"], body["employee"]) == ([], None)
    for row in [*body["skills"], *body["experience"], *body["educations"], body["source"]]:
        assert row["organizationId"] == str(organization.pk)
        assert row["createdById"] == str(recruiter.user.pk)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2024-01-10", "2024-01-10T00:00:00.000Z"),
        ("2024-01-10T23:59:59.999Z", "2024-01-10T23:59:59.999Z"),
        ("2024-01-10T09:30:00", "2024-01-10T09:30:00.000Z"),
        ("2024-01-10T00:30:00+01:00", "2024-01-09T23:30:00.000Z"),
    ],
)
def test_times_are_told_in_utc(recruiter, written, shown):
    assert recruiter.post("/api/candidate", application(appliedDate=written)).json()["appliedDate"] == shown


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"user"}),
        ({"user": None}, {"user"}),
        ({"user": "Jane"}, {"user"}),
        ({"user": []}, {"user"}),
        ({"user": {}}, {"user.firstName", "user.email"}),
        ({"user": {"firstName": " ", "email": "jane"}}, {"user.firstName", "user.email"}),
        ({"user": {"firstName": 5, "email": ["a@example.com"]}}, {"user.firstName", "user.email"}),
        ({"user": {"firstName": "J", "email": "a@example.com", "age": 5}}, {"user.age"}),
        ({"user": {"firstName": "J", "email": "a@example.com", "id": "x"}}, {"user.id"}),
        ({"user": {"firstName": "J" * 151, "email": f"{'a' * 250}@example.com"}}, {"user.firstName", "user.email"}),
    ],
)
def test_the_person_is_needed(recruiter, body, fields):
    assert fields_refused(recruiter.post("/api/candidate", body)) == fields
    assert not Candidate.objects.exists()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rating", "4"),
        ("rating", True),
        ("rating", 4.3),
        ("rating", 6),
        ("rating", -0.5),
        ("rating", [4]),
        ("rating", 5.0000001),
        ("appliedDate", "yesterday"),
        ("appliedDate", "2024-02-30"),
        ("appliedDate", 1704844800),
        ("appliedDate", None),
        ("status", "applied"),
        ("status", "FIRED"),
        ("status", None),
        ("cvUrl", "javascript:alert(1)"),
        ("cvUrl", "ftp://example.com/cv.pdf"),
        ("cvUrl", "cv.pdf"),
        ("candidateLevel", 5),
        ("notes", "x" * 20_001),
        ("isActive", "true"),
        ("isArchived", 1),
        ("isActive", None),
        ("sourceId", "not-a-uuid"),
        ("sourceId", "00000000-0000-7000-8000-000000000000"),
        ("sourceId", 5),
        ("source", "LinkedIn"),
        ("source", []),
        ("organizationId", "00000000-0000-7000-8000-000000000000"),
        ("organizationId", None),
        ("organizationId", 5),
        ("skills", None),
        ("skills", "Go"),
        ("skills", {"name": "Go"}),
        ("experience", 5),
        ("password", "short"),
        ("password", "password"),
        ("password", 12345678),
        ("password", None),
        ("password", ""),
        ("nickname", "JD"),
        ("organization", {}),
        ("first_name", "Jane"),
        ("interviews", []),
        ("email", "jane.doe@example.com"),
        # Shown, but not written: sent with a value of one's own.
        ("id", "00000000-0000-7000-8000-000000000000"),
        ("createdAt", "2024-01-10T00:00:00.000Z"),
        ("createdById", None),
        ("ratings", 4.5),
        ("hiredDate", "2024-01-10T00:00:00.000Z"),
        ("rejectDate", "2024-01-10T00:00:00.000Z"),
        ("employeeId", "00000000-0000-7000-8000-000000000000"),
        ("userId", "00000000-0000-7000-8000-000000000000"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(recruiter, key, value):
    response = recruiter.post("/api/candidate", application(**{key: value}))

    assert fields_refused(response) == {key}
    assert not Candidate.objects.exists()


@pytest.mark.parametrize(
    ("key", "rows", "field"),
    [
        ("skills", [{"name": "Go"}, {"level": "EXPERT"}], "skills.1.name"),
        ("skills", [{"name": "Go", "level": "GURU"}], "skills.0.level"),
        ("skills", [{"name": "Go", "candidateId": "x"}], "skills.0.candidateId"),
        ("skills", [{"name": "Go"}, {"name": "GO"}], "skills"),
        ("skills", [{"name": "straße"}, {"name": "STRASSE"}], "skills"),
        ("skills", ["Go"], "skills.0"),
        ("experience", [{"company": "Acme", "occupation": "x"}], "experience.0.company"),
        ("experience", [{}], "experience.0.occupation"),
        ("educations", [{"schoolName": "MIT", "completionDate": "2020-06"}], "educations.0.completionDate"),
    ],
)
def test_an_error_stands_under_its_nested_key(recruiter, key, rows, field):
    response = recruiter.post("/api/candidate", application(**{key: rows}))

    assert fields_refused(response) == {field}
    assert not Candidate.objects.exists()


@pytest.mark.parametrize("written", ["NaN", "Infinity", "1e999", "4,5", "'4'"])
def test_a_rating_that_is_no_json_number_is_malformed(recruiter, written):
    body = '{"user":{"firstName":"J","email":"j@example.com"},"rating":%s}' % written

    response = recruiter.generic("POST", "/api/candidate", body, content_type="application/json")

    assert response.status_code == 400
    assert not Candidate.objects.exists()


class TestOneAddressOneCandidate:
    @pytest.mark.parametrize(
        ("stored", "sent"),
        [
            ("jane@example.com", "JANE@Example.com"),
            ("jane@straße.example", "jane@STRASSE.example"),
            ("jane@école.example", "jane@ÉCOLE.example"),
            ("jane@e\u0301cole.example", "jane@\u00c9cole.example"),
            ("jane@İzmir.example", "jane@i̇zmir.example"),
        ],
    )
    def test_ignoring_case(self, recruiter, organization, stored, sent):
        CandidateFactory(organization=organization, email=stored)

        response = recruiter.post("/api/candidate", {"user": {"firstName": "Jane", "email": sent}})

        assert response.status_code == 409
        assert response.json()["message"] == "A candidate with this e-mail exists already."
        assert Candidate.objects.count() == 1

    def test_on_a_change_too_which_changes_nothing(self, recruiter, organization):
        CandidateFactory(organization=organization, email="jane@example.com")
        other = CandidateFactory(organization=organization, first_name="John")

        response = recruiter.put(
            f"/api/candidate/{other.pk}",
            {"user": {"firstName": "Jack", "email": "JANE@example.com"}, "status": "REJECTED"},
        )

        assert response.status_code == 409
        other.refresh_from_db()
        assert (other.first_name, other.status) == ("John", "APPLIED")
        assert not StatusChange.objects.exists()

    def test_of_each_organization(self, recruiter):
        CandidateFactory(email="jane.doe@example.com")

        assert recruiter.post("/api/candidate", application()).status_code == 201

    def test_a_clash_leaves_no_source_account_or_skill_behind(self, recruiter, organization):
        CandidateFactory(organization=organization, email="jane.doe@example.com")

        response = recruiter.post(
            "/api/candidate",
            application(password="temporaryPassword", source={"name": "New"}, skills=[{"name": "Go"}]),
        )

        assert response.status_code == 409
        assert not Source.objects.exists()
        assert not Skill.objects.exists()
        assert User.objects.known_by("jane.doe@example.com") is None


class TestALoginForTheCandidate:
    def test_opens_where_there_is_none(self, recruiter, anonymous):
        response = recruiter.post("/api/candidate", application(password="temporaryPassword"))

        account = User.objects.known_by("jane.doe@example.com")
        assert response.json()["userId"] == str(account.pk)
        assert not account.is_email_proven
        login = {"email": "jane.doe@example.com", "password": "temporaryPassword"}
        assert anonymous.post("/api/auth/login", login).status_code == 200

    @pytest.mark.parametrize("is_active", [True, False])
    def test_is_linked_and_left_untouched_where_there_is_one(self, recruiter, is_active):
        account = UserFactory(email="Jane.Doe@example.com", first_name="Own", is_active=is_active, phone_number="1")
        before = User.objects.filter(pk=account.pk).values().get()

        response = recruiter.post("/api/candidate?relations[]=user", application(password="temporaryPassword"))

        assert response.status_code == 201
        assert response.json()["user"] == {
            "id": str(account.pk),
            "firstName": "Jane",
            "lastName": "Doe",
            "email": "jane.doe@example.com",
            "phoneNumber": None,
        }
        assert User.objects.filter(pk=account.pk).values().get() == before

    def test_has_the_same_answer_in_both_cases(self, recruiter):
        UserFactory(email="known@example.com")
        answers = [
            recruiter.post("/api/candidate", {"user": {"firstName": "J", "email": email}, "password": "long enough"})
            for email in ("known@example.com", "unknown@example.com")
        ]

        shapes = [
            {key: type(value) for key, value in answer.json().items() if not key.endswith("At")} for answer in answers
        ]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert shapes[0] == shapes[1]
        # A time-ordered id would tell when the account was made.
        assert {answer.json()["userId"][14] for answer in answers} == {"4"}

    def test_costs_one_hash_in_both_cases(self, recruiter, monkeypatch):
        """The time that hashing takes must not tell whether the account was there."""
        hashed = []
        original = User.set_password
        monkeypatch.setattr(
            "organizations.models.User.set_password", lambda self, raw: (hashed.append(raw), original(self, raw))
        )
        UserFactory(email="known@example.com")
        hashed.clear()

        for email in ("known@example.com", "unknown@example.com"):
            recruiter.post("/api/candidate", {"user": {"firstName": "J", "email": email}, "password": "long enough"})

        assert hashed == ["long enough", "long enough"]

    def test_is_not_linked_without_a_password(self, recruiter):
        UserFactory(email="jane.doe@example.com")

        assert recruiter.post("/api/candidate", application()).json()["userId"] is None

    def test_is_in_no_answer(self, recruiter):
        response = recruiter.post("/api/candidate", application(password="temporaryPassword"))

        assert b"temporaryPassword" not in response.content
        assert "password" not in response.json()


class TestWhere:
    def test_the_organization_may_be_left_out_by_a_caller_of_one(self, recruiter, organization):
        assert recruiter.post("/api/candidate", application()).json()["organizationId"] == str(organization.pk)

    def test_a_caller_of_two_says_which(self, recruiter, organization):
        there = EmployeeFactory(user=recruiter.user, role_name="RECRUITER").organization

        assert fields_refused(recruiter.post("/api/candidate", application())) == {"organizationId"}
        response = recruiter.post("/api/candidate", application(organizationId=str(there.pk)))
        assert response.json()["organizationId"] == str(there.pk)

    def test_where_the_role_may_not_it_is_403(self, recruiter):
        there = EmployeeFactory(user=recruiter.user, role_name="VIEWER").organization

        response = recruiter.post("/api/candidate", application(organizationId=str(there.pk)))

        assert response.status_code == 403
        assert not Candidate.objects.exists()

    def test_elsewhere_it_is_the_400_of_an_unknown_id(self, recruiter):
        foreign, nowhere = (
            recruiter.post("/api/candidate", application(organizationId=str(pk))).json()
            for pk in (OrganizationFactory().pk, "00000000-0000-7000-8000-000000000000")
        )

        assert foreign["statusCode"] == 400
        assert foreign["details"] == nowhere["details"]

    @pytest.mark.parametrize(
        ("client", "status"), [("viewer", 403), ("interviewer", 403), ("anonymous", 401), ("superuser", 400)]
    )
    def test_who_may_not_does_not(self, request, organization, client, status):
        response = request.getfixturevalue(client).post("/api/candidate", application())

        # A superuser may, but belongs nowhere and so says where.
        assert response.status_code == status
        assert not Candidate.objects.exists()

    def test_a_superuser_writes_anywhere(self, superuser, organization):
        response = superuser.post("/api/candidate", application(organizationId=str(organization.pk)))

        assert response.status_code == 201

    @pytest.mark.parametrize(
        ("missing", "more"),
        [
            ("candidates.add_skill", {"skills": [{"name": "Go"}]}),
            ("candidates.add_experience", {"experience": [{"occupation": "x"}]}),
            ("candidates.add_education", {"educations": [{"schoolName": "x"}]}),
            ("candidates.add_source", {"source": {"name": "New"}}),
            ("candidates.reject_candidate", {"status": "REJECTED"}),
            ("candidates.hire_candidate", {"status": "HIRED"}),
        ],
    )
    def test_what_comes_along_needs_its_own_permission(self, sign_in, organization, missing, more):
        names = ("add_skill", "add_experience", "add_education", "add_source", "reject_candidate", "hire_candidate")
        held = {"candidates.view_candidate", "candidates.add_candidate", "candidates.change_candidate"}
        held |= {f"candidates.{name}" for name in names}
        clerk = sign_in("", role=RoleFactory(organization=organization, permissions=sorted(held - {missing})))

        assert clerk.post("/api/candidate", application(**more)).status_code == 403
        assert not any(model.objects.exists() for model in (Candidate, Source, Skill, Experience, Education))

        clerk.employee.role.permissions = sorted(held)
        clerk.employee.role.save()
        assert clerk.post("/api/candidate", application(**more)).status_code == 201


class TestTheSource:
    @pytest.mark.parametrize(
        ("stored", "named"),
        [("LinkedIn", "linkedin"), ("LinkedIn", " LINKEDIN "), ("Straße", "STRASSE"), ("İş", "i̇ş"), ("École", "éCOLE")],
    )
    def test_is_found_by_name_ignoring_case(self, recruiter, organization, stored, named):
        source = SourceFactory(organization=organization, name=stored)

        response = recruiter.post("/api/candidate?relations[]=source", application(source={"name": named}))

        assert response.json()["source"]["id"] == str(source.pk)
        assert response.json()["source"]["name"] == stored

    def test_of_another_organization_is_not_found(self, recruiter, organization):
        SourceFactory(name="LinkedIn")

        response = recruiter.post("/api/candidate", application(source={"name": "LinkedIn"}))

        assert Source.objects.get(pk=response.json()["sourceId"]).organization == organization

    def test_that_is_known_needs_no_permission_to_add_one(self, sign_in, organization):
        source = SourceFactory(organization=organization)
        role = RoleFactory(
            organization=organization, permissions=["candidates.view_candidate", "candidates.add_candidate"]
        )

        response = sign_in("", role=role).post("/api/candidate", application(source={"name": source.name}))

        assert response.json()["sourceId"] == str(source.pk)

    def test_can_be_named_by_id_or_by_name_but_not_both(self, recruiter, organization):
        source = SourceFactory(organization=organization)
        both = application(sourceId=str(source.pk), source={"name": "LinkedIn"})

        assert fields_refused(recruiter.post("/api/candidate", both)) == {"source"}
        assert recruiter.post("/api/candidate", application(sourceId=str(source.pk), source=None)).status_code == 201

    def test_of_another_organization_is_an_unknown_id(self, recruiter):
        foreign, nowhere = (
            recruiter.post("/api/candidate", application(sourceId=str(pk))).json()
            for pk in (SourceFactory().pk, "00000000-0000-7000-8000-000000000000")
        )

        assert foreign["statusCode"] == 400
        assert foreign["details"] == nowhere["details"]


def test_an_application_can_begin_further_on(recruiter):
    response = recruiter.post("/api/candidate?relations[]=statusHistory", application(status="REJECTED"))

    body = response.json()
    assert body["status"] == "REJECTED"
    assert datetime.fromisoformat(body["rejectDate"]) <= datetime.now(UTC)
    (change,) = body["statusHistory"]
    assert (change["fromStatus"], change["toStatus"]) == ("APPLIED", "REJECTED")
    assert change["createdById"] == str(recruiter.user.pk)


def test_texts_are_kept_as_they_are_written(recruiter):
    words = "Zoë 👩🏽‍💻 <b>&amp;</b> '; DROP TABLE candidates; --"

    response = recruiter.post(
        "/api/candidate?relations[]=user", {"user": {"firstName": words, "email": "zoe@example.com"}, "notes": words}
    )

    assert (response.json()["user"]["firstName"], response.json()["notes"]) == (words, words)
