from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import RangeDateFilter

from organizations.models import User
from organizations.office_words import NOTHING, status_label, when
from organizations.owned_admin import OwnedAdmin

from .actions import (
    add_interviewers,
    change_feedback,
    delete_feedback,
    delete_interview,
    give_feedback,
    reschedule,
    schedule,
    take_off,
)
from .calendar import CalendarPage, FeedPage, MovePage
from .forms import FeedbackForm, InterviewForm, WhoForm, moment_of
from .models import Feedback, Interview, Interviewer
from .pages import (
    CancelPage,
    FeedbackDuePage,
    FeedbackOfCandidate,
    GiveFeedbackPage,
    InterviewsOfCandidate,
    ReopenPage,
)
from .panel import Panel


class TimeFilter(admin.SimpleListFilter):
    title = gettext_lazy("time")
    parameter_name = "time"

    def lookups(self, request, model_admin):
        return [
            ("today", _("Today")), ("week", _("The next 7 days")), ("upcoming", _("Upcoming")), ("past", _("Past")),
        ]  # fmt: skip

    def queryset(self, request, queryset):
        now = timezone.now()
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        match self.value():
            case "today":
                return queryset.filter(start_time__gte=today, start_time__lt=today + timedelta(days=1))
            case "week":
                return queryset.filter(start_time__gte=now, start_time__lt=today + timedelta(days=8))
            case "upcoming":
                return queryset.filter(end_time__gt=now)
            case "past":
                return queryset.filter(end_time__lte=now)
        return queryset


class WhoFilter(admin.SimpleListFilter):
    """By an interviewer, found by typing."""

    title = gettext_lazy("interviewer")
    parameter_name = "interviewer"
    template = "unfold/filters/filters_field.html"

    def lookups(self, request, model_admin):
        self.form = WhoForm({"interviewer": self.used_parameters.get("interviewer", "")}, user=request.user)
        return [("any", "any")]

    def queryset(self, request, queryset):
        return self.form.narrow(queryset, request.user) if self.value() else queryset

    def choices(self, changelist):
        yield {"form": self.form}


@dataclass(frozen=True)
class FeedbackGiven:
    """A column: how many of the interviewers gave feedback, for those who may know."""

    user: User
    __name__ = "feedback"
    short_description = gettext_lazy("feedback")

    def __call__(self, interview: Any) -> str:
        panel = Panel(interview, self.user)
        if not panel.is_open:
            return _("hidden until you give yours") if panel.own else NOTHING
        return _("{given} of {all}").format(given=panel.given, all=len(panel.seats)) if panel.seats else NOTHING


