"""A candidate is interviewed, rejected, reopened, hired: which moves there are, who makes them, what they leave."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from candidates.actions import hire, move, reject, reopen
from candidates.models import Candidate
from candidates.tests.factories import CandidateFactory
from organizations.errors import RuleBroken
from organizations.models import Employee, User
from organizations.sessions import open_session
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, RoleFactory, UserFactory, built_in_role

STATUSES = ("APPLIED", "INTERVIEWED", "REJECTED", "HIRED")


def history(candidate: Candidate) -> list[tuple[str, str]]:
    return list(candidate.status_history.order_by("pk").values_list("from_status", "to_status"))


def is_now(moment) -> bool:
    return moment is not None and timezone.now() - timedelta(seconds=20) < moment <= timezone.now()


@pytest.mark.parametrize("to", STATUSES)
@pytest.mark.parametrize("before", STATUSES)
def test_every_move_by_the_status_of_a_body(recruiter, organization, before, to):
    candidate = CandidateFactory(organization=organization, status=before)
    hired_date, reject_date = candidate.hired_date, candidate.reject_date

    response = recruiter.put(f"/api/candidate/{candidate.pk}", {"status": to})

    candidate.refresh_from_db()
    if before == "HIRED" and to != "HIRED":
        assert response.status_code == 409
        assert response.json()["details"][0]["code"] == "already_hired"
    else:
        assert response.status_code == 200
        assert response.json()["status"] == to
    if before in {to, "HIRED"}:
        assert (candidate.status, history(candidate)) == (before, [])
        assert (candidate.hired_date, candidate.reject_date) == (hired_date, reject_date)
        return
    assert (candidate.status, history(candidate)) == (to, [(before, to)])
    assert is_now(candidate.hired_date) if to == "HIRED" else candidate.hired_date is None
    assert is_now(candidate.reject_date) if to == "REJECTED" else candidate.reject_date is None
    assert (candidate.employee_id is not None) == (to == "HIRED")
    assert is_now(candidate.status_since)
    assert candidate.status_since == candidate.status_history.get().created_at


def test_who_never_moved_has_their_status_since_they_applied(recruiter, organization):
    candidate = CandidateFactory(organization=organization, applied_date="2024-01-10T00:00:00Z")
    shown = recruiter.get(f"/api/candidate/{candidate.pk}").json()
    assert shown["statusSince"] == "2024-01-10T00:00:00.000Z"

    shown = recruiter.put(f"/api/candidate/{candidate.pk}", {"appliedDate": "2024-02-01T00:00:00.000Z"}).json()

    assert shown["statusSince"] == "2024-02-01T00:00:00.000Z"


def test_a_corrected_application_moves_nobody(recruiter, organization):
    candidate = CandidateFactory(organization=organization)
    moved = recruiter.put(f"/api/candidate/{candidate.pk}", {"status": "INTERVIEWED"}).json()

    shown = recruiter.put(f"/api/candidate/{candidate.pk}", {"appliedDate": "2024-02-01"}).json()
    refused = recruiter.put(f"/api/candidate/{candidate.pk}", {"statusSince": "2020-01-01T00:00:00.000Z"})

    assert refused.status_code == 400
    assert (shown["appliedDate"], shown["statusSince"]) == ("2024-02-01T00:00:00.000Z", moved["statusSince"])


def test_a_rejection_says_why(recruiter, organization):
    candidate = CandidateFactory(organization=organization)
    address = f"/api/candidate/{candidate.pk}/rejected?relations[]=statusHistory"

    assert recruiter.put(address, {"note": "n" * 2001}).status_code == 400
    assert history(candidate) == []
    (change,) = recruiter.put(address, {"note": "No visa."}).json()["statusHistory"]

    assert (change["toStatus"], change["note"]) == ("REJECTED", "No visa.")


@pytest.mark.parametrize("body", [{}, {"note": None}])
def test_a_rejection_may_say_nothing(recruiter, organization, body):
    candidate = CandidateFactory(organization=organization)

    response = recruiter.put(f"/api/candidate/{candidate.pk}/rejected?relations[]=statusHistory", body)

    (change,) = response.json()["statusHistory"]
    assert change["note"] is None


@pytest.mark.parametrize(("route", "to"), [("hired", "HIRED"), ("rejected", "REJECTED")])
@pytest.mark.parametrize("before", STATUSES)
def test_every_move_by_its_own_route(recruiter, organization, before, route, to):
    candidate = CandidateFactory(organization=organization, status=before)

    response = recruiter.put(f"/api/candidate/{candidate.pk}/{route}?relations[]=statusHistory", {})

    if before in {to, "HIRED"}:
        assert response.status_code == 409
        assert history(candidate) == []
    else:
        assert response.status_code == 200
        assert response.json()["status"] == to
        (change,) = response.json()["statusHistory"]
        assert (change["fromStatus"], change["toStatus"]) == (before, to)
        assert change["createdById"] == str(recruiter.user.pk)


def test_the_whole_story_is_kept(recruiter, organization):
    candidate = CandidateFactory(organization=organization)

    for status in ("INTERVIEWED", "REJECTED", "APPLIED", "REJECTED", "HIRED"):
        assert recruiter.put(f"/api/candidate/{candidate.pk}", {"status": status}).status_code == 200

    assert history(candidate) == [
        ("APPLIED", "INTERVIEWED"),
        ("INTERVIEWED", "REJECTED"),
        ("REJECTED", "APPLIED"),
        ("APPLIED", "REJECTED"),
        ("REJECTED", "HIRED"),
    ]


@pytest.mark.parametrize(
    ("act", "before"),
    [(hire, "HIRED"), (reject, "REJECTED"), (reject, "HIRED"), (reopen, "APPLIED"), (reopen, "HIRED")],
)
def test_an_action_says_what_it_can_not_do(organization, act, before):
    candidate = CandidateFactory(organization=organization, status=before)

    with pytest.raises(RuleBroken):
        act(candidate, by=None)

    assert history(candidate) == []


def test_a_command_moves_without_anyone(organization):
    candidate = CandidateFactory(organization=organization, status="REJECTED")

    reopen(candidate, by=None)

    change = candidate.status_history.get()
    assert (change.from_status, change.to_status, change.created_by) == ("REJECTED", "APPLIED", None)


def test_what_one_holds_in_the_hand_may_be_old(recruiter, organization):
    candidate = CandidateFactory(organization=organization)
    old = Candidate.objects.get(pk=candidate.pk)
    hire(candidate, by=recruiter.user)

    with pytest.raises(RuleBroken):
        move(old, "REJECTED", by=recruiter.user)


@pytest.mark.parametrize("body", [{"reason": "x"}, {"startedWorkOn": "soon"}, {"status": "HIRED"}, []])
@pytest.mark.parametrize("route", ["hired", "rejected"])
def test_what_a_route_does_not_know_is_refused(recruiter, organization, route, body):
    candidate = CandidateFactory(organization=organization)

    assert recruiter.put(f"/api/candidate/{candidate.pk}/{route}", body).status_code == 400
    assert history(candidate) == []


class TestWhoMoves:
    ASKED = {
        "hire by route": ("hire_candidate", "/hired", {}),
        "reject by route": ("reject_candidate", "/rejected", {}),
        "hire by status": ("hire_candidate", "", {"status": "HIRED"}),
        "reject by status": ("reject_candidate", "", {"status": "REJECTED"}),
        "interview": ("change_candidate", "", {"status": "INTERVIEWED"}),
    }

    @pytest.mark.parametrize("asked", ASKED)
    def test_each_move_needs_its_permission_however_it_is_asked(self, sign_in, organization, asked):
        needed, route, body = self.ASKED[asked]
        held = {"candidates.view_candidate"} | ({"candidates.change_candidate"} if not route else set())
        clerk = sign_in(
            "", role=RoleFactory(organization=organization, permissions=sorted(held - {f"candidates.{needed}"}))
        )
        candidate = CandidateFactory(organization=organization)

        refused = clerk.put(f"/api/candidate/{candidate.pk}{route}", {**body, **({} if route else {"notes": "x"})})

        assert refused.status_code == 403
        candidate.refresh_from_db()
        assert (candidate.status, candidate.notes, history(candidate)) == ("APPLIED", None, [])
        assert not User.objects.filter(email=candidate.email).exists()

        clerk.employee.role.permissions = sorted(held | {f"candidates.{needed}"})
        clerk.employee.role.save()
        assert clerk.put(f"/api/candidate/{candidate.pk}{route}", body).status_code == 200

    def test_a_status_that_is_no_move_needs_none(self, sign_in, organization):
        role = RoleFactory(
            organization=organization, permissions=["candidates.view_candidate", "candidates.change_candidate"]
        )
        candidate = CandidateFactory(organization=organization, status="HIRED")

        response = sign_in("", role=role).put(f"/api/candidate/{candidate.pk}", {"status": "HIRED", "notes": "x"})

        assert (response.status_code, response.json()["notes"]) == (200, "x")

    @pytest.mark.parametrize("route", ["/hired", "/rejected", ""])
    @pytest.mark.parametrize(
        ("client", "status"), [("viewer", 403), ("interviewer", 403), ("stranger", 404), ("anonymous", 401)]
    )
    def test_who_may_not_does_not(self, request, organization, client, status, route):
        candidate = CandidateFactory(organization=organization)

        response = request.getfixturevalue(client).put(
            f"/api/candidate/{candidate.pk}{route}", {} if route else {"status": "HIRED"}
        )

        assert response.status_code == status
        assert history(candidate) == []

    def test_the_permission_of_another_organization_does_not_count(self, sign_in, organization):
        candidate = CandidateFactory(organization=organization)
        viewer = sign_in("VIEWER")
        EmployeeFactory(user=viewer.user, role_name="RECRUITER")

        assert viewer.put(f"/api/candidate/{candidate.pk}/hired", {}).status_code == 403
        assert viewer.put(f"/api/candidate/{candidate.pk}", {"status": "HIRED"}).status_code == 403


class TestHiring:
    def test_makes_the_person_an_employee(self, recruiter, organization):
        candidate = CandidateFactory(
            organization=organization, first_name="Jane", last_name="Doe", phone_number="1", status="REJECTED"
        )

        response = recruiter.put(
            f"/api/candidate/{candidate.pk}/hired?relations[]=employee.role&relations[]=employee.user&relations[]=user",
            {"startedWorkOn": "2024-02-01"},
        )

        body = response.json()
        assert (body["status"], body["rejectDate"]) == ("HIRED", None)
        employee = body["employee"]
        assert employee["id"] == body["employeeId"]
        assert (employee["startedWorkOn"], employee["isActive"]) == ("2024-02-01", True)
        # A recruiter sees roles.
        assert (employee["role"]["name"], employee["role"]["permissions"]) == ("EMPLOYEE", [])
        assert employee["user"] == body["user"] == {
            "id": body["userId"],
            "firstName": "Jane",
            "lastName": "Doe",
            "email": candidate.email,
            "phoneNumber": "1",
        }  # fmt: skip
        assert Employee.objects.get(pk=employee["id"]).created_by == recruiter.user

    @pytest.mark.parametrize("how", ["route", "status", "action"])
    def test_begins_today_where_the_organization_is(self, recruiter, organization, how):
        # Fourteen hours ahead of UTC, and eleven behind: one of them has another date than UTC has.
        for time_zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
            organization.time_zone = time_zone
            organization.save()
            candidate = CandidateFactory(organization=organization)

            if how == "action":
                hire(candidate, by=None)
            else:
                path, body = ("/hired", {}) if how == "route" else ("", {"status": "HIRED"})
                assert recruiter.put(f"/api/candidate/{candidate.pk}{path}", body).status_code == 200

            candidate.refresh_from_db()
            assert candidate.employee.started_work_on == organization.today

    def test_opens_an_account_without_a_password_and_mails_a_link_to_set_one(
        self, recruiter, anonymous, organization, mails
    ):
        candidate = CandidateFactory(organization=organization)

        with mails() as sent:
            recruiter.put(f"/api/candidate/{candidate.pk}/hired", {})

        account = User.objects.get(email=candidate.email)
        assert not account.has_usable_password()
        assert [mail.to for mail in sent] == [[candidate.email]]
        token = re.search(r"token=([\w.-]+)", sent[0].body)[1]
        body = {"token": token, "password": "a phrase of my own"}
        assert anonymous.post("/api/auth/reset-password", body).status_code == 200
        login = anonymous.post("/api/auth/login", {"email": candidate.email, "password": "a phrase of my own"})
        assert login.json()["user"]["employees"][0]["id"] == str(Employee.objects.get(user=account).pk)

    def test_takes_the_password_of_an_account_that_nobody_proved(self, recruiter, anonymous, organization, mails):
        """Whoever opened it, with a password that they know, may not be the owner of the address."""
        account = UserFactory(is_email_proven=False, first_name="Somebody's words")
        session = open_session(account)
        candidate = CandidateFactory(organization=organization, email=account.email.upper(), first_name="Jane")

        with mails() as sent:
            recruiter.put(f"/api/candidate/{candidate.pk}/hired", {})

        account.refresh_from_db()
        assert not account.has_usable_password()
        assert account.sessions.get().revoked_at is not None
        assert anonymous.post("/api/auth/refresh-token", {"refreshToken": session["refreshToken"]}).status_code == 401
        assert [mail.to for mail in sent] == [[account.email]]
        assert account.employees.get().first_name == "Jane"

    def test_leaves_a_proven_account_as_it_is(self, recruiter, organization, mails):
        account = UserFactory(first_name="Own", last_name="Words", phone_number="5")
        session = open_session(account)
        before = User.objects.filter(pk=account.pk).values().get()
        candidate = CandidateFactory(organization=organization, email=account.email, first_name="Their")

        with mails() as sent:
            response = recruiter.put(f"/api/candidate/{candidate.pk}/hired?relations[]=employee.user", {})

        assert User.objects.filter(pk=account.pk).values().get() == before
        assert session
        assert account.sessions.get().revoked_at is None
        assert sent == []
        # The organization keeps its own words, and learns nothing of the account's.
        assert response.json()["employee"]["user"] == {
            "id": str(account.pk),
            "firstName": "Their",
            "lastName": candidate.last_name,
            "email": candidate.email,
            "phoneNumber": None,
        }

    def test_does_not_wake_an_account_that_is_switched_off(self, recruiter, organization, mails):
        account = UserFactory(is_active=False, is_email_proven=False)
        candidate = CandidateFactory(organization=organization, email=account.email)

        with mails() as sent:
            assert recruiter.put(f"/api/candidate/{candidate.pk}/hired", {}).status_code == 200

        account.refresh_from_db()
        assert not account.is_active
        assert sent == []

    def test_keeps_the_role_of_someone_employed_here_already(self, recruiter, organization):
        employee = EmployeeFactory(organization=organization, role_name="ADMIN", started_work_on=date(2020, 1, 1))
        candidate = CandidateFactory(organization=organization, email=employee.email)

        response = recruiter.put(f"/api/candidate/{candidate.pk}/hired", {"startedWorkOn": "2024-02-01"})

        assert response.json()["employeeId"] == str(employee.pk)
        employee.refresh_from_db()
        assert employee.role == built_in_role(organization, "ADMIN")
        assert employee.started_work_on == date(2020, 1, 1)

    def test_takes_back_someone_who_was_switched_off_as_a_plain_employee(self, recruiter, organization):
        employee = EmployeeFactory(
            organization=organization, role_name="ADMIN", is_active=False, started_work_on=date(2020, 1, 1)
        )
        candidate = CandidateFactory(organization=organization, email=employee.email)

        recruiter.put(f"/api/candidate/{candidate.pk}/hired", {"startedWorkOn": "2024-02-01"})

        employee.refresh_from_db()
        assert (employee.is_active, employee.role.name) == (True, "EMPLOYEE")
        assert employee.started_work_on == date(2024, 2, 1)

    def test_touches_no_place_elsewhere(self, recruiter, organization):
        elsewhere = EmployeeFactory(organization=OrganizationFactory(), role_name="ADMIN", is_active=False)
        candidate = CandidateFactory(organization=organization, email=elsewhere.email)
        before = Employee.objects.filter(pk=elsewhere.pk).values().get()

        recruiter.put(f"/api/candidate/{candidate.pk}/hired", {})

        assert Employee.objects.filter(pk=elsewhere.pk).values().get() == before

    def test_is_taken_back_whole_when_a_part_fails(self, recruiter, organization, monkeypatch, mails):
        candidate = CandidateFactory(organization=organization)

        def fail(*_, **__):
            raise RuleBroken("No.")

        monkeypatch.setattr("candidates.actions.StatusChange.save", fail)

        with mails() as sent:
            assert recruiter.put(f"/api/candidate/{candidate.pk}/hired", {}).status_code == 409

        candidate.refresh_from_db()
        assert (candidate.status, candidate.employee_id) == ("APPLIED", None)
        assert not User.objects.filter(email=candidate.email).exists()
        assert sent == []

    def test_stays_when_the_candidate_is_deleted(self, recruiter, organization):
        candidate = CandidateFactory(organization=organization)
        employee = recruiter.put(f"/api/candidate/{candidate.pk}/hired", {}).json()["employeeId"]

        assert recruiter.delete(f"/api/candidate/{candidate.pk}").status_code == 204

        assert Employee.objects.get(pk=employee).is_active


@pytest.mark.parametrize("status", ["APPLIED", "INTERVIEWED"])
def test_only_who_was_rejected_is_reopened(status, recruiter, organization):
    candidate = CandidateFactory(organization=organization, status=status)

    with pytest.raises(RuleBroken):
        reopen(candidate, by=recruiter.user)

    candidate.refresh_from_db()
    assert candidate.status == status
