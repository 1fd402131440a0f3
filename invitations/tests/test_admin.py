from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

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
        answer = send(recruiter, page(Invitation, "add"), addresses="new@example.com", role=role.pk)

    invitation = Invitation.objects.get()
    assert (invitation.organization, invitation.invited_by) == (organization, recruiter.employee.user)
    assert [mail.to for mail in sent] == [["new@example.com"]]
    assert invitation.token_hash not in answer.text


def test_many_are_invited_at_once(recruiter, role, mails):
    addresses = "a@example.com, B <b@example.com>\r\nc@example.com; A@example.com\n\nd@example.com e@example.com"
    with mails() as sent:
        answer = send(recruiter, page(Invitation, "add"), addresses=addresses, role=role.pk)

    assert sorted(mail.to[0] for mail in sent) == [f"{letter}@example.com" for letter in "Abcde"]
    assert "5 people are invited." in answer.text
    for invitation in Invitation.objects.all():
        assert "Added" in recruiter.get(page(Invitation, "history", invitation.pk)).text


@pytest.mark.parametrize(
    ("addresses", "named"),
    [
        ("jane", "“jane” is no e-mail address."),
        ("jane@example.com, ali@", "“ali@” is no e-mail address."),
        ("jane doe, a@b@c", "“jane doe” and “a@b@c” are no e-mail addresses."),
        (",".join("abcdefg"), "“a”, “b”, “c”, “d” and “e” and 2 more are no e-mail addresses."),
        ("x" * 250 + "@example.com", "is no e-mail address."),
        (" ,\n", "This field is required."),
    ],
)
def test_what_is_no_address_is_named_and_nobody_is_mailed(recruiter, role, mails, addresses, named):
    with mails() as sent:
        answer = send(recruiter, page(Invitation, "add"), addresses=addresses, role=role.pk)

    assert named in unescape(answer.text)
    assert sent == []


def test_many_are_invited_or_none(recruiter, role, organization, mails):
    employee = EmployeeFactory(organization=organization)

    with mails() as sent:
        answer = send(recruiter, page(Invitation, "add"), addresses=f"new@example.com {employee.email}", role=role.pk)

    assert f"{employee.email} is an active employee here already." in answer.text
    assert "new@example.com" in answer.text
    assert (sent, Invitation.objects.count()) == ([], 0)


def test_a_role_that_holds_more_is_greyed(recruiter, role, organization):
    shown = recruiter.get(page(Invitation, "add")).text

    def option(pk):
        return shown[shown.index(f'<option value="{pk}"') :].partition("</option>")[0]

    greyed = option(built_in_role(organization, "ADMIN").pk)
    assert " disabled" in greyed
    assert "ADMIN - holds more than your own role" in greyed
    assert " disabled" not in option(role.pk)


def test_inviting_an_address_again_renews_the_open_invitation(recruiter, role, organization, mails):
    invitation = InvitationFactory(organization=organization, email="new@example.com")
    before = invitation.token_hash

    with mails():
        send(recruiter, page(Invitation, "add"), addresses="NEW@example.com", role=role.pk)

    invitation.refresh_from_db()
    assert invitation == Invitation.objects.get()
    assert invitation.token_hash != before


def test_an_active_employee_is_not_invited(recruiter, role, organization):
    employee = EmployeeFactory(organization=organization)

    answer = send(recruiter, page(Invitation, "add"), addresses=employee.email, role=role.pk)

    assert f"{employee.email} is an active employee here already." in answer.text
    assert not Invitation.objects.exists()


def test_no_one_invites_to_more_than_they_hold(recruiter, organization):
    admin = built_in_role(organization, "ADMIN")

    answer = send(recruiter, page(Invitation, "add"), addresses="new@example.com", role=admin.pk)

    assert "The role ADMIN holds more than yours." in answer.text
    assert not Invitation.objects.exists()


def test_a_role_of_another_organization_is_no_choice(recruiter):
    stranger = built_in_role(OrganizationFactory(), "VIEWER")

    answer = send(recruiter, page(Invitation, "add"), addresses="new@example.com", role=stranger.pk)

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


def test_the_button_of_a_row_sends_it_again_and_leads_back(recruiter, organization, mails):
    invitation, answered = InvitationFactory.create_batch(2, organization=organization)
    Invitation.objects.filter(pk=answered.pk).update(answer="ACCEPTED")
    again, back = reverse("admin:invitations_invitation_resend", args=[invitation.pk]), "/admin/invitations/?status=X"
    shown = recruiter.get(page(Invitation, "changelist")).text
    assert f'formaction="{again}"' in shown
    assert reverse("admin:invitations_invitation_resend", args=[answered.pk]) not in shown

    with mails() as sent:
        answer = recruiter.post(again, {"back": back})

    assert (answer.status_code, answer["Location"]) == (302, back)
    assert [mail.to for mail in sent] == [[invitation.email]]
    assert recruiter.post(again, {"back": "https://elsewhere.example"})["Location"] == page(Invitation, "changelist")
    assert recruiter.get(again).status_code == 405


def test_a_row_is_sent_again_by_who_may(enter, organization):
    again = reverse("admin:invitations_invitation_resend", args=[InvitationFactory(organization=organization).pk])

    assert enter("VIEWER").post(again).status_code == 403
    assert enter("RECRUITER", OrganizationFactory()).post(again).status_code == 404


def test_withdrawing_asks_first(recruiter, organization):
    one, other = InvitationFactory.create_batch(2, organization=organization)
    chosen = {"action": "withdraw", "_selected_action": [one.pk, other.pk]}

    asked = recruiter.post(page(Invitation, "changelist"), chosen).text

    assert "Withdraw 2 invitations" in asked
    assert one.email in asked
    assert one.email in recruiter.get(page(Invitation, "delete", one.pk)).text
    assert Invitation.objects.count() == 2


def test_tabs_count_the_invitations_of_each_state(recruiter, organization):
    for answer, number in (("INVITED", 2), ("ACCEPTED", 2), ("REJECTED", 1)):
        InvitationFactory.create_batch(number, organization=organization, answer=answer)
    InvitationFactory(organization=organization, expire_date=timezone.now())
    InvitationFactory()

    shown = recruiter.get(page(Invitation, "changelist")).text
    tabs = re.findall(r'<a href="\?[^"]*"[^>]*>([^<]*)<span class="quiet">(\d+)</span></a>', shown)

    assert [(name.strip(), int(count)) for name, count in tabs] == [
        ("All", 6), ("Invited", 2), ("Accepted", 2), ("Expired", 1), ("Declined", 1),
    ]  # fmt: skip


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
