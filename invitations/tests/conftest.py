from __future__ import annotations

import pytest

from organizations.models import Role
from organizations.tests.factories import built_in_role

from .mailbox import token_in


@pytest.fixture
def role(organization) -> Role:
    return built_in_role(organization, "INTERVIEWER")


@pytest.fixture
def invited(admin, role, mails):
    """Invite an address; answers the invitation as the API shows it, and the token from the mail."""

    def invited(email="new@example.com", role=role, client=admin, **fields) -> tuple[dict, str]:
        with mails() as sent:
            response = client.post("/api/invite", {"emailId": email, "roleId": str(role.pk), **fields})
        assert response.status_code == 201, response.content
        return response.json(), token_in(sent[-1])

    return invited


@pytest.fixture
def accepts(anonymous):
    def accepts(email, token, **fields):
        return anonymous.post("/api/invite/validate", {"email": email, "token": token, **fields})

    return accepts
