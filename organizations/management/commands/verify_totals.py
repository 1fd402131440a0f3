from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from organizations.errors import RuleBroken
from organizations.totals import WrongTotal, recount, tallied_models, wrong_totals


class Command(BaseCommand):
    help = (
        "Compare the totals that the database keeps with the rows that there are, and say where they differ; with "
        "--repair set them right. Counts whole tables. Acts outside any organization, as an operator."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="count anew where they differ; writers wait meanwhile"
        )
        parser.add_argument("--json", action="store_true", help="the outcome as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        found = {model: wrong for model in tallied_models() if (wrong := wrong_totals(model))}
        if options["repair"]:
            for model in found:
                self.repair(model)
        wrong = [each for of_model in found.values() for each in of_model]
        (self.tell_program if options["json"] else self.tell_person)(wrong, is_repaired=options["repair"])
        if wrong and not options["repair"]:
            sys.exit(1)

    def repair(self, model: Any) -> None:
        try:
            recount(model)
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from refusal

    def tell_program(self, wrong: list[WrongTotal], *, is_repaired: bool) -> None:
        differences = [
            {
                "rows": each.rows,
                "by": each.by,
                "organizationId": str(each.organization_id),
                "value": each.value,
                "tallied": each.tallied,
                "counted": each.counted,
            }
            for each in wrong
        ]
        self.stdout.write(json.dumps({"wrong": differences, "repaired": is_repaired}))

    def tell_person(self, wrong: list[WrongTotal], *, is_repaired: bool) -> None:
        for each in wrong:
            by = f" by {each.by}" if each.by else ""
            of = f"{each.rows}{by} {each.value}".rstrip()
            self.stdout.write(f"{of} of {each.organization_id}: {each.tallied}, but there are {each.counted}")
        if not wrong:
            self.stdout.write("All totals are right.")
        else:
            self.stdout.write(f"{len(wrong)} totals {'were wrong and are right now' if is_repaired else 'are wrong'}.")
