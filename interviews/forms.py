"""The forms of interviews: a start and a length instead of two times, stars, and what to propose."""

from __future__ import annotations

from copy import copy
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from unfold.widgets import INPUT_CLASSES

from candidates.models import Candidate
from candidates.models.candidates import HALF_STEPS
from organizations.models import Employee, User
from organizations.owned_forms import Autocomplete, ColleaguesField, OwnedForm

from .clashes import Clash
from .models import Feedback, Interview, Interviewer, InterviewQuerySet
from .slots import Diary, free_slots

#: Minutes that are offered, and those of a new interview.
LENGTHS = (15, 30, 45, 60, 90, 120)
USUAL = 60
#: A day and night.
LONGEST = 24 * 60
MINUTE = timedelta(minutes=1)
LOOK = {"class": " ".join(INPUT_CLASSES)}


class Moment(forms.DateTimeInput):
    """A day and a time, by what the browser has for it; seconds are shown only where there are any."""

    input_type = "datetime-local"
    format = "%Y-%m-%dT%H:%M:%S"

    def __init__(self) -> None:
        super().__init__(attrs={**LOOK, "step": "60"}, format=self.format)


class Minutes(forms.NumberInput):
    """With the usual ones to choose from."""

    template_name = "interviews/minutes.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "lengths": LENGTHS}


def moment_of(text: str | None) -> datetime | None:
    """A time as an address or a button says it, in the viewer's zone if it says none; None for what is none."""
    try:
        return forms.DateTimeField(required=False).clean(text)
    except (ValidationError, OverflowError):
        return None


