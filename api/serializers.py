"""Rows as the API shows and takes them: camelCase, relations on demand, ids only of rows that the caller may see."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from functools import cache, cached_property
from typing import Any, ClassVar

from django.db import models
from django.utils.module_loading import import_string
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import empty
from rest_framework.utils.serializer_helpers import BindingDict

from . import fields
from .names import camelize, snake

#: What to include: relation name → what to include of it in turn.
Relations = dict[str, "Relations"]

#: On every row, unless its serializer leaves them out.
OWNED = ("id", "organization", "is_active", "is_archived", "created_at", "updated_at", "created_by")
NEVER_WRITTEN = ("id", "createdAt", "updatedAt", "createdById")


class Relation:
    """What stands behind a name in `relations`. The serializer is named by a dotted string, as a ForeignKey names its
    model, so that a lower floor can show rows of a higher one without importing it.

    `source="*"` is no relation in the database: columns of the row itself that are shown as an object of their own."""

    def __init__(self, serializer: str | type[serializers.BaseSerializer], source: str | None = None) -> None:
        self._serializer = serializer
        self.source = source

    @property
    def serializer(self) -> Any:
        return import_string(self._serializer) if isinstance(self._serializer, str) else self._serializer

    @property
    def is_embedded(self) -> bool:
        return self.source == "*"


class BodySerializer(serializers.Serializer):
    """An object within a body, or the body of an action. Keys that it does not know are refused; one that can't be
    written may stand there empty, as GET shows it."""

    def to_internal_value(self, data):
        if isinstance(data, dict):
            errors = {}
            for key, value in data.items():
                if key not in self.fields:
                    allowed = ", ".join(sorted(name for name, field in self.fields.items() if not field.read_only))
                    errors[key[:100]] = [ErrorDetail(f"Unknown key. Allowed: {allowed}.", "unknown")]
                elif self.fields[key].read_only and value is not None:
                    errors[key] = [ErrorDetail("This can't be written.", "read_only")]
            if errors:
                raise serializers.ValidationError(errors)
        return super().to_internal_value(data)


class ModelSerializer(serializers.ModelSerializer):
    """`Meta.fields` are model names, their API names follow; a ForeignKey `source` is `sourceId`.

    It declares what is shown, which `api.reading` reads; as a serializer it takes what is written. context:
    `request`."""

    relations: ClassVar[dict[str, Relation]] = {}
    #: How rows of this kind are ordered in a list that is part of another row.
    order_in_lists: ClassVar[tuple[str, ...]] = ("created_at", "pk")

    serializer_field_mapping: ClassVar = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.BooleanField: fields.BooleanField,
        models.CharField: fields.CharField,
        models.DateField: fields.DateField,
        models.DateTimeField: fields.TimestampField,
        models.EmailField: fields.EmailField,
        models.IntegerField: fields.IntegerField,
        models.PositiveSmallIntegerField: fields.IntegerField,
        models.TextField: fields.CharField,
        models.URLField: fields.URLField,
        models.DecimalField: fields.RatingField,
    }
    serializer_related_field = fields.ScopedRelatedField
    serializer_choice_field = fields.ChoiceField

    instance: Any
    Meta: Any
    #: Shown with every row, before those of `Meta.fields`.
    always: ClassVar[tuple[str, ...]] = OWNED

    def get_field_names(self, declared_fields, info):
        return [*self.always, *super().get_field_names(declared_fields, info)]

    def get_fields(self) -> dict[str, serializers.Field]:
        named: dict[str, serializers.Field] = {}
        fixed = self.fixed
        for name, field in super().get_fields().items():
            is_key = isinstance(field, serializers.PrimaryKeyRelatedField)
            api_name = camelize(name) + ("Id" if is_key else "")
            if api_name != name and field.source is None:
                field.source = name
            field.read_only = field.read_only or api_name in NEVER_WRITTEN or name in fixed
            if field.read_only or api_name == "organizationId":
                # Who belongs to one organization need not name it.
                field.required = False
            named[api_name] = field
        return named

    @property
    def prototypes(self) -> dict[str, serializers.Field]:
        """The fields, made once for all serializers of the class. They belong to none."""
        kind = (type(self), frozenset(self.fixed))
        if kind not in _prototypes:
            _prototypes[kind] = self.get_fields()
        return _prototypes[kind]

    @cached_property
    def fields(self):
        """Copies of the prototypes; to read a body, of those that it says something about, or should."""
        fields = BindingDict(self)
        given = getattr(self, "initial_data", None)
        for name, field in self.prototypes.items():
            if not isinstance(given, dict) or name in given or field.required or field.default is not empty:
                fields[name] = copied(field)
        return fields

    @property
    def fixed(self) -> set[str]:
        """The model names that can't be written (any more): whose the row is, and what `Meta.fixed` adds."""
        parent = self.Meta.model.parent
        if isinstance(self.instance, models.Model):
            return {"organization", parent, *getattr(self.Meta, "fixed", ())}
        return {"organization"} if parent else set()

    def build_standard_field(self, field_name, model_field):
        field_class, options = super().build_standard_field(field_name, model_field)
        if issubclass(field_class, fields.RatingField):
            kept = ("read_only", "required", "allow_null", "help_text", "label")
            options = {key: value for key, value in options.items() if key in kept}
            return (fields.RatingField, options) if model_field.editable else (fields.MeanField, {})
        return field_class, options

    def include_extra_kwargs(self, kwargs, extra_kwargs):
        # Uniqueness is the database's to say: asked for beforehand, it costs a query and can still be wrong.
        kwargs["validators"] = [v for v in kwargs.get("validators", []) if not hasattr(v, "queryset")]
        if not kwargs["validators"]:
            del kwargs["validators"]
        return super().include_extra_kwargs(kwargs, extra_kwargs)

    def get_unique_together_validators(self):
        return []

    def get_unique_for_date_validators(self):
        return []

    # In.

    def validate(self, attrs):
        """Refuse ids of another organization than the row's, in the words for ids that don't exist."""
        owner = self.owner_id(attrs)
        errors = {
            name: [ErrorDetail(fields.NO_SUCH_ROW, "does_not_exist")]
            for name, field in self.fields.items()
            if getattr(field, "in_organization", False) and field.source != "organization"
            for value in [attrs.get(field.source)]
            for row in (value if isinstance(value, list) else [value])
            if row is not None and row.organization_id != owner
        }
        if errors:
            raise serializers.ValidationError(errors)
        return attrs

    def owner_id(self, attrs: dict[str, Any]):
        """The organization of the row being written."""
        row: Any = self.instance
        if isinstance(row, models.Model):
            return row.organization_id  # type: ignore[attr-defined]
        parent = self.Meta.model.parent
        owner = attrs.get(parent) if parent else attrs.get("organization")
        return getattr(owner, "organization_id", None) if parent else getattr(owner, "pk", None)


