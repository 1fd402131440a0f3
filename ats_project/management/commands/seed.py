from __future__ import annotations

import json
import sys
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm  # type: ignore[import-untyped]

from ats_project import demo
from ats_project.large import Installation, present
from candidates.models import Candidate
from contacts.models import Contact
from interviews.models import Feedback, Interview
from invitations.models import Invitation
from organizations.models import Employee, Organization
from pipelines.models import Pipeline

COUNTED = (Organization, Employee, Candidate, Interview, Feedback, Pipeline, Contact, Invitation)
#: What only a large installation asks for.
LARGE = ("organizations", "skew", "seed", "until")


class Command(BaseCommand):
    help = (
        "Fill the database with invented data, either --demo: two organizations, people who sign in with "
        "DEMO_PASSWORD, candidates, interviews; or --candidates N: a large installation, the same one for the same "
        "--seed and --until. Mails nobody; does nothing if the data is there; needs DEBUG=1."
    )

    def add_arguments(self, parser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--demo", action="store_true", help="the two demo organizations")
        what.add_argument("--candidates", type=int, metavar="N", help="a large installation, of N candidates in all")
        parser.add_argument("--organizations", type=int, metavar="N", help="how many they are spread over (20)")
        parser.add_argument(
            "--skew", action="store_true", help="half of the candidates in one organization, a few large, most small"
        )
        parser.add_argument("--seed", type=int, metavar="N", help="another number, another installation (1)")
        parser.add_argument(
            "--until", type=date.fromisoformat, metavar="DATE", help="the day that its story has come to (today)"
        )
        parser.add_argument("--json", action="store_true", help="what was made, as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "Demo accounts have a password that everyone can read: they are made, and sign in, with DEBUG=1 only."
            )
        asked = {name: options[name] for name in LARGE if options[name]}
        if options["demo"]:
            if asked:
                raise CommandError(f"--{next(iter(asked))} goes with --candidates, not with --demo.")
            self.fill_demo(as_json=options["json"])
        else:
            asked = {"organizations": 20, "until": timezone.localdate(), **asked}
            try:
                installation = Installation(options["candidates"], **asked)
            except ValueError as error:
                raise CommandError(str(error)) from error
            self.fill_large(installation, as_json=options["json"])

    # The demo

    def fill_demo(self, *, as_json: bool) -> None:
        is_new = not demo.is_there()
        organizations = demo.fill() if is_new else []
        counts = {str(model._meta.verbose_name_plural): self.rows_of(model, organizations) for model in COUNTED}
        self.report("The demo data", counts, is_new=is_new, as_json=as_json)

    @staticmethod
    def rows_of(model: Any, organizations: list[Organization]) -> int:
        if model is Organization:
            return len(organizations)
        return model.objects.filter(organization__in=organizations).count()

    # A large installation

    def fill_large(self, installation: Installation, *, as_json: bool) -> None:
        found = present()
        if found is not None and found < installation.candidates:
            raise CommandError(
                f"A large installation with {found:,} candidates is there: an earlier run was broken off, or asked for "
                "fewer. Begin with an empty database."
            )
        if found is not None:
            return self.report("A large installation", {}, is_new=False, as_json=as_json)
        # On a terminal only, where someone waits.
        with tqdm(total=installation.candidates, unit=" candidates", disable=None, file=sys.stderr) as bar:
            counts = installation.fill(settings.DEMO_PASSWORD, bar.update)
        self.report("A large installation", counts, is_new=True, as_json=as_json)

    # Both

    def report(self, what: str, counts: dict[str, int], *, is_new: bool, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"made": is_new, **counts}))
        elif is_new:
            made = ", ".join(f"{count} {name}" for name, count in counts.items())
            self.stdout.write(self.style.SUCCESS(f"{what} made: {made}."))
        else:
            self.stdout.write(f"{what} is there already; nothing was done.")