@admin.register(Interview)
class InterviewAdmin(OwnedAdmin):
    form = InterviewForm
    fields = ("title", "candidate", "interviewers", "start_time", "length", "location", "note")
    fixed = ("candidate",)
    list_display = ("starts", "candidate", "title", "panel", "state")
    list_display_links = ("starts",)
    list_filter = (TimeFilter, WhoFilter, ("start_time", RangeDateFilter), "is_cancelled", "is_archived")
    list_filter_submit = True
    search_through = ("candidate",)
    ordering = ("-start_time", "-pk")
    add_form_template = "interviews/schedule.html"
    change_form_template = "interviews/interview.html"
    custom_urls = (
        ("calendar/", "interviews_interview_calendar", CalendarPage.as_view()),
        ("calendar/feed/", "interviews_interview_feed", FeedPage.as_view()),
        ("feedback-due/", "interviews_interview_feedback_due", FeedbackDuePage.as_view()),
        ("of-candidate/<uuid:pk>/", "interviews_interview_of_candidate", InterviewsOfCandidate.as_view()),
        ("of-candidate/<uuid:pk>/feedback/", "interviews_feedback_of_candidate", FeedbackOfCandidate.as_view()),
        ("<uuid:pk>/move/", "interviews_interview_move", MovePage.as_view()),
        ("<uuid:pk>/cancel/", "interviews_interview_cancel", CancelPage.as_view()),
        ("<uuid:pk>/reopen/", "interviews_interview_reopen", ReopenPage.as_view()),
        ("<uuid:pk>/feedback/", "interviews_interview_feedback", GiveFeedbackPage.as_view()),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_people(request.user)

    # Columns.

    @admin.display(description=gettext_lazy("when"), ordering="start_time")
    def starts(self, interview: Interview) -> str:
        return when(interview.start_time)

    @admin.display(description=gettext_lazy("interviewers"))
    def panel(self, interview: Any) -> str:
        return ", ".join(str(row.seen_employee) for row in interview.seen_interviewers if row.seen_employee) or NOTHING

    @admin.display(description=gettext_lazy("state"), ordering="is_cancelled")
    def state(self, interview: Interview) -> str:
        if interview.is_cancelled:
            return status_label("rejected", _("cancelled"))
        if interview.is_under_way:
            return status_label("interviewed", _("now"))
        return status_label("hired", _("over")) if interview.is_over else status_label("applied", _("upcoming"))

    def get_list_display(self, request):
        columns = super().get_list_display(request)
        place = columns.index("state")
        return [*columns[:place], FeedbackGiven(request.user), *columns[place:]]

    # Pages.

    def get_fieldsets(self, request, obj=None):
        """The organization is the candidate's, who stands at the top of the page."""
        fieldsets = super().get_fieldsets(request, obj)
        above = {self.relations["organization"], self.relations["candidate"], "organization"}
        own = [name for name in fieldsets[0][1]["fields"] if name not in above]
        return [(None, {"fields": own}), *fieldsets[1:]]

    def get_changeform_initial_data(self, request):
        """`?candidate=…&interviewers=…&start=…&length=…`, as the calendar and the page of a candidate ask."""
        asked = request.GET
        initial = {name: asked[name] for name in ("title", "candidate", "length", "location") if name in asked}
        if start := moment_of(asked.get("start")):
            initial["start_time"] = start
        if interviewers := asked.get("interviewers"):
            initial["interviewers"] = interviewers.split(",")
        return initial

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context |= self._seen_of(obj, request)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _seen_of(self, interview: Any, request: Any) -> dict[str, Any]:
        user, panel = request.user, Panel(interview, request.user)
        sent = getattr(request, "feedback_form", None)
        return {
            "interview": interview,
            "panel": panel,
            "feedback_form": (sent or FeedbackForm(instance=panel.own.feedback))
            if panel.own and panel.may_write
            else None,
            "mean": Interview.rating_for(user, *(getattr(interview, name) for name in Interview.masked["rating"])),
            "may_write_for_others": user.may("interviews.write_others_feedback", interview.organization_id),
        }

    def response_post_save_add(self, request, obj):
        return HttpResponseRedirect(reverse("admin:interviews_interview_change", args=[obj.pk]))

    response_post_save_change = response_post_save_add

    # Writing.

    def make(self, row: Interview, values: dict[str, Any], *, by: User) -> Interview:
        return schedule(row, by=by, interviewers=values["interviewers"])

    def revise(self, row: Interview, changes: dict[str, Any], *, by: User) -> None:
        if changes.pop("length", None) or "start_time" in changes:
            changes |= {"start_time": row.start_time, "end_time": row.end_time}
        reschedule(row, by=by, **changes)

    def remove(self, row: Interview, *, by: User) -> None:
        delete_interview(row)


@admin.register(Interviewer)
class InterviewerAdmin(OwnedAdmin):
    fields = ("interview", "employee")
    list_display = ("created_at", "interview", "employee")
    list_filter = ("created_at",)
    search_through = ("interview", "employee")

    def make(self, row: Interviewer, values: dict[str, Any], *, by: User) -> Interviewer:
        (added,) = add_interviewers(row.interview, [row.employee], by=by)
        return added

    def remove(self, row: Interviewer, *, by: User) -> None:
        take_off(row)


@admin.register(Feedback)
class FeedbackAdmin(OwnedAdmin):
    """Others' words stay hidden from an interviewer who has not given their own."""

    fields = ("interview", "candidate", "interviewer", "rating", "status", "description")
    fixed = ("interviewer",)
    list_display = ("created_at", "candidate", "interview", "interviewer", "rating", "status")
    list_filter = ("status", "created_at")
    search_through = ("candidate", "interview", "interviewer")

    def get_changeform_initial_data(self, request):
        own_place = request.user.employee_id_in(request.user.only_organization_id)
        return {"interviewer": own_place, **super().get_changeform_initial_data(request)}

    def make(self, row: Feedback, values: dict[str, Any], *, by: User) -> Feedback:
        return give_feedback(by=by, id=row.pk, **values)

    def revise(self, row: Feedback, changes: dict[str, Any], *, by: User) -> None:
        change_feedback(row, by=by, **changes)

    def remove(self, row: Feedback, *, by: User) -> None:
        delete_feedback(row, by=by)
