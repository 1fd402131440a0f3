"""Employees: who sees whom, who changes what, and that an organization keeps an admin and its own words."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import transaction

from interviews.tests.factories import InterviewerFactory
from organizations.actions import employ
from organizations.models import Employee, User
from organizations.sessions import open_session
from organizations.tests.factories import EmployeeFactory, RoleFactory, UserFactory, built_in_role


def fields_refused(response) -> set[str]:
    assert response.status_code == 400, response.content
    return {detail["field"] for detail in response.json()["details"]}


def role_id(organization, name: str) -> str:
    return str(built_in_role(organization, name).pk)


class TestSeeing:
    def test_a_row_and_its_relations(self, recruiter, organization):
        employee = EmployeeFactory(
            organization=organization, role_name="VIEWER", started_work_on=date(2024, 2, 1), phone_number="1"
        )

        shown = recruiter.get(
            f"/api/employee/{employee.pk}?relations[]=user&relations[]=role&relations[]=organization"
        ).json()

        assert (shown["userId"], shown["roleId"]) == (str(employee.user.pk), str(employee.role.pk))
        assert (shown["startedWorkOn"], shown["isActive"]) == ("2024-02-01", True)
        assert shown["user"] == {
            "id": str(employee.user.pk),
            "firstName": employee.first_name,
            "lastName": employee.last_name,
            "email": employee.email,
            "phoneNumber": "1",
        }
        assert (shown["role"]["name"], shown["organization"]["name"]) == ("VIEWER", organization.name)

    @pytest.mark.parametrize("client", ["admin", "recruiter", "viewer"])
    def test_who_sees_employees_sees_all_of_the_organization(self, request, organization, client):
        client = request.getfixturevalue(client)
        others = EmployeeFactory.create_batch(2, organization=organization)
        EmployeeFactory()

        listed = client.get("/api/employee").json()

        assert {item["id"] for item in listed["items"]} == {str(e.pk) for e in (client.employee, *others)}
        assert listed["total"] == 3

    def test_a_plain_employee_sees_themselves_only(self, sign_in, organization):
        plain = sign_in("EMPLOYEE")
        other = EmployeeFactory(organization=organization)

        listed = plain.get("/api/employee?relations[]=user&relations[]=role").json()

        assert [item["id"] for item in listed["items"]] == [str(plain.employee.pk)]
        assert listed["items"][0]["user"]["email"] == plain.employee.email
        # Roles are not theirs to see; what their own allows, `user/me` says.
        assert listed["items"][0]["role"] is None
        assert plain.get(f"/api/employee/{plain.employee.pk}").status_code == 200
        assert plain.get(f"/api/employee/{other.pk}").status_code == 404
        assert plain.get("/api/employee/count").json() == 1

    def test_a_plain_employee_is_refused_the_rest(self, sign_in):
        plain = sign_in("EMPLOYEE")

        for resource in ("candidate", "candidate-interview", "candidate-feedback", "pipelines", "role", "invite"):
            assert plain.get(f"/api/{resource}").status_code == 403, resource
        assert plain.put(f"/api/employee/{plain.employee.pk}", {"startedWorkOn": "2020-01-01"}).status_code == 403

    def test_an_interviewer_also_sees_those_they_interview_with(self, interviewer, organization):
        participation = InterviewerFactory(
            interview__candidate__organization=organization, employee=interviewer.employee
        )
        with_them = InterviewerFactory(interview=participation.interview).employee
        InterviewerFactory(interview__candidate__organization=organization)

        listed = interviewer.get("/api/employee").json()

        assert {item["id"] for item in listed["items"]} == {str(interviewer.employee.pk), str(with_them.pk)}
        assert listed["total"] == 2

    def test_by_names_and_roles(self, admin, organization):
        jane = EmployeeFactory(organization=organization, user__first_name="Jané", role_name="VIEWER")
        EmployeeFactory(organization=organization, user__first_name="John")

        for where in (
            "where[user][firstName][contains]=jan",
            f"where[user][email]={jane.email.upper()}",
            "where[role][name]=VIEWER",
            f"where[roleId]={jane.role_id}",
            f"where[userId]={jane.user_id}",
            f"where[user][id]={jane.user_id}",
        ):
            listed = admin.get(f"/api/employee?{where}").json()
            assert [item["id"] for item in listed["items"]] == [str(jane.pk)], where

    def test_of_roles_that_one_does_not_see_nothing_can_be_asked(self, viewer, organization):
        EmployeeFactory(organization=organization, role_name="ADMIN")

        assert viewer.get("/api/employee?where[role][name]=ADMIN").json()["total"] == 0


class TestChanging:
    def test_role_beginning_and_place(self, admin, organization):
        employee = EmployeeFactory(organization=organization)
        body = {"roleId": role_id(organization, "VIEWER"), "startedWorkOn": "2024-02-01", "isActive": False}

        response = admin.put(f"/api/employee/{employee.pk}", body)

        assert response.status_code == 200
        assert {key: response.json()[key] for key in body} == body

    def test_what_get_returned_can_be_sent_back_whole(self, admin, organization):
        employee = EmployeeFactory(organization=organization, role_name="VIEWER", started_work_on=date(2024, 2, 1))
        path = f"/api/employee/{employee.pk}?relations[]=user&relations[]=role&relations[]=organization"
        before = admin.get(path).json()

        response = admin.put(path, before)

        assert response.status_code == 200, response.content
        assert {**response.json(), "updatedAt": None} == {**before, "updatedAt": None}

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("user", {"firstName": "Other"}),
            ("user", {"email": "other@example.com"}),
            ("userId", "00000000-0000-4000-8000-000000000000"),
            ("role", {"name": "ADMIN"}),
            ("roleId", None),
            ("roleId", "ADMIN"),
            ("roleId", "00000000-0000-7000-8000-000000000000"),
            ("startedWorkOn", "2024-02-30"),
            ("startedWorkOn", "2024-02-01T00:00:00Z"),
            ("isActive", "false"),
            ("isActive", None),
            ("isStaff", True),
            ("organizationId", "00000000-0000-7000-8000-000000000000"),
        ],
    )
    def test_the_rest_is_refused_by_name(self, admin, organization, key, value):
        employee = EmployeeFactory(organization=organization)

        response = admin.put(f"/api/employee/{employee.pk}", {"startedWorkOn": "2020-01-01", key: value})

        assert fields_refused(response) == {key}
        employee.refresh_from_db()
        assert employee.started_work_on is None

    def test_a_role_of_another_organization_is_an_unknown_id(self, admin, organization):
        employee = EmployeeFactory(organization=organization)
        there = EmployeeFactory(user=admin.user, role_name="ADMIN").organization
        foreign, seen, nowhere = (
            admin.put(f"/api/employee/{employee.pk}", {"roleId": pk}).json()
            for pk in (str(RoleFactory().pk), role_id(there, "VIEWER"), "00000000-0000-7000-8000-000000000000")
        )

        assert foreign["statusCode"] == 400
        assert foreign["details"] == seen["details"] == nowhere["details"]

    def test_nobody_is_made_or_deleted_here(self, admin, organization):
        employee = EmployeeFactory(organization=organization)
        body = {"userId": str(UserFactory().pk), "roleId": role_id(organization, "VIEWER")}

        assert admin.post("/api/employee", body).status_code == 405
        assert admin.delete(f"/api/employee/{employee.pk}").status_code == 405
        assert Employee.objects.filter(organization=organization).count() == 2

    @pytest.mark.parametrize(
        ("client", "status"),
        [("recruiter", 403), ("viewer", 403), ("interviewer", 403), ("stranger", 404), ("anonymous", 401)],
    )
    def test_who_may_not_does_not(self, request, organization, client, status):
        employee = EmployeeFactory(organization=organization)

        response = request.getfixturevalue(client).put(f"/api/employee/{employee.pk}", {"isActive": False})

        assert response.status_code == status
        employee.refresh_from_db()
        assert employee.is_active


class TestTheLastAdmin:
    @pytest.mark.parametrize("asked_by", ["admin", "superuser"])
    @pytest.mark.parametrize("change", ["isActive", "roleId"])
    def test_stays(self, request, admin, organization, asked_by, change):
        body = {change: False if change == "isActive" else role_id(organization, "RECRUITER")}

        response = request.getfixturevalue(asked_by).put(f"/api/employee/{admin.employee.pk}", body)

        assert response.status_code == 409
        assert response.json()["details"][0]["code"] == "last_admin"
        admin.employee.refresh_from_db()
        assert (admin.employee.is_active, admin.employee.role.name) == (True, "ADMIN")

    @pytest.mark.parametrize("other", ["switched off", "account switched off", "elsewhere", "own role of that name"])
    def test_is_who_has_no_other_beside_them(self, admin, organization, other):
        match other:
            case "switched off":
                EmployeeFactory(organization=organization, role_name="ADMIN", is_active=False)
            case "account switched off":
                EmployeeFactory(organization=organization, role_name="ADMIN", user__is_active=False)
            case "elsewhere":
                EmployeeFactory(role_name="ADMIN")
            case _:
                everything = RoleFactory(organization=organization, name="Admin too", permissions=[])
                EmployeeFactory(organization=organization, role=everything)

        assert admin.put(f"/api/employee/{admin.employee.pk}", {"isActive": False}).status_code == 409

    def test_can_go_once_there_is_another(self, admin, organization):
        EmployeeFactory(organization=organization, role_name="ADMIN")

        assert admin.put(f"/api/employee/{admin.employee.pk}", {"isActive": False}).status_code == 200
        assert admin.get("/api/candidate").status_code == 403

    def test_may_change_what_leaves_them_admin(self, admin):
        response = admin.put(f"/api/employee/{admin.employee.pk}", {"startedWorkOn": "2020-01-01"})

        assert response.status_code == 200


class TestEmploying:
    """What hiring, and everything else that makes an employee, does with the account."""

    def _somebody(self, email: str, **words) -> Employee:
        return Employee(email=email, **{"first_name": "Their", "last_name": "Words", "phone_number": "9", **words})

    def _employ(self, organization, email: str, **options) -> Employee:
        return employ(
            self._somebody(email),
            organization=organization,
            role=built_in_role(organization, "EMPLOYEE"),
            **options,
        )

    def test_a_new_account_has_no_password_and_gets_a_link(self, organization, mails, anonymous):
        with mails() as sent:
            employee = self._employ(organization, "New@Example.com", started_work_on=date(2024, 2, 1))

        assert (employee.user.email, employee.user.is_email_proven) == ("New@Example.com", False)
        assert not employee.user.has_usable_password()
        assert (employee.first_name, employee.phone_number) == ("Their", "9")
        assert employee.started_work_on == date(2024, 2, 1)
        assert [mail.to for mail in sent] == [["New@Example.com"]]
        body = {"token": re.search(r"token=([\w.-]+)", sent[0].body)[1], "password": "a phrase of my own"}
        assert anonymous.post("/api/auth/reset-password", body).status_code == 200
        employee.user.refresh_from_db()
        assert employee.user.is_email_proven

    def test_an_unproven_account_loses_password_and_sessions(self, organization, mails, anonymous):
        account = UserFactory(is_email_proven=False)
        open_session(account)

        with mails() as sent:
            employee = self._employ(organization, account.email.upper())

        account.refresh_from_db()
        assert employee.user == account
        assert not account.has_usable_password()
        assert not account.sessions.filter(revoked_at=None).exists()
        assert [mail.to for mail in sent] == [[account.email]]

    def test_a_proven_account_keeps_everything_and_gets_no_mail(self, organization, mails):
        account = UserFactory(phone_number="5")
        open_session(account)
        before = User.objects.filter(pk=account.pk).values().get()

        with mails() as sent:
            employee = self._employ(organization, account.email)

        assert User.objects.filter(pk=account.pk).values().get() == before
        assert account.sessions.filter(revoked_at=None).exists()
        assert sent == []
        assert (employee.first_name, employee.last_name, employee.phone_number) == ("Their", "Words", "9")

    def test_one_organization_learns_nothing_of_another_s_words(self, recruiter, organization):
        account = UserFactory(first_name="Own", last_name="Name", phone_number="5")
        EmployeeFactory(user=account, first_name="Elsewhere", phone_number="7")
        employee = self._employ(organization, account.email)

        shown = recruiter.get(f"/api/employee/{employee.pk}?relations[]=user").json()

        assert shown["user"] == {
            "id": str(account.pk),
            "firstName": "Their",
            "lastName": "Words",
            "email": account.email,
            "phoneNumber": "9",
        }
        for words in ("Own", "Name", "Elsewhere"):
            listed = recruiter.get(f"/api/employee?where[user][firstName][contains]={words}").json()
            assert listed["total"] == 0

    def test_nothing_is_mailed_when_it_is_taken_back(self, organization, mails):
        with mails() as sent, transaction.atomic():
            self._employ(organization, "new@example.com")
            transaction.set_rollback(True)

        assert sent == []
        assert User.objects.known_by("new@example.com") is None


def test_one_s_own_new_name_shows_in_every_place(recruiter, organization):
    """A name that the person writes of themselves is nobody else's word."""
    elsewhere = EmployeeFactory(user=recruiter.user, role_name="VIEWER")

    recruiter.put("/api/user/me", {"firstName": "Ada", "phoneNumber": "1"})

    for place in (recruiter.employee, elsewhere):
        place.refresh_from_db()
        assert (place.first_name, place.phone_number) == ("Ada", "1")
    assert recruiter.get("/api/employee?where[user][firstName]=Ada").json()["total"] == 2
