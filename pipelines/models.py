from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.models import (
    Folded,
    Owned,
    RowOf,
    SearchedQuerySet,
    SearchIndex,
    SearchPart,
    SearchRow,
    Tallied,
    Words,
    asked_by,
)

#: The highest index of a stage: rows step aside to free ones above it, which must be numbers of the column still.
MAX_INDEX = 1_000_000


class Pipeline(Owned):
    """An ordered way through stages, from the first word to the close."""

    name = models.CharField(_("name"), max_length=200)
    name_folded = Folded("name")
    description = models.TextField(_("description"), max_length=20_000, null=True, blank=True)
    words = Words("name")
    note_words = Words("description")

    objects = SearchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("pipeline")
        verbose_name_plural = _("pipelines")
        constraints = [
            Tallied(name="pipeline_is_tallied"),
            SearchIndex(name="pipeline_search", own={"A": "words", "D": "note_words"}, parts={"B": "pipelines.stage"}),
        ]
        indexes = asked_by("pipeline", "name_folded")

    def __str__(self) -> str:
        return self.name


class PipelineSearch(SearchRow):
    row = RowOf(Pipeline)

    class Meta(SearchRow.Meta):
        db_table = "pipeline_search"


class Stage(Owned):
    parent = "pipeline"

    pipeline = models.ForeignKey(
        Pipeline, verbose_name=_("pipeline"), on_delete=models.CASCADE, related_name="stages", db_index=False
    )
    name = models.CharField(_("name"), max_length=200)
    name_folded = Folded("name")
    description = models.TextField(_("description"), max_length=20_000, null=True, blank=True)
    index = models.IntegerField(_("place"))
    words = Words("name")

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        constraints = [
            models.UniqueConstraint(
                fields=["pipeline", "index"],
                name="stage_index_is_unique_in_its_pipeline",
                violation_error_message=_("Another stage of the pipeline has this index."),
            ),
            models.CheckConstraint(condition=Q(index__gte=0), name="stage_index_is_not_negative"),
            Tallied(name="stage_is_tallied"),
            SearchPart(name="stage_is_searched", of="pipeline", index="pipeline_search", weight="B"),
        ]
        indexes = asked_by("stage", "index", "name_folded", whole=("pipeline",))

    def __str__(self) -> str:
        return self.name
