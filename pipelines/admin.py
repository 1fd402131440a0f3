from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from organizations.models import User
from organizations.owned_admin import OwnedAdmin, OwnedInline
from organizations.owned_forms import OwnedForm, told

from .actions import add_stage, arrange, next_index, write_pipeline
from .models import MAX_INDEX, Pipeline, Stage

#: Stages of a pipeline that its list shows.
MOST_IN_A_CHAIN = 8


def place() -> forms.IntegerField:
    return forms.IntegerField(
        label=gettext_lazy("Place"),
        min_value=0,
        max_value=MAX_INDEX,
        required=False,
        help_text=gettext_lazy("empty: the last"),
        widget=UnfoldAdminIntegerFieldWidget,
    )


class StageRow(forms.ModelForm):
    index = place()

    def _get_validation_exclusions(self) -> set[str]:
        # Two may swap their index: whether it is free shows when all are arranged.
        return {*super()._get_validation_exclusions(), "index"}

    @property
    def wanted(self) -> dict[str, Any]:
        """The stage as `arrange` takes it: what was written into this row of the table."""
        values = {name: self.cleaned_data[name] for name in self.changed_data if self.has_changed()}
        if values.get("index", 0) is None:
            del values["index"]
        return values if self.instance._state.adding else {"id": self.instance.pk, **values}


class StageInline(OwnedInline):
    model = Stage
    form = StageRow
    fields = ("index", "name", "description")
    ordering_field = "index"
    hide_title = True
    template_before = "pipelines/stage_words.html"

    def get_queryset(self, request):
        return super().get_queryset(request).order_by("index")


@admin.register(Pipeline)
class PipelineAdmin(OwnedAdmin):
    fields = ("name", "description")
    list_display = ("name", "chain", "is_active")
    list_filter = ("is_active", "is_archived", "created_at")
    inlines = (StageInline,)

    class Media:
        css: ClassVar = {"all": ("pipelines/stages.css",)}
        js = ("pipelines/stages.js",)

    def get_queryset(self, request):
        stages = Stage.objects.permitted(request.user).order_by("index")
        return super().get_queryset(request).prefetch_related(Prefetch("stages", stages, to_attr="seen_stages"))

    @admin.display(description=gettext_lazy("Stages"))
    def chain(self, pipeline: Pipeline) -> str:
        """The stages in their order; of many the first ones and the last."""
        stages: list[Stage] = pipeline.seen_stages  # type: ignore[attr-defined]
        left_out = max(len(stages) - MOST_IN_A_CHAIN, 0)
        first, last = (stages[: MOST_IN_A_CHAIN - 1], stages[-1:]) if left_out else (stages, [])
        return render_to_string("pipelines/chain.html", {"first": first, "left_out": left_out, "last": last})

    def make(self, row: Pipeline, values: dict[str, Any], *, by: User) -> Pipeline:
        return write_pipeline(row, by=by)

    def revise(self, row: Pipeline, changes: dict[str, Any], *, by: User) -> None:
        write_pipeline(row, by=by, **changes)

    def save_formset(self, request, form, formset, change):
        # For the history; it stores nothing.
        formset.save(commit=False)
        rows = [row for row in formset.forms if row not in formset.deleted_forms and not is_empty(row)]
        shown = [row.instance.pk for row in formset.initial_forms]
        # Made by someone else since the page was opened: not left out on purpose.
        unseen = Stage.objects.permitted(request.user).filter(pipeline=form.instance).exclude(pk__in=shown)
        wanted = [*(row.wanted for row in rows), *({"id": pk} for pk in unseen.values_list("pk", flat=True))]
        put_last(form.instance, [stage for stage in wanted if "id" not in stage and "index" not in stage], wanted)
        with told():
            arrange(form.instance, wanted, by=request.user)


def put_last(pipeline: Pipeline, unplaced: Sequence[dict[str, Any]], stages: Sequence[dict[str, Any]]) -> None:
    """Give the new stages without an index those behind all others."""
    first = max(next_index(pipeline), *(stage.get("index", -1) + 1 for stage in stages), 0)
    for index, stage in enumerate(unplaced, first):
        stage["index"] = index


def is_empty(row: forms.ModelForm) -> bool:
    return row.instance._state.adding and not row.has_changed()


class StageForm(OwnedForm):
    index = place()

    def clean_index(self) -> int | None:
        index = self.cleaned_data["index"]
        if index is None and not self.instance._state.adding:
            raise forms.ValidationError(_("A stage has an index."), "required")
        return index


@admin.register(Stage)
class StageAdmin(OwnedAdmin):
    form = StageForm
    fields = ("pipeline", "index", "name", "description")
    list_display = ("name", "pipeline", "index", "is_active")
    list_filter = ("is_active",)
    search_through = ("pipeline",)
    ordering = ("pipeline__name_folded", "pipeline", "index")

    def make(self, row: Stage, values: dict[str, Any], *, by: User) -> Stage:
        if values["index"] is None:
            del values["index"]
        return add_stage(by=by, id=row.pk, **values)
