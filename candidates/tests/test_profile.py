"""What is known of a candidate, and how it is changed: the record itself, skills, experience, education, documents."""

from __future__ import annotations

import pytest

from candidates.models import Candidate, Document, Education, Experience, Skill
from candidates.tests.factories import (
    CandidateFactory,
    DocumentFactory,
    EducationFactory,
    ExperienceFactory,
    SkillFactory,
    SourceFactory,
    StatusChangeFactory,
)
from interviews.models import Feedback, Interview, Interviewer
from interviews.tests.factories import FeedbackFactory, InterviewerFactory, InterviewFactory
from organizations.tests.factories import EmployeeFactory, RoleFactory, UserFactory

EVERY_RELATION = "&".join(
    f"relations[]={name}"
    for name in (
        "user", "source", "organization", "employee.user", "employee.role", "skills", "experience", "educations",
        "documents", "statusHistory", "interviews.interviewers.employee.user", "interviews.feedbacks",
        "interview.interviewers.employee.user", "interview.feedbacks", "feedbacks.interviewer.user",
    )
)  # fmt: skip
NOWHERE = "00000000-0000-7000-8000-000000000000"


def fields_refused(response) -> set[str]:
    assert response.status_code == 400, response.content
    return {detail["field"] for detail in response.json()["details"]}


@pytest.fixture
def whole(organization) -> Candidate:
    """A candidate with a row behind every relation."""
    candidate = CandidateFactory(
        organization=organization,
        status="HIRED",
        source=SourceFactory(organization=organization),
        user=UserFactory(),
        rating="4.5",
        ratings="4.50",
    )
    for factory in (SkillFactory, ExperienceFactory, EducationFactory, DocumentFactory, StatusChangeFactory):
        factory.create_batch(2, candidate=candidate)
    interview = InterviewFactory(candidate=candidate)
    FeedbackFactory.create_batch(2, participation__interview=interview)
    return candidate


