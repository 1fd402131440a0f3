from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin

from organizations.models import User
from organizations.owned_admin import OwnedAdmin, OwnedInline, ScopedFilter

from .actions import PERMISSIONS, apply, delete_source, hire, move, reject, reopen
from .edits import add_part, edit, remove_part
from .import_admin import ImportAdmin
from .models import Candidate, Document, Edit, Education, Experience, Skill, Source, StatusChange

__all__ = ["ImportAdmin"]
Status = Candidate.Status


class SkillInline(OwnedInline):
    model = Skill
    fields = ("name", "level")


class ExperienceInline(OwnedInline):
    model = Experience
    fields = ("occupation", "company", "duration")


class EducationInline(OwnedInline):
    model = Education
    fields = ("school_name", "degree", "field", "completion_date")


class DocumentInline(OwnedInline):
    model = Document
    fields = ("name", "document_url")


class StatusChangeInline(OwnedInline):
    model = StatusChange
    fields = ("created_at", "from_status", "to_status")
    readonly_fields = ("created_at",)


@admin.register(Candidate)
class CandidateAdmin(OwnedAdmin):
    """`status` moves by the buttons of the list only."""

    fields = (
        "first_name", "last_name", "email", "phone_number", "status", "applied_date", "hired_date", "reject_date",
        "source", "employee", "candidate_level", "rating", "ratings", "cv_url", "notes",
    )  # fmt: skip
    readonly_fields = ("status",)
    list_display = ("full_name", "email", "status", "source", "rating", "ratings", "applied_date")
    list_filter = ("status", ("source", ScopedFilter), "applied_date", "is_archived")
    inlines = (SkillInline, ExperienceInline, EducationInline, DocumentInline, StatusChangeInline)
    actions = ("hire", "reject", "mark_interviewed", "reopen")

    @admin.display(description="Name", ordering="first_name_folded")
    def full_name(self, candidate: Candidate) -> str:
        return str(candidate)

    def has_hire_permission(self, request):
        return request.user.may(PERMISSIONS[Status.HIRED])

    def has_reject_permission(self, request):
        return request.user.may(PERMISSIONS[Status.REJECTED])

    @admin.action(description="Hire", permissions=["hire"])
    def hire(self, request, queryset):
        self.on_each(request, queryset, hire, "hired")

    @admin.action(description="Reject", permissions=["reject"])
    def reject(self, request, queryset):
        self.on_each(request, queryset, reject, "rejected")

    @admin.action(description="Mark as interviewed", permissions=["change"])
    def mark_interviewed(self, request, queryset):
        self.on_each(request, queryset, partial(move, status=Status.INTERVIEWED), "marked as interviewed")

    @admin.action(description="Reopen", permissions=["change"])
    def reopen(self, request, queryset):
        self.on_each(request, queryset, reopen, "reopened")

    def make(self, row: Candidate, values: dict[str, Any], *, by: User) -> Candidate:
        return apply(by=by, id=row.pk, **values)

    def revise(self, row: Candidate, changes: dict[str, Any], *, by: User) -> None:
        edit(row, by=by, **changes)

    def make_part(self, part: Any, *, by: User) -> None:
        add_part(part, by=by)

    def revise_part(self, part: Any, changes: dict[str, Any], *, by: User) -> None:
        edit(part, by=by, **changes)

    def remove_part(self, part: Any, *, by: User) -> None:
        remove_part(part, by=by)


@admin.register(Source)
class SourceAdmin(OwnedAdmin):
    fields = ("name",)
    list_display = ("name", "is_active", "created_at")
    list_filter = ("is_active", "is_archived")
    ordering = ("name_folded", "pk")

    def remove(self, row: Source, *, by: User) -> None:
        delete_source(row, by=by)


class PartAdmin(OwnedAdmin):
    """The pages of the rows of a profile, whose changes are recorded."""

    search_through = ("candidate",)

    def make(self, row: Any, values: dict[str, Any], *, by: User) -> Any:
        add_part(row, by=by)
        return row

    def revise(self, row: Any, changes: dict[str, Any], *, by: User) -> None:
        edit(row, by=by, **changes)

    def remove(self, row: Any, *, by: User) -> None:
        remove_part(row, by=by)


@admin.register(Skill)
class SkillAdmin(PartAdmin):
    fields = ("candidate", "name", "level")
    list_display = ("name", "level", "candidate", "created_at")
    list_filter = ("level", "created_at")


@admin.register(Experience)
class ExperienceAdmin(PartAdmin):
    fields = ("candidate", "occupation", "company", "duration", "description")
    list_display = ("occupation", "company", "duration", "candidate", "created_at")
    list_filter = ("created_at",)


@admin.register(Education)
class EducationAdmin(PartAdmin):
    fields = ("candidate", "school_name", "degree", "field", "completion_date")
    list_display = ("school_name", "degree", "field", "completion_date", "candidate")
    list_filter = ("completion_date",)


@admin.register(Document)
class DocumentAdmin(PartAdmin):
    fields = ("candidate", "name", "document_url")
    list_display = ("name", "document_url", "candidate", "created_at")
    list_filter = ("created_at",)


@admin.register(StatusChange)
class StatusChangeAdmin(OwnedAdmin):
    """The record of every move; nobody writes it by hand."""

    fields = ("candidate", "from_status", "to_status", "created_at", "created_by")
    list_display = ("created_at", "candidate", "from_status", "to_status", "created_by")
    list_filter = ("from_status", "to_status", "created_at")
    search_through = ("candidate",)


@admin.register(Edit)
class EditAdmin(OwnedAdmin):
    """The record of every change of what is known; nobody writes it by hand."""

    fields = ("candidate", "subject", "kind", "title", "changes", "created_at", "created_by")
    list_display = ("created_at", "candidate", "subject", "kind", "title", "created_by")
    list_filter = ("subject", "kind", "created_at")
    search_through = ("candidate",)
