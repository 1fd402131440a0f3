"""One condition of `where`: the operators of a column by its type, as django-filter filters that are never skipped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django import forms
from django.db import connection, models
from django.db.models import Q

from .moments import parse_day, parse_timestamp
from .statements import Slot

RANGES = ("gt", "gte", "lt", "lte", "between")
ANY = ("eq", "ne", "in", "isNull")
TEXTS = ("contains", "startsWith")
#: Sorts after all that people write; it is no character.
LAST = "\U0010ffff"
OPERATORS = ("ne", "gt", "gte", "lt", "lte", "in", "between", "contains", "startsWith", "isNull")


def needs_ranges() -> bool:
    """SQLite finds the beginning of a text in an index only as a range, which says nothing new."""
    return connection.vendor == "sqlite"


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


@dataclass(frozen=True)
class Column:
    """What a condition compares: a column, and the folded twin that ignores case, if there is one."""

    name: str
    field: models.Field
    twin: Any = None

    @property
    def ignores_case(self) -> bool:
        """An e-mail address is the same in any case."""
        return self.twin is not None and isinstance(self.field, models.EmailField)


#: What a question's shape says of one condition, besides its operator.
Form = bool | str


class Condition(django_filters.Filter):
    """A filter that applies whenever it is named: an empty value is a value and not "no filter"."""

    def __init__(self, column: Column, operator: str, operand: Operand) -> None:
        super().__init__(field_name=column.name)
        self.column, self.operator, self.operand = column, operator, operand

    @property
    def field(self):
        return self.operand

    def taken(self, value: Any) -> tuple[Form, list[Any]]:
        """A cleaned operand → what of it decides the SQL, and the values that are bound to it."""
        match self.operator:
            case "isNull":
                return bool(value), []
            case "eq" | "ne":
                return value is None, [] if value is None else self._spelled(value)
            case "in":
                given = [item for item in value if item is not None]
                spelled = [self._spelled(item) for item in given]
                return None in value, [list(column) for column in zip(*spelled, strict=True)] or [[]] * self._spellings
            case "between":
                return False, list(value)
            case "contains":
                return False, [self.column.twin.derive(value)]
            case "startsWith":
                beginning = self.column.twin.derive(value)
                return False, [beginning, *([beginning, beginning + LAST] if needs_ranges() else [])]
        return False, [value]

    def as_q(self, form: Form, slots: Iterator[int]) -> Q:
        """The condition, for operands of this form, on the values that stand in the next slots."""
        name, field, twin = self.column.name, self.column.field, self.column.twin
        # Where there is a twin, it has the index.
        is_null = f"{twin.name if twin is not None else name}__isnull"
        match self.operator:
            case "isNull":
                return Q(**{is_null: form})
            case "eq" | "ne":
                same = Q(**{is_null: True}) if form else self._equal("exact", slots)
                return ~same if self.operator == "ne" else same
            case "in":
                among = self._equal("among", slots, many=True)
                return among | Q(**{is_null: True}) if form else among
            case "between":
                least, most = Slot(next(slots), field), Slot(next(slots), field)
                return Q(**{f"{name}__gte": least, f"{name}__lte": most})
            case "contains":
                return Q(**{f"{twin.name}__contains": Slot(next(slots), twin)})
            case "startsWith":
                kinds = ("startswith", "gte", "lt") if needs_ranges() else ("startswith",)
                return Q(**{f"{twin.name}__{kind}": Slot(next(slots), twin) for kind in kinds})
        return Q(**{f"{name}__{self.operator}": Slot(next(slots), field)})

    @property
    def _compared(self) -> list[models.Field]:
        """The columns of which an equality is asked: the twin has the index, the column itself the case."""
        twin = [] if self.column.twin is None else [self.column.twin]
        return twin if self.column.ignores_case else [*twin, self.column.field]

    @property
    def _spellings(self) -> int:
        return len(self._compared)

    def _spelled(self, value: Any) -> list[Any]:
        return [field.derive(value) if field is self.column.twin else value for field in self._compared]

    def _equal(self, lookup: str, slots: Iterator[int], *, many: bool = False) -> Q:
        q = Q()
        for field in self._compared:
            name = field.name if field is self.column.twin else self.column.name
            q &= Q(**{f"{name}__{lookup}": Slot(next(slots), field, many=many)})
        return q


def conditions(name: str, field: models.Field, twin: Any = None) -> dict[str, Condition]:
    """Operator → condition for a column. `twin` is its folded column, without which a text can't ignore case."""
    column, each = Column(name, field, twin), _form_field(field)
    return {
        operator: Condition(column, operator, _operand(operator, each, field.null))
        for operator in _operators(field, twin)
    }


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
