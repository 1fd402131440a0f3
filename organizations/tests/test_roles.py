"""Roles: what each of the five allows, what no one can bend, and that nobody gives what they don't hold."""

from __future__ import annotations

import pytest

from invitations.tests.factories import InvitationFactory
from organizations.models import Organization, Role
from organizations.roles import every_permission
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, RoleFactory, built_in_role

PEOPLE = ("view", "add", "change", "delete")
RUNS_ROLES = [f"organizations.{action}_role" for action in PEOPLE]
RUNS_PEOPLE = [*RUNS_ROLES, "organizations.view_employee", "organizations.change_employee"]
INVITES = [f"invitations.{action}_invitation" for action in ("view", "add", "delete")]
MORE = "candidates.hire_candidate"


def fields_refused(response) -> set[str]:
    assert response.status_code == 400, response.content
    return {detail["field"] for detail in response.json()["details"]}


@pytest.fixture
def steward(sign_in, organization):
    """Runs roles, people and invitations, and holds nothing about candidates."""
    permissions = [*RUNS_PEOPLE, *INVITES, "contacts.view_contact"]
    return sign_in("", role=RoleFactory(organization=organization, name="Steward", permissions=permissions))


class TestTheFive:
    def test_every_organization_has_them(self, admin, organization):
        roles = admin.get("/api/role?order[name]=ASC&where[isBuiltIn]=true").json()

        assert [role["name"] for role in roles["items"]] == ["ADMIN", "EMPLOYEE", "INTERVIEWER", "RECRUITER", "VIEWER"]
        assert roles["total"] == 5

    def test_admin_holds_everything_and_employee_nothing(self, organization):
        assert set(built_in_role(organization, "ADMIN").granted) == set(every_permission())
        assert list(built_in_role(organization, "EMPLOYEE").granted) == []

    def test_recruiter_does_all_recruiting_and_only_sees_people(self, organization):
        granted = set(built_in_role(organization, "RECRUITER").granted)

        recruiting = {p for p in every_permission() if not p.startswith("organizations.")}
        assert granted - recruiting == {
            "organizations.view_employee",
            "organizations.view_role",
            "organizations.view_organization",
        }
        assert recruiting <= granted

    def test_viewer_sees_all_recruiting_but_invitations_and_changes_nothing(self, organization):
        granted = set(built_in_role(organization, "VIEWER").granted)

        assert {permission.partition(".")[2].partition("_")[0] for permission in granted} == {"view"}
        assert not {p for p in granted if p.startswith("invitations.")}
        assert "organizations.view_role" not in granted
        assert {"candidates.view_candidate", "interviews.view_feedback", "organizations.view_employee"} <= granted

    def test_interviewer_sees_own_rows_only_and_gives_feedback(self, organization):
        granted = set(built_in_role(organization, "INTERVIEWER").granted)

        assert {p for p in granted if "_own_" not in p} == {
            "interviews.add_feedback",
            "interviews.change_feedback",
            "organizations.view_organization",
        }

    @pytest.mark.parametrize("name", ["ADMIN", "RECRUITER", "INTERVIEWER", "VIEWER", "EMPLOYEE"])
    def test_none_is_deleted_or_renamed(self, superuser, organization, name):
        path = f"/api/role/{built_in_role(organization, name).pk}"

        assert superuser.delete(path).status_code == 409
        assert superuser.put(path, {"name": "Other"}).status_code == 409
        assert superuser.put(path, {"name": name}).status_code == 200
        assert built_in_role(organization, name)

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("ADMIN", {"permissions": []}),
            ("ADMIN", {"permissions": sorted(every_permission())[1:]}),
            ("ADMIN", {"isActive": False}),
            ("EMPLOYEE", {"permissions": ["candidates.view_candidate"]}),
            ("EMPLOYEE", {"isActive": False}),
        ],
    )
    def test_admin_is_not_reduced_and_employee_not_widened(self, admin, organization, name, change):
        role = built_in_role(organization, name)

        response = admin.put(f"/api/role/{role.pk}", change)

        assert response.status_code == 409
        assert response.json()["details"][0]["code"] == "built_in_role"
        after = Role.objects.get(pk=role.pk)
        assert (sorted(after.granted), after.is_active) == (sorted(role.granted), True)

    @pytest.mark.parametrize("name", ["RECRUITER", "INTERVIEWER", "VIEWER"])
    def test_the_others_can_be_changed(self, admin, organization, name):
        role = built_in_role(organization, name)

        response = admin.put(f"/api/role/{role.pk}", {"permissions": ["contacts.view_contact"], "isActive": False})

        assert response.status_code == 200
        assert (response.json()["permissions"], response.json()["isActive"]) == (["contacts.view_contact"], False)

    def test_admin_grows_with_what_later_versions_add(self, admin, organization):
        Role.objects.filter(organization=organization, name="ADMIN").update(permissions=["candidates.view_candidate"])

        assert admin.post("/api/role", {"name": "Temporary"}).status_code == 201


