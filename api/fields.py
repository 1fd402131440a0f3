"""Fields that take what their type says and nothing near it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.validators import URLValidator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from .moments import parse_day, parse_timestamp, show_timestamp
from .statements import visible_row

NO_SUCH_ROW = "There is no such row."


class CharField(serializers.CharField):
    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class EmailField(serializers.EmailField, CharField):
    pass


class URLField(serializers.URLField, CharField):
    """A web address: a link that someone may click on must not be of another scheme."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators = [v for v in self.validators if not isinstance(v, URLValidator)]
        self.validators.append(URLValidator(schemes=["http", "https"], message=self.error_messages["invalid"]))


class ChoiceField(serializers.ChoiceField):
    default_error_messages = {"invalid_choice": "“{input}” is not one of {allowed}."}

    def to_internal_value(self, data):
        if not isinstance(data, str) or data not in self.choices:
            allowed = ", ".join(str(choice) for choice in list(self.choices)[:10])
            more = ", …" if len(self.choices) > 10 else ""
            self.fail("invalid_choice", input=str(data)[:50], allowed=allowed + more)
        return data


class BooleanField(serializers.BooleanField):
    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class IntegerField(serializers.IntegerField):
    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return data


class TimestampField(serializers.DateTimeField):
    default_error_messages = {"invalid": "Not a timestamp: write 2024-01-10T09:30:00.000Z or 2024-01-10."}

    def to_internal_value(self, value):
        try:
            return parse_timestamp(value)
        except (TypeError, ValueError):
            self.fail("invalid")

    def to_representation(self, value):
        return show_timestamp(value)


class DateField(serializers.DateField):
    default_error_messages = {"invalid": "Not a date: write 2024-01-10."}

    def to_internal_value(self, value):
        try:
            return parse_day(value)
        except (TypeError, ValueError):
            self.fail("invalid")


@extend_schema_field({"type": "number", "minimum": 0, "maximum": 5, "multipleOf": 0.5})
class RatingField(serializers.Field):
    """A JSON number from 0 to 5 in half steps."""

    default_error_messages = {"invalid": "A rating is a number from 0 to 5 in half steps."}

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int | float) or not 0 <= data <= 5 or data * 2 % 1:
            self.fail("invalid")
        return Decimal(str(data))

    def to_representation(self, value):
        return float(value)


@extend_schema_field({"type": "number", "minimum": 0, "maximum": 5, "readOnly": True})
class MeanField(serializers.Field):
    """A mean of ratings: two decimals. `asks` names the rule of the model that tells what a user may see of it, from
    the columns that it `reads`."""

    def __init__(self, *, asks: str = "", reads: Sequence[str] = (), **options: Any) -> None:
        self.asks, self.reads = asks, reads
        super().__init__(read_only=True, **options)

    def to_representation(self, value):
        return float(value)


@extend_schema_field(OpenApiTypes.UUID)
class ScopedRelatedField(serializers.PrimaryKeyRelatedField):
    """The id of a row that the caller may view. One that they may not is told from one that isn't there by nobody.
    That both rows are of one organization is checked by the serializer, which knows the row being written."""

    in_organization = True
    #: The rows that may be named, by id, where they were read for many bodies at once.
    read_ahead: Mapping[UUID, Any] | None = None

    @property
    def model(self) -> Any:
        rows: Any = self.get_queryset()
        return rows.model

    default_error_messages = {
        "does_not_exist": NO_SUCH_ROW,
        "incorrect_type": "An id is a text (UUID).",
        "invalid": "Not a valid UUID.",
    }

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("incorrect_type")
        key = serializers.UUIDField(error_messages={"invalid": self.error_messages["invalid"]}).to_internal_value(data)
        if self.read_ahead is not None:
            row = self.read_ahead.get(key)
        else:
            row = visible_row(self.model, key, self.context["request"].user)
        if row is None:
            self.fail("does_not_exist")
        return row

    def to_representation(self, value):
        return str(value.pk)
