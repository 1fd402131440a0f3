"""The page behind a mailed password link."""

from __future__ import annotations

import pytest
from django.test import Client

from conftest import client_of
from organizations.mail import mail_password_link
from organizations.passwords import password_token
from organizations.tests.factories import PASSWORD, UserFactory

NEW = "a phrase of my own"


@pytest.fixture
def user(db):
    return UserFactory(email="jane@example.com")


@pytest.fixture
def browser(db) -> Client:
    return Client()


@pytest.fixture
def send(browser):
    def send(token, password=NEW, client=browser):
        return client.post("/password", {"token": token, "password": password})

    return send


def words(response) -> str:
    return response.content.decode()


def only_static_scripts(page) -> None:
    assert "script-src 'self'" in page["Content-Security-Policy"]
    for script in words(page).split("<script")[1:]:
        assert script.startswith(' src="/static/')


def signs_in(anonymous, password) -> bool:
    login = {"email": "jane@example.com", "password": password}
    return anonymous.post("/api/auth/login", login).status_code == 200


def test_the_mailed_link_sets_the_password_once(user, browser, mails, send, anonymous):
    with mails() as sent:
        mail_password_link(user)
    (link,) = (line for line in sent[0].body.splitlines() if line.startswith("http"))
    token = link.partition("token=")[2]
    assert 'name="password"' in words(browser.get(link))

    first = send(token)
    second = send(token, "another phrase")

    assert first.status_code == 200
    assert "Your password is set" in words(first)
    assert 'href="/admin/login/"' in words(first)
    assert second.status_code == 404
    assert [signs_in(anonymous, password) for password in (NEW, "another phrase", PASSWORD)] == [True, False, False]


def test_a_new_password_ends_all_sessions(user, send):
    session = client_of(user)

    send(password_token(user))

    assert session.get("/api/user/me").status_code == 401


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("", "This field is required."),
        ("short", "This password is too short."),
        ("password", "This password is too common."),
        ("x" * 201, "at most 200 characters"),
        ("null\0character", "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_is_told_next_to_the_field(user, send, anonymous, password, error):
    response = send(password_token(user), password)

    told = words(response)
    at = told.index('id="id_password_error"')
    assert error in told[at : told.index("</ul>", at)]
    assert signs_in(anonymous, PASSWORD)


def test_spaces_around_a_password_are_part_of_it(user, send, anonymous):
    send(password_token(user), "  a phrase  ")

    assert signs_in(anonymous, "  a phrase  ")
    assert not signs_in(anonymous, "a phrase")


@pytest.mark.parametrize("token", ["", "x", "x.y", "\0", "é", "x" * 501, "00000000000000000000000000000000.abc-def"])
def test_a_bad_token_sets_nothing(user, send, token):
    response = send(token)

    assert response.status_code == 404
    assert "This link is not valid (any more)" in words(response)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_link_that_was_used_shows_no_form(user, browser, send):
    token = password_token(user)
    send(token)

    shown = browser.get(f"/password?token={token}")

    assert shown.status_code == 404
    assert 'href="/password/forgot"' in words(shown)


def test_a_switched_off_account_sets_no_password(user, send):
    token = password_token(user)
    user.is_active = False
    user.save()

    assert send(token).status_code == 404


def test_without_a_token_there_is_no_form(browser):
    assert browser.get("/password").status_code == 404
    assert browser.get("/password?token=").status_code == 404


def test_the_form_is_protected_against_other_sites(user, send):
    assert send(password_token(user), client=Client(enforce_csrf_checks=True)).status_code == 403
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_the_token_leaves_with_no_link_and_stays_in_no_cache(user, browser, send):
    token = password_token(user)

    form = browser.get(f"/password?token={token}")
    assert 'action="/password"' in words(form)
    for page in (form, browser.get("/password"), send(token, "short"), send(token)):
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["Cache-Control"] == "no-store"
        assert "http" not in words(page)
        only_static_scripts(page)
    assert browser.delete("/password").status_code == 405


def test_the_token_in_the_address_is_no_markup(browser):
    assert "script>" not in words(browser.get("/password?token=%22%3E%3Cscript%3E"))


# A forgotten password.


@pytest.fixture
def forget(browser, mails):
    """Ask for a link for an e-mail: the page that answers, and what was mailed."""

    def forget(email, client=browser):
        with mails() as sent:
            return client.post("/password/forgot", {"email": email}), sent

    return forget


def test_who_forgot_the_password_sets_a_new_one(user, browser, forget, send, anonymous):
    assert 'href="/password/forgot"' in words(browser.get("/admin/login/"))
    assert 'type="email"' in words(browser.get("/password/forgot"))

    _, sent = forget("Jane@Example.com")

    (link,) = (line for line in sent[0].body.splitlines() if line.startswith("http"))
    send(link.partition("token=")[2])
    assert signs_in(anonymous, NEW)


def test_the_answer_does_not_tell_who_has_an_account(user, forget):
    known, _ = forget("jane@example.com")
    unknown, sent = forget("nobody@example.com")

    assert known.status_code == unknown.status_code == 200
    assert "Look into your mail" in words(known)
    assert known.content == unknown.content
    assert [mail.to for mail in sent] == [["jane@example.com"]]


@pytest.mark.parametrize("email", ["", "jane", "x" * 250 + "@example.com", "jane\0@example.com"])
def test_what_is_no_address_is_told_next_to_the_field(forget, email):
    answer, sent = forget(email)

    assert 'id="id_email_error"' in words(answer)
    assert sent == []


def test_asking_for_a_link_is_protected_against_other_sites(user, forget):
    answer, sent = forget("jane@example.com", client=Client(enforce_csrf_checks=True))

    assert answer.status_code == 403
    assert sent == []
