from __future__ import annotations

from typing import Any

from django.contrib import admin

from organizations.models import User
from organizations.owned_admin import OwnedAdmin
from organizations.owned_forms import ColleaguesField, OwnedForm

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
from .models import Feedback, Interview, Interviewer


class InterviewForm(OwnedForm):
    interviewers = ColleaguesField(Interviewer)


@admin.register(Interview)
class InterviewAdmin(OwnedAdmin):
    form = InterviewForm
    fields = (
        "title", "candidate", "start_time", "end_time", "location", "interviewers", "is_cancelled", "rating", "note",
    )  # fmt: skip
    fixed = ("candidate",)
    list_display = ("title", "candidate", "start_time", "end_time", "location", "rating", "is_cancelled")
    list_filter = ("is_cancelled", "start_time", "is_archived")
    search_through = ("candidate",)
    ordering = ("-start_time", "-pk")

    def make(self, row: Interview, values: dict[str, Any], *, by: User) -> Interview:
        return schedule(row, by=by, interviewers=values["interviewers"])

    def revise(self, row: Interview, changes: dict[str, Any], *, by: User) -> None:
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