class TestChangingACandidate:
    @pytest.mark.parametrize("verb", ["put", "patch"])
    def test_changes_only_what_is_sent(self, recruiter, whole, verb):
        before = recruiter.get(f"/api/candidate/{whole.pk}?{EVERY_RELATION}").json()

        response = getattr(recruiter, verb)(
            f"/api/candidate/{whole.pk}?{EVERY_RELATION}", {"notes": "Good.", "rating": 2}
        )

        after = response.json()
        assert response.status_code == 200
        assert after == recruiter.get(f"/api/candidate/{whole.pk}?{EVERY_RELATION}").json()
        assert {key for key in before if before[key] != after[key]} == {"notes", "rating", "updatedAt"}
        assert (after["notes"], after["rating"]) == ("Good.", 2)

    @pytest.mark.parametrize("relations", ["", EVERY_RELATION])
    @pytest.mark.parametrize("client", ["recruiter", "admin", "superuser"])
    def test_what_get_returned_can_be_sent_back_whole(self, request, whole, client, relations):
        client = request.getfixturevalue(client)
        path = f"/api/candidate/{whole.pk}?{relations}"
        before = client.get(path).json()

        response = client.put(path, before)

        assert response.status_code == 200, response.content
        assert {**response.json(), "updatedAt": None} == {**before, "updatedAt": None}
        assert not Candidate.objects.get(pk=whole.pk).status_history.filter(to_status="HIRED").exists()

    def test_rows_that_the_caller_can_not_see_are_not_removed_by_it(self, sign_in, organization, whole):
        """With a role that sees candidates but neither skills nor feedback, these come out empty."""
        role = RoleFactory(
            organization=organization, permissions=["candidates.view_candidate", "candidates.change_candidate"]
        )
        clerk = sign_in("", role=role)
        path = f"/api/candidate/{whole.pk}?{EVERY_RELATION}"
        before = clerk.get(path).json()
        assert (before["skills"], before["source"], before["employee"], before["ratings"]) == ([], None, None, None)

        assert clerk.put(path, before).status_code == 200

        assert (whole.skills.count(), whole.feedbacks.count(), whole.interviews.count()) == (2, 2, 1)
        whole.refresh_from_db()
        assert whole.source is not None
        assert whole.employee is not None

    def test_one_word_about_the_person_leaves_the_others(self, recruiter, organization):
        candidate = CandidateFactory(organization=organization, last_name="Doe", phone_number="1")

        response = recruiter.put(f"/api/candidate/{candidate.pk}?relations[]=user", {"user": {"firstName": "Janet"}})

        assert response.json()["user"] == {
            "id": None,
            "firstName": "Janet",
            "lastName": "Doe",
            "email": candidate.email,
            "phoneNumber": "1",
        }

    def test_the_words_are_the_organization_s_own(self, recruiter, organization):
        account = UserFactory(first_name="Own", email="jane@example.com")
        candidate = CandidateFactory(organization=organization, email="jane@example.com", user=account)
        elsewhere = CandidateFactory(email="jane@example.com", user=account, first_name="Theirs")

        recruiter.put(f"/api/candidate/{candidate.pk}", {"user": {"firstName": "J.", "email": "j@example.com"}})

        account.refresh_from_db()
        elsewhere.refresh_from_db()
        assert (account.first_name, account.email) == ("Own", "jane@example.com")
        assert (elsewhere.first_name, elsewhere.email) == ("Theirs", "jane@example.com")

    def test_what_can_be_empty_can_be_emptied(self, recruiter, whole):
        emptied = dict.fromkeys(("rating", "sourceId", "cvUrl", "candidateLevel", "notes"))

        response = recruiter.put(f"/api/candidate/{whole.pk}", emptied)

        assert response.status_code == 200
        assert {key: response.json()[key] for key in emptied} == emptied

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("id", NOWHERE),
            ("organizationId", NOWHERE),
            ("organizationId", None),
            ("createdAt", "2020-01-01T00:00:00.000Z"),
            ("createdById", NOWHERE),
            ("ratings", 5),
            ("ratings", None),
            ("hiredDate", None),
            ("rejectDate", "2020-01-01T00:00:00.000Z"),
            ("employeeId", None),
            ("userId", None),
            ("password", "a phrase of my own"),
            ("nickname", "JD"),
            ("source", {"name": "Another"}),
            ("source", None),
            ("organization", {"name": "Another"}),
            ("skills", []),
            ("skills", [{"name": "Another"}]),
            ("experience", []),
            ("educations", []),
            ("documents", []),
            ("interviews", []),
            ("feedbacks", []),
            ("statusHistory", []),
            ("employee", None),
            ("sourceId", NOWHERE),
            ("rating", "4"),
            ("rating", False),
            ("status", "hired"),
            ("user", None),
            ("user", "Jane"),
        ],
    )
    def test_the_rest_is_refused_by_name_and_nothing_is_written(self, recruiter, whole, key, value):
        before = recruiter.get(f"/api/candidate/{whole.pk}?{EVERY_RELATION}").json()

        response = recruiter.put(f"/api/candidate/{whole.pk}", {"notes": "Changed.", key: value})

        assert fields_refused(response) == {key}
        assert recruiter.get(f"/api/candidate/{whole.pk}?{EVERY_RELATION}").json() == before

    @pytest.mark.parametrize(
        ("words", "field"),
        [
            ({"id": NOWHERE}, "user.id"),
            ({"firstName": None}, "user.firstName"),
            ({"firstName": ""}, "user.firstName"),
            ({"email": "jane"}, "user.email"),
            ({"nickname": "J"}, "user.nickname"),
        ],
    )
    def test_an_error_about_the_person_stands_under_user(self, recruiter, whole, words, field):
        assert fields_refused(recruiter.put(f"/api/candidate/{whole.pk}", {"user": words})) == {field}

    def test_what_changed_meanwhile_is_409(self, recruiter, organization):
        candidate = CandidateFactory(organization=organization)
        mine = recruiter.get(f"/api/candidate/{candidate.pk}").json()
        assert recruiter.put(f"/api/candidate/{candidate.pk}", {"notes": "Theirs."}).status_code == 200

        response = recruiter.put(f"/api/candidate/{candidate.pk}", {**mine, "notes": "Mine."})

        assert response.status_code == 409
        assert response.json()["details"][0]["code"] == "changed_meanwhile"
        candidate.refresh_from_db()
        assert candidate.notes == "Theirs."

    def test_the_source_of_another_organization_is_an_unknown_id(self, recruiter, whole):
        foreign, nowhere = (
            recruiter.put(f"/api/candidate/{whole.pk}", {"sourceId": str(pk)}).json()
            for pk in (SourceFactory().pk, NOWHERE)
        )

        assert foreign["statusCode"] == 400
        assert foreign["details"] == nowhere["details"]

    def test_also_where_one_sees_both_organizations(self, recruiter, whole):
        there = EmployeeFactory(user=recruiter.user, role_name="ADMIN").organization
        source = SourceFactory(organization=there)

        assert fields_refused(recruiter.put(f"/api/candidate/{whole.pk}", {"sourceId": str(source.pk)})) == {"sourceId"}

    @pytest.mark.parametrize(("client", "status"), [("viewer", 403), ("interviewer", 403), ("stranger", 404)])
    def test_who_may_not_does_not(self, request, whole, client, status):
        client = request.getfixturevalue(client)

        assert client.put(f"/api/candidate/{whole.pk}", {"notes": "x"}).status_code == status
        assert client.delete(f"/api/candidate/{whole.pk}").status_code == status
        assert Candidate.objects.get(pk=whole.pk).notes is None

    def test_deleting_takes_everything_along(self, recruiter, whole):
        assert recruiter.delete(f"/api/candidate/{whole.pk}").status_code == 204

        for model in (Candidate, Skill, Experience, Education, Document, Interview, Interviewer, Feedback):
            assert not model.objects.exists()


