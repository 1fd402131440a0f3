from __future__ import annotations

from typing import Any

from django.contrib import admin

from organizations.models import User
from organizations.owned_admin import OwnedAdmin

from .actions import delete_source
from .edits import add_part, edit, remove_part
from .models import Candidate, Document, Edit, Education, Experience, Import, Skill, Source, StatusChange
from .office.admin import CandidateAdmin
from .office.importing import ImportAdmin

admin.site.register(Candidate, CandidateAdmin)
admin.site.register(Import, ImportAdmin)


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
