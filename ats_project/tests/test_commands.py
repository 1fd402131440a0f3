"""The commands that need all floors, and how the server that they start writes its logs."""

from __future__ import annotations

import json
import logging
import socket
from io import StringIO
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Avg, Count, Q
from django.utils import timezone
from gunicorn.config import Config
from rest_framework.test import APIClient

from ats_project import demo, gunicorn_conf
from ats_project.management.commands.quickstart import Server, forget_connections, refuse_taken
from candidates.models import Candidate, StatusChange
from conftest import client_of
from contacts.models import Contact
from interviews.models import Interview, Interviewer
from invitations.models import Invitation
from organizations.models import Employee, Organization, User
from organizations.tests.factories import PASSWORD, UserFactory
from pipelines.models import Pipeline


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def development(settings):
    settings.DEBUG = True
    return settings


@pytest.fixture
def northwind(db, development, django_capture_on_commit_callbacks) -> Organization:
    with django_capture_on_commit_callbacks(execute=True):
        run("seed", "--demo")
    return Organization.objects.get(name="Northwind Recruiting")


def test_the_demo_tells_of_an_organization_in_the_middle_of_its_work(northwind, mailoutbox):
    mine = Q(organization=northwind)

    by_status = Candidate.objects.filter(mine).values_list("status").annotate(Count("pk"))
    assert dict(by_status) == {"APPLIED": 24, "INTERVIEWED": 17, "REJECTED": 11, "HIRED": 8}
    assert Contact.objects.filter(mine, members__isnull=False).distinct().count() == 25
    stages = Pipeline.objects.get(mine, name="Enterprise Sales").stages.order_by("index")
    assert [stage.name for stage in stages] == ["Lead", "Qualified", "Proposal", "Negotiation", "Closed Won"]
    invitations = Invitation.objects.filter(mine).with_status().values_list("current_status", flat=True)
    assert sorted(invitations) == ["ACCEPTED", "EXPIRED", "INVITED", "INVITED", "REJECTED"]
    assert Interview.objects.filter(mine, start_time__gt=timezone.now()).exists()
    assert mailoutbox == []


def test_the_demo_follows_the_rules_of_the_trade(northwind):
    for interview in Interview.objects.annotate(mean=Avg("feedbacks__rating")):
        assert interview.rating == (None if interview.mean is None else round(interview.mean, 2))
    for candidate in Candidate.objects.annotate(mean=Avg("feedbacks__rating")):
        assert candidate.ratings == (None if candidate.mean is None else round(candidate.mean, 2))
    for candidate in Candidate.objects.filter(status="HIRED"):
        last = candidate.status_history.latest("created_at")
        assert (last.to_status, last.created_at) == ("HIRED", candidate.hired_date)
        assert candidate.applied_date < candidate.hired_date < timezone.now()
        assert candidate.employee.role.name == "EMPLOYEE"
    for candidate in Candidate.objects.all():
        last = candidate.status_history.order_by("created_at").last()
        assert candidate.status_since == (last.created_at if last else candidate.applied_date)
    assert not StatusChange.objects.filter(created_at__gt=timezone.now()).exists()


def test_nobody_in_the_demo_is_in_two_interviews_at_a_time(northwind):
    def clashes(times):
        times = sorted(times)
        return [later for earlier, later in pairwise(times) if later[0] < earlier[1]]

    for employee in Employee.objects.all():
        held = Interviewer.objects.filter(employee=employee, interview__is_cancelled=False)
        assert clashes(held.values_list("interview__start_time", "interview__end_time")) == []
    for candidate in Candidate.objects.all():
        assert clashes(candidate.interviews.values_list("start_time", "end_time")) == []


def test_the_demo_interviewer_owes_feedback(northwind):
    interviewer = Employee.objects.get(email="interviewer@northwind.test")

    attended = Interviewer.objects.filter(employee=interviewer, interview__end_time__lt=timezone.now())

    assert attended.filter(feedback=None).count() >= 3
    assert attended.exclude(feedback=None).count() >= 3


