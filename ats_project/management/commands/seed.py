from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ats_project import demo
from candidates.models import Candidate
from contacts.models import Contact
from interviews.models import Feedback, Interview
from invitations.models import Invitation
from organizations.models import Employee, Organization
from pipelines.models import Pipeline

COUNTED = (Organization, Employee, Candidate, Interview, Feedback, Pipeline, Contact, Invitation)


class Command(BaseCommand):
    help = (
        "Fill the database with demo data: two organizations, people who sign in with DEMO_PASSWORD, candidates, "
        "interviews. Mails nobody; does nothing if the data is there; needs DEBUG=1."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--demo", action="store_true", required=True, help="yes, invented people and companies")
        parser.add_argument("--json", action="store_true", help="what was made, as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "Demo accounts have a password that everyone can read: they are made, and sign in, with DEBUG=1 only."
            )
        is_new = not demo.is_there()
        organizations = demo.fill() if is_new else []
        counts = {str(model._meta.verbose_name_plural): self.rows_of(model, organizations) for model in COUNTED}
        if options["json"]:
            self.stdout.write(json.dumps({"made": is_new, **counts}))
        elif is_new:
            made = ", ".join(f"{count} {name}" for name, count in counts.items())
            self.stdout.write(self.style.SUCCESS(f"Demo data made: {made}."))
        else:
            self.stdout.write("The demo data is there already; nothing was done.")

    @staticmethod
    def rows_of(model: Any, organizations: list[Organization]) -> int:
        if model is Organization:
            return len(organizations)
        return model.objects.filter(organization__in=organizations).count()
