"""The list of candidates and the page of one, as an admin class."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from candidates.actions import PERMISSIONS, apply, find_or_add_sources
from candidates.board.pages import BOARD_PAGES
from candidates.edits import add_part, edit, remove_part
from candidates.exports import Format
from candidates.models import Candidate, Document, Education, Experience, Skill, Source
from candidates.models.candidates import HALF_STEPS
from organizations.browsing import Bounded
from organizations.errors import RuleBroken
from organizations.filter_pages import SavedFiltersPage
from organizations.models import User
from organizations.owned_admin import OwnedAdmin, OwnedInline
from organizations.owned_forms import OwnedForm
from organizations.saved_filters import filters_of

from .bulk import Bulk
from .exporting import EXPORT, ExportPage, as_file
from .lists import CandidateList
from .pages import ASKED, FeedbackTab, Head, InterviewsTab, address
from .suggesting import SkillNames, SourceNames
from .tabs import ArchivePage, DocumentsTab, MovePage, SkillsPage, TimelineTab, skills_of
from .undoing import UndoPage

Status = Candidate.Status


class SkillInline(OwnedInline):
    model = Skill
    hide_title = True
    fields = ("name", "level")
    extra = 3


class ExperienceInline(OwnedInline):
    model = Experience
    hide_title = True
    fields = ("occupation", "company", "duration")


class EducationInline(OwnedInline):
    model = Education
    hide_title = True
    fields = ("school_name", "degree", "field", "completion_date")


class DocumentInline(OwnedInline):
    model = Document
    hide_title = True
    fields = ("name", "document_url")


class CandidateForm(OwnedForm):
    source_name = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=200,
        help_text=_("One that is known, or a new one."),
        widget=UnfoldAdminTextInputWidget(
            {
                "list": "source-names",
                "autocomplete": "off",
                "hx-get": reverse_lazy("admin:candidates_candidate_source_names"),
                "hx-trigger": "input changed delay:200ms, focus once",
                "hx-target": "#source-names",
            }
        ),
    )

    class Meta:
        widgets = {
            "rating": UnfoldAdminSelectWidget(
                choices=[("", "-"), *((f"{step:.2f}", f"{step:g} ★") for step in map(float, HALF_STEPS))]
            ),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "source_name" in self.fields:
            seen = getattr(self.instance, "seen_source", None)
            self.initial["source_name"] = seen.name if seen else ""


class CandidateFilters(SavedFiltersPage):
    permission = "candidates.view_candidate"
    also = ("candidates.view_own_candidate",)


class CandidateAdmin(OwnedAdmin):
    """`status` moves by buttons only; skills have their own place on the page of a candidate who is there already."""

    form = CandidateForm
    fields = (
        "first_name", "last_name", "email", "phone_number", "source_name", "candidate_level", "rating", "cv_url",
        "applied_date", "notes",
    )  # fmt: skip
    list_display = ("__str__", "source")
    paginator = Bounded
    inlines = (SkillInline, ExperienceInline, EducationInline, DocumentInline)
    actions = (
        "move_to_applied", "move_to_interviewed", "reject", "hire", "add_skill", "archive", "fetch_back", "export_csv",
        "export_xlsx",
    )  # fmt: skip
    change_list_template = "candidates/list.html"
    change_form_template = "candidates/candidate.html"
    add_form_template = "candidates/add.html"
    custom_urls = (
        ("filters/", "candidates_candidate_filters", CandidateFilters.as_view()),
        ("export/", "candidates_candidate_export", ExportPage.as_view()),
        ("undo/", "candidates_candidate_undo", UndoPage.as_view()),
        ("names/skills/", "candidates_candidate_skill_names", SkillNames.as_view()),
        ("names/sources/", "candidates_candidate_source_names", SourceNames.as_view()),
        ("<uuid:pk>/interviews/", "candidates_candidate_interviews", InterviewsTab.as_view()),
        ("<uuid:pk>/feedback/", "candidates_candidate_feedback", FeedbackTab.as_view()),
        ("<uuid:pk>/documents/", "candidates_candidate_documents", DocumentsTab.as_view()),
        ("<uuid:pk>/timeline/", "candidates_candidate_timeline", TimelineTab.as_view()),
        ("<uuid:pk>/move/", "candidates_candidate_move", MovePage.as_view()),
        ("<uuid:pk>/archive/", "candidates_candidate_archive", ArchivePage.as_view()),
        ("<uuid:pk>/skills/", "candidates_candidate_skills", SkillsPage.as_view()),
        *BOARD_PAGES,
    )

    # The list.

    def get_changelist(self, request, **options):
        return CandidateList

    def get_list_filter(self, request):
        """None of Django's: `CandidateFilter` is on the page."""
        return []

    def changelist_view(self, request, extra_context=None):
        shown = {
            "saved": filters_of(request.user, list_of=self.opts.label_lower),
            "may_export": request.user.may(EXPORT),
            "may_see_sources": request.user.may(Source.permission("view")),
            "may_import": request.user.may("candidates.add_import"),
        }
        try:
            return super().changelist_view(request, {**shown, **(extra_context or {})})
        except RuleBroken as error:
            messages.error(request, error.message)
            request.method = "GET"
            return super().changelist_view(request, {**shown, **(extra_context or {})})

    def link_to(self, candidate: Candidate, asked: str) -> str:
        return address("change", candidate, asked)

    # What the list does.

    def has_hire_permission(self, request):
        return request.user.may(PERMISSIONS[Status.HIRED])

    def has_reject_permission(self, request):
        return request.user.may(PERMISSIONS[Status.REJECTED])

    def has_skill_permission(self, request):
        return request.user.may("candidates.add_skill")

    def has_export_permission(self, request):
        return request.user.may(EXPORT)

    @admin.action(description=_("Move to applied"), permissions=["change"])
    def move_to_applied(self, request, queryset):
        Bulk(self, request, queryset).move(Status.APPLIED)

    @admin.action(description=_("Move to interviewed"), permissions=["change"])
    def move_to_interviewed(self, request, queryset):
        Bulk(self, request, queryset).move(Status.INTERVIEWED)

    @admin.action(description=_("Reject"), permissions=["reject"])
    def reject(self, request, queryset):
        return Bulk(self, request, queryset).reject()

    @admin.action(description=_("Hire"), permissions=["hire"])
    def hire(self, request, queryset):
        return Bulk(self, request, queryset).hire()

    @admin.action(description=_("Add skill"), permissions=["skill"])
    def add_skill(self, request, queryset):
        return Bulk(self, request, queryset).add_skill()

    @admin.action(description=_("Archive"), permissions=["change"])
    def archive(self, request, queryset):
        Bulk(self, request, queryset).archive(is_archived=True)

    @admin.action(description=_("Fetch back"), permissions=["change"])
    def fetch_back(self, request, queryset):
        Bulk(self, request, queryset).archive(is_archived=False)

    @admin.action(description=_("Export as CSV"), permissions=["export"])
    def export_csv(self, request, queryset):
        return self._export(request, queryset, Format.CSV)

    @admin.action(description=_("Export as XLSX"), permissions=["export"])
    def export_xlsx(self, request, queryset):
        return self._export(request, queryset, Format.XLSX)

    def _export(self, request: HttpRequest, queryset: QuerySet[Candidate], to: Format) -> HttpResponseBase:
        return as_file(queryset, to, request.user)  # type: ignore[arg-type]

    # The page.

    def get_fieldsets(self, request, obj=None):
        """Two short fields a line. The organization stands where there are several only."""
        (name, own), *rest = super().get_fieldsets(request, obj)
        organization, *fields = own["fields"]
        first = [organization] if obj is None or self._in_several_organizations(request.user) else []
        pairs = list(zip(fields[:8:2], fields[1:8:2], strict=True))
        return [(name, {**own, "fields": [*first, *pairs, *fields[8:]]}), *rest]

    def get_inlines(self, request, obj):
        return [inline for inline in self.inlines if obj is None or inline is not SkillInline]

    def _is_written(self, name: str, row: Any) -> bool:
        # A source that the user may not see must not be lost by a save.
        return super()._is_written("source" if name == "source_name" else name, row)

    def _shown(self, name: str, user: User) -> Any:
        return super()._shown("source" if name == "source_name" else name, user)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None) -> HttpResponse:
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False, "show_delete": False}
        if obj is not None:
            context |= {"head": Head(obj, request, "change"), "candidate": obj, **skills_of(obj, request.user)}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_post_save_add(self, request, obj):
        return HttpResponseRedirect(self.link_to(obj, ""))

    def response_post_save_change(self, request, obj):
        """Stays on the page, with the way through the list."""
        return HttpResponseRedirect(self.link_to(obj, request.GET.get(ASKED, "")))

    # Writing.

    def make(self, row: Candidate, values: dict[str, Any], *, by: User) -> Candidate:
        return apply(by=by, id=row.pk, **values)

    def revise(self, row: Candidate, changes: dict[str, Any], *, by: User) -> None:
        if "source_name" in changes:
            changes["source"] = self._source(row, changes.pop("source_name"), by=by)
        edit(row, by=by, **changes)

    def _source(self, row: Candidate, name: str, *, by: User) -> Source | None:
        if not name:
            return None
        key = (row.organization_id, name)
        return find_or_add_sources([key], by=by)[key]

    def make_part(self, part: Any, *, by: User) -> None:
        add_part(part, by=by)

    def revise_part(self, part: Any, changes: dict[str, Any], *, by: User) -> None:
        edit(part, by=by, **changes)

    def remove_part(self, part: Any, *, by: User) -> None:
        remove_part(part, by=by)
