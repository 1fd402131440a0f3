"""Mails go out after the commit, by one thread, and nobody waits for them."""

from __future__ import annotations

import logging
import threading

from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from organizations.background import after_commit
from organizations.mail import link, mail, mail_password_link
from organizations.tests.factories import UserFactory


def test_a_mail_has_a_text_and_a_page_and_its_subject_is_one_line(db, mails):
    user = UserFactory(email="jane@example.com")

    with mails() as sent:
        mail("organizations/mail/password", user.email, "Join Acme\r\nBcc: all@example.com", link="x", hours=24)

    assert sent[0].subject == "Join Acme Bcc: all@example.com"
    assert (sent[0].to, sent[0].bcc) == (["jane@example.com"], [])
    ((page, kind),) = [(part.content, part.mimetype) for part in sent[0].alternatives]
    assert kind == "text/html"
    assert "24" in sent[0].body
    assert "24" in page


def test_a_link_leads_to_our_public_address(db, mails, settings):
    settings.PUBLIC_URL = "https://ats.example"
    user = UserFactory()

    with mails() as sent:
        mail_password_link(user)

    assert f"https://ats.example/password?token={user.pk.hex}." in sent[0].body
    assert link("/invitation", email="a+b@example.com") == "https://ats.example/invitation?email=a%2Bb%40example.com"


def test_a_mail_server_that_fails_changes_no_answer_and_tells_no_secret(anonymous, db, mails, monkeypatch, caplog):
    user = UserFactory(email="jane@example.com")

    def fail(self, messages):
        raise OSError(f"no route for {messages[0].to}: {messages[0].body}")

    monkeypatch.setattr(EmailBackend, "send_messages", fail)

    with caplog.at_level(logging.INFO), mails() as sent:
        response = anonymous.post("/api/auth/request-password", {"email": user.email})

    assert (response.status_code, sent) == (200, [])
    assert "_send failed: OSError" in caplog.text
    assert "jane@example.com" not in caplog.text
    assert user.pk.hex not in caplog.text


def test_work_waits_for_the_commit_and_is_done_by_another_thread(db, settings, django_capture_on_commit_callbacks):
    settings.BACKGROUND_INLINE = False
    done = threading.Event()
    doers: list[str] = []

    def job(word: str) -> None:
        doers.append(f"{word} {threading.current_thread().name}")
        done.set()

    with django_capture_on_commit_callbacks(execute=True):
        after_commit(job, "by")
        assert not done.is_set()

    assert done.wait(timeout=10)
    assert doers[0].startswith("by background")


def test_what_is_rolled_back_is_not_done(db, django_capture_on_commit_callbacks):
    done: list[str] = []

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        after_commit(done.append, "mail")
        transaction.set_rollback(True)

    assert done == []