class TestNamingSkills:
    def test_new_ones_are_added_and_known_ones_get_the_new_level(self, recruiter, organization):
        candidate = CandidateFactory(organization=organization)
        known = SkillFactory(candidate=candidate, name="TypeScript", level="BEGINNER")
        other = SkillFactory(candidate=candidate, name="Perl", level="EXPERT")

        response = recruiter.post(
            f"/api/candidate/{candidate.pk}/skills",
            {"skills": [{"name": "Angular"}, {"name": "typescript", "level": "EXPERT"}]},
        )

        assert response.status_code == 201
        named = response.json()
        assert [(skill["name"], skill["level"]) for skill in named] == [("Angular", None), ("TypeScript", "EXPERT")]
        assert named[1]["id"] == str(known.pk)
        assert {skill["candidateId"] for skill in named} == {str(candidate.pk)}
        assert {skill["organizationId"] for skill in named} == {str(organization.pk)}
        other.refresh_from_db()
        assert (other.level, candidate.skills.count()) == ("EXPERT", 3)

    def test_without_a_level_a_known_one_keeps_its_own_and_null_takes_it(self, recruiter, organization):
        skill = SkillFactory(candidate__organization=organization, name="Go", level="EXPERT")
        path = f"/api/candidate/{skill.candidate_id}/skills"

        assert recruiter.post(path, {"skills": [{"name": "Go"}]}).json()[0]["level"] == "EXPERT"
        assert recruiter.post(path, {"skills": [{"name": "Go", "level": None}]}).json()[0]["level"] is None

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "skills"),
            ({"skills": []}, "skills"),
            ({"skills": "Go"}, "skills"),
            ({"skills": [{"name": "Go"}, {"name": "gO"}]}, "skills"),
            ({"skills": [{"name": ""}]}, "skills.0.name"),
            ({"skills": [{"name": "Go", "level": "expert"}]}, "skills.0.level"),
            ({"skills": [{"name": "Go", "years": 5}]}, "skills.0.years"),
            ({"skills": [{"name": "Go"}], "candidateId": NOWHERE}, "candidateId"),
            ([{"name": "Go"}], ""),
        ],
    )
    def test_the_rest_is_refused_by_name(self, recruiter, organization, body, field):
        candidate = CandidateFactory(organization=organization)

        assert fields_refused(recruiter.post(f"/api/candidate/{candidate.pk}/skills", body)) == {field}
        assert not Skill.objects.exists()

    def test_the_list_is_that_of_the_candidate(self, recruiter, organization):
        candidate = CandidateFactory(organization=organization)
        skills = SkillFactory.create_batch(2, candidate=candidate)
        SkillFactory(candidate__organization=organization)

        listed = recruiter.get(f"/api/candidate/{candidate.pk}/skills").json()

        assert listed["total"] == 2
        assert {item["id"] for item in listed["items"]} == {str(skill.pk) for skill in skills}

    @pytest.mark.parametrize(
        ("client", "read", "write"),
        [("viewer", 200, 403), ("stranger", 404, 404), ("interviewer", 404, 403), ("anonymous", 401, 401)],
    )
    def test_who_may_not_does_not(self, request, organization, client, read, write):
        candidate = CandidateFactory(organization=organization)
        client = request.getfixturevalue(client)
        path = f"/api/candidate/{candidate.pk}/skills"

        assert client.get(path).status_code == read
        assert client.post(path, {"skills": [{"name": "Go"}]}).status_code == write
        assert not Skill.objects.exists()

    @pytest.mark.parametrize(("held", "named"), [("add_skill", "known"), ("change_skill", "new")])
    def test_adding_and_changing_are_two_permissions(self, sign_in, organization, held, named):
        skill = SkillFactory(candidate__organization=organization, name="known", level="EXPERT")
        permissions = ["candidates.view_candidate", "candidates.view_skill", f"candidates.{held}"]
        clerk = sign_in("", role=RoleFactory(organization=organization, permissions=permissions))
        body = {"skills": [{"name": named, "level": "BEGINNER"}]}

        assert clerk.post(f"/api/candidate/{skill.candidate_id}/skills", body).status_code == 403
        assert list(Skill.objects.values_list("name", "level")) == [("known", "EXPERT")]


