"""Cursors: the place in a list after which the next page begins, so that page 10,000 costs what the first one does.

A cursor holds the values by which the last row was sorted. It is signed, so that nobody makes one up, and works for
the resource and the order that it was given for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, IntegerField, Q

from .errors import BadParameter
from .query import RANK, Sorted
from .statements import Following, Slot

SALT = "api.cursor"


def written(values: Sequence[Any], *, of: str, sorting: Sequence[Sorted]) -> str:
    """The cursor of the row with these values, in the order `sorting` of the resource `of`."""
    texts = [
        value.isoformat() if isinstance(value, date) else value if value is None else str(value) for value in values
    ]
    return signing.dumps([of, _order(sorting), texts], salt=SALT)


def read(cursor: str, *, of: str, sorting: Sequence[Sorted], model: Any) -> list[Any]:
    """The values that a cursor holds. BadParameter if it was not given for this list in this order."""
    try:
        for_, order, texts = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise BadParameter("cursor", "this list gave no such cursor; begin with an empty one") from error
    if (for_, order) != (of, _order(sorting)):
        raise BadParameter("cursor", "it was given for another list or another order; begin with an empty one")
    try:
        return [
            None if text is None else field_of(model, one).to_python(text)
            for text, one in zip(texts, sorting, strict=True)
        ]
    except (ValidationError, ValueError) as error:
        raise BadParameter("cursor", "it is of another version; begin with an empty one") from error


def _order(sorting: Sequence[Sorted]) -> list[list[Any]]:
    return [[one.column, one.rises] for one in sorting]


def field_of(model: Any, one: Sorted) -> Any:
    if one.column == RANK:
        return IntegerField()
    return model.computed.get(one.column) or model._meta.get_field(one.column)


@dataclass(frozen=True)
class Stretch:
    """Rows that follow a cursor and stand together in the order, found by one range of an index. `shape` is a list of
    conditions, each of a kind and some columns; the values are those that they take."""

    shape: tuple[tuple[str, tuple[Sorted, ...]], ...] = ()
    values: tuple[Any, ...] = ()

    def condition(self, model: Any, first_slot: int) -> Q:
        slots = iter(range(first_slot, first_slot + len(self.values)))
        return Q(*(_condition(kind, columns, model, slots) for kind, columns in self.shape))

    def among(self, kind: str, one: Sorted, value: Any = None) -> Stretch:
        """These rows among those where a column is filled, null or equal to a value."""
        values = (value,) if kind == "equal" else ()
        return Stretch(((kind, (one,)), *self.shape), (*values, *self.values))


def _condition(kind: str, columns: tuple[Sorted, ...], model: Any, slots: Iterator[int]) -> Q | Following:
    if kind in {"null", "filled"}:
        return Q(**{f"{columns[0].column}__isnull": kind == "null"})
    values = [Slot(next(slots), field_of(model, one)) for one in columns]
    if kind == "equal":
        return Q(**{columns[0].column: values[0]})
    return Following([F(one.column) for one in columns], values, ">" if columns[0].rises else "<")


def stretches(sorting: tuple[Sorted, ...], values: Sequence[Any]) -> Iterator[Stretch]:
    """The rows after those values, nearest first; without values all rows. Rows without a value stand last."""
    if not values:
        yield Stretch()
        return
    first, *rest = sorting
    value = values[0]
    if value is None:
        for stretch in stretches(tuple(rest), values[1:]):
            yield stretch.among("null", first)
        return
    if all(one.rises == first.rises and not one.nullable for one in rest):
        following = Stretch((("follow", sorting),), tuple(values))
        yield following.among("filled", first) if first.nullable else following
    else:
        for stretch in stretches(tuple(rest), values[1:]):
            yield stretch.among("equal", first, value)
        yield Stretch((("follow", (first,)),), (value,))
    if first.nullable:
        yield Stretch((("null", (first,)),))
