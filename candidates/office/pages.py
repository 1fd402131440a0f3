"""The base of the pages of one candidate, and what all of them show: who it is, what to do, the way to the next."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy

from candidates.actions import PERMISSIONS
from candidates.models import Candidate
from organizations.models import User
from organizations.office import Page

from .asking import Asking

Status = Candidate.Status
#: In the address of a candidate's page: the question of the list that they were found in.
ASKED = "_changelist_filters"
#: Name of the address, how it is called, and the related rows that are counted for it.
TABS = (
    ("change", gettext_lazy("Profile"), ""),
    ("interviews", gettext_lazy("Interviews"), "interviews"),
    ("feedback", gettext_lazy("Feedback"), "feedbacks"),
    ("documents", gettext_lazy("Documents"), "documents"),
    ("timeline", gettext_lazy("Timeline"), ""),
)


def address(name: str, candidate: Candidate, asked: str = "") -> str:
    """Of a page of the candidate. `asked` is the query string of the list that they were found in."""
    url = reverse(f"admin:candidates_candidate_{name}", args=[candidate.pk])
    return f"{url}?{urlencode({ASKED: asked})}" if asked else url


class Head:
    """What stands above every tab of a candidate's page, as the user may see it."""

    def __init__(self, candidate: Candidate, request: HttpRequest, tab: str) -> None:
        self.candidate, self.tab = candidate, tab
        self.user: User = request.user  # type: ignore[assignment]
        self.asked = request.GET.get(ASKED, "")

    def may(self, permission: str) -> bool:
        return self.user.may(permission, self.candidate.organization_id)

    @cached_property
    def mean(self) -> Any:
        """Of all feedback; None for who may not see all of it."""
        return self.candidate.ratings_for(self.user, self.candidate.ratings, self.candidate.organization_id)

    @cached_property
    def moves(self) -> list[dict[str, Any]]:
        """Where the user may move the candidate to. A hire and a rejection ask first."""
        if self.candidate.is_hired:
            return []
        return [
            {
                "status": status.value,
                "label": status.label,
                "asks": status in (Status.HIRED, Status.REJECTED),
                "link": self._asking(status),
            }
            for status in Status
            if status != self.candidate.status and self.may(PERMISSIONS[status])
        ]

    def _asking(self, status: str) -> str:
        asked = urlencode({"to": status, **({ASKED: self.asked} if self.asked else {})})
        return f"{address('move', self.candidate)}?{asked}"

    @property
    def phone(self) -> str:
        """As a telephone dials it."""
        return re.sub(r"[^\d+]", "", self.candidate.phone_number or "")

    @property
    def may_change(self) -> bool:
        return self.may("candidates.change_candidate")

    @property
    def may_delete(self) -> bool:
        return self.may("candidates.delete_candidate")

    @property
    def schedule(self) -> str:
        """The address of the form for a new interview, which a floor above has."""
        if not self.may("interviews.add_interview"):
            return ""
        return f"{reverse('admin:interviews_interview_add')}?candidate={self.candidate.pk}"

    @cached_property
    def tabs(self) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "label": label,
                "link": address(name, self.candidate, self.asked),
                "count": self._count(relation) if relation else None,
            }
            for name, label, relation in TABS
        ]

    def _count(self, relation: str) -> int:
        related: Any = Candidate._meta.get_field(relation).related_model
        return related.objects.permitted(self.user).filter(candidate=self.candidate).count()

    @cached_property
    def way(self) -> dict[str, Any] | None:
        """To the candidates before and after in the list that this one was found in."""
        if not self.asked:
            return None
        asking = Asking(QueryDict(self.asked), self.user)
        beside = asking.found.around(self.candidate)
        return {
            "before": self._beside(beside.before),
            "after": self._beside(beside.after),
            "place": beside.place,
            "count": asking.found.count,
            "title": asking.title(),
            "list": f"{reverse('admin:candidates_candidate_changelist')}?{self.asked}",
        }

    def _beside(self, pk: Any) -> str:
        return address(self.tab, Candidate(pk=pk), self.asked) if pk else ""

    def link(self, name: str) -> str:
        return address(name, self.candidate, self.asked)

    @property
    def profile_link(self) -> str:
        return self.link("change")

    @property
    def archive_link(self) -> str:
        return self.link("archive")

    @property
    def move_link(self) -> str:
        return self.link("move")

    @property
    def skills_link(self) -> str:
        return self.link("skills")

    @property
    def delete_link(self) -> str:
        return reverse("admin:candidates_candidate_delete", args=[self.candidate.pk])


class CandidatePage(Page):
    """A page of one candidate, who is 404 for who may not see them."""

    permission = "candidates.view_candidate"
    also = ("candidates.view_own_candidate",)
    #: The tab that it is, or belongs to.
    tab = "change"
    #: What is sent to it takes one of these, where the candidate is.
    writes: ClassVar[tuple[str, ...]] = ()

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if not any(self.user.may(permission, self.candidate.organization_id) for permission in self.writes):
            raise PermissionDenied
        return self.write(request)

    def write(self, request: HttpRequest) -> HttpResponse:
        raise Http404

    @cached_property
    def candidate(self) -> Candidate:
        candidate = Candidate.objects.permitted(self.user).filter(pk=self.kwargs["pk"]).first()
        if candidate is None:
            raise Http404
        return candidate

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        candidate = self.candidate
        self.title = str(candidate)
        shown = {"candidate": candidate, "original": candidate, "opts": candidate._meta}
        return {**super().get_context_data(**options), **shown, "head": Head(candidate, self.request, self.tab)}

    def back(self) -> HttpResponseRedirect:
        """To the tab that the form was sent from."""
        tab = self.request.POST.get("tab", "change")
        known = tab if tab in {name for name, *_rest in TABS} else "change"
        return HttpResponseRedirect(address(known, self.candidate, self.request.GET.get(ASKED, "")))

    def tell(self, text: Any, *, is_wrong: bool = False) -> None:
        messages.add_message(self.request, messages.ERROR if is_wrong else messages.SUCCESS, text)


class FromAbove(CandidatePage):
    """A tab whose content a floor above has, at an address of its own."""

    template_name = "candidates/from_above.html"
    #: The name of that address, and how what it shows is called.
    content = ""
    words: Any = ""

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        return {**super().get_context_data(**options), "content_link": self.content_link, "words": self.words}

    @property
    def content_link(self) -> str:
        try:
            return reverse(f"admin:{self.content}", args=[self.candidate.pk])
        except NoReverseMatch:
            return ""


class InterviewsTab(FromAbove):
    tab, content, words = "interviews", "interviews_interview_of_candidate", gettext_lazy("Interviews")


class FeedbackTab(FromAbove):
    tab, content, words = "feedback", "interviews_feedback_of_candidate", gettext_lazy("Feedback")