class InterviewForm(OwnedForm):
    """A free time that was chosen after a clash (`slot`) takes the place of the start."""

    interviewers = ColleaguesField(Interviewer, label=_("Interviewers"))
    start_time = forms.DateTimeField(label=_("Start"), widget=Moment)
    length = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=LONGEST,
        initial=USUAL,
        widget=Minutes(attrs=LOOK),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.instance._state.adding:
            self.stored_length = self.instance.length
            self.initial["length"] = -(-self.stored_length // MINUTE)
        if slot := moment_of(self.data.get("slot")):
            written: Any = self.data.copy()  # type: ignore[attr-defined]
            self.data = written
            written["start_time"] = timezone.localtime(slot).strftime(Moment.format)

    @property
    def owner_id(self) -> Any:
        """The organization is the candidate's."""
        candidate = self.cleaned_data.get("candidate")
        return candidate.organization_id if candidate else super().owner_id

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.instance._state.adding and (owner_id := self.owner_id):
            self.instance.organization_id = owner_id
            if not self.user.may(Interview.permission("add"), owner_id):
                self.add_error("candidate", _("You may not schedule interviews with this candidate."))
        if {"start_time", "length"} <= self.cleaned_data.keys():
            self.instance.end_time = self.cleaned_data["start_time"] + self.asked_length
        return self.cleaned_data

    @property
    def asked_length(self) -> timedelta:
        """One that was left as it is shown stays as it was, to the second."""
        if self.instance._state.adding or "length" in self.changed_data:
            return self.cleaned_data["length"] * MINUTE
        return self.stored_length

    def slots(self) -> list[datetime]:
        """Free times for all, after a clash."""
        known = getattr(self, "cleaned_data", {})
        if not isinstance(self.refusal, Clash) or not {"start_time", "length"} <= known.keys():
            return []
        candidate = known.get("candidate", self.instance.candidate)
        diary = Diary(candidate, [*known.get("interviewers", ()), *self._hidden()], self.instance)
        return free_slots(diary, self.asked_length, after=known["start_time"])

    def _hidden(self) -> Any:
        """Interviewers whom the user can't see, and so can't take off."""
        visible = Employee.objects.permitted(self.user).values("pk")
        return Employee.objects.filter(interviewers__interview=self.instance).exclude(pk__in=visible)


class MoveForm(forms.Form):
    """Where an interview was dragged to: a new start, and a new end if it was stretched."""

    start = forms.DateTimeField()
    end = forms.DateTimeField(required=False)

    def times(self, interview: Interview) -> dict[str, datetime]:
        start = self.cleaned_data["start"]
        return {"start_time": start, "end_time": self.cleaned_data["end"] or start + interview.length}


class Stars(forms.RadioSelect):
    """Half a star each, as wide as a thumb; radio buttons underneath."""

    template_name = "interviews/stars.html"


class Choices(forms.RadioSelect):
    """Buttons of which one is pressed; radio buttons underneath."""

    template_name = "interviews/choices.html"


#: What an interviewer proposes, in the order of how much they liked it.
PROPOSALS = {
    Candidate.Status.HIRED: _("Hire"),
    Candidate.Status.INTERVIEWED: _("Next interview"),
    Candidate.Status.REJECTED: _("Reject"),
    "": _("No proposal"),
}


def in_stars(step: Decimal) -> Any:
    return ngettext_lazy("%(stars)s star", "%(stars)s stars", 1 if step == 1 else 2) % {"stars": f"{step:g}"}


class FeedbackForm(forms.ModelForm):
    """`seen` is when the feedback was written that the form was filled in from. If there is a later one, both are shown
    before it is overwritten."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    rating = forms.TypedChoiceField(
        label=_("Your rating"),
        coerce=Decimal,
        choices=[(str(step), in_stars(step)) for step in HALF_STEPS],
        widget=Stars,
        error_messages={"required": _("Choose from half a star to five.")},
    )
    status = forms.ChoiceField(label=_("What do you propose?"), required=False, widget=Choices)

    class Meta:
        model = Feedback
        fields = ("rating", "status", "description")
        labels = {"description": _("In your words")}
        widgets = {"description": forms.Textarea(attrs={"rows": 6, "class": "words"})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["description"].empty_value = None  # type: ignore[attr-defined]
        choices = dict(PROPOSALS)
        if (stored := self.instance.status) and stored not in choices:
            choices = {stored: Candidate.Status(stored).label, **choices}
        self.fields["status"].choices = list(choices.items())  # type: ignore[attr-defined]
        if self.instance.rating is not None:
            self.initial["rating"] = f"{self.instance.rating.normalize():f}"
        self.stored = copy(self.instance)
        self.initial["seen"] = self.written_at

    @property
    def written_at(self) -> str:
        return "" if self.stored._state.adding else self.stored.updated_at.isoformat()

    def clean_seen(self) -> None:
        if self.cleaned_data["seen"] == self.written_at:
            return
        # Sent once more, it was seen.
        written: Any = self.data.copy()  # type: ignore[attr-defined]
        self.data = written
        written["seen"] = self.written_at
        told = _(
            "This feedback was changed meanwhile, to: {stars} of 5 stars. “{words}” Send yours again to replace it."
        )
        rating = f"{self.stored.rating.normalize():f}" if self.stored.rating is not None else "–"
        self.add_error(None, told.format(stars=rating, words=self.stored.description or "–"))

    def clean_status(self) -> str | None:
        return self.cleaned_data["status"] or None


class WhoForm(forms.Form):
    """Whose interviews are shown: of an interviewer, of a candidate, or everyone's."""

    interviewer = forms.ModelChoiceField(Employee.objects.none(), label=_("Interviewer"), required=False)
    candidate = forms.ModelChoiceField(Candidate.objects.none(), label=_("Candidate"), required=False)

    def __init__(self, asked: Any, *, user: User) -> None:
        super().__init__(asked)
        for name, relation in (("interviewer", Interviewer.employee), ("candidate", Interview.candidate)):
            field: Any = self.fields[name]
            field.widget = Autocomplete(relation.field, admin.site, attrs={"data-allow-clear": "true"})
            field.queryset = relation.field.related_model._default_manager.permitted(user)  # type: ignore[attr-defined]

    def narrow(self, interviews: InterviewQuerySet, user: User) -> InterviewQuerySet:
        """What was asked for; nothing where it is no one whom the user may see."""
        if not self.is_valid():
            return interviews.none()
        if candidate := self.cleaned_data["candidate"]:
            interviews = interviews.filter(candidate=candidate)
        if employee := self.cleaned_data["interviewer"]:
            taking_part = Interviewer.objects.permitted(user).filter(employee=employee)
            interviews = interviews.filter(pk__in=taking_part.values("interview"))
        return interviews
