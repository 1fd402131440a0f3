from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from organizations.searching import check_documents, check_words, searched_models, worded_models


class Command(BaseCommand):
    help = (
        "Compare what is searched in with the rows, in all organizations, and say how much differs. With --repair, "
        "write it anew. The database keeps it in step by itself, but for a load that left it for later, and a new "
        "version that takes words apart differently. Acts outside any organization, as an operator."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--repair", action="store_true", help="write anew what differs")
        parser.add_argument("--json", action="store_true", help="the outcome as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        repair = options["repair"]
        words = {model._meta.label: check_words(model, repair=repair) for model in worded_models()}
        documents = {model._meta.label: check_documents(model, repair=repair) for model in searched_models()}
        wrong = sum(words.values()) + sum(documents.values())
        if options["json"]:
            self.stdout.write(json.dumps({"words": words, "documents": documents, "repaired": repair}))
        else:
            self.stdout.write(self.sentence(wrong, words, documents, repair))
        if wrong and not repair:
            sys.exit(1)

    @staticmethod
    def sentence(wrong: int, words: dict[str, int], documents: dict[str, int], repair: bool) -> str:
        if not wrong:
            return "Everything is found by what it says."
        parts = [f"the words of {count} {label}" for label, count in words.items() if count]
        parts += [f"{count} documents of {label}" for label, count in documents.items() if count]
        return f"{', '.join(parts)} {'were written anew' if repair else 'are not what they should be'}."
