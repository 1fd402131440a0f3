"""Joining by an invitation: what is made, what is left alone, and one refusal for everything wrong."""

from __future__ import annotations

import pytest
from django.utils import timezone

from candidates.actions import hire
from candidates.tests.factories import CandidateFactory
from conftest import client_of
from invitations.models import Invitation
from organizations.models import Employee, User
from organizations.passwords import password_token
from organizations.tests.factories import PASSWORD, EmployeeFactory, UserFactory, built_in_role

OWN_PASSWORD = "a phrase of my own"


@pytest.fixture
def login(anonymous):
    def login(email, password):
        return anonymous.post("/api/auth/login", {"email": email, "password": password}).status_code

    return login


def account() -> User:
    return User.objects.get(email="new@example.com")


# Joining.


def test_the_invited_person_joins(invited, accepts, organization, role, admin):
    shown, token = invited(startedWorkOn="2024-02-01")

    response = accepts("new@example.com", token, firstName="Nora", lastName="New")

    assert response.status_code == 200
    answer = response.json()
    employee = Employee.objects.get(user=account())
    assert answer.pop("passwordToken")
    assert answer == {
        "id": shown["id"],
        "email": "new@example.com",
        "status": "ACCEPTED",
        "organization": {"id": str(organization.pk), "name": organization.name},
        "role": {"id": str(role.pk), "name": "INTERVIEWER"},
        "employeeId": str(employee.pk),
    }
    assert (employee.first_name, employee.last_name, employee.email) == ("Nora", "New", "new@example.com")
    assert (employee.organization, employee.role, str(employee.started_work_on)) == (organization, role, "2024-02-01")
    assert (account().first_name, account().last_name) == ("Nora", "New")
    row = admin.get(f"/api/invite/{shown['id']}").json()
    assert (row["status"], row["employeeId"]) == ("ACCEPTED", str(employee.pk))


@pytest.mark.parametrize("email", ["NEW@EXAMPLE.COM", "New@example.com"])
def test_the_case_of_the_address_does_not_matter(invited, accepts, email):
    _, token = invited("new@Example.com")

    assert accepts(email, token).status_code == 200


def test_a_new_account_sets_its_password_once_by_the_token(invited, accepts, anonymous, login):
    _, token = invited()
    password_token = accepts("new@example.com", token).json()["passwordToken"]

    first = anonymous.post("/api/auth/reset-password", {"token": password_token, "password": OWN_PASSWORD})
    second = anonymous.post("/api/auth/reset-password", {"token": password_token, "password": "another phrase"})

    assert (first.status_code, second.status_code) == (200, 400)
    assert login("new@example.com", OWN_PASSWORD) == 200


def test_a_new_account_chooses_its_password_at_once(invited, accepts, login):
    _, token = invited()

    response = accepts("new@example.com", token, password=OWN_PASSWORD)

    assert response.json()["passwordToken"] is None
    assert login("new@example.com", OWN_PASSWORD) == 200


@pytest.mark.parametrize("password", ["short", "password", "x" * 201, 12345678, None])
def test_a_bad_password_accepts_nothing(invited, accepts, password):
    _, token = invited()

    response = accepts("new@example.com", token, password=password)

    assert response.status_code == 400
    assert response.json()["details"][0]["field"] == "password"
    assert Invitation.objects.get().status == "INVITED"
    assert not User.objects.filter(email="new@example.com").exists()


def test_accepting_signs_no_one_in(invited, accepts):
    _, token = invited()

    assert accepts("new@example.com", token).json().keys().isdisjoint({"token", "refreshToken", "user"})
    assert not account().sessions.exists()


def test_the_address_is_proven_by_accepting(invited, accepts):
    _, token = invited()
    accepts("new@example.com", token)

    assert account().is_email_proven


def test_who_joined_works_with_the_invited_role(invited, accepts, recruiter, organization):
    _, token = invited(role=built_in_role(organization, "VIEWER"))
    accepts("new@example.com", token, password=OWN_PASSWORD)
    candidate = CandidateFactory(organization=organization)

    viewer = client_of(account())

    assert viewer.get(f"/api/candidate/{candidate.pk}").status_code == 200
    assert viewer.put(f"/api/candidate/{candidate.pk}", {"rating": 1}).status_code == 403


# An account that is there.


@pytest.mark.parametrize("password", [None, OWN_PASSWORD])
def test_a_proven_account_is_left_as_it_is(invited, accepts, login, password):
    """Its password, names and sessions are the owner's, whoever invites."""
    user = UserFactory(email="new@example.com", first_name="Nora")
    session = client_of(user)
    _, token = invited("NEW@example.com")

    response = accepts("new@example.com", token, firstName="Eve", **({"password": password} if password else {}))

    assert response.status_code == 200
    assert response.json()["passwordToken"] is None
    assert login("new@example.com", PASSWORD) == 200
    assert login("new@example.com", OWN_PASSWORD) == 401
    me = session.get("/api/user/me").json()
    assert me["firstName"] == "Nora"
    assert [place["id"] for place in me["employees"]] == [response.json()["employeeId"]]


