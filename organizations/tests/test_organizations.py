"""Organizations: who makes them, who sees them, who settles their settings."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from organizations.actions import found_organization
from organizations.models import Organization, Role
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, RoleFactory, built_in_role

FIVE = {"ADMIN", "RECRUITER", "INTERVIEWER", "VIEWER", "EMPLOYEE"}


def fields_refused(response) -> set[str]:
    assert response.status_code == 400, response.content
    return {detail["field"] for detail in response.json()["details"]}


class TestFounding:
    def test_a_superuser_makes_one_with_its_five_roles(self, superuser):
        response = superuser.post(
            "/api/organization",
            {"name": "Acme", "website": "https://acme.example", "timeZone": "Europe/Vienna", "inviteExpiryDays": 14},
        )

        assert response.status_code == 201
        body = response.json()
        assert (body["name"], body["website"]) == ("Acme", "https://acme.example")
        assert (body["timeZone"], body["inviteExpiryDays"]) == ("Europe/Vienna", 14)
        assert body["id"] == body["organizationId"]
        assert body["createdById"] == str(superuser.user.pk)
        roles = Role.objects.filter(organization=body["id"], is_built_in=True)
        assert {role.name for role in roles} == FIVE
        assert superuser.get(f"/api/organization/{body['id']}").json() == body

    def test_a_name_is_enough(self, superuser):
        body = superuser.post("/api/organization", {"name": "Acme"}).json()

        assert (body["website"], body["timeZone"], body["inviteExpiryDays"]) == (None, "UTC", 7)
        assert (body["isActive"], body["isArchived"]) == (True, False)

    @pytest.mark.parametrize(
        ("client", "status"), [("admin", 403), ("recruiter", 403), ("viewer", 403), ("anonymous", 401)]
    )
    def test_nobody_else_does(self, request, organization, client, status):
        response = request.getfixturevalue(client).post("/api/organization", {"name": "Acme"})

        assert response.status_code == status
        assert Organization.objects.count() == 1

    def test_it_is_whole_or_not_at_all(self, db, monkeypatch):
        monkeypatch.setattr("organizations.actions.built_in_roles", lambda: {"A": [], "a": []})

        with pytest.raises(IntegrityError), transaction.atomic():
            found_organization("Acme")

        assert not Organization.objects.exists()

    def test_two_may_have_one_name(self, superuser):
        OrganizationFactory(name="Acme")

        assert superuser.post("/api/organization", {"name": "Acme"}).status_code == 201


class TestSettings:
    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("timeZone", "Mars/Olympus"),
            ("timeZone", "europe/vienna"),
            ("timeZone", ""),
            ("timeZone", None),
            ("timeZone", 5),
            ("inviteExpiryDays", 0),
            ("inviteExpiryDays", 91),
            ("inviteExpiryDays", -1),
            ("inviteExpiryDays", 7.5),
            ("inviteExpiryDays", "7"),
            ("inviteExpiryDays", True),
            ("inviteExpiryDays", None),
            ("inviteExpiryDays", 10**20),
            ("name", ""),
            ("name", None),
            ("name", "x" * 201),
            ("website", "javascript:alert(1)"),
            ("website", "acme"),
            ("isStaff", True),
            ("time_zone", "UTC"),
        ],
    )
    def test_are_checked_when_made_and_when_changed(self, superuser, organization, key, value):
        made = superuser.post("/api/organization", {"name": "Acme", key: value})
        changed = superuser.put(f"/api/organization/{organization.pk}", {key: value})

        assert fields_refused(made) == fields_refused(changed) == {key}
        assert Organization.objects.count() == 1

    def test_are_changed_by_an_admin_one_by_one(self, admin, organization):
        before = admin.get(f"/api/organization/{organization.pk}").json()

        response = admin.put(f"/api/organization/{organization.pk}", {"timeZone": "Asia/Tokyo", "inviteExpiryDays": 90})

        assert response.status_code == 200
        after = response.json()
        assert {key for key in before if before[key] != after[key]} == {"timeZone", "inviteExpiryDays", "updatedAt"}
        assert (after["timeZone"], after["inviteExpiryDays"]) == ("Asia/Tokyo", 90)

    def test_what_get_returned_can_be_sent_back_whole(self, admin, organization):
        path = f"/api/organization/{organization.pk}"
        before = admin.get(path).json()

        response = admin.put(path, before)

        assert response.status_code == 200
        assert {**response.json(), "updatedAt": None} == {**before, "updatedAt": None}

    @pytest.mark.parametrize(
        ("client", "status"),
        [("recruiter", 403), ("viewer", 403), ("interviewer", 403), ("stranger", 404), ("anonymous", 401)],
    )
    def test_who_may_not_does_not(self, request, organization, client, status):
        response = request.getfixturevalue(client).put(f"/api/organization/{organization.pk}", {"name": "Other"})

        assert response.status_code == status
        organization.refresh_from_db()
        assert organization.name != "Other"

    def test_an_own_role_may_be_given_the_settings(self, sign_in, organization):
        role = RoleFactory(organization=organization, permissions=["organizations.change_organization"])
        clerk = sign_in("", role=role)

        assert clerk.put(f"/api/organization/{organization.pk}", {"name": "Other"}).json()["name"] == "Other"

    def test_an_invitation_stays_open_as_long_as_they_say(self, admin, organization):
        admin.put(f"/api/organization/{organization.pk}", {"inviteExpiryDays": 30})
        role = built_in_role(organization, "VIEWER")

        invitation = admin.post("/api/invite", {"emailId": "new@example.com", "roleId": str(role.pk)}).json()

        left = datetime.fromisoformat(invitation["expireDate"]) - timezone.now()
        assert timedelta(days=29, hours=23) < left <= timedelta(days=30)

    def test_no_one_deletes_one(self, superuser, organization):
        assert superuser.delete(f"/api/organization/{organization.pk}").status_code == 405


class TestSeeing:
    def test_an_employee_of_no_further_role_sees_only_themselves(self, sign_in):
        assert sign_in("EMPLOYEE").get("/api/organization").status_code == 403

    @pytest.mark.parametrize("role", sorted(set(FIVE) - {"EMPLOYEE"}))
    def test_whose_role_grants_it_sees_their_own(self, sign_in, organization, role):
        client = sign_in(role)
        other = OrganizationFactory()

        listed = client.get("/api/organization").json()

        assert [item["id"] for item in listed["items"]] == [str(organization.pk)]
        assert client.get(f"/api/organization/{organization.pk}").json() == listed["items"][0]
        assert client.get(f"/api/organization/{other.pk}").status_code == 404

    def test_who_belongs_to_two_sees_two(self, recruiter, organization):
        there = EmployeeFactory(user=recruiter.user).organization

        listed = recruiter.get("/api/organization").json()

        assert {item["id"] for item in listed["items"]} == {str(organization.pk), str(there.pk)}

    @pytest.mark.parametrize("switch", [{"isActive": False}, {"isArchived": True}])
    def test_nobody_in_it_switches_it_off(self, admin, superuser, organization, switch):
        assert admin.put(f"/api/organization/{organization.pk}", switch).status_code == 403
        assert superuser.put(f"/api/organization/{organization.pk}", switch).status_code == 200

    def test_one_that_is_switched_off_is_seen_by_the_operator_only(self, admin, superuser, organization):
        organization.is_active = False
        organization.save()

        assert admin.get(f"/api/organization/{organization.pk}").status_code in {403, 404}
        assert superuser.get(f"/api/organization/{organization.pk}").json()["isActive"] is False
        assert superuser.put(f"/api/organization/{organization.pk}", {"isActive": True}).status_code == 200
        assert admin.get(f"/api/organization/{organization.pk}").status_code == 200

    def test_by_name(self, superuser):
        for name in ("Straße AG", "Acme"):
            OrganizationFactory(name=name)

        listed = superuser.get("/api/organization?where[name][contains]=STRASSE&order[name]=ASC").json()

        assert [item["name"] for item in listed["items"]] == ["Straße AG"]
