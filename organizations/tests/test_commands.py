from __future__ import annotations

import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from organizations.models import Employee, Organization, Session, User
from organizations.passwords import reset_password
from organizations.sessions import open_session
from organizations.tests.factories import UserFactory


@pytest.fixture
def create(mails):
    """Runs the command; the mails that it sent are in `create.sent`."""

    def create(*arguments: str) -> str:
        out = StringIO()
        with mails() as sent:
            call_command("create_organization", *arguments, stdout=out)
        create.sent = sent
        return out.getvalue()

    return create


def test_a_new_organization_has_its_roles_and_an_admin_who_sets_a_password_by_mail(db, create):
    said = create("Acme", "--admin-email", "boss@example.com", "--first-name", "Ada", "--last-name", "Byron")

    assert said == "Founded Acme; boss@example.com is its ADMIN and gets a mail to set a password.\n"
    organization = Organization.objects.get(name="Acme")
    admin = Employee.objects.get(organization=organization)
    assert (admin.full_name, admin.role.name) == ("Ada Byron", "ADMIN")
    assert organization.pk in admin.user.grants.organizations("organizations.change_role")
    (mail,) = create.sent
    assert mail.to == ["boss@example.com"]
    token = re.search(r"token=(\S+)", mail.body)[1]
    assert reset_password(token, "a phrase of my own") == admin.user


def test_an_account_that_is_there_becomes_admin_and_keeps_its_password(db, create):
    user = UserFactory(email="Boss@example.com", first_name="Ada", last_name="Byron")

    said = create("Acme", "--admin-email", "boss@example.com")

    assert "signs in with the password they have" in said
    assert Employee.objects.get().user == user
    assert Employee.objects.get().full_name == "Ada Byron"
    assert User.objects.get().password == user.password
    assert create.sent == []


def test_running_it_again_changes_nothing(db, create):
    first = json.loads(create("Acme", "--admin-email", "boss@example.com", "--json"))

    again = json.loads(create("ACME ", "--admin-email", "BOSS@example.com", "--json"))

    assert (first["created"], first["mailed"]) == (True, True)
    assert again == {**first, "created": False, "mailed": False}
    assert create("Acme", "--admin-email", "boss@example.com") == (
        "Acme is there already with boss@example.com; nothing was done.\n"
    )


def test_a_name_that_is_taken_is_refused_unless_it_is_meant(db, create):
    create("Acme", "--admin-email", "boss@example.com")

    with pytest.raises(CommandError, match="--force"):
        create("acme", "--admin-email", "other@example.com")
    assert Organization.objects.count() == 1

    create("acme", "--admin-email", "other@example.com", "--force")
    assert Organization.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "email", "words"),
    [
        ("Acme", "not an address", "Enter a valid email address"),
        ("Acme", f"{'a' * 250}@example.com", "no email"),
        ("  ", "boss@example.com", "no name"),
        ("A" * 201, "boss@example.com", "no name"),
    ],
)
def test_what_cannot_be_stored_is_said_in_a_line(db, create, name, email, words):
    with pytest.raises(CommandError, match=words):
        create(name, "--admin-email", email)

    assert not Organization.objects.exists()
    assert not User.objects.exists()


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_sign_ins_that_are_over_go(db):
    user = UserFactory()
    open_session(user)
    for over in ({"revoked_at": timezone.now()}, {"renewed_at": timezone.now() - timedelta(days=8)}):
        Session.objects.create(user=user, **over)

    assert "2 sign-ins are over" in run("clear_sign_ins", "--dry-run")
    assert Session.objects.count() == 3
    assert json.loads(run("clear_sign_ins", "--json")) == {"signIns": 2, "deleted": True}
    assert Session.objects.count() == 1
