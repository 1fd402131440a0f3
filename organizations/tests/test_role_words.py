"""What a role can do, in one sentence."""

from __future__ import annotations

import pytest

from organizations.models import Role
from organizations.role_words import role_in_words
from organizations.roles import built_in_roles


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("ADMIN", "You can see, change and decide everything here."),
        (
            "INTERVIEWER",
            "You can work with feedback and see the employees, candidates and interviews that you have to do with.",
        ),
        ("VIEWER", "You can see employees, contacts, pipelines, sources, candidates, imports and interviews."),
        ("EMPLOYEE", "You are listed as a colleague; there is nothing to work on yet."),
    ],
)
def test_a_built_in_role_is_said_in_a_sentence(name, sentence):
    assert role_in_words(Role(name=name, permissions=built_in_roles()[name], is_built_in=True)) == sentence


def test_what_is_more_than_to_write_is_said_by_itself():
    role = Role(name="Hiring", permissions=["candidates.view_candidate", "candidates.hire_candidate"])

    assert role_in_words(role) == "You can hire candidates and see candidates."


def test_what_belongs_to_something_larger_goes_without_saying():
    permissions = ["contacts.change_contact", "contacts.add_member", "contacts.view_member"]

    assert role_in_words(Role(name="Sales", permissions=permissions)) == "You can work with contacts."
