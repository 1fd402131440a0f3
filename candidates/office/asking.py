"""What the address of the list asks: which candidates, in which order. The pages of one candidate ask the same, for the
way to the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from datetime import time as clock
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from candidates.models import Candidate, Import, ImportedRow, Skill, Source
from candidates.models.candidates import HALF_STEPS
from organizations.browsing import FEW, By, LongList, by_age
from organizations.models import Organization, User, fold
from organizations.owned_forms import Autocomplete

APPLIED = By("applied_date", falls=True)
#: Name in the address → how it is called, and what is sorted by it. A minus before it turns it round.
ORDERS: Mapping[str, tuple[Any, By]] = {
    "name": (_("Name"), By("first_name_folded", falls=False, nullable=True)),
    "rating": (_("Rating"), By("rating", falls=False, nullable=True)),
    "mean": (_("Mean"), By("ratings", falls=False, nullable=True)),
    "applied": (_("Applied"), By("applied_date", falls=False)),
}
RANKED = By("search_rank", falls=True)
STARS = [("", "-"), *((str(step), format_lazy("{} ★", f"{step:g}")) for step in map(float, HALF_STEPS))]
YEARS = (date(1900, 1, 1), date(2200, 1, 1))


class Interviews:
    UPCOMING, ANY, NONE = "upcoming", "any", "none"


class Archived:
    ONLY, ALL = "only", "all"


class DayField(forms.DateField):
    widget = forms.DateInput({"type": "date"})

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day and not YEARS[0] <= day <= YEARS[1]:
            raise ValidationError(_("Choose another day."))
        return day


class CandidateFilter(forms.Form):
    """The conditions of the list. What is left out asks nothing, but archived candidates are not shown unasked."""

    q = forms.CharField(label=_("Words"), required=False)
    status = forms.MultipleChoiceField(
        label=_("Status"), required=False, choices=Candidate.Status, widget=forms.CheckboxSelectMultiple
    )
    source = forms.ModelChoiceField(Source.objects.none(), label=_("Source"), required=False)
    skill = forms.CharField(label=_("Skill"), required=False, max_length=200)
    rating_from = forms.ChoiceField(label=_("Rating from"), required=False, choices=STARS)
    rating_to = forms.ChoiceField(label=_("Rating to"), required=False, choices=STARS)
    applied_from = DayField(label=_("Applied from"), required=False)
    applied_to = DayField(label=_("Applied to"), required=False)
    waiting = forms.IntegerField(
        label=_("In this status for more than (days)"), required=False, min_value=0, max_value=3650
    )
    interview = forms.ChoiceField(
        label=_("Interview"),
        required=False,
        choices=[
            ("", _("with or without")),
            (Interviews.UPCOMING, _("to come")),
            (Interviews.ANY, _("any")),
            (Interviews.NONE, _("none")),
        ],
    )
    archived = forms.ChoiceField(
        label=_("Archived"),
        required=False,
        choices=[("", _("without archived")), (Archived.ONLY, _("only archived")), (Archived.ALL, _("all"))],
    )
    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("Organization"), required=False)

    def __init__(self, params: QueryDict, user: User) -> None:
        super().__init__(params, auto_id="filter-%s")
        source: Any = self.fields["source"]
        source.queryset = Source.objects.permitted(user)
        widget: Any = Autocomplete(Candidate._meta.get_field("source"), admin.site)
        widget.choices, source.widget = source.choices, widget
        imports: Any = self.fields["import"]
        imports.queryset = Import.objects.permitted(user)
        organization: Any = self.fields["organization"]
        organization.queryset = Organization.objects.permitted(user).order_by("name_folded")
        if not user.is_superuser and len(user.grants.belonging()) < 2:
            del self.fields["organization"]

    @property
    def more(self) -> list[forms.BoundField]:
        """All but the words, which have a place of their own, and what is asked by links only."""
        return [field for field in self if field.name != "q" and not field.is_hidden]


# The name in the address is a word of Python's own.
CandidateFilter.base_fields["import"] = forms.ModelChoiceField(
    Import.objects.none(), label=_("Import"), required=False, widget=forms.HiddenInput
)


class Asking:
    """A question for candidates, as its asker may ask it. `error` tells of words that can't be searched for; other
    values that make no sense are left out, and told in `wrong`."""

    def __init__(self, params: QueryDict, user: User) -> None:
        # A null character is in no text that is stored.
        self.params, self.user = QueryDict(params.urlencode().replace("%00", "")), user
        self.form = CandidateFilter(self.params, user)
        self.form.is_valid()
        self.wrong = self.form.errors
        self.asked: dict[str, Any] = {name: value for name, value in self.form.cleaned_data.items() if value}
        if self.form.cleaned_data.get("waiting") == 0:
            self.asked["waiting"] = 0
        self.error = ""

    # Which.

    @cached_property
    def rows(self) -> QuerySet[Candidate]:
        rows = Candidate.objects.permitted(self.user).filter(*self.conditions)
        words = self.asked.get("q", "").strip()
        return self._found(rows, words) if words else rows

    def _found(self, rows: Any, words: str) -> QuerySet[Candidate]:
        organization = self.asked.get("organization")
        try:
            text = rows.search_text(words, self.user, {organization.pk} if organization else None)
        except ValidationError as error:
            self.error = " ".join(error.messages)
            return rows.none()
        return rows.matching(text)

    @cached_property
    def conditions(self) -> list[Q]:
        asked = self.asked
        conditions = [
            condition
            for name, value in asked.items()
            if (by := getattr(self, f"_by_{name}", None)) and (condition := by(value)) is not None
        ]
        if asked.get("archived") != Archived.ALL:
            conditions.append(Q(is_archived=asked.get("archived") == Archived.ONLY))
        return conditions

    def _by_status(self, statuses: list[str]) -> Q:
        return Q(status=statuses[0]) if len(statuses) == 1 else Q(status__in=statuses)

    def _by_source(self, source: Source) -> Q:
        return Q(source=source)

    def _by_organization(self, organization: Organization) -> Q:
        return Q(organization=organization)

    def _by_skill(self, name: str) -> Q:
        return named_in(Skill.objects.permitted(self.user).filter(name_folded=fold(name)).order_by())

    def _by_import(self, row: Import) -> Q:
        return named_in(ImportedRow.objects.filter(of_import=row))

    def _by_rating_from(self, stars: str) -> Q:
        return Q(rating__gte=stars)

    def _by_rating_to(self, stars: str) -> Q:
        return Q(rating__lte=stars)

    def _by_applied_from(self, day: date) -> Q:
        return Q(applied_date__gte=beginning_of(day))

    def _by_applied_to(self, day: date) -> Q:
        return Q(applied_date__lt=beginning_of(day + timedelta(days=1)))

    def _by_waiting(self, days: int) -> Q:
        return Q(status_since__lt=timezone.now() - timedelta(days=days))

    def _by_interview(self, which: str) -> Q:
        # Interviews stand a floor above.
        interviews: Any = Candidate._meta.get_field("interviews").related_model
        theirs = interviews.objects.permitted(self.user).filter(candidate=OuterRef("pk"), is_cancelled=False)
        if which == Interviews.UPCOMING:
            theirs = theirs.filter(start_time__gte=timezone.now())
        return ~Q(Exists(theirs)) if which == Interviews.NONE else Q(Exists(theirs))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.asked.keys() - {"archived", "organization"})

    @property
    def _found_by(self) -> str:
        columns = {"status": "status", "source": "source_id", "rating_from": "rating", "applied_from": "applied_date"}
        led = [column for name, column in columns.items() if name in self.asked]
        return led[0] if led and not {"q", "skill", "interview", "import"} & self.asked.keys() else ""

    # In which order.

    @cached_property
    def sorted_by(self) -> str:
        """A name of `ORDERS`, with a minus before it if it falls; nothing for the usual order."""
        asked = self.params.get("o", "")
        return asked if asked.removeprefix("-") in self.orders else ""

    @cached_property
    def orders(self) -> dict[str, Any]:
        """Name → how it is called, of what the user may sort by."""
        blind = Candidate.blind_columns(self.user)
        return {name: label for name, (label, by) in ORDERS.items() if by.column not in blind}

    @cached_property
    def order(self) -> tuple[By, ...]:
        if self.sorted_by:
            by = ORDERS[self.sorted_by.removeprefix("-")][1]
            return by_age(By(by.column, self.sorted_by.startswith("-"), by.nullable))
        is_search = "search_rank" in self.rows.query.annotations
        return by_age(RANKED if is_search else APPLIED)

    # As a whole.

    @cached_property
    def found(self) -> LongList:
        organization = self.asked.get("organization")
        here = {organization.pk} if organization else self.user.grants.belonging()
        return LongList(
            self.rows,
            self.order,
            organizations=() if self.user.is_superuser and not organization else here,
            is_narrowed=self.is_narrowed,
            found_by=self._found_by,
            is_ranked=self.order[0] == RANKED,
        )

    def title(self) -> str:
        """In a few words: `Applied`, `Python`, `“jane”`."""
        parts = [str(Candidate.Status(status).label) for status in self.asked.get("status", ())]
        parts += [str(self.asked[name]) for name in ("source", "skill", "import") if name in self.asked]
        parts += [f"“{self.asked['q']}”"] if "q" in self.asked else []
        return ", ".join(parts) or str(_("Candidates"))

    @cached_property
    def query_string(self) -> str:
        """What the address says of conditions and order, and nothing else."""
        names = [*self.form.fields, "o"]
        return urlencode([(name, value) for name in names for value in self.params.getlist(name) if value])


def named_in(rows: QuerySet[Any]) -> Q:
    """The candidates of these rows. Few as their keys: how many candidates have a skill is what the database can't
    guess."""
    keys = list(rows.values_list("candidate_id", flat=True)[: FEW + 1])
    return Q(pk__in=keys) if len(keys) <= FEW else Q(pk__in=rows.values("candidate"))


def beginning_of(day: date) -> datetime:
    """In the viewer's time zone."""
    return timezone.make_aware(datetime.combine(day, clock()))