@pytest.fixture
def strangers_word(anonymous):
    """An account for the invited address that somebody else opened, and a session of it."""
    user = UserFactory(email="new@example.com", is_email_proven=False, first_name="Eve", last_name="Evil")
    return client_of(user)


def test_an_unproven_account_loses_its_password_and_its_sessions(invited, accepts, login, strangers_word, anonymous):
    assert strangers_word.get("/api/user/me").status_code == 200
    _, token = invited()

    answer = accepts("new@example.com", token, firstName="Nora").json()

    assert strangers_word.get("/api/user/me").status_code == 401
    assert login("new@example.com", PASSWORD) == 401
    assert (account().first_name, account().last_name, account().is_email_proven) == ("Nora", "", True)
    reset = {"token": answer["passwordToken"], "password": OWN_PASSWORD}
    assert anonymous.post("/api/auth/reset-password", reset).status_code == 200
    assert login("new@example.com", OWN_PASSWORD) == 200


def test_an_unproven_account_can_get_its_password_at_once(invited, accepts, login, strangers_word):
    _, token = invited()

    assert accepts("new@example.com", token, password=OWN_PASSWORD).json()["passwordToken"] is None

    assert strangers_word.get("/api/user/me").status_code == 401
    assert login("new@example.com", PASSWORD) == 401
    assert login("new@example.com", OWN_PASSWORD) == 200


def test_the_second_invitation_finds_the_account_proven(invited, accepts, stranger, login):
    _, token = invited()
    accepts("new@example.com", token, password=OWN_PASSWORD)
    theirs = built_in_role(stranger.employee.organization, "VIEWER")
    _, second = invited(role=theirs, client=stranger)

    assert accepts("new@example.com", second, password="another phrase").json()["passwordToken"] is None
    assert login("new@example.com", OWN_PASSWORD) == 200
    assert account().employees.count() == 2


# People who are known here already.


def test_a_switched_off_employee_comes_back_with_the_invited_role(invited, accepts, organization, role):
    former = EmployeeFactory(
        user__email="new@example.com",
        organization=organization,
        role_name="ADMIN",
        is_active=False,
        started_work_on="2020-01-01",
        first_name="Nora",
    )
    _, token = invited(startedWorkOn="2024-02-01")

    answer = accepts("new@example.com", token).json()

    former.refresh_from_db()
    assert answer["employeeId"] == str(former.pk)
    assert (former.is_active, former.role, str(former.started_work_on)) == (True, role, "2024-02-01")
    assert former.first_name == "Nora"


@pytest.mark.parametrize("proven", [True, False])
def test_a_switched_off_account_stays_off(invited, accepts, login, proven):
    UserFactory(email="new@example.com", is_active=False, is_email_proven=proven)
    _, token = invited()

    response = accepts("new@example.com", token, password=OWN_PASSWORD)

    assert response.status_code == 200
    assert response.json()["passwordToken"] is None
    assert not account().is_active
    assert login("new@example.com", OWN_PASSWORD) == login("new@example.com", PASSWORD) == 401


def test_who_was_hired_meanwhile_gets_the_invited_role(invited, accepts, organization, role, recruiter):
    _, token = invited()
    candidate = hire(CandidateFactory(organization=organization, email="New@example.com"), by=recruiter.user)

    answer = accepts("new@example.com", token).json()

    candidate.employee.refresh_from_db()
    assert answer["employeeId"] == str(candidate.employee_id)
    assert (answer["role"]["name"], candidate.employee.role) == (role.name, role)


def test_who_came_in_meanwhile_with_another_role_keeps_it(invited, accepts, organization):
    _, token = invited()
    place = EmployeeFactory(user__email="new@example.com", organization=organization, role_name="RECRUITER")

    answer = accepts("new@example.com", token).json()

    assert (answer["employeeId"], answer["role"]["name"]) == (str(place.pk), "RECRUITER")


# One refusal.


@pytest.fixture
def wrong_ways(invited, accepts, anonymous, admin):
    """Every way in which an invitation is not valid → the answer to accepting it."""

    def withdrawn():
        shown, token = invited("withdrawn@example.com")
        admin.delete(f"/api/invite/{shown['id']}")
        return "withdrawn@example.com", token

    def expired():
        shown, token = invited("expired@example.com")
        Invitation.objects.filter(pk=shown["id"]).update(expire_date=timezone.now())
        return "expired@example.com", token

    def answered(how):
        _, token = invited(f"{how}@example.com")
        anonymous.post(f"/api/invite/{how}", {"email": f"{how}@example.com", "token": token})
        return f"{how}@example.com", token

    def replaced():
        _, token = invited("replaced@example.com")
        invited("replaced@example.com")
        return "replaced@example.com", token

    def of_somebody_else():
        invited("one@example.com")
        return "one@example.com", invited("other@example.com")[1]

    _, token = invited("new@example.com")
    return {
        "wrong e-mail": ("else@example.com", token),
        "no e-mail": ("new", token),
        "wrong token": ("new@example.com", token[:-1]),
        "token in another case": ("new@example.com", token.swapcase()),
        "token of somebody else": of_somebody_else(),
        "odd token": ("new@example.com", "ünïcode \ud7ff"),
        "accepted": answered("validate"),
        "rejected": answered("reject"),
        "expired": expired(),
        "withdrawn": withdrawn(),
        "replaced": replaced(),
    }


