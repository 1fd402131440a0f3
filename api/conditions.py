"""One condition of `where`: the operators of a column by its type, as django-filter filters that are never skipped."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django import forms
from django.db import models
from django.db.models import Q

from .fields import parse_day, parse_timestamp

RANGES = ("gt", "gte", "lt", "lte", "between")
ANY = ("eq", "ne", "in", "isNull")
TEXTS = ("contains", "startsWith")
OPERATORS = ("ne", "gt", "gte", "lt", "lte", "in", "between", "contains", "startsWith", "isNull")


class BooleanField(forms.Field):
    def to_python(self, value):
        if value not in {"true", "false"}:
            raise forms.ValidationError("Must be true or false.")
        return value == "true"


class ParsedField(forms.Field):
    """A text that `parse` understands."""

    def __init__(self, parse: Callable[[str], Any], kind: str, **options: Any) -> None:
        super().__init__(**options)
        self.parse, self.kind = parse, kind

    def to_python(self, value):
        try:
            return self.parse(value)
        except ValueError as error:
            raise forms.ValidationError(f"Must be a {self.kind}.") from error


class PlainNumber(forms.Field):
    """Digits as everyone writes them: Python's own reading also takes `1_000`, ` 1` and other scripts' digits."""

    def to_python(self, value):
        if not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", value):
            raise forms.ValidationError("Must be a number.")
        return super().to_python(value)


class DecimalField(PlainNumber, forms.DecimalField):
    pass


class IntegerField(PlainNumber, forms.IntegerField):
    pass


class ChoiceField(forms.ChoiceField):
    def validate(self, value):
        if not self.valid_value(value):
            choices: Any = self.choices
            names = [str(name) for name, _ in choices]
            allowed = ", ".join(names[:10]) + (", …" if len(names) > 10 else "")
            raise forms.ValidationError(f"Must be one of {allowed}.")


class Operand(forms.Field):
    """What stands behind an operator: one value, or for `in` and `between` several."""

    def __init__(self, each: forms.Field, *, nullable: bool, size: range | None = None) -> None:
        super().__init__(required=True)
        self.each, self.nullable, self.size = each, nullable, size

    def clean(self, value):
        if self.size is None:
            if not isinstance(value, str):
                raise forms.ValidationError("Takes one value.")
            return self._one(value)
        if not isinstance(value, list) or len(value) not in self.size:
            raise forms.ValidationError("Takes two values." if self.size == range(2, 3) else "Takes an array.")
        return [self._one(item) for item in value]

    def _one(self, text: str) -> Any:
        return None if self.nullable and text == "null" else self.each.clean(text)


class Condition(django_filters.Filter):
    """A filter that applies whenever it is named: an empty value is a value and not "no filter"."""

    def __init__(self, column: str, operator: str, operand: Operand, prepare: Callable[[Any], Any]) -> None:
        super().__init__(field_name=column)
        self.operator, self.operand, self.prepare = operator, operand, prepare

    @property
    def field(self):
        return self.operand

    def filter(self, qs, value):
        return qs.filter(self.as_q(value))

    def as_q(self, value: Any) -> Q:
        column = self.field_name
        match self.operator:
            case "isNull":
                return Q(**{f"{column}__isnull": value})
            case "eq" | "ne":
                same = Q(**{f"{column}__isnull": True}) if value is None else Q(**{column: self.prepare(value)})
                return ~same if self.operator == "ne" else same
            case "in":
                among = Q(**{f"{column}__in": [self.prepare(item) for item in value if item is not None]})
                return among | Q(**{f"{column}__isnull": True}) if None in value else among
            case "between":
                return Q(**{f"{column}__gte": value[0], f"{column}__lte": value[1]})
            case "contains" | "startsWith":
                return Q(**{f"{column}__{self.operator.lower()}": self.prepare(value)})
        return Q(**{f"{column}__{self.operator}": value})


def conditions(column: str, field: models.Field, twin: Any = None) -> dict[str, Condition]:
    """Operator → condition for a column. `twin` is its folded column, without which a text can't ignore case."""
    each = _form_field(field)
    nullable = field.null
    # An e-mail address is the same in any case, so its equality is asked of the folded column too.
    is_folded = twin is not None and isinstance(field, models.EmailField)
    made = {}
    for operator in _operators(field, twin):
        uses_twin = twin is not None and (operator in TEXTS or (is_folded and operator != "isNull"))
        made[operator] = Condition(
            twin.name if uses_twin else column,
            operator,
            _operand(operator, each, nullable),
            twin.derive if uses_twin else _as_is,
        )
    return made


def _operand(operator: str, each: forms.Field, nullable: bool) -> Operand:
    if operator == "isNull":
        return Operand(BooleanField(), nullable=False)
    if operator == "between":
        return Operand(each, nullable=False, size=range(2, 3))
    if operator == "in":
        return Operand(each, nullable=nullable, size=range(1, 1001))
    return Operand(each, nullable=nullable and operator in {"eq", "ne"})


def _operators(field: models.Field, twin: Any) -> tuple[str, ...]:
    if isinstance(field, models.DateField | models.DecimalField | models.IntegerField) and not field.choices:
        return (*ANY, *RANGES)
    return (*ANY, *TEXTS) if twin is not None else ANY


def _form_field(field: models.Field) -> forms.Field:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if field.choices:
        return ChoiceField(choices=field.choices)
    match field:
        case models.BooleanField():
            return BooleanField()
        case models.UUIDField():
            return forms.UUIDField(error_messages={"invalid": "Must be a UUID."})
        case models.DateTimeField():
            return ParsedField(parse_timestamp, "timestamp such as 2024-01-10T09:30:00.000Z")
        case models.DateField():
            return ParsedField(parse_day, "date such as 2024-01-10")
        case models.DecimalField():
            return DecimalField(max_digits=field.max_digits, decimal_places=field.decimal_places)
        case models.IntegerField():
            return IntegerField()
        case models.CharField() | models.TextField():
            return forms.CharField(required=False, strip=False)
    raise TypeError(f"{field} can't be filtered by: no way to read its values from a text.")


def _as_is(value: Any) -> Any:
    return value
