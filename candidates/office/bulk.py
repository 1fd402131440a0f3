"""What the list does to the candidates that were ticked, or to all that match. What can't be undone asks first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from candidates.many import MOST, MOST_HIRES, Outcome, archive_all, move_all, name_skill_of_all
from candidates.models import Candidate, Skill
from organizations.errors import RuleBroken

from .undoing import Done, tell, tell_refusals

Status = Candidate.Status
#: Ticked rows whose names a page that asks tells.
NAMED = 10


class NoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Kept in the timeline; nobody is sent it."),
    )


class SkillForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Skill"), max_length=200)
    level = forms.ChoiceField(
        label=gettext_lazy("Level"), required=False, choices=[("", "-"), *Skill.Level.choices]
    )  # fmt: skip


class Bulk:
    """The buttons of the list, for an admin class of candidates. Each takes what Django's actions take."""

    def __init__(self, model_admin: Any, request: HttpRequest, candidates: QuerySet[Candidate]) -> None:
        self.model_admin, self.request, self.candidates = model_admin, request, candidates
        self.user: Any = request.user

    # Done at once, since it can be undone.

    def move(self, status: str) -> None:
        outcome = move_all(self.keys(), status, by=self.user)
        self._tell(outcome, _moved_text(outcome.done, status), Done.MOVED)

    def archive(self, *, is_archived: bool) -> None:
        outcome = archive_all(self.keys(), by=self.user, is_archived=is_archived)
        if is_archived:
            text = ngettext("%(count)d candidate archived.", "%(count)d candidates archived.", outcome.done)
        else:
            text = ngettext("%(count)d candidate fetched back.", "%(count)d candidates fetched back.", outcome.done)
        self._tell(outcome, text % {"count": outcome.done}, Done.ARCHIVED)

    # Asked first.

    def reject(self) -> HttpResponse | None:
        keys = self.keys()
        form = self._form(NoteForm)
        if not self._is_confirmed(form):
            button = ngettext("Reject %(count)d candidate", "Reject %(count)d candidates", len(keys))
            return self._ask(keys, form, button, is_danger=True)
        outcome = move_all(keys, Status.REJECTED, by=self.user, note=form.cleaned_data["note"])
        self._tell(outcome, _moved_text(outcome.done, Status.REJECTED), Done.MOVED)
        return None

    def hire(self) -> HttpResponse | None:
        keys = self.keys(most=MOST_HIRES)
        form = self._form(NoteForm)
        if not self._is_confirmed(form):
            button = ngettext("Hire %(count)d candidate", "Hire %(count)d candidates", len(keys))
            words = _("They become employees of the organization and get an account. That is final.")
            return self._ask(keys, form, button, words=words)
        outcome = move_all(keys, Status.HIRED, by=self.user, note=form.cleaned_data["note"])
        self._tell(outcome, _moved_text(outcome.done, Status.HIRED))
        return None

    def add_skill(self) -> HttpResponse | None:
        keys = self.keys()
        form = self._form(SkillForm)
        if not self._is_confirmed(form):
            button = ngettext("Add to %(count)d candidate", "Add to %(count)d candidates", len(keys))
            return self._ask(keys, form, button, words=_("Who has the skill already gets the level, if you say one."))
        name, level = form.cleaned_data["name"], form.cleaned_data["level"] or None
        outcome = name_skill_of_all(keys, name, level=level, by=self.user)
        text = ngettext(
            "%(count)d candidate has %(skill)s now.", "%(count)d candidates have %(skill)s now.", outcome.done
        )
        self._tell(outcome, text % {"count": outcome.done, "skill": name})
        return None

    # How.

    def keys(self, *, most: int = MOST) -> Sequence[UUID]:
        """RuleBroken if there are more than can be done in the time of a page."""
        keys = list(self.candidates.order_by().values_list("pk", flat=True)[: most + 1])
        if len(keys) > most:
            raise RuleBroken(_("At most %(count)d at once: narrow the list.") % {"count": most})
        return keys

    def _form(self, form: type[forms.Form]) -> forms.Form:
        return form(self.request.POST) if self.request.POST.get("post") else form()

    def _is_confirmed(self, form: forms.Form) -> bool:
        return form.is_bound and form.is_valid()

    def _ask(
        self, keys: Sequence[UUID], form: forms.Form, button: str, *, words: str = "", is_danger: bool = False
    ) -> TemplateResponse:
        request = self.request
        named = Candidate.objects.filter(pk__in=keys[:NAMED]).order_by("first_name_folded", "last_name_folded", "pk")
        button = button % {"count": len(keys)}
        context = {
            **self.model_admin.admin_site.each_context(request),
            "title": button,
            "button": button,
            "words": words,
            "form": form,
            "is_danger": is_danger,
            "candidates": named,
            "more": max(len(keys) - NAMED, 0),
            "opts": self.model_admin.opts,
            "action": request.POST.get("action", ""),
            "ticked": [] if request.POST.get("select_across") == "1" else request.POST.getlist(ACTION_CHECKBOX_NAME),
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, "candidates/asked.html", context)

    def _tell(self, outcome: Outcome, text: str, done: Done | None = None) -> None:
        if outcome.done:
            tell(self.request, text, done=done, at=outcome.at)
        tell_refusals(self.request, outcome)


def _moved_text(count: int, status: str) -> str:
    text = ngettext("%(count)d candidate moved to %(status)s.", "%(count)d candidates moved to %(status)s.", count)
    return text % {"count": count, "status": Status(status).label}
