"""Looking at an invitation, and declining it."""

from __future__ import annotations

import pytest

from invitations.models import Invitation
from organizations.models import User


def test_who_holds_the_token_sees_what_the_invitation_is_to(invited, anonymous, organization, role):
    shown, token = invited("New@example.com")

    response = anonymous.get(f"/api/invite/validate?email=new@example.com&token={token}")

    assert response.status_code == 200
    assert response.json() == {
        "email": "New@example.com",
        "organization": {"id": str(organization.pk), "name": organization.name},
        "role": {"id": str(role.pk), "name": role.name},
        "expireDate": shown["expireDate"],
    }


def test_looking_answers_nothing(invited, anonymous, accepts):
    _, token = invited()
    for _ in range(2):
        anonymous.get(f"/api/invite/validate?email=new@example.com&token={token}")

    assert Invitation.objects.get().status == "INVITED"
    assert not User.objects.filter(email="new@example.com").exists()
    assert accepts("new@example.com", token).status_code == 200


@pytest.mark.parametrize(
    "question", ["", "email=new@example.com", "token=x", "email[]=new@example.com&token=x", "email=a&token=b&more=c"]
)
def test_looking_takes_an_address_and_a_token(anonymous, question):
    assert anonymous.get(f"/api/invite/validate?{question}").status_code == 400


def test_the_answers_to_invitations_take_no_parameters(invited, anonymous):
    _, token = invited()

    for route in ("validate", "reject"):
        response = anonymous.post(f"/api/invite/{route}?email=new@example.com&token={token}", {})
        assert response.status_code == 400
        assert response.json()["message"][0].startswith("email: No such parameter here")


def test_who_declines_is_not_made_an_employee(invited, anonymous, admin, accepts):
    shown, token = invited()

    response = anonymous.post("/api/invite/reject", {"email": "NEW@example.com", "token": token})

    assert response.status_code == 200
    assert response.json() == {"id": shown["id"], "email": "new@example.com", "status": "REJECTED"}
    assert admin.get(f"/api/invite/{shown['id']}").json()["status"] == "REJECTED"
    assert not User.objects.filter(email="new@example.com").exists()
    assert accepts("new@example.com", token).status_code == 400


def test_a_signed_in_answer_is_answered_as_well(invited, recruiter):
    """Public routes do not look at the token of whoever is signed in, be it good or bad."""
    _, token = invited()
    recruiter.credentials(HTTP_AUTHORIZATION="Bearer stale")

    assert recruiter.get(f"/api/invite/validate?email=new@example.com&token={token}").status_code == 200
    assert recruiter.post("/api/invite/reject", {"email": "new@example.com", "token": token}).status_code == 200