class TestOwnRoles:
    def test_one_is_made_read_changed_and_deleted(self, admin, organization):
        made = admin.post("/api/role", {"name": "Sourcer", "permissions": ["candidates.view_candidate"]})

        assert made.status_code == 201
        role = made.json()
        assert (role["name"], role["isBuiltIn"], role["organizationId"]) == ("Sourcer", False, str(organization.pk))
        assert role["permissions"] == ["candidates.view_candidate"]
        path = f"/api/role/{role['id']}"
        assert admin.get(path).json() == role
        changed = admin.put(path, {"permissions": ["contacts.view_contact", "candidates.view_candidate"]}).json()
        assert changed["permissions"] == ["candidates.view_candidate", "contacts.view_contact"]
        assert changed["name"] == "Sourcer"
        assert admin.delete(path).status_code == 204
        assert admin.get(path).status_code == 404

    def test_what_get_returned_can_be_sent_back_whole(self, admin, organization):
        for role in (RoleFactory(organization=organization, permissions=[MORE]), built_in_role(organization, "ADMIN")):
            path = f"/api/role/{role.pk}?relations[]=organization"
            before = admin.get(path).json()

            response = admin.put(path, before)

            assert response.status_code == 200
            assert {**response.json(), "updatedAt": None} == {**before, "updatedAt": None}

    def test_a_name_is_unique_ignoring_case(self, admin):
        assert admin.post("/api/role", {"name": "recruiter"}).status_code == 409
        assert admin.post("/api/role", {"name": "Straße"}).status_code == 201
        assert admin.post("/api/role", {"name": "STRASSE"}).status_code == 409

    @pytest.mark.parametrize(
        "code",
        [
            "auth.add_user",
            "auth.view_permission",
            "admin.view_logentry",
            "token_blacklist.delete_outstandingtoken",
            "sessions.view_session",
            "organizations.add_organization",
            "organizations.delete_employee",
            "organizations.add_user",
            "candidates.fire_candidate",
            "view_candidate",
            "candidates.*",
            "*",
            "",
        ],
    )
    def test_it_holds_permissions_of_our_own_domains_only(self, admin, superuser, organization, code):
        role = RoleFactory(organization=organization)

        for client in (admin, superuser):
            body = {"name": "Bent", "organizationId": str(organization.pk), "permissions": [code]}
            for response in (
                client.post("/api/role", body),
                client.put(f"/api/role/{role.pk}", {"permissions": [code]}),
            ):
                assert {field.partition(".")[0] for field in fields_refused(response)} == {"permissions"}
        role.refresh_from_db()
        assert role.permissions == []

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("permissions", "candidates.view_candidate"),
            ("permissions", {"candidates.view_candidate": True}),
            ("permissions", None),
            ("permissions", [5]),
            ("name", ""),
            ("name", None),
            ("name", "x" * 101),
            ("isBuiltIn", True),
            ("isStaff", True),
        ],
    )
    def test_the_rest_is_refused_by_name(self, admin, organization, key, value):
        role = RoleFactory(organization=organization)

        for response in (
            admin.post("/api/role", {"name": "New", "permissions": [], key: value}),
            admin.put(f"/api/role/{role.pk}", {key: value}),
        ):
            assert {field.partition(".")[0] for field in fields_refused(response)} == {key}

    @pytest.mark.parametrize("used_by", ["employee", "switched-off employee", "invitation"])
    def test_one_in_use_can_not_be_deleted(self, admin, organization, used_by):
        role = RoleFactory(organization=organization)
        if used_by == "invitation":
            InvitationFactory(organization=organization, role=role)
        else:
            EmployeeFactory(organization=organization, role=role, is_active=used_by == "employee")

        response = admin.delete(f"/api/role/{role.pk}")

        assert response.status_code == 409
        assert response.json()["details"][0]["code"] == "in_use"
        assert Role.objects.filter(pk=role.pk).exists()

    @pytest.mark.parametrize(
        ("client", "read", "write"),
        [
            ("recruiter", 200, 403),
            ("viewer", 403, 403),
            ("interviewer", 403, 403),
            ("stranger", 404, 404),
            ("anonymous", 401, 401),
        ],
    )
    def test_who_may_do_what(self, request, organization, client, read, write):
        role = RoleFactory(organization=organization, name="Sourcer")
        client = request.getfixturevalue(client)
        path = f"/api/role/{role.pk}"

        assert client.get(path).status_code == read
        assert client.put(path, {"name": "Other"}).status_code == write
        assert client.delete(path).status_code == write
        role.refresh_from_db()
        assert role.name == "Sourcer"


