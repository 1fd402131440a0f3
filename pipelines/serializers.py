from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers

from api.fields import CharField, IntegerField
from api.serializers import BodySerializer, ModelSerializer, Relation
from organizations.serializers import OrganizationSerializer

from .models import MAX_INDEX, Pipeline, Stage


class StageSerializer(ModelSerializer):
    relations: ClassVar = {"pipeline": Relation("pipelines.serializers.PipelineSerializer")}
    order_in_lists = ("index", "pk")
    index = IntegerField(min_value=0, max_value=MAX_INDEX, required=False)

    class Meta:
        model = Stage
        fields = ("pipeline", "name", "description", "index")


class PipelineSerializer(ModelSerializer):
    relations: ClassVar = {
        "stages": Relation(StageSerializer),
        "organization": Relation(OrganizationSerializer),
    }

    class Meta:
        model = Pipeline
        fields = ("name", "description")


class StageBody(BodySerializer):
    """A stage within its pipeline: with `id` one that is there, without a new one."""

    id = serializers.UUIDField(required=False)
    name = CharField(max_length=200, required=False)
    description = CharField(max_length=20_000, required=False, allow_null=True)
    index = IntegerField(min_value=0, max_value=MAX_INDEX, required=False)

    def validate(self, attrs):
        if "id" not in attrs and "name" not in attrs:
            raise serializers.ValidationError({"name": ["This field is required."]}, "required")
        return attrs


class StageList(serializers.ListSerializer):
    def validate(self, attrs):
        """A clash within the body is told before anything is stored."""
        ids = [stage["id"] for stage in attrs if "id" in stage]
        if len(set(ids)) < len(ids):
            raise serializers.ValidationError("The same stage stands here twice.", "duplicate")
        return attrs


class PipelineBody(PipelineSerializer):
    stages = StageList(child=StageBody(), required=False, max_length=200)

    class Meta(PipelineSerializer.Meta):
        fields = (*PipelineSerializer.Meta.fields, "stages")