_prototypes: dict[tuple[type, frozenset[str]], dict[str, serializers.Field]] = {}


def copied(field: serializers.Field) -> serializers.Field:
    """A field for another serializer. One with fields of its own is copied whole: they know whose they are."""
    is_whole = isinstance(field, serializers.BaseSerializer) or hasattr(field, "child")
    return copy.deepcopy(field) if is_whole else copy.copy(field)


@cache
def api_fields(serializer: type[ModelSerializer]) -> dict[str, serializers.Field]:
    """The fields of a serializer by API name, each with the `source` that it reads."""
    found = dict(serializer().fields)
    for field in found.values():
        field.source = field.source or snake(field.field_name)
    return found


def relation_tree(paths: Iterable[str]) -> Relations:
    """`["a", "b.c"]` → `{"a": {}, "b": {"c": {}}}`."""
    tree: Relations = {}
    for path in paths:
        below = tree
        for step in path.split("."):
            below = below.setdefault(step, {})
    return tree


def related_field(serializer: type[ModelSerializer], name: str) -> Any:
    """The relation of the model behind a name of `relations`."""
    relation = serializer.relations[name]
    found = serializer.Meta.model._meta.get_field(relation.source or snake(name))
    if not found.is_relation:
        raise LookupError(f"{serializer.__name__}.relations[{name!r}] is no relation of {serializer.Meta.model}.")
    if not hasattr(found.related_model._default_manager, "permitted"):
        raise LookupError(f"{found.related_model} does not say who may see it: it has no permitted().")
    return found
