"""Asking people to join: who may ask for what, what the mail says, and where the token is not."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from html import escape

import pytest
from django.utils import timezone

from invitations.models import Invitation
from invitations.tests.factories import InvitationFactory
from organizations.models import User
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, RoleFactory, UserFactory, built_in_role

from .mailbox import token_in

NOBODY = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def inviters_role(organization):
    """May invite, but holds less than an INTERVIEWER."""
    return RoleFactory(
        organization=organization,
        permissions=[
            "invitations.view_invitation",
            "invitations.add_invitation",
            "invitations.delete_invitation",
            "organizations.view_role",
        ],
    )


@pytest.fixture
def inviter(sign_in, inviters_role):
    return sign_in("EMPLOYEE", role=inviters_role)


# The answer and the mail.


def test_an_address_is_invited(invited, admin, organization, role):
    shown, _ = invited("New.Person@Example.com", startedWorkOn="2024-02-01")

    expire_date = shown.pop("expireDate")
    assert (
        shown.items()
        >= {
            "email": "New.Person@Example.com",
            "status": "INVITED",
            "roleId": str(role.pk),
            "organizationId": str(organization.pk),
            "invitedById": str(admin.user.pk),
            "startedWorkOn": "2024-02-01",
            "employeeId": None,
            "createdById": str(admin.user.pk),
        }.items()
    )
    assert _days_from_now(expire_date) == 7


def test_the_organization_says_how_long_an_invitation_stays_open(invited, admin, organization):
    admin.put(f"/api/organization/{organization.pk}", {"inviteExpiryDays": 30})

    assert _days_from_now(invited()[0]["expireDate"]) == 30


def _days_from_now(moment: str) -> int:
    return round((timezone.datetime.fromisoformat(moment) - timezone.now()) / timedelta(days=1))


def test_the_mail_says_who_invites_to_what_and_how(admin, organization, role, mails, settings):
    with mails() as sent:
        admin.post("/api/invite", {"emailId": "new+1@example.com", "roleId": str(role.pk)})

    (message,) = sent
    assert message.to == ["new+1@example.com"]
    assert message.subject == f"Join {organization.name}"
    for text in (message.body, message.alternatives[0][0]):
        for word in (escape(str(admin.employee)), organization.name, "INTERVIEWER"):
            assert word in text
        assert admin.user.email not in text
    link = f"{settings.PUBLIC_URL}/invitation?email=new%2B1%40example.com&token={token_in(message)}"
    assert link in message.body


def test_a_name_is_no_markup_and_writes_no_mail_headers(sign_in, mails):
    organization = OrganizationFactory(name="<b>Acme</b>\r\nBcc: eve@example.com")
    role = built_in_role(organization, "VIEWER")
    with mails() as sent:
        sign_in("ADMIN", organization=organization).post(
            "/api/invite", {"emailId": "new@example.com", "roleId": str(role.pk)}
        )

    assert sent[0].subject == "Join <b>Acme</b> Bcc: eve@example.com"
    assert "<b>" not in sent[0].alternatives[0][0]
    assert sent[0].recipients() == ["new@example.com"]


# The token.


def test_the_token_is_in_the_mail_and_nowhere_else(
    admin, role, mails, caplog, capsys, django_capture_on_commit_callbacks
):
    caplog.set_level("DEBUG")
    with mails() as sent:
        created = admin.post("/api/invite", {"emailId": "new@example.com", "roleId": str(role.pk)})
    token = token_in(sent[0])
    said = [created.content.decode()]
    for address in (
        f"/api/invite/{created.json()['id']}?relations=role,organization",
        "/api/invite",
        "/api/invite/pagination",
    ):
        said.append(admin.get(address).content.decode())

    row = Invitation.objects.filter(pk=created.json()["id"]).values().get()
    said += [str(value) for value in row.values()]
    said += [caplog.text, *capsys.readouterr()]

    assert len(base64.urlsafe_b64decode(token + "=")) == 32
    for text in said:
        assert token not in text
    assert not any("token" in key.lower() or "hash" in key.lower() for key in created.json())


def test_neither_answers_nor_logs_tell_the_token_when_it_is_used(invited, accepts, anonymous, caplog):
    _, token = invited()
    caplog.set_level("DEBUG")

    looked = anonymous.get(f"/api/invite/validate?email=new@example.com&token={token}")
    anonymous.get(f"/api/invite/validate?email=other@example.com&token={token}")
    refused = accepts("other@example.com", token)
    accepted = accepts("new@example.com", token)

    for text in (looked.content.decode(), refused.content.decode(), accepted.content.decode(), caplog.text):
        assert token not in text


def test_a_failing_mail_server_is_logged_without_the_token(admin, role, caplog, monkeypatch, mails):
    def refuse(message, *args, **kwargs):
        refuse.said = token_in(message)
        raise OSError(f"550 {message.body}")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    with mails():
        response = admin.post("/api/invite", {"emailId": "new@example.com", "roleId": str(role.pk)})

    assert response.status_code == 201
    assert "failed: OSError" in caplog.text
    assert refuse.said not in caplog.text


def test_two_invitations_have_two_tokens(invited):
    assert invited("a@example.com")[1] != invited("b@example.com")[1]


# Again.


@pytest.mark.parametrize("email", ["new@example.com", "NEW@Example.com"])
def test_an_open_invitation_is_renewed_and_its_old_token_dies(invited, accepts, organization, email):
    first, old = invited("new@example.com", startedWorkOn="2024-02-01")
    other_role = built_in_role(organization, "VIEWER")

    second, new = invited(email, role=other_role, startedWorkOn="2024-03-01")

    assert second["id"] == first["id"]
    assert (second["roleId"], second["startedWorkOn"]) == (str(other_role.pk), "2024-03-01")
    assert Invitation.objects.count() == 1
    assert accepts("new@example.com", old).status_code == 400
    assert accepts("new@example.com", new).status_code == 200


def test_an_expired_invitation_is_renewed_too(invited, organization):
    expired = InvitationFactory(organization=organization, email="new@example.com", expire_date=timezone.now())

    shown, _ = invited("new@example.com")

    assert (shown["id"], shown["status"]) == (str(expired.pk), "INVITED")
    assert _days_from_now(shown["expireDate"]) == 7


def test_who_declined_can_be_asked_again(invited, anonymous):
    first, token = invited()
    anonymous.post("/api/invite/reject", {"email": "new@example.com", "token": token})

    second, _ = invited()

    assert second["id"] != first["id"]
    assert {row.status for row in Invitation.objects.all()} == {"REJECTED", "INVITED"}


def test_two_organizations_ask_the_same_address(invited, stranger, accepts):
    theirs = built_in_role(stranger.employee.organization, "VIEWER")

    first, here = invited()
    second, there = invited(role=theirs, client=stranger)

    assert first["id"] != second["id"]
    assert accepts("new@example.com", there).json()["organization"]["id"] == second["organizationId"]
    assert accepts("new@example.com", here).json()["organization"]["id"] == first["organizationId"]


@pytest.mark.parametrize("email", ["jane@example.com", "JANE@example.com"])
@pytest.mark.parametrize("known_by", ["employee", "account"])
def test_an_active_employee_is_not_invited(admin, organization, role, email, known_by):
    EmployeeFactory(
        organization=organization,
        email="jane@example.com" if known_by == "employee" else "jane.at.work@example.com",
        user=UserFactory(email="jane@example.com" if known_by == "account" else "jane.private@example.com"),
    )

    response = admin.post("/api/invite", {"emailId": email, "roleId": str(role.pk)})

    assert response.status_code == 409
    assert not Invitation.objects.exists()


def test_the_employee_of_another_organization_and_a_switched_off_one_are_invited(invited, organization):
    EmployeeFactory(user__email="elsewhere@example.com")
    EmployeeFactory(user__email="former@example.com", organization=organization, is_active=False)

    assert invited("elsewhere@example.com")[0]["status"] == "INVITED"
    assert invited("former@example.com")[0]["status"] == "INVITED"


# Who may.


def test_no_one_invites_to_more_than_they_hold(recruiter, organization):
    response = recruiter.post(
        "/api/invite", {"emailId": "new@example.com", "roleId": str(built_in_role(organization, "ADMIN").pk)}
    )

    assert response.status_code == 403
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("name", ["RECRUITER", "INTERVIEWER", "VIEWER", "EMPLOYEE"])
def test_a_recruiter_invites_to_all_other_roles(invited, recruiter, organization, name):
    assert invited(role=built_in_role(organization, name), client=recruiter)[0]["status"] == "INVITED"


@pytest.mark.parametrize("deed", ["invite again", "resend", "withdraw", "emails"])
def test_no_one_touches_an_invitation_to_more_than_they_hold(invited, inviter, inviters_role, accepts, deed):
    shown, token = invited("new@example.com")

    lesser = {"roleId": str(inviters_role.pk)}
    response = {
        "invite again": lambda: inviter.post("/api/invite", {"emailId": "new@example.com", **lesser}),
        "resend": lambda: inviter.post("/api/invite/resend", {"inviteId": shown["id"]}),
        "withdraw": lambda: inviter.delete(f"/api/invite/{shown['id']}"),
        "emails": lambda: inviter.post(
            "/api/invite/emails", {"emailIds": ["a@example.com", "new@example.com"], **lesser}
        ),
    }[deed]()

    assert response.status_code == 403
    assert [row.status for row in Invitation.objects.all()] == ["INVITED"]
    assert accepts("new@example.com", token).status_code == 200


def test_who_holds_the_role_may_invite_to_it(invited, inviter, inviters_role):
    shown, _ = invited("new@example.com", role=inviters_role, client=inviter)

    assert inviter.post("/api/invite/resend", {"inviteId": shown["id"]}).status_code == 200
    assert inviter.delete(f"/api/invite/{shown['id']}").status_code == 204


@pytest.mark.parametrize("role_name", ["VIEWER", "INTERVIEWER", "EMPLOYEE"])
def test_the_others_neither_see_invitations_nor_invite(sign_in, invited, role, role_name):
    shown, _ = invited()
    client = sign_in(role_name)

    for response in (
        client.get("/api/invite"),
        client.get(f"/api/invite/{shown['id']}"),
        client.post("/api/invite", {"emailId": "x@example.com", "roleId": str(role.pk)}),
        client.post("/api/invite/emails", {"emailIds": ["x@example.com"], "roleId": str(role.pk)}),
        client.post("/api/invite/resend", {"inviteId": shown["id"]}),
        client.delete(f"/api/invite/{shown['id']}"),
    ):
        assert response.status_code == 403


def test_a_strangers_invitation_does_not_exist(stranger, invited):
    shown, _ = invited()

    assert stranger.get("/api/invite").json() == {"items": [], "total": 0}
    assert stranger.get(f"/api/invite/{shown['id']}").status_code == 404
    assert stranger.delete(f"/api/invite/{shown['id']}").status_code == 404
    response = stranger.post("/api/invite/resend", {"inviteId": shown["id"]})
    assert response.status_code == 400
    unknown = stranger.post("/api/invite/resend", {"inviteId": NOBODY})
    assert unknown.json()["message"] == response.json()["message"] == ["inviteId: There is no such row."]


# What is asked.


def test_a_role_of_another_organization_is_no_role(admin, stranger):
    theirs = built_in_role(stranger.employee.organization, "EMPLOYEE")

    for role_id in (theirs.pk, NOBODY):
        response = admin.post("/api/invite", {"emailId": "new@example.com", "roleId": str(role_id)})
        assert response.status_code == 400
        assert response.json()["message"] == ["roleId: There is no such row."]


def test_who_belongs_to_two_organizations_does_not_mix_their_roles(admin, stranger, organization):
    there = stranger.employee.organization
    EmployeeFactory(user=admin.user, organization=there, role_name="ADMIN")
    body = {"emailId": "new@example.com", "roleId": str(built_in_role(there, "VIEWER").pk)}

    response = admin.post("/api/invite", {**body, "organizationId": str(organization.pk)})

    assert response.status_code == 400
    assert response.json()["message"] == ["roleId: There is no such row."]


@pytest.mark.parametrize("who", ["somebody", "nobody", "none"])
def test_the_inviter_is_the_caller(admin, role, colleague, mails, who):
    sent_as = {"somebody": str(colleague.user.pk), "nobody": NOBODY, "none": None}[who]
    with mails() as sent:
        response = admin.post(
            "/api/invite", {"emailId": "new@example.com", "roleId": str(role.pk), "invitedById": sent_as}
        )

    assert response.status_code == 400
    assert response.json()["message"] == ["invitedById: This can't be written."]
    assert not Invitation.objects.exists()
    assert sent == []


@pytest.mark.parametrize(
    "change",
    [
        {"emailId": None},
        {"emailId": "no address"},
        {"emailId": 5},
        {"emailId": "x" * 250 + "@example.com"},
        {"roleId": None},
        {"roleId": "x"},
        {"startedWorkOn": "2024-02-30"},
        {"startedWorkOn": "2024-02-01T00:00:00Z"},
        {"status": "ACCEPTED"},
        {"expireDate": "2099-01-01"},
        {"token": "chosen"},
        {"isActive": False},
        {"isArchived": True},
    ],
    ids=str,
)
def test_what_is_no_invitation_is_refused(admin, role, change):
    response = admin.post("/api/invite", {"emailId": "new@example.com", "roleId": str(role.pk), **change})

    assert response.status_code == 400
    assert response.json()["details"][0]["field"] == next(iter(change))
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("door", ["", "/emails"])
def test_what_an_invitation_shows_may_stand_there_as_it_is(admin, role, door):
    body = {"roleId": str(role.pk), "isArchived": False, "invitedById": str(admin.user.pk), "status": "INVITED"}
    body |= {"emailIds": ["a@example.com", "b@example.com"]} if door else {"emailId": "a@example.com"}

    assert admin.post(f"/api/invite{door}", body).status_code == 201


@pytest.mark.parametrize("change", [{"invitedById": NOBODY}, {"isArchived": True}, {"emailId": "c@example.com"},
                                    {"token": "x"}, {"status": "ACCEPTED"}], ids=str)  # fmt: skip
def test_what_many_invitations_do_not_take_is_refused(admin, role, mails, change):
    with mails() as sent:
        response = admin.post("/api/invite/emails", {"emailIds": ["a@example.com"], "roleId": str(role.pk), **change})

    assert response.status_code == 400
    assert response.json()["details"][0]["field"] == next(iter(change))
    assert not Invitation.objects.exists()
    assert sent == []


def test_an_invitation_is_not_changed(invited, admin):
    shown, _ = invited()

    assert admin.put(f"/api/invite/{shown['id']}", {"status": "ACCEPTED"}).status_code == 405


# Many at once.


def test_many_are_invited_at_once(admin, role, mails, organization):
    with mails() as sent:
        response = admin.post(
            "/api/invite/emails",
            {
                "emailIds": ["a@example.com", "b@example.com"],
                "roleId": str(role.pk),
                "organizationId": str(organization.pk),
                "startedWorkOn": "2024-02-01",
            },
        )

    assert response.status_code == 201
    assert [(row["email"], row["status"], row["startedWorkOn"]) for row in response.json()] == [
        ("a@example.com", "INVITED", "2024-02-01"),
        ("b@example.com", "INVITED", "2024-02-01"),
    ]
    assert [message.to for message in sent] == [["a@example.com"], ["b@example.com"]]
    assert token_in(sent[0]) != token_in(sent[1])


@pytest.mark.parametrize(
    ("emails", "status"),
    [
        (["a@example.com", "jane@example.com"], 409),
        (["a@example.com", "no address"], 400),
        (["a@example.com", "A@Example.com"], 400),
        (["a@example.com", None], 400),
        ([], 400),
        ("a@example.com", 400),
        ([f"a{n}@example.com" for n in range(1001)], 400),
    ],
    ids=["one is employed", "one is no address", "one is there twice", "one is null", "none", "no list", "too many"],
)
def test_of_many_all_are_invited_or_none(admin, organization, role, mails, emails, status):
    EmployeeFactory(organization=organization, user__email="jane@example.com")

    with mails() as sent:
        response = admin.post("/api/invite/emails", {"emailIds": emails, "roleId": str(role.pk)})

    assert response.status_code == status
    if status == 400:
        assert response.json()["details"][0]["field"].startswith("emailIds")
    assert not Invitation.objects.exists()
    assert sent == []


def test_no_one_invites_many_to_more_than_they_hold(recruiter, organization):
    response = recruiter.post(
        "/api/invite/emails",
        {"emailIds": ["a@example.com"], "roleId": str(built_in_role(organization, "ADMIN").pk)},
    )

    assert response.status_code == 403
    assert not Invitation.objects.exists()


# Listing.


def test_expired_is_computed_and_can_be_asked_for(admin, organization):
    past = timezone.now() - timedelta(seconds=1)
    for email, fields in {
        "open@example.com": {},
        "expired@example.com": {"expire_date": past},
        "accepted@example.com": {"answer": "ACCEPTED", "expire_date": past},
        "rejected@example.com": {"answer": "REJECTED", "expire_date": past},
    }.items():
        InvitationFactory(organization=organization, email=email, **fields)

    def of(question):
        return sorted(row["email"].partition("@")[0] for row in admin.get(f"/api/invite?{question}").json()["items"])

    for status, expected in (
        ("INVITED", ["open"]), ("EXPIRED", ["expired"]), ("ACCEPTED", ["accepted"]), ("REJECTED", ["rejected"])
    ):  # fmt: skip
        assert of(f"where[status]={status}") == expected
        assert admin.get(f"/api/invite/count?where[status]={status}").json() == 1
    assert of("where[status][ne]=EXPIRED") == ["accepted", "open", "rejected"]
    assert of("where[status][]=EXPIRED&where[status][]=INVITED") == ["expired", "open"]
    shown = {row["email"].partition("@")[0]: row["status"] for row in admin.get("/api/invite").json()["items"]}
    assert shown == {"open": "INVITED", "expired": "EXPIRED", "accepted": "ACCEPTED", "rejected": "REJECTED"}


@pytest.mark.parametrize("status", ["WITHDRAWN", "invited", ""])
def test_a_status_that_there_is_not_cannot_be_asked_for(admin, status):
    response = admin.get(f"/api/invite?where[status]={status}")

    assert response.status_code == 400
    assert "INVITED" in json.dumps(response.json()["message"])


def test_invitations_show_their_role_and_organization(admin, invited, organization, role):
    shown, _ = invited()

    (row,) = admin.get("/api/invite?relations=role,organization&where[email]=NEW@example.com").json()["items"]

    assert (row["id"], row["role"]["name"], row["organization"]["name"]) == (shown["id"], role.name, organization.name)


# Resending and withdrawing.


def test_a_resent_invitation_has_a_new_token_and_a_new_expiry(admin, organization, accepts, invited, mails):
    shown, old = invited()
    Invitation.objects.update(expire_date=timezone.now() - timedelta(days=1))

    with mails() as sent:
        response = admin.post("/api/invite/resend", {"inviteId": shown["id"]})

    assert response.status_code == 200
    assert (response.json()["id"], response.json()["status"]) == (shown["id"], "INVITED")
    assert _days_from_now(response.json()["expireDate"]) == 7
    assert accepts("new@example.com", old).status_code == 400
    assert accepts("new@example.com", token_in(sent[-1])).status_code == 200


def test_who_resends_answers_for_the_invitation(invited, sign_in, organization):
    shown, _ = invited()
    other = sign_in("ADMIN")

    assert other.post("/api/invite/resend", {"inviteId": shown["id"]}).json()["invitedById"] == str(other.user.pk)


@pytest.mark.parametrize(("answer", "words"), [("ACCEPTED", "accepted"), ("REJECTED", "declined")])
def test_an_answered_invitation_is_not_resent(admin, organization, mails, answer, words):
    invitation = InvitationFactory(organization=organization, answer=answer)

    with mails() as sent:
        response = admin.post("/api/invite/resend", {"inviteId": str(invitation.pk)})

    assert response.status_code == 409
    assert response.json()["message"] == f"This invitation was already {words}."
    assert sent == []


@pytest.mark.parametrize("body", [{}, {"inviteId": "x"}, {"inviteId": None}, {"inviteId": NOBODY, "email": "x"}, []])
def test_what_is_no_invitation_is_not_resent(admin, body):
    assert admin.post("/api/invite/resend", body).status_code == 400


def test_a_withdrawn_invitation_is_gone_and_its_token_dead(admin, invited, accepts):
    shown, token = invited()

    assert admin.delete(f"/api/invite/{shown['id']}").status_code == 204

    assert admin.get(f"/api/invite/{shown['id']}").status_code == 404
    assert accepts("new@example.com", token).status_code == 400
    assert not User.objects.filter(email="new@example.com").exists()


def test_an_accepted_invitation_is_not_withdrawn(admin, invited, accepts):
    shown, token = invited()
    accepts("new@example.com", token)

    response = admin.delete(f"/api/invite/{shown['id']}")

    assert response.status_code == 409
    assert admin.get(f"/api/invite/{shown['id']}").json()["status"] == "ACCEPTED"
