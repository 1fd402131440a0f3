"""What is done with one interview, who owes feedback, and what the page of a candidate shows of interviews."""

from __future__ import annotations

from copy import copy
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.models import Candidate
from organizations.models import Employee
from organizations.office import Page
from organizations.owned_forms import REFUSALS, words

from .actions import change_feedback, give_feedback, reschedule
from .forms import FeedbackForm
from .models import Feedback, Interview, Interviewer, InterviewerQuerySet
from .panel import Panel


class InterviewPage(Page):
    permission = Interview.permission("view")
    also = (Interview.permission("view_own"),)


class OfInterview(InterviewPage):
    """What is done with one interview, by POST: 404 for one that the user may not see, 403 without the permission that
    it `needs`."""

    needs: ClassVar[str] = ""

    @cached_property
    def interview(self) -> Interview:
        return get_object_or_404(self.model_admin.get_queryset(self.request), pk=self.kwargs["pk"])

    def is_permitted(self) -> bool:
        if not super().is_permitted():
            return False
        return not self.needs or self.user.may(self.needs, self.interview.organization_id)

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        return self.back()

    def back(self, to: str = "") -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:interviews_interview_change", args=[self.interview.pk]) + to)


class CancelPage(OfInterview):
    """It takes no one's time from now on."""

    needs = Interview.permission("change")
    is_cancelled = True
    done = gettext_lazy("Cancelled")

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            interview = reschedule(self.interview, by=self.user, is_cancelled=self.is_cancelled)
        except REFUSALS as error:
            messages.error(request, words(error))
        else:
            self.model_admin.log_change(request, interview, str(self.done))
            messages.success(request, str(self.done))
        return self.back()


class ReopenPage(CancelPage):
    """It takes place after all, unless someone has other plans by now."""

    is_cancelled = False
    done = gettext_lazy("Reopened")


class GiveFeedbackPage(OfInterview):
    """The own feedback, given or changed. Without all that it takes, the interview is shown again with what is missing;
    403 for who does not take part."""

    def is_permitted(self) -> bool:
        return super().is_permitted() and (self.request.method == "GET" or self.panel.may_write)

    @cached_property
    def panel(self) -> Panel:
        return Panel(self.interview, self.user)

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        form = FeedbackForm(request.POST, instance=self.panel.own.feedback)  # type: ignore[union-attr]
        if form.is_valid():
            try:
                self._write(form)
            except REFUSALS as error:
                form.add_error(None, words(error))
            else:
                messages.success(request, _("Your feedback is saved."))
                return self.back("#given")
        return self._again(form)

    @transaction.atomic
    def _write(self, form: FeedbackForm) -> None:
        said = {name: form.cleaned_data[name] for name in FeedbackForm.Meta.fields}
        own = self.panel.own
        if own.feedback:  # type: ignore[union-attr]
            change_feedback(own.feedback, by=self.user, **said)  # type: ignore[union-attr]
        else:
            employee = Employee.objects.get(pk=self.panel.place)
            give_feedback(self.interview, employee, by=self.user, **said)

    def _again(self, form: FeedbackForm) -> HttpResponse:
        """The page of the interview as one looks at it, with the form as it was sent."""
        looked_at: Any = copy(self.request)
        looked_at.method = "GET"
        looked_at.feedback_form = form
        return self.model_admin.change_view(looked_at, str(self.interview.pk))


class FeedbackDuePage(InterviewPage):
    """What I owe, and for those who see all feedback, who owes what: the latest first."""

    title = gettext_lazy("Feedback due")
    template_name = "interviews/feedback_due.html"
    permission = Feedback.permission("add")
    also = (Feedback.permission("view"),)
    #: Of others, on a page. They are not counted: one more than a page tells whether there is another.
    at_once = 50

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        number = self._page_number()
        others = list(self._others()[(number - 1) * self.at_once : number * self.at_once + 1])
        return {
            **super().get_context_data(**options),
            "mine": self._owing().of(self.user),
            "others": others[: self.at_once],
            "sees_others": self.user.may(Feedback.permission("view")),
            "newer": number - 1,
            "older": number + 1 if len(others) > self.at_once else None,
        }

    def _page_number(self) -> int:
        asked = self.request.GET.get("page", "")
        return int(asked) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 6 and int(asked) else 1

    def _owing(self) -> InterviewerQuerySet:
        employees = Prefetch("employee", Employee.objects.permitted(self.user), to_attr="seen_employee")
        candidates = Prefetch("interview__candidate", Candidate.objects.permitted(self.user), to_attr="seen_candidate")
        rows = Interviewer.objects.permitted(self.user).owing().select_related("interview")
        rows = rows.filter(interview__in=Interview.objects.permitted(self.user), interview__is_archived=False)
        return rows.prefetch_related(employees, candidates).order_by("-interview__end_time", "-pk")

    def _others(self) -> InterviewerQuerySet:
        grants = self.user.grants
        rows = self._owing().exclude(employee__in=grants.employees(grants.belonging()))
        if self.user.is_superuser:
            return rows
        return rows.filter(organization__in=grants.organizations(Feedback.permission("view")))


class OfCandidate(InterviewPage):
    """A tab on the page of a candidate: a part of a page for HTMX, for other browsers a page of its own. 404 for a
    candidate whom the user may not see."""

    template_name = "interviews/of_candidate.html"
    part: ClassVar[str]

    @cached_property
    def candidate(self) -> Candidate:
        return get_object_or_404(Candidate.objects.permitted(self.user), pk=self.kwargs["pk"])

    def get_template_names(self) -> list[str]:
        return [self.part if "HX-Request" in self.request.headers else self.template_name]

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        candidate = self.candidate
        rows = self.model_admin.get_queryset(self.request).filter(candidate=candidate).order_by("-start_time", "-pk")
        return {
            **super().get_context_data(**options),
            "part": self.part,
            "candidate": candidate,
            "panels": [Panel(interview, self.user) for interview in rows],
        }


class InterviewsOfCandidate(OfCandidate):
    title = gettext_lazy("Interviews")
    part = "interviews/part_interviews.html"

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        may_add = self.user.may(Interview.permission("add"), self.candidate.organization_id)
        return {**super().get_context_data(**options), "may_add": may_add}


class FeedbackOfCandidate(OfCandidate):
    title = gettext_lazy("Feedback")
    part = "interviews/part_feedback.html"

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        candidate = self.candidate
        mean = Candidate.ratings_for(self.user, candidate.ratings, candidate.organization_id)
        return {**super().get_context_data(**options), "mean": mean}
