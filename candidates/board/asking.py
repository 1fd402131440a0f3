"""What can be asked of the board: the fields above it, which its address carries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from candidates.models import Candidate, Skill, Source
from organizations.models import Organization, SearchedQuerySet, User, fold
from organizations.models.search import LONGEST_SEARCH

Status = Candidate.Status
#: Those who wait for an answer of ours.
WAITING = (Status.APPLIED, Status.INTERVIEWED)
RATINGS = [
    ("", _("Any")),
    *((str(stars), ngettext_lazy("%d star or more", "%d stars or more", stars) % stars) for stars in range(1, 6)),
]
#: Sources that are offered; another one can be written.
MOST_SOURCES = 100


class BoardQuestion(forms.Form):
    """Narrows candidates to those asked for, as far as `user` may know it of them. Invalid, it finds nobody.

    organizations: those that the board shows."""

    search = forms.CharField(label=_("Search"), max_length=LONGEST_SEARCH, required=False)
    source = forms.CharField(label=_("Source"), max_length=200, required=False)
    skill = forms.CharField(label=_("Skill"), max_length=200, required=False)
    rating = forms.TypedChoiceField(label=_("Rating"), choices=RATINGS, coerce=int, empty_value=None, required=False)
    late = forms.BooleanField(label=_("Waiting too long"), required=False)

    def __init__(self, asked: Any, user: User, organizations: Collection[Organization]) -> None:
        super().__init__(asked)
        self.user, self.organizations = user, organizations

    def clean_search(self) -> str:
        """As the database is asked for it."""
        words = self.cleaned_data["search"]
        try:
            return Candidate.objects.search_text(words, self.user) if words else ""
        except ValidationError as error:
            raise ValidationError(_("Write words with letters or digits, 20 at most.")) from error

    @property
    def is_asking(self) -> bool:
        return not self.is_valid() or any(self.cleaned_data.values())

    def narrowed(self, candidates: SearchedQuerySet) -> SearchedQuerySet:
        if not self.is_valid():
            return candidates.none()
        for name, value in self.cleaned_data.items():
            if value:
                candidates = candidates.filter(getattr(self, f"_by_{name}")(value))
        return candidates

    def sources(self) -> QuerySet:
        """The names to choose from."""
        known = Source.objects.permitted(self.user).order_by("name_folded", "pk")
        return known.values_list("name", flat=True)[:MOST_SOURCES]

    def _by_search(self, text: str) -> Q:
        return Q(indexed__vector__matches=text)

    def _by_source(self, name: str) -> Q:
        # Looked up here: the planner knows how many candidates each of them has.
        named = Source.objects.permitted(self.user).filter(name_folded=fold(name))
        return Q(source__in=list(named.values_list("pk", flat=True)))

    def _by_skill(self, name: str) -> Q:
        named = Skill.objects.permitted(self.user).filter(name_folded=fold(name))
        return Q(pk__in=named.order_by().values("candidate"))

    def _by_rating(self, least: int) -> Q:
        """The one given by hand, or else the mean of all feedback."""
        by_hand = Q(rating__gte=least)
        is_blind = "ratings" in Candidate.blind_columns(self.user)
        return by_hand if is_blind else by_hand | Q(rating=None, ratings__gte=least)

    def _by_late(self, is_late: bool) -> Q:
        late = Q(pk__in=())
        for organization in self.organizations:
            late |= Q(organization=organization, status_since__lt=waiting_since(organization))
        return late & Q(status__in=WAITING)


def waiting_since(organization: Organization) -> datetime:
    """Who came into their status before this moment has waited for longer than the organization means to let them, by
    the days of the viewer's calendar."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=organization.days_to_answer)