class TestNoOneGivesWhatTheyDoNotHold:
    def test_at_making_a_role(self, steward):
        assert steward.post("/api/role", {"name": "A", "permissions": [MORE]}).status_code == 403
        assert steward.post("/api/role", {"name": "B", "permissions": ["contacts.view_contact"]}).status_code == 201
        assert not Role.objects.filter(name="A").exists()

    def test_what_one_sees_whole_one_can_give_narrowed(self, sign_in, organization):
        held = [*RUNS_ROLES, "candidates.view_candidate"]
        clerk = sign_in("", role=RoleFactory(organization=organization, permissions=held))

        narrow = clerk.post("/api/role", {"name": "Own", "permissions": ["candidates.view_own_candidate"]})

        assert narrow.status_code == 201

    def test_what_one_sees_narrowed_one_can_not_give_whole(self, sign_in, organization):
        held = [*RUNS_ROLES, "candidates.view_own_candidate"]
        clerk = sign_in("", role=RoleFactory(organization=organization, permissions=held))

        whole = clerk.post("/api/role", {"name": "All", "permissions": ["candidates.view_candidate"]})

        assert whole.status_code == 403

    @pytest.mark.parametrize(
        "change", [{"permissions": [MORE]}, {"permissions": []}, {"name": "X"}, {"isActive": False}]
    )
    def test_at_changing_a_role(self, steward, organization, change):
        lesser = RoleFactory(organization=organization, permissions=["contacts.view_contact"])
        larger = RoleFactory(organization=organization, permissions=["contacts.view_contact", MORE])

        wider = change == {"permissions": [MORE]}
        assert steward.put(f"/api/role/{lesser.pk}", change).status_code == (403 if wider else 200)
        assert steward.put(f"/api/role/{larger.pk}", change).status_code == 403
        larger.refresh_from_db()
        assert larger.permissions == ["contacts.view_contact", MORE]
        assert larger.is_active

    def test_at_one_s_own_role(self, steward):
        role = steward.employee.role

        assert steward.put(f"/api/role/{role.pk}", {"permissions": [*role.permissions, MORE]}).status_code == 403

    def test_at_deleting_a_role(self, steward, organization):
        larger = RoleFactory(organization=organization, permissions=[MORE])

        assert steward.delete(f"/api/role/{larger.pk}").status_code == 403
        assert Role.objects.filter(pk=larger.pk).exists()

    def test_at_inviting_resending_and_withdrawing(self, steward, organization):
        larger = built_in_role(organization, "RECRUITER")
        open_one = InvitationFactory(organization=organization, role=larger)
        before = open_one.token_hash
        new = {"emailId": "new@example.com", "roleId": str(larger.pk)}

        assert steward.post("/api/invite", new).status_code == 403
        assert (
            steward.post("/api/invite/emails", {"emailIds": ["new@example.com"], "roleId": str(larger.pk)}).status_code
            == 403
        )
        lesser = {"emailId": open_one.email, "roleId": str(built_in_role(organization, "EMPLOYEE").pk)}
        assert steward.post("/api/invite", lesser).status_code == 403
        assert steward.post("/api/invite/resend", {"inviteId": str(open_one.pk)}).status_code == 403
        assert steward.delete(f"/api/invite/{open_one.pk}").status_code == 403
        open_one.refresh_from_db()
        assert (open_one.token_hash, open_one.role) == (before, larger)

    def test_at_assigning_a_role(self, steward, organization):
        person = EmployeeFactory(organization=organization, role_name="EMPLOYEE")
        larger = built_in_role(organization, "VIEWER")

        assert steward.put(f"/api/employee/{person.pk}", {"roleId": str(larger.pk)}).status_code == 403
        person.refresh_from_db()
        assert person.role.name == "EMPLOYEE"

    @pytest.mark.parametrize("change", ["roleId", "isActive", "startedWorkOn", "isArchived"])
    def test_at_touching_a_person(self, steward, organization, change):
        larger = EmployeeFactory(organization=organization, role_name="VIEWER")
        lesser = EmployeeFactory(organization=organization, role_name="EMPLOYEE")
        value = {
            "roleId": str(built_in_role(organization, "EMPLOYEE").pk),
            "isActive": False,
            "startedWorkOn": "2024-02-01",
            "isArchived": True,
        }[change]

        assert steward.put(f"/api/employee/{larger.pk}", {change: value}).status_code == 403
        assert steward.put(f"/api/employee/{lesser.pk}", {change: value}).status_code == 200
        larger.refresh_from_db()
        assert (larger.is_active, larger.role.name, larger.started_work_on) == (True, "VIEWER", None)

    def test_at_raising_oneself(self, steward, organization):
        admin = built_in_role(organization, "ADMIN")

        assert steward.put(f"/api/employee/{steward.employee.pk}", {"roleId": str(admin.pk)}).status_code == 403

    def test_what_one_holds_elsewhere_does_not_count(self, steward, organization):
        EmployeeFactory(user=steward.user, role_name="ADMIN")

        body = {"name": "A", "permissions": [MORE], "organizationId": str(organization.pk)}
        assert steward.post("/api/role", body).status_code == 403

    def test_a_recruiter_invites_non_admins(self, recruiter, organization):
        def invite(name: str) -> int:
            role = str(built_in_role(organization, name).pk)
            return recruiter.post("/api/invite", {"emailId": f"{name}@example.com", "roleId": role}).status_code

        statuses = {name: invite(name) for name in ("ADMIN", "RECRUITER", "INTERVIEWER", "VIEWER", "EMPLOYEE")}
        assert statuses.pop("ADMIN") == 403
        assert set(statuses.values()) == {201}

    def test_a_superuser_gives_everything(self, superuser, organization):
        body = {"name": "All", "permissions": list(every_permission()), "organizationId": str(organization.pk)}

        assert superuser.post("/api/role", body).status_code == 201


def test_roles_of_two_organizations_do_not_meet(admin):
    other = OrganizationFactory()

    assert admin.get(f"/api/role?where[organizationId]={other.pk}").json() == {"items": [], "total": 0}
    body = {"name": "Mine", "organizationId": str(other.pk)}
    assert fields_refused(admin.post("/api/role", body)) == {"organizationId"}
    assert Organization.objects.count() == 2
    assert Role.objects.filter(organization=other).count() == 5
