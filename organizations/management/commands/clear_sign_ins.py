from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from rest_framework_simplejwt.settings import api_settings

from organizations.models import Session


class Command(BaseCommand):
    help = (
        "Delete the sign-ins that are over: signed out, or older than any refresh token can get without being renewed. "
        "Acts outside any organization, as an operator."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count them")
        parser.add_argument("--json", action="store_true", help="the outcome as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        over = Session.objects.over(older_than=timezone.now() - api_settings.REFRESH_TOKEN_LIFETIME)
        count = over.count() if options["dry_run"] else over.delete()[0]
        if options["json"]:
            self.stdout.write(json.dumps({"signIns": count, "deleted": not options["dry_run"]}))
        else:
            self.stdout.write(f"{count} sign-ins {'are over' if options['dry_run'] else 'deleted'}.")
