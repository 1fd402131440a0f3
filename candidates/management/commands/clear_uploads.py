from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from candidates.imports.actions import discard_old


class Command(BaseCommand):
    help = (
        "Delete the lists of candidates that were uploaded, and the lists of their errors, that nobody has used for "
        "UPLOAD_DAYS days. What they brought in stays. Acts outside any organization, as an operator."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count them")
        parser.add_argument("--json", action="store_true", help="the outcome as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        count = discard_old(dry_run=options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps({"files": count, "deleted": not options["dry_run"]}))
        else:
            self.stdout.write(f"{count} files {'are old' if options['dry_run'] else 'deleted'}.")
