from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from ats_project import demo, gunicorn_conf
from organizations.models import Employee, Organization, User


class Server(BaseApplication):
    """The server of production, with its configuration, inside this command."""

    def load_config(self) -> None:
        for name, value in vars(gunicorn_conf).items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)
        self.cfg.set("loglevel", "warning")

    def load(self) -> Any:
        from ats_project.wsgi import application

        return application


class Command(BaseCommand):
    help = (
        "Bring the database up to date, fill an empty one with demo data (DEBUG=1 only), and serve on 127.0.0.1, "
        "port PORT, until Ctrl-C."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="stop before serving")

    def handle(self, *args: Any, **options: Any) -> None:
        server = Server()
        host, port = server.cfg.address[0]
        if not options["no_serve"]:
            refuse_taken(host, port)
        call_command("migrate", verbosity=0, interactive=False)
        if settings.DEBUG and not Organization.objects.exists():
            self.stdout.write("The database is empty: making demo data, a few seconds …")
            call_command("seed", demo=True, stdout=self.stdout)
        self.stdout.write(welcome(f"http://{host}:{port}"))
        if not options["no_serve"]:
            self.stdout.write("\n  Ctrl-C stops.\n\n")
            self.stdout.flush()
            forget_connections()
            server.run()


def refuse_taken(host: str, port: int) -> None:
    """Asked before anything is done: the server itself would try for seconds, and say it in many lines."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = (error.strerror or "not possible").lower()
            raise CommandError(
                f"Can't serve on port {port}: {reason}. Choose another, as in `PORT=8001 make run`."
            ) from error


def forget_connections() -> None:
    """The workers are forks, and one connection in two processes is none: each opens its own."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


def welcome(address: str) -> str:
    lines = ["", f"  API docs  {address}/api/docs", f"  Admin     {address}/admin/"]
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        lines.append(f"  Mail      {shortest(settings.MAIL_DIR)}/, a file each")
    return "\n".join([*lines, "", *accounts(), ""])


def shortest(path: str) -> Path:
    """As seen from the project, if it is in there."""
    inside = Path(path).is_relative_to(settings.BASE_DIR)
    return Path(path).relative_to(settings.BASE_DIR) if inside else Path(path)


def accounts() -> list[str]:
    """The demo accounts that are there, one line each, or how to make a first account."""
    superuser = User.objects.known_by(demo.SUPERUSER)
    if not settings.DEBUG or superuser is None:
        return ["  A first organization: manage.py create_organization NAME --admin-email ADDRESS"]

    is_known = check_password(settings.DEMO_PASSWORD, superuser.password)
    password = settings.DEMO_PASSWORD if is_known else "the DEMO_PASSWORD of when they were made"
    shown = Employee.objects.filter(user__email__in=demo.ACCOUNTS).select_related("role", "organization")
    roles = {employee.user_id: f"{employee.role} of {employee.organization}" for employee in shown}
    users = User.objects.filter(email__in=demo.ACCOUNTS).order_by("created_at")
    return [
        f"  Accounts  (password: {password})",
        *(f"    {user.email:<28}{roles.get(user.pk, 'superuser')}" for user in users),
    ]
