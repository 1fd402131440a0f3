from __future__ import annotations

from django.db import models
from django.db.models import Q

from organizations.models import Folded, Owned, Tallied, asked_by

#: The highest index of a stage: rows step aside to free ones above it, which must be numbers of the column still.
MAX_INDEX = 1_000_000


class Pipeline(Owned):
    """An ordered way through stages, from the first word to the close."""

    name = models.CharField(max_length=200)
    name_folded = Folded("name")
    description = models.TextField(max_length=20_000, null=True, blank=True)

    class Meta:
        constraints = [Tallied(name="pipeline_is_tallied")]
        indexes = asked_by("pipeline", "name_folded")

    def __str__(self) -> str:
        return self.name


class Stage(Owned):
    parent = "pipeline"

    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="stages", db_index=False)
    name = models.CharField(max_length=200)
    name_folded = Folded("name")
    description = models.TextField(max_length=20_000, null=True, blank=True)
    index = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pipeline", "index"],
                name="stage_index_is_unique_in_its_pipeline",
                violation_error_message="Another stage of the pipeline has this index.",
            ),
            models.CheckConstraint(condition=Q(index__gte=0), name="stage_index_is_not_negative"),
            Tallied(name="stage_is_tallied"),
        ]
        indexes = asked_by("stage", "index", "name_folded")

    def __str__(self) -> str:
        return self.name
