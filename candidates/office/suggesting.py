"""Names that are known already, offered while someone types one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join

from candidates.models import Skill, Source
from organizations.models import fold
from organizations.office import Page

#: Names that are offered.
OFFERED = 8
#: Rows that are read at a time.
AT_ONCE = 200
#: A user of more organizations gets the names of so many of them.
MOST_ORGANIZATIONS = 3
#: Sorts after all that begins with the same letters.
LAST = "\U0010ffff"


class Suggestions(Page):
    """Options of a `datalist`: names that begin with what was typed, which stands under any of `typed_as`."""

    model: Any
    typed_as: tuple[str, ...] = ()

    def is_permitted(self) -> bool:
        return self.user.is_superuser or self.model.reachable(self.user, "view")

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        typed = next((request.GET[name] for name in self.typed_as if request.GET.get(name)), "")
        names = sorted(set(self.names(fold(typed.replace("\0", "").strip())[:200])), key=fold)
        return HttpResponse(format_html_join("\n", '<option value="{}"></option>', ((name,) for name in names)))

    def names(self, beginning: str) -> Iterator[str]:
        rows = self.model.objects.permitted(self.user)
        if self.user.is_superuser:
            yield from islice(steps(rows, beginning), OFFERED)
        for organization in sorted(self.user.grants.belonging())[:MOST_ORGANIZATIONS]:
            yield from islice(steps(rows.filter(organization=organization), beginning), OFFERED)


def steps(rows: QuerySet, beginning: str) -> Iterator[str]:
    """Each name that begins so, once, as it is written somewhere. Past one that stands in half a million rows by the
    index."""
    rows = rows.filter(name_folded__lt=beginning + LAST).order_by("name_folded").values_list("name_folded", "name")
    last, found = "", list(rows.filter(name_folded__gte=beginning)[:AT_ONCE])
    while found:
        for folded, name in found:
            if folded != last:
                yield name
            last = folded
        found = list(rows.filter(name_folded__gt=last)[:AT_ONCE]) if len(found) == AT_ONCE else []


class SkillNames(Suggestions):
    model, typed_as = Skill, ("skill", "name")


class SourceNames(Suggestions):
    model, typed_as = Source, ("source_name",)