def without_id(response) -> dict:
    return {key: value for key, value in response.json().items() if key != "requestId"}


@pytest.mark.parametrize("deed", ["accept", "look", "reject"])
def test_all_that_is_wrong_is_refused_in_the_same_words(wrong_ways, anonymous, deed):
    people = Employee.objects.count()
    for way, (email, token) in wrong_ways.items():
        body = {"email": email, "token": token}
        if deed == "look":
            response = anonymous.get("/api/invite/validate", body)
        else:
            response = anonymous.post(f"/api/invite/{'validate' if deed == 'accept' else 'reject'}", body)
        assert response.status_code == 400, way
        assert without_id(response) == {
            "statusCode": 400,
            "message": ["This invitation is not valid (any more)."],
            "error": "Bad Request",
            "details": [
                {"field": "", "code": "invalid_invitation", "message": "This invitation is not valid (any more)."}
            ],
        }, way
    assert Employee.objects.count() == people


@pytest.mark.parametrize(
    "loss", ["demoted", "place switched off", "account switched off", "role reduced", "role switched off", "removed"]
)
def test_what_the_inviter_may_no_longer_grant_is_not_given(invited, accepts, sign_in, organization, admin, loss):
    inviter = sign_in("RECRUITER")
    _, token = invited(client=inviter)
    place, account = inviter.employee, inviter.user
    if loss == "demoted":
        place.role = built_in_role(organization, "VIEWER")
        place.save()
    elif loss == "place switched off":
        admin.put(f"/api/employee/{place.pk}", {"isActive": False})
    elif loss == "account switched off":
        account.is_active = False
        account.save()
    elif loss == "role reduced":
        kept = [p for p in place.role.permissions if not p.startswith("interviews.")]
        assert admin.put(f"/api/role/{place.role_id}", {"permissions": kept}).status_code == 200
    elif loss == "role switched off":
        assert admin.put(f"/api/role/{place.role_id}", {"isActive": False}).status_code == 200
    else:
        account.delete()

    response = accepts("new@example.com", token)

    assert response.status_code == 400
    assert response.json()["message"] == ["This invitation is not valid (any more)."]
    assert not User.objects.filter(email="new@example.com").exists()
    assert Invitation.objects.get().answer == "INVITED"


def test_a_role_that_grew_beyond_the_inviter_is_not_given(invited, accepts, recruiter, organization):
    role = built_in_role(organization, "VIEWER")
    _, token = invited(role=role, client=recruiter)
    role.permissions = [*role.permissions, "organizations.change_role"]
    role.save()

    assert accepts("new@example.com", token).status_code == 400


def test_what_an_operator_invites_to_is_given(invited, accepts, superuser, organization, role):
    _, token = invited(client=superuser, organizationId=str(organization.pk))

    assert accepts("new@example.com", token).status_code == 200


def test_a_closed_organization_is_joined_by_no_one(invited, accepts, organization):
    _, token = invited()
    organization.is_active = False
    organization.save()

    assert accepts("new@example.com", token).status_code == 400


@pytest.mark.parametrize("body", [{}, {"email": "new@example.com"}, {"token": "x"}, {"email": 5, "token": "x"},
                                  {"email": "new@example.com", "token": ["x"]}, [], "text",
                                  {"email": "new@example.com", "token": "x", "role": "ADMIN"}], ids=str)  # fmt: skip
def test_what_is_no_answer_is_malformed(anonymous, body):
    assert anonymous.post("/api/invite/validate", body).status_code == 400
    assert anonymous.post("/api/invite/reject", body).status_code == 400


def test_what_one_organization_calls_a_person_never_reaches_another(invited, accepts, anonymous):
    """Hired there under words of theirs, password set by the mailed link, then invited here."""
    there = CandidateFactory(email="new@example.com", first_name="Jane", last_name="(do not promote)")
    hire(there, by=None)
    account = User.objects.known_by("new@example.com")
    anonymous.post("/api/auth/reset-password", {"token": password_token(account), "password": OWN_PASSWORD})
    _, token = invited()

    joined = accepts("new@example.com", token).json()

    here = Employee.objects.get(pk=joined["employeeId"])
    assert (here.first_name, here.last_name) == ("", "")
    me = client_of(here.user).get("/api/user/me").json()
    assert (me["firstName"], me["lastName"]) == ("Jane", "(do not promote)")
