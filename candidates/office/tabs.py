"""The tabs of a candidate's page beside the profile, and what its buttons do."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from candidates.actions import PERMISSIONS, hire, move, name_skills, reject
from candidates.edits import edit, remove_part
from candidates.models import Candidate, Document, Skill, StatusChange
from candidates.timeline import timeline
from organizations.errors import RuleBroken
from organizations.owned_forms import is_id, words

from .bulk import NoteForm, SkillForm
from .pages import ASKED, CandidatePage
from .undoing import Done, tell

Status = Candidate.Status


class TimelineTab(CandidatePage):
    """What happened, newest first, a page at a time; `before` is a moment."""

    tab, template_name = "timeline", "candidates/timeline.html"

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        # What happened in this very moment is there too.
        before = parse_moment(self.request.GET.get("before", "")) or timezone.now() + timedelta(seconds=1)
        entries, has_older = timeline(self.candidate, self.user, before=before)
        days = [(day, list(those)) for day, those in groupby(entries, key=lambda e: timezone.localtime(e.at).date())]
        older = {"before": entries[-1].at.isoformat(), **{n: v for n, v in self.request.GET.items() if n == ASKED}}
        return {
            **super().get_context_data(**options),
            "days": days,
            "older": f"?{urlencode(older)}" if has_older else "",
            "today": timezone.localdate(),
        }


def parse_moment(text: str) -> Any:
    """None for what is no moment with a time zone."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


class DocumentsTab(CandidatePage):
    tab, template_name = "documents", "candidates/documents.html"

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        documents = Document.objects.permitted(self.user).filter(candidate=self.candidate)
        return {**super().get_context_data(**options), "documents": documents.order_by("-created_at", "-pk")}


class MovePage(CandidatePage):
    """Moves to the status `to`. A hire and a rejection are asked about first, and may be given a note."""

    template_name = "candidates/asked_of_one.html"
    writes = tuple(sorted(set(PERMISSIONS.values())))

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        to = self.status_in(self.request.GET)
        button = {Status.HIRED: _("Hire %(name)s"), Status.REJECTED: _("Reject %(name)s")}.get(to, _("Move %(name)s"))
        final = _("They become an employee of the organization and get an account. That is final.")
        shown = {
            "to": to,
            "button": button % {"name": self.candidate},
            "is_danger": to == Status.REJECTED,
            "words": final if to == Status.HIRED else "",
            "form": NoteForm(self.request.POST or None),
        }
        return {**super().get_context_data(**options), **shown}

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return super().get(request, *args, **options) if "to" in request.GET else self.back()

    def status_in(self, sent: Any) -> Status:
        try:
            return Status(sent.get("to", ""))
        except ValueError as error:
            raise Http404 from error

    def write(self, request: HttpRequest) -> HttpResponse:
        to, form = self.status_in(request.POST), NoteForm(request.POST)
        if not form.is_valid():
            request.GET = request.GET.copy()
            request.GET["to"] = to
            return self.get(request)
        try:
            self.moved(to, form.cleaned_data["note"])
        except RuleBroken as error:
            self.tell(words(error), is_wrong=True)
        return self.back()

    def moved(self, to: Status, note: str) -> None:
        verbs: dict[Status, Any] = {Status.HIRED: hire, Status.REJECTED: reject}
        if to in verbs:
            verbs[to](self.candidate, by=self.user, note=note)
        else:
            move(self.candidate, to, by=self.user, note=note)
        text = _("%(name)s moved to %(status)s.") % {"name": self.candidate, "status": to.label}
        latest = StatusChange.objects.filter(candidate=self.candidate, created_by=self.user)
        at = latest.order_by("-created_at").values_list("created_at", flat=True).first()
        tell(self.request, text, done=None if to == Status.HIRED else Done.MOVED, at=at)


class ArchivePage(CandidatePage):
    """Puts the candidate away, or fetches them back."""

    http_method_names = ["post"]
    writes = ("candidates.change_candidate",)

    def write(self, request: HttpRequest) -> HttpResponse:
        candidate = self.candidate
        edit(candidate, by=self.user, is_archived=not candidate.is_archived)
        said = _("%(name)s is archived.") if candidate.is_archived else _("%(name)s is fetched back.")
        latest = candidate.edits.filter(created_by=self.user).order_by("-created_at")
        at = latest.values_list("created_at", flat=True).first()
        tell(request, said % {"name": candidate}, done=Done.ARCHIVED, at=at)
        return self.back()


class SkillsPage(CandidatePage):
    """Gives the candidate a skill, or takes one away. Answers the skills alone to who asks in the background."""

    http_method_names = ["post"]
    template_name = "candidates/skills.html"
    writes = ("candidates.add_skill", "candidates.change_skill", "candidates.delete_skill")
    error = ""

    def write(self, request: HttpRequest) -> HttpResponse:
        try:
            self.remove(request.POST["remove"]) if "remove" in request.POST else self.add()
        except RuleBroken as error:
            self.error = words(error)
        if "HX-Request" in request.headers:
            return render(request, self.template_name, self.get_context_data(skills_error=self.error))
        if self.error:
            self.tell(self.error, is_wrong=True)
        return self.back()

    def add(self) -> None:
        form = SkillForm(self.request.POST)
        if not form.is_valid():
            raise RuleBroken(" ".join(error for errors in form.errors.values() for error in errors))
        skill = {"name": form.cleaned_data["name"]}
        if level := form.cleaned_data["level"]:
            skill["level"] = level
        name_skills(self.candidate, [skill], by=self.user)

    def remove(self, pk: str) -> None:
        theirs = Skill.objects.permitted(self.user, "view").filter(candidate=self.candidate)
        skill = theirs.filter(pk=pk).first() if is_id(pk) else None
        if skill is None:
            raise Http404
        if not self.user.may("candidates.delete_skill", skill.organization_id):
            raise PermissionDenied
        remove_part(skill, by=self.user)

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        return {**super().get_context_data(**options), **skills_of(self.candidate, self.user)}


def skills_of(candidate: Candidate, user: Any) -> dict[str, Any]:
    """What the skills on the page are made of."""
    here = candidate.organization_id
    return {
        "skills": Skill.objects.permitted(user).filter(candidate=candidate).order_by("created_at", "pk"),
        "levels": Skill.Level.choices,
        "may_add_skill": user.may("candidates.add_skill", here),
        "may_remove_skill": user.may("candidates.delete_skill", here),
    }
