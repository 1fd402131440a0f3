"""The pages of lists of candidates that people bring in."""

from __future__ import annotations

from django.contrib import admin

from organizations.owned_admin import OwnedAdmin

from .models import Import


@admin.register(Import)
class ImportAdmin(OwnedAdmin):
    """What was imported: when, by whom, from which file, and what became of it."""

    fields = (
        "file_name", "size", "state", "total", "made", "updated", "skipped", "refused", "created_by", "finished_at",
    )  # fmt: skip
    list_display = ("file_name", "state", "made", "updated", "skipped", "refused", "created_at", "created_by")
    list_filter = ("state", "created_at")

    def has_add_permission(self, request):
        """No: a form makes none, an upload does."""
        return False