PARTS = {
    "candidate-skill": (SkillFactory, {"name": "Go", "level": "EXPERT"}, {"level": "BEGINNER"}),
    "candidate-experience": (
        ExperienceFactory,
        {"occupation": "Developer", "organization": "Acme", "duration": "3 years", "description": "Led."},
        {"organization": "Another"},
    ),
    "candidate-education": (
        EducationFactory,
        {"schoolName": "MIT", "degree": "BS", "field": "CS", "completionDate": "2020-06-01"},
        {"completionDate": None},
    ),
    "candidate-document": (
        DocumentFactory,
        {"name": "CV", "documentUrl": "https://files.example.com/cv.pdf"},
        {"name": "Letter"},
    ),
}


@pytest.mark.parametrize("resource", PARTS)
class TestPartsOfACandidate:
    def test_are_made_read_changed_and_deleted(self, recruiter, organization, resource):
        _, body, change = PARTS[resource]
        candidate = CandidateFactory(organization=organization)

        made = recruiter.post(f"/api/{resource}", {**body, "candidateId": str(candidate.pk)})

        assert made.status_code == 201
        row = made.json()
        assert {key: row[key] for key in body} == body
        # The organization is the candidate's.
        assert (row["candidateId"], row["organizationId"]) == (str(candidate.pk), str(organization.pk))
        path = f"/api/{resource}/{row['id']}"
        assert recruiter.get(path).json() == row
        changed = recruiter.put(path, change).json()
        assert {**changed, "updatedAt": None} == {**row, **change, "updatedAt": None}
        assert recruiter.delete(path).status_code == 204
        assert recruiter.get(path).status_code == 404

    def test_what_get_returned_can_be_sent_back_whole(self, recruiter, organization, resource):
        factory, _, _ = PARTS[resource]
        part = factory(candidate__organization=organization)
        path = f"/api/{resource}/{part.pk}?relations[]=candidate.user"
        before = recruiter.get(path).json()
        assert before["candidate"]["user"]["email"] == part.candidate.email

        response = recruiter.put(path, before)

        assert response.status_code == 200, response.content
        assert {**response.json(), "updatedAt": None} == {**before, "updatedAt": None}

    def test_stay_with_their_candidate(self, recruiter, organization, resource):
        factory, _, _ = PARTS[resource]
        part = factory(candidate__organization=organization)
        other = CandidateFactory(organization=organization)

        response = recruiter.put(f"/api/{resource}/{part.pk}", {"candidateId": str(other.pk)})

        assert fields_refused(response) == {"candidateId"}
        assert recruiter.put(f"/api/{resource}/{part.pk}", {"candidateId": str(part.candidate_id)}).status_code == 200

    def test_of_a_candidate_elsewhere_are_of_an_unknown_one(self, recruiter, organization, resource):
        _, body, _ = PARTS[resource]
        foreign, nowhere = (
            recruiter.post(f"/api/{resource}", {**body, "candidateId": str(pk)}).json()
            for pk in (CandidateFactory().pk, NOWHERE)
        )

        assert foreign["statusCode"] == 400
        assert foreign["details"] == nowhere["details"]
        assert {detail["field"] for detail in foreign["details"]} == {"candidateId"}

    def test_need_their_candidate_and_know_their_keys(self, recruiter, organization, resource):
        _, body, _ = PARTS[resource]
        candidate = CandidateFactory(organization=organization)
        other = str(CandidateFactory().organization_id)

        assert fields_refused(recruiter.post(f"/api/{resource}", body)) == {"candidateId"}
        whole = {**body, "candidateId": str(candidate.pk)}
        assert fields_refused(recruiter.post(f"/api/{resource}", {**whole, "grade": 1})) == {"grade"}
        assert fields_refused(recruiter.post(f"/api/{resource}", {**whole, "organizationId": other})) == {
            "organizationId"
        }
        assert recruiter.post(f"/api/{resource}", {**whole, "organizationId": str(organization.pk)}).status_code == 201

    def test_are_seen_by_an_interviewer_of_the_candidate_only(self, interviewer, organization, resource):
        factory, body, change = PARTS[resource]
        mine, other = (factory(candidate__organization=organization) for _ in range(2))
        InterviewerFactory(interview__candidate=mine.candidate, employee=interviewer.employee)
        path = f"/api/{resource}"

        assert [item["id"] for item in interviewer.get(path).json()["items"]] == [str(mine.pk)]
        assert interviewer.get(f"{path}/{mine.pk}").status_code == 200
        assert interviewer.get(f"{path}/{other.pk}").status_code == 404
        assert interviewer.post(path, {**body, "candidateId": str(mine.candidate_id)}).status_code == 403
        assert interviewer.put(f"{path}/{mine.pk}", change).status_code == 403
        assert interviewer.delete(f"{path}/{mine.pk}").status_code == 403


