from __future__ import annotations

import pytest

from invitations.models import Invitation
from invitations.tests.factories import InvitationFactory
from organizations.tests.browser import choose, page, send
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, built_in_role


@pytest.fixture
def recruiter(enter):
    return enter("RECRUITER")


@pytest.fixture
def role(organization):
    return built_in_role(organization, "INTERVIEWER")


def test_an_invitation_is_mailed(recruiter, role, organization, mails):
    with mails() as sent:
        answer = send(recruiter, page(Invitation, "add"), email="new@example.com", role=role.pk)

    invitation = Invitation.objects.get()
    assert (invitation.organization, invitation.invited_by) == (organization, recruiter.employee.user)
    assert [mail.to for mail in sent] == [["new@example.com"]]
    assert invitation.token_hash not in answer.text


def test_inviting_an_address_again_renews_the_open_invitation(recruiter, role, organization, mails):
    invitation = InvitationFactory(organization=organization, email="new@example.com")
    before = invitation.token_hash

    with mails():
        send(recruiter, page(Invitation, "add"), email="NEW@example.com", role=role.pk)

    invitation.refresh_from_db()
    assert invitation == Invitation.objects.get()
    assert invitation.token_hash != before


def test_an_active_employee_is_not_invited(recruiter, role, organization):
    employee = EmployeeFactory(organization=organization)

    answer = send(recruiter, page(Invitation, "add"), email=employee.email, role=role.pk)

    assert f"{employee.email} is an active employee here already." in answer.text
    assert not Invitation.objects.exists()


def test_no_one_invites_to_more_than_they_hold(recruiter, organization):
    admin = built_in_role(organization, "ADMIN")

    answer = send(recruiter, page(Invitation, "add"), email="new@example.com", role=admin.pk)

    assert "The role ADMIN holds more than yours." in answer.text
    assert not Invitation.objects.exists()


def test_a_role_of_another_organization_is_no_choice(recruiter):
    stranger = built_in_role(OrganizationFactory(), "VIEWER")

    answer = send(recruiter, page(Invitation, "add"), email="new@example.com", role=stranger.pk)

    assert "Select a valid choice." in answer.text
    assert not Invitation.objects.exists()


def test_the_token_stands_on_no_page(enter, organization):
    invitation, admin = InvitationFactory(organization=organization, token_hash="c0ffee" * 10), enter("ADMIN")

    for url in (page(Invitation, "changelist"), page(Invitation, "change", invitation.pk)):
        assert invitation.token_hash not in admin.get(url).text
    assert admin.get(page(Invitation, "changelist"), {"token_hash__startswith": "c0f"}).status_code == 400


def test_an_invitation_is_sent_again_but_not_changed(recruiter, organization, mails):
    invitation = InvitationFactory(organization=organization)

    with mails() as sent:
        answer = choose(recruiter, "resend", invitation)

    assert "1 invitation sent again." in answer.text
    assert [mail.to for mail in sent] == [[invitation.email]]
    assert recruiter.post(page(Invitation, "change", invitation.pk), {"email": "x@example.com"}).status_code == 403


def test_an_answered_invitation_is_neither_sent_again_nor_withdrawn(recruiter, organization):
    invitation = InvitationFactory(organization=organization, answer="ACCEPTED")

    again = choose(recruiter, "resend", invitation)
    withdrawn = choose(recruiter, "withdraw", invitation)
    deleted = recruiter.post(page(Invitation, "delete", invitation.pk), {"post": "yes"}, follow=True)

    assert f"“{invitation.email}”: This invitation was already accepted." in again.text
    assert f"“{invitation.email}”: This invitation was already accepted." in withdrawn.text
    assert "This invitation was already accepted." in deleted.text
    assert Invitation.objects.get() == invitation


def test_invitations_are_withdrawn_where_one_may(recruiter, organization):
    elsewhere = OrganizationFactory()
    EmployeeFactory(organization=elsewhere, role_name="VIEWER", user=recruiter.employee.user)
    mine, theirs = InvitationFactory(organization=organization), InvitationFactory(organization=elsewhere)

    choose(recruiter, "withdraw", mine, theirs)

    assert Invitation.objects.get() == theirs


def test_a_recruiter_withdraws_no_invitation_of_an_admin(recruiter, organization):
    invitation = InvitationFactory(organization=organization, role=built_in_role(organization, "ADMIN"))

    answer = choose(recruiter, "withdraw", invitation)

    assert "The role ADMIN holds more than yours." in answer.text
    assert Invitation.objects.get() == invitation


def test_invitations_are_found_by_their_present_status(recruiter, organization):
    opened = InvitationFactory(organization=organization)
    expired = InvitationFactory(organization=organization, expire_date="2024-01-01T00:00Z")

    def found(status):
        return list(recruiter.get(page(Invitation, "changelist"), {"status": status}).context["cl"].result_list)

    assert found("INVITED") == [opened]
    assert found("EXPIRED") == [expired]
