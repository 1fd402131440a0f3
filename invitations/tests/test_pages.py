"""The page behind the link of an invitation: look, then join or decline."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from invitations.models import Invitation
from organizations.models import Employee, User
from organizations.tests.factories import PASSWORD, EmployeeFactory, OrganizationFactory, UserFactory, built_in_role

JOIN = {"first_name": "Nora", "last_name": "New", "password": "a phrase of my own"}


@pytest.fixture
def browser(db) -> Client:
    return Client()


@pytest.fixture
def look(browser):
    def look(token, email="new@example.com"):
        return browser.get(f"/invitation?{urlencode({'email': email, 'token': token})}")

    return look


@pytest.fixture
def answer(browser):
    def answer(token, email="new@example.com", answer="accept", client=browser, **fields):
        return client.post("/invitation", {"email": email, "token": token, "answer": answer, **fields})

    return answer


def words(response) -> str:
    return response.content.decode()


def test_the_mailed_link_shows_who_invites_to_what_and_until_when(admin, role, mails, browser, organization):
    with mails() as sent:
        admin.post("/api/invite", {"emailId": "new+1@example.com", "roleId": str(role.pk)})
    (link,) = (line for line in sent[0].body.splitlines() if line.startswith("http"))

    response = browser.get(link)

    assert response.status_code == 200
    until = timezone.now() + timedelta(days=7)
    for word in (admin.user.email, organization.name, role.name, "new+1@example.com", f"{until:%B %Y}"):
        assert escape(word) in words(response)
    assert Invitation.objects.get().status == "INVITED"


def test_a_new_person_joins_and_signs_in(invited, look, answer, anonymous, organization):
    _, token = invited()
    assert 'name="password"' in words(look(token))

    response = answer(token, **JOIN)

    assert response.status_code == 200
    assert f"Welcome to {organization.name}" in words(response)
    assert 'href="/admin/login/"' in words(response)
    employee = Employee.objects.get(user__email="new@example.com")
    assert (employee.first_name, employee.last_name, employee.role.name) == ("Nora", "New", "INTERVIEWER")
    login = {"email": "new@example.com", "password": JOIN["password"]}
    assert anonymous.post("/api/auth/login", login).status_code == 200


def test_who_has_an_account_only_says_yes(invited, look, answer, anonymous):
    UserFactory(email="new@example.com")
    _, token = invited()
    assert 'name="password"' not in words(look(token))

    assert "Welcome" in words(answer(token, password="not asked for", first_name="Eve"))

    assert Invitation.objects.get().status == "ACCEPTED"
    assert User.objects.get(email="new@example.com").first_name != "Eve"
    assert anonymous.post("/api/auth/login", {"email": "new@example.com", "password": PASSWORD}).status_code == 200


def test_whose_account_was_never_proven_chooses_a_new_password(invited, look, answer, anonymous):
    UserFactory(email="new@example.com", is_email_proven=False)
    _, token = invited()
    assert 'name="password"' in words(look(token))

    answer(token, **JOIN)

    for password, status in ((PASSWORD, 401), (JOIN["password"], 200)):
        login = {"email": "new@example.com", "password": password}
        assert anonymous.post("/api/auth/login", login).status_code == status


def test_the_page_names_the_role_that_one_has(invited, answer, organization):
    _, token = invited()
    EmployeeFactory(user=UserFactory(email="new@example.com"), organization=organization, role_name="RECRUITER")

    assert "You have joined as RECRUITER" in words(answer(token))


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("password", "", "This field is required."),
        ("password", "short", "This password is too short."),
        ("password", "password", "This password is too common."),
        ("password", "x" * 201, "at most 200 characters"),
        ("first_name", "", "This field is required."),
        ("first_name", "x" * 151, "at most 150 characters"),
    ],
)
def test_what_is_wrong_is_told_next_to_its_field(invited, answer, field, value, error):
    _, token = invited()

    response = answer(token, **{**JOIN, field: value})

    told = words(response)
    at = told.index(f'id="id_{field}_error"')
    assert error in told[at : told.index("</ul>", at)]
    assert JOIN["password"] not in told
    assert Invitation.objects.get().status == "INVITED"
    assert not User.objects.filter(email="new@example.com").exists()


def test_what_was_typed_is_kept_but_for_the_password(invited, answer):
    _, token = invited()

    told = words(answer(token, **{**JOIN, "password": "short-1"}))

    assert 'value="Nora"' in told
    assert "short-1" not in told


@pytest.mark.parametrize("known", [True, False])
def test_an_invitation_is_declined_without_a_form(invited, answer, known):
    if known:
        UserFactory(email="new@example.com")
    _, token = invited()

    response = answer(token, answer="decline")

    assert "You have declined" in words(response)
    assert Invitation.objects.get().status == "REJECTED"
    assert not Employee.objects.filter(user__email="new@example.com").exists()


def not_valid(response) -> bool:
    return response.status_code == 404 and "This invitation is not valid (any more)" in words(response)


def test_what_is_not_valid_is_said_in_the_same_words(invited, look, answer, browser):
    _, token = invited()
    pages = [look(token, "else@example.com"), look("wrong"), look("\0"), look("x" * 501), browser.get("/invitation")]
    pages += [answer("wrong", **JOIN), answer(token, "else@example.com", **JOIN), answer("wrong", answer="decline")]
    Invitation.objects.update(expire_date=timezone.now())
    pages += [look(token), answer(token, **JOIN), answer(token, answer="decline")]

    for page in pages:
        assert not_valid(page)
    assert len({page.content for page in pages}) == 1
    assert not User.objects.filter(email="new@example.com").exists()


@pytest.mark.parametrize("first", ["accept", "decline"])
def test_an_invitation_is_answered_once(invited, look, answer, first):
    _, token = invited()
    answer(token, answer=first, **JOIN)

    assert not_valid(look(token))
    assert not_valid(answer(token, **JOIN))
    assert not_valid(answer(token, answer="decline"))


def test_what_the_inviter_may_no_longer_grant_is_not_given(invited, answer, admin, organization):
    _, token = invited()
    admin.employee.role = built_in_role(organization, "VIEWER")
    admin.employee.save()

    assert not_valid(answer(token, **JOIN))


def test_the_page_tells_a_stranger_nothing_of_accounts(look, answer, invited):
    UserFactory(email="known@example.com")
    invited("known@example.com")

    assert look("wrong", "known@example.com").content == look("wrong", "unknown@example.com").content


def test_names_are_no_markup(sign_in, invited, look):
    organization = OrganizationFactory(name="<script>alert(1)</script>")
    _, token = invited(role=built_in_role(organization, "VIEWER"), client=sign_in("ADMIN", organization=organization))

    told = words(look(token))

    assert "<script" not in told
    assert "&lt;script&gt;" in told


def test_the_form_is_protected_against_other_sites(invited, answer):
    _, token = invited()

    assert answer(token, client=Client(enforce_csrf_checks=True), **JOIN).status_code == 403
    assert Invitation.objects.get().status == "INVITED"


def test_the_token_leaves_with_no_link_and_stays_in_no_cache(invited, look, answer, browser):
    _, token = invited()

    for page in (look(token), look("wrong"), answer(token), answer(token, **JOIN)):
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["Cache-Control"] == "no-store"
        assert "<script" not in words(page)
        assert "http://" not in words(page)
        assert "https://" not in words(page)
    assert browser.put("/invitation").status_code == 405


def test_the_token_is_in_no_address_but_the_mailed_one(invited, look, caplog):
    """The form is sent to an address without it, so it is in no log of a web server."""
    caplog.set_level("DEBUG")
    _, token = invited()

    assert 'action="/invitation"' in words(look(token))
    assert token not in caplog.text
