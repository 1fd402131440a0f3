"""The page behind the link of an invitation: look, then join or decline."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
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
    told = words(response)
    for word in (str(admin.employee), organization.name, role.name, "new+1@example.com", f"{until:%B %Y}"):
        assert escape(word) in told
    assert "You can work with feedback" in told
    assert admin.user.email not in told
    assert Invitation.objects.get().status == "INVITED"


def test_a_new_person_joins_and_is_signed_in(invited, look, answer, browser, anonymous):
    _, token = invited()
    assert 'name="password"' in words(look(token))

    response = answer(token, **JOIN)

    assert (response.status_code, response["Location"]) == (302, reverse("admin:index"))
    assert browser.get(response["Location"]).status_code == 200
    employee = Employee.objects.get(user__email="new@example.com")
    assert (employee.first_name, employee.last_name, employee.role.name) == ("Nora", "New", "INTERVIEWER")
    login = {"email": "new@example.com", "password": JOIN["password"]}
    assert anonymous.post("/api/auth/login", login).status_code == 200


def test_who_joins_in_a_role_that_opens_nothing_is_told_so(invited, answer, organization):
    _, token = invited(role=built_in_role(organization, "EMPLOYEE"))

    assert "nothing to work on in the back office yet" in words(answer(token, **JOIN))


@pytest.mark.parametrize("password", [PASSWORD, "not asked for"])
def test_who_has_an_account_says_yes_and_signs_in_themselves(invited, look, answer, browser, anonymous, password):
    UserFactory(email="new@example.com")
    _, token = invited()
    assert 'name="password"' not in words(look(token))

    told = words(answer(token, password=password, first_name="Eve"))

    assert "Welcome" in told
    assert 'href="/admin/login/"' in told
    assert browser.get(reverse("admin:index")).status_code == 302
    assert Invitation.objects.get().status == "ACCEPTED"
    assert User.objects.get(email="new@example.com").first_name != "Eve"
    assert anonymous.post("/api/auth/login", {"email": "new@example.com", "password": PASSWORD}).status_code == 200


def test_who_is_signed_in_already_goes_on_to_work(invited, answer, browser):
    browser.force_login(UserFactory(email="new@example.com"))
    _, token = invited()

    assert answer(token)["Location"] == reverse("admin:index")


def test_joining_as_somebody_else_leaves_no_one_elses_session(invited, answer, browser, admin):
    browser.force_login(admin.user)
    _, token = invited()

    answer(token, **JOIN)

    assert browser.session["_auth_user_id"] == str(User.objects.get(email="new@example.com").pk)


def test_a_switched_off_account_is_not_signed_in(invited, answer, browser):
    UserFactory(email="new@example.com", is_email_proven=False, is_active=False)
    _, token = invited()

    assert answer(token, **JOIN).status_code == 200
    assert browser.get(reverse("admin:index")).status_code == 302


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


# What is not valid.


def not_valid(response) -> bool:
    return response.status_code == 404 and "This invitation is not valid (any more)" in words(response)


def test_what_is_no_link_of_ours_is_said_in_the_same_words(invited, look, answer, browser):
    _, token = invited()
    pages = [look(token, "else@example.com"), look("wrong"), look("\0"), look("x" * 501), browser.get("/invitation")]
    pages += [answer("wrong", **JOIN), answer(token, "else@example.com", **JOIN), answer("wrong", answer="decline")]

    for page in pages:
        assert not_valid(page)
    assert len({page.content for page in pages}) == 1
    assert not User.objects.filter(email="new@example.com").exists()


@pytest.fixture
def end(invited, answer, admin):
    """How an invitation ended → its token."""

    def end(how: str) -> str:
        shown, token = invited()
        if how in {"accept", "decline"}:
            answer(token, answer=how, **JOIN)
        elif how == "expire":
            Invitation.objects.update(expire_date=timezone.now())
        elif how == "withdraw":
            admin.delete(f"/api/invite/{shown['id']}")
        else:
            invited()
        return token

    return end


@pytest.mark.parametrize(
    ("how", "said", "then"),
    [
        ("accept", "You have joined already", 'href="/admin/login/"'),
        ("decline", "This invitation was declined", "Ask {inviter} at {organization}"),
        ("expire", "This invitation has expired", "Ask {inviter} at {organization}"),
        ("withdraw", "This invitation was withdrawn", "Ask {organization}"),
        ("renew", "There is a newer mail for you", "Ask {organization}"),
    ],
)
def test_who_holds_the_link_is_told_why_it_is_over_and_whom_to_ask(
    end, look, answer, admin, organization, how, said, then
):
    token = end(how)
    before = list(Invitation.objects.values_list("answer", flat=True))

    pages = [look(token), look(token, "NEW@example.com"), answer(token, **JOIN), answer(token, answer="decline")]

    for page in pages:
        assert page.status_code == 410
        assert said in words(page)
        assert then.format(inviter=escape(str(admin.employee)), organization=escape(organization.name)) in words(page)
    assert list(Invitation.objects.values_list("answer", flat=True)) == before


@pytest.mark.parametrize("how", ["accept", "decline", "expire", "withdraw", "renew"])
def test_who_holds_half_of_the_link_is_told_nothing(end, look, organization, how):
    token = end(how)

    for page in (look(token, "else@example.com"), look(token[:-1])):
        assert page.content == look("wrong", "nobody@example.com").content
        assert organization.name not in words(page)


def test_of_a_closed_organization_nothing_is_told(end, look, organization):
    token = end("withdraw")
    organization.is_active = False
    organization.save()

    assert not_valid(look(token))


def test_what_the_inviter_may_no_longer_grant_is_not_given(invited, look, answer, admin, organization):
    _, token = invited()
    admin.employee.role = built_in_role(organization, "VIEWER")
    admin.employee.save()

    for page in (look(token), answer(token, **JOIN)):
        assert page.status_code == 410
        assert "may no longer give you this role" in words(page)
    assert "You have declined" in words(answer(token, answer="decline"))


def test_the_page_tells_a_stranger_nothing_of_accounts(look, answer, invited):
    UserFactory(email="known@example.com")
    invited("known@example.com")

    assert look("wrong", "known@example.com").content == look("wrong", "unknown@example.com").content


def test_names_are_no_markup(sign_in, invited, look):
    organization = OrganizationFactory(name="<script>alert(1)</script>")
    _, token = invited(role=built_in_role(organization, "VIEWER"), client=sign_in("ADMIN", organization=organization))

    told = words(look(token))

    assert "<script>" not in told
    assert "&lt;script&gt;" in told


def test_the_form_is_protected_against_other_sites(invited, answer):
    _, token = invited()

    assert answer(token, client=Client(enforce_csrf_checks=True), **JOIN).status_code == 403
    assert Invitation.objects.get().status == "INVITED"


def test_the_token_leaves_with_no_link_and_stays_in_no_cache(invited, look, answer, browser):
    _, token = invited()

    for page in (look(token), look("wrong"), answer(token), answer(token, **JOIN), look(token)):
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["Cache-Control"] == "no-store"
        assert "http://" not in words(page)
        assert "https://" not in words(page)
    assert browser.put("/invitation").status_code == 405


def test_the_token_is_in_no_address_but_the_mailed_one(invited, look, caplog):
    """The form is sent to an address without it, so it is in no log of a web server."""
    caplog.set_level("DEBUG")
    _, token = invited()

    assert 'action="/invitation"' in words(look(token))
    assert token not in caplog.text
