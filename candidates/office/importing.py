"""Lists of candidates that people bring in: upload, match columns, check, done. The page of an import is the step that
it is at; what changes it is posted to addresses below, and calls `imports.actions`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.imports import ImportFailed, actions, uploads
from candidates.imports.headers import LABELS, REQUIRED
from candidates.imports.undoing import require_undo
from candidates.models import Import
from organizations.errors import RuleBroken
from organizations.models import Organization, User
from organizations.office import Page
from organizations.office_words import status_label, when
from organizations.owned_admin import OwnedAdmin
from organizations.owned_forms import organizations_to_add_in

State = Import.State
STEPS = (
    gettext_lazy("Upload"),
    gettext_lazy("Match columns"),
    gettext_lazy("Check"),
    gettext_lazy("Done"),
)
UPLOAD, MATCH, CHECK, DONE = range(len(STEPS))
STEP_OF = {State.UPLOADED: MATCH, State.CHECKING: CHECK, State.CHECKED: CHECK}
TEMPLATES = {MATCH: "candidates/imports/match.html", CHECK: "candidates/imports/check.html"}
#: State → the class that colours its label.
COLOURS = {State.DONE: "done", State.FAILED: "failed", State.RUNNING: "running", State.CHECKING: "running"}


def address(row: Import) -> str:
    return reverse("admin:candidates_import_change", args=[row.pk])


class UploadForm(forms.Form):
    """`organization` is asked where there are several."""

    organization = forms.ModelChoiceField(Organization.objects.none(), label=gettext_lazy("Organization"))
    file = forms.FileField(label=gettext_lazy("CSV file"), allow_empty_file=True, max_length=1000)

    def __init__(self, *arguments: Any, user: User, **options: Any) -> None:
        super().__init__(*arguments, **options)
        offered = organizations_to_add_in(user, Import)
        few = list(offered[:2])
        self.only = few[0] if len(few) == 1 else None
        organization: Any = self.fields["organization"]
        organization.queryset = offered
        if self.only:
            del self.fields["organization"]

    @property
    def organization_meant(self) -> Organization:
        return self.only or self.cleaned_data["organization"]


class ImportingPage(Page):
    title = gettext_lazy("Import candidates")
    step = UPLOAD

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        steps = [(name, place < self.step, place == self.step) for place, name in enumerate(STEPS)]
        return {**super().get_context_data(**options), "steps": steps}


class UploadPage(ImportingPage):
    permission = "candidates.add_import"
    template_name = "candidates/imports/upload.html"
    takes_files_of = "MAX_UPLOAD_BYTES"

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        form = options.pop("form", None) or UploadForm(user=self.user)
        most = uploads.most_megabytes()
        shown = {"form": form, "most": most, "most_bytes": most * 1024 * 1024, "too_large": uploads.too_large()}
        return {**super().get_context_data(**options), **shown, "labels": LABELS.items(), "required": REQUIRED}

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES, user=self.user)
        if form.is_valid():
            try:
                return HttpResponseRedirect(address(self.uploaded(form)))
            except ImportFailed as error:
                form.add_error("file", error.message)
        return self.render_to_response(self.get_context_data(form=form))

    def uploaded(self, form: UploadForm) -> Import:
        file = form.cleaned_data["file"]
        return actions.upload(file.chunks(), file_name=file.name, organization=form.organization_meant, by=self.user)


class ImportPage(ImportingPage):
    """One import, at the step that it is at."""

    permission = "candidates.view_import"

    @cached_property
    def row(self) -> Import:
        return get_object_or_404(self.model_admin.get_queryset(self.request), pk=self.kwargs["pk"])

    @property
    def step(self) -> int:  # type: ignore[override]
        found = STEP_OF.get(State(self.row.state), DONE)
        wants_match = self.row.state == State.CHECKED and self.request.GET.get("step") == "match"
        return MATCH if wants_match else found

    @cached_property
    def may_import(self) -> bool:
        return self.is_allowed(actions.require_import, self.row.organization_id)

    def is_allowed(self, require: Callable[..., None], what: Any) -> bool:
        try:
            require(what, by=self.user)
        except PermissionDenied:
            return False
        return True

    def get_template_names(self) -> list[str]:
        is_open = self.may_import and not self.row.is_at_work
        return [TEMPLATES.get(self.step, "candidates/imports/done.html") if is_open else "candidates/imports/done.html"]

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        row = self.row
        shown = {
            "row": row,
            "may_import": self.may_import,
            "may_undo": self.may_be_undone() and self.is_allowed(require_undo, row),
            "has_errors": self.may_import and uploads.has_errors(row),
            "state": label_of(row),
            "refusals": [{**refusal, "reasons": [*map(said, refusal["reasons"])]} for refusal in row.refusals],
        }
        if self.step == MATCH and self.may_import:
            shown |= self.matching(options.pop("chosen", None) or row.columns)
        return {**super().get_context_data(**options), **shown}

    def may_be_undone(self) -> bool:
        row = self.row
        return row.state == State.DONE or row.is_interrupted or (row.state == State.UNDOING and row.is_stalled)

    def matching(self, chosen: list[str | None]) -> dict[str, Any]:
        """The columns of the file, each with its first values, and what it is."""
        try:
            with uploads.opened(self.row) as file:
                preview = uploads.preview(file, self.row.encoding)
        except ImportFailed as error:
            return {"unreadable": error.message}
        columns = [
            {"name": name, "values": values, "field": field}
            for name, values, field in zip(preview.header, preview.values(), chosen, strict=False)
        ]
        missing = [LABELS[field] for field in REQUIRED if field not in chosen]
        return {
            "columns": columns,
            "labels": LABELS.items(),
            "required": REQUIRED,
            "missing": missing,
            "encodings": uploads.ENCODINGS.items(),
            "is_guessed": self.row.encoding not in {"utf-8", "utf-16", "utf-16-le", "utf-16-be"},
            "encoding": uploads.ENCODINGS.get(self.row.encoding, self.row.encoding),
        }


class ProgressPart(ImportPage):
    """The part of the page that says how far it came; once it came to its end, the page is shown anew."""

    template_name = "candidates/imports/progress.html"

    def get_template_names(self) -> list[str]:
        return [self.template_name]

    def get(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponse:
        if not self.row.is_at_work or self.row.is_stalled:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return super().get(request, *arguments, **options)


class Deed(ImportPage):
    """Something that is done to an import. What is refused is told on its page."""

    permission = "candidates.add_import"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **options: Any) -> HttpResponse:
        try:
            self.do()
        except RuleBroken as error:
            messages.error(request, error.message)
        except ImportFailed as error:
            messages.error(request, error.message)
        return HttpResponseRedirect(address(self.row))

    def do(self) -> None:
        raise NotImplementedError


class MatchPage(Deed):
    def post(self, request: HttpRequest, **options: Any) -> HttpResponse:
        chosen = [request.POST.get(f"column-{place}") or None for place in range(len(self.row.columns))]
        if missing := [str(LABELS[field]) for field in REQUIRED if field not in chosen]:
            return self.refused(_("Choose a column for: %(fields)s.") % {"fields": ", ".join(missing)}, chosen)
        try:
            actions.check(actions.match(self.row, chosen, by=self.user), duplicates=self.row.duplicates, by=self.user)
        except ImportFailed as error:
            return self.refused(error.message, chosen)
        except RuleBroken as error:
            messages.error(request, error.message)
        return HttpResponseRedirect(address(self.row))

    def refused(self, problem: str, chosen: list[str | None]) -> HttpResponse:
        """The page again, with what was chosen."""
        self.row.state = State.UPLOADED
        return self.render_to_response(self.get_context_data(chosen=chosen, refusal=problem))


class EncodingPage(Deed):
    def do(self) -> None:
        actions.read_as(self.row, self.request.POST.get("encoding", ""), by=self.user)


class CheckPage(Deed):
    def do(self) -> None:
        wanted = self.request.POST.get("duplicates", "")
        if wanted not in Import.Duplicates.values:
            raise RuleBroken(_("Choose what becomes of those who are there already."))
        actions.check(self.row, duplicates=wanted, by=self.user)


class StartPage(Deed):
    def do(self) -> None:
        actions.start(self.row, by=self.user)


class GoOnPage(Deed):
    def do(self) -> None:
        actions.go_on(self.row, by=self.user)


class TakeBackPage(Deed):
    permission = "candidates.undo_import"

    def do(self) -> None:
        actions.undo(self.row, by=self.user)


class ErrorsPage(ImportPage):
    """The rows that were refused, as a file to be put right and uploaded."""

    permission = "candidates.add_import"

    def get(self, request: HttpRequest, *arguments: Any, **options: Any) -> Any:
        actions.require_import(self.row.organization_id, by=self.user)
        if not uploads.has_errors(self.row):
            messages.error(request, _("There is no list of errors, or it is not kept any more."))
            return HttpResponseRedirect(address(self.row))
        name = f"{self.row.file_name.rpartition('.')[0] or self.row.file_name} ({_('errors')}).csv"
        file = uploads.errors_path(self.row.stored_as).open("rb")
        return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


def said(reason: str) -> str:
    """`firstName: …` → `First name: …`."""
    field, colon, words = reason.partition(": ")
    return f"{LABELS[field]}: {words}" if colon and field in LABELS else reason


def label_of(row: Import) -> str:
    return status_label(COLOURS.get(State(row.state), "rejected"), row.get_state_display())


class ImportAdmin(OwnedAdmin):
    """What was imported: when, by whom, from which file, and what became of it."""

    fields = ("file_name", "state", "total", "made", "updated", "skipped", "refused", "created_by", "finished_at")
    list_display = ("file_name", "state_label", "made", "updated", "refused", "uploaded", "created_by")
    list_filter = ("state", "created_at")
    custom_urls = (
        ("upload/", "candidates_import_upload", UploadPage.as_view()),
        ("<uuid:pk>/progress/", "candidates_import_progress", ProgressPart.as_view()),
        ("<uuid:pk>/match/", "candidates_import_match", MatchPage.as_view()),
        ("<uuid:pk>/encoding/", "candidates_import_encoding", EncodingPage.as_view()),
        ("<uuid:pk>/check/", "candidates_import_check", CheckPage.as_view()),
        ("<uuid:pk>/start/", "candidates_import_start", StartPage.as_view()),
        ("<uuid:pk>/go-on/", "candidates_import_go_on", GoOnPage.as_view()),
        ("<uuid:pk>/undo/", "candidates_import_undo", TakeBackPage.as_view()),
        ("<uuid:pk>/errors/", "candidates_import_errors", ErrorsPage.as_view()),
    )

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_label(self, row: Import) -> str:
        return label_of(row)

    @admin.display(description=gettext_lazy("Uploaded"), ordering="created_at")
    def uploaded(self, row: Import) -> str:
        return when(row.created_at)

    def has_add_permission(self, request):
        """No: a form makes none, an upload does."""
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method != "GET":
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return ImportPage.as_view()(request, pk=row.pk, model_admin=self)
