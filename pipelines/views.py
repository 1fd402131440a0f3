from __future__ import annotations

from typing import Any

from api.query import Query
from api.viewsets import ModelViewSet

from .actions import add_stage, write_pipeline
from .models import Pipeline, Stage
from .serializers import PipelineBody, PipelineSerializer, StageSerializer


class PipelineViewSet(ModelViewSet):
    """Ordered ways through stages. The answer to a write shows the stages."""

    serializer_class = PipelineSerializer
    bodies = {"create": PipelineBody, "update": PipelineBody, "partial_update": PipelineBody}
    shown_after_write = {"stages": {}}
    query = Query(
        where=("name", "stages.id", "stages.name", "stages.index"),
        relations=("stages", "organization"),
        order=("name",),
        search="name, description and names of stages",
    )

    def perform_create(self, values: dict[str, Any]) -> Pipeline:
        return write_pipeline(Pipeline(created_by=self.user), by=self.user, **values)

    def perform_update(self, row: Pipeline, values: dict[str, Any]) -> None:
        write_pipeline(row, by=self.user, **values)


class StageViewSet(ModelViewSet):
    serializer_class = StageSerializer
    lock_first = ("pipeline",)
    query = Query(where=("pipelineId", "name", "index"), relations=("pipeline",), order=("index", "name"))

    def perform_create(self, values: dict[str, Any]) -> Stage:
        del values["organization"]  # The pipeline's.
        return add_stage(values.pop("pipeline"), by=self.user, **values)