@pytest.mark.parametrize(
    ("resource", "key", "values"),
    [
        ("candidate-skill", "level", ["GURU", "expert", 5, True]),
        ("candidate-skill", "name", ["", " ", None, 5, "x" * 201]),
        ("candidate-experience", "occupation", ["", None, {}]),
        ("candidate-experience", "organization", [5, {"id": NOWHERE}, "x" * 201]),
        ("candidate-education", "completionDate", ["2020-06", "2020-06-01T00:00:00Z", "2020-13-01", 2020]),
        ("candidate-education", "schoolName", ["", None]),
        ("candidate-document", "documentUrl", ["", None, "cv.pdf", "javascript:alert(1)", "file:///etc/passwd"]),
    ],
)
def test_values_of_a_wrong_type_are_refused(recruiter, organization, resource, key, values):
    factory, body, _ = PARTS[resource]
    part = factory(candidate__organization=organization)

    for value in values:
        made = recruiter.post(f"/api/{resource}", {**body, "candidateId": str(part.candidate_id), key: value})
        assert fields_refused(made) == {key}
        assert fields_refused(recruiter.put(f"/api/{resource}/{part.pk}", {key: value})) == {key}


def test_a_skill_is_once_in_a_candidate(recruiter, organization):
    skill = SkillFactory(candidate__organization=organization, name="Go")
    other = SkillFactory(candidate=skill.candidate, name="C")
    body = {"name": "GO", "candidateId": str(skill.candidate_id)}

    made = recruiter.post("/api/candidate-skill", body)
    renamed = recruiter.put(f"/api/candidate-skill/{other.pk}", {"name": "gO"})

    assert (made.status_code, renamed.status_code) == (409, 409)
    assert made.json()["message"] == "The candidate has this skill already."
    assert recruiter.put(f"/api/candidate-skill/{skill.pk}", {"name": "GO"}).json()["name"] == "GO"


def test_the_company_of_an_experience_is_a_text_that_can_be_asked_for(recruiter, organization):
    candidate = CandidateFactory(organization=organization)
    for company in ("Acme", "ACME Ltd", None):
        ExperienceFactory(candidate=candidate, company=company)

    def found(where: str) -> list:
        items = recruiter.get(f"/api/candidate-experience?{where}&order[organization]=ASC").json()["items"]
        return [item["organization"] for item in items]

    assert found("where[organization]=Acme") == ["Acme"]
    assert found("where[organization][contains]=acme") == ["Acme", "ACME Ltd"]
    assert found("where[organization]=null") == [None]
    assert found(f"where[organizationId]={organization.pk}") == ["Acme", "ACME Ltd", None]