def test_demo_people_sign_in_and_see_their_own_organization_only(northwind, development):
    development.AUTHENTICATION_BACKENDS = ["ats_project.demo.accounts.Backend"]
    totals = {}
    for email in demo.ACCOUNTS:
        answer = APIClient().post("/api/auth/login", {"email": email, "password": development.DEMO_PASSWORD})
        assert answer.status_code == 200, email
        client = client_of(User.objects.get(email=email))
        totals[email] = client.get("/api/candidate/count").json()

    assert totals["recruiter@northwind.test"] == totals["viewer@northwind.test"] == 60
    assert totals["admin@other.test"] == 4
    assert totals["root@localhost.test"] == 64
    assert 0 < totals["interviewer@northwind.test"] < 60


def test_seeding_twice_does_nothing(northwind):
    before = {model: model.objects.count() for model in (Candidate, Interview, User, Organization)}

    assert run("seed", "--demo") == "The demo data is there already; nothing was done.\n"
    assert json.loads(run("seed", "--demo", "--json"))["made"] is False

    assert {model: model.objects.count() for model in before} == before


def test_demo_accounts_are_not_made_where_data_is_real(db, settings):
    settings.DEBUG = False

    with pytest.raises(CommandError, match="DEBUG=1"):
        run("seed", "--demo")

    assert not User.objects.exists()


def test_demo_accounts_cannot_sign_in_where_data_is_real(db, settings):
    settings.DEBUG = False
    settings.AUTHENTICATION_BACKENDS = ["ats_project.demo.accounts.Backend"]

    def status(email):
        return APIClient().post("/api/auth/login", {"email": email, "password": PASSWORD}).status_code

    demo_user, real = UserFactory(email="Admin@Northwind.Test"), UserFactory(email="someone@test.example.com")

    assert (status(demo_user.email), status(real.email)) == (401, 200)
    browser = APIClient()
    assert browser.login(username=demo_user.email, password=PASSWORD) is False


def test_quickstart_fills_an_empty_database_and_says_where_things_are(db, development):
    said = run("quickstart", "--no-serve")

    assert Organization.objects.count() == 2
    assert f"http://{gunicorn_conf.bind}/api/docs" in said
    assert "password: demo-password" in said
    assert "recruiter@northwind.test    RECRUITER of Northwind Recruiting" in said
    assert "root@localhost.test         superuser" in said

    development.DEMO_PASSWORD = "another since then"
    assert "the DEMO_PASSWORD of when they were made" in run("quickstart", "--no-serve")


def test_quickstart_leaves_a_database_with_an_organization_alone(organization, development):
    said = run("quickstart", "--no-serve")

    assert list(Organization.objects.all()) == [organization]
    assert "create_organization" in said


def test_quickstart_makes_no_demo_data_where_data_is_real(db, settings):
    settings.DEBUG = False

    assert "create_organization" in run("quickstart", "--no-serve")
    assert not Organization.objects.exists()


def test_quickstart_says_that_a_port_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match=f"port {port}: address already in use"):
            refuse_taken("127.0.0.1", port)

    refuse_taken("127.0.0.1", port)


@pytest.mark.django_db(transaction=True)
def test_workers_inherit_no_connection(django_db_blocker):
    from django.db import connection

    connection.ensure_connection()

    forget_connections()

    assert connection.connection is None


def test_quickstart_serves_as_production_does():
    server = Server()

    assert server.cfg.worker_class_str == "gthread"
    assert server.cfg.limit_request_line == 0
    assert server.load().__class__.__name__ == "WSGIHandler"


def test_access_logs_hold_neither_query_strings_nor_line_breaks():
    logger = gunicorn_conf.logger_class(Config())
    response = SimpleNamespace(status="200 OK", sent=2, headers=[("X-Request-Id", "12345678")])
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": "/invitation?token=secret",
        "PATH_INFO": '/invitation\n"',
        "QUERY_STRING": "token=secret",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": "http://127.0.0.1/invitation?token=secret",
        "REMOTE_ADDR": "127.0.0.1",
    }
    request = SimpleNamespace(headers=[("REFERER", "http://127.0.0.1/invitation?token=secret")])

    atoms = logger.atoms(response, request, environ, timezone.timedelta(milliseconds=3))
    line = gunicorn_conf.access_log_format % logger.atoms_wrapper_class(atoms)

    assert '"GET /invitation%0A%22" 200 2 3ms' in line
    assert "secret" not in line


def test_error_logs_hold_no_query_strings():
    record = logging.LogRecord("gunicorn", 40, "", 1, "Error handling %s", ("/invitation?token=secret x",), None)

    assert gunicorn_conf.without_queries(record)
    assert record.getMessage() == "Error handling /invitation?… x"
