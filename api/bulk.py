"""Many rows in one request: all of them or none, at a number of statements that does not grow with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail
from rest_framework.response import Response

from .bodies import refuse_different, refuse_unknown, writable_keys
from .fields import ScopedRelatedField
from .serializers import api_fields
from .viewsets import CreateMixin

#: Objects in the array of a bulk.
MAX_ROWS = 1000

Item = TypeVar("Item")
Found = TypeVar("Found")


class BulkCreateMixin(CreateMixin):
    """`POST …/bulk`: an array of bodies as `create` takes one."""

    @action(detail=False, methods=["post"])
    def bulk(self, request, *args, **kwargs):
        """Make up to 1,000: all of them or none. Each object is a body as the single POST takes it; the answer has the
        rows in the same order. What is wrong with the fourth object stands under `[3]`."""
        return Response(self.write(self.write_many), status=status.HTTP_201_CREATED)

    def get_serializer_class(self):
        return (
            self.bodies.get("create", self.serializer_class)
            if self.action == "bulk"
            else super().get_serializer_class()
        )

    def write_many(self) -> list[Any]:
        parted = self.parted_bodies()
        rows = self.perform_bulk(self.values_of_many([body for body, _ in parted]))
        shown = self.fresh_many([row.pk for row in rows], {**self.shown_after_write, **self.question.relations})
        each(zip((fixed for _, fixed in parted), shown, strict=True), lambda pair: refuse_different(*pair))
        return shown

    def parted_bodies(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Of each body, what can be written, and what can't be, as `parted_body` has it of one."""
        serializer = self.get_serializer()
        writable = writable_keys(serializer)
        known = writable | api_fields(self.serializer_class).keys()

        def parted(body: Any) -> tuple[dict[str, Any], dict[str, Any]]:
            if not isinstance(body, Mapping):
                raise serializers.ValidationError(["This must be a JSON object."], "invalid")
            if not body.keys() <= known:
                refuse_unknown(serializer, body, also=known)
            return (
                {key: value for key, value in body.items() if key in writable},
                {key: value for key, value in body.items() if key not in writable},
            )

        return each(self.rows_of_body(), parted)

    def rows_of_body(self) -> list[Any]:
        rows = self.request.data
        if not isinstance(rows, list) or not 1 <= len(rows) <= MAX_ROWS:
            raise serializers.ValidationError({"": [f"The body must be a JSON array of 1 to {MAX_ROWS:,} objects."]})
        return rows

    def values_of_many(self, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """As `values_of` for each; all ids that they hold are looked up together."""
        if any("organizationId" not in body for body in bodies):
            only = self.user.only_organization_id
            bodies = [body if only is None else {"organizationId": str(only), **body} for body in bodies]
        # One serializer for all, with the fields that any of them speaks of.
        spoken_of = {"organizationId": None, **dict.fromkeys(key for body in bodies for key in body)}
        serializer: Any = self.get_serializer(data=spoken_of)
        serializer.fields["organizationId"].required = True
        read_ahead(serializer, bodies)
        rows = [dict(values) for values in each(bodies, serializer.run_validation)]
        for organization_id in {values["organization"].pk for values in rows}:
            self.require(self.model.permission("add"), organization_id)
        return rows

    def perform_bulk(self, rows: Sequence[dict[str, Any]]) -> list[Any]:
        """Make the rows by an action, and answer them in the same order."""
        raise NotImplementedError


def each(items: Iterable[Item], check: Callable[[Item], Found]) -> list[Found]:
    """`check` of every item. ValidationError with what is wrong with any of them, under its index: `[3]`."""
    found = []
    errors: dict[str, Any] = {}
    for index, item in enumerate(items):
        try:
            found.append(check(item))
        except serializers.ValidationError as error:
            errors[f"[{index}]"] = error.detail
    if errors:
        raise serializers.ValidationError(errors)
    return found


def refuse_twice(keys: Sequence[Hashable], field: str) -> None:
    """400 for what stands in several rows of a body and may be stored once. `field` is its name in each row."""
    places = defaultdict(list)
    for index, key in enumerate(keys):
        places[key].append(index)
    errors = {}
    for indexes in places.values():
        words = f"The same stands in {', '.join(f'[{index}]' for index in indexes)}."
        for index in indexes if len(indexes) > 1 else ():
            errors[f"[{index}].{field}"] = [ErrorDetail(words, "duplicate")]
    if errors:
        raise serializers.ValidationError(errors)


def read_ahead(serializer: Any, bodies: Any) -> None:
    """Read the rows that the ids in these bodies name and the caller may view, one statement for each field that holds
    ids."""
    for path, field in fields_of_ids(serializer):
        ids = {UUID(value) for value in values_at(bodies, path) if is_uuid(value)}
        visible = field.model._default_manager.permitted(field.context["request"].user, "view")
        rows = visible.filter(pk__in=ids) if ids else ()
        field.read_ahead = {row.pk: row for row in rows}


def fields_of_ids(field: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], ScopedRelatedField]]:
    """Where in a body ids stand: `("members", "employeeId")`. A list is no step of its own."""
    if isinstance(field, ScopedRelatedField):
        yield above, field
    elif hasattr(field, "child"):
        yield from fields_of_ids(field.child, above)
    for name, below in getattr(field, "fields", {}).items():
        if not below.read_only:
            yield from fields_of_ids(below, (*above, name))


def values_at(body: Any, path: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(body, list):
        for item in body:
            yield from values_at(item, path)
    elif not path:
        yield body
    elif isinstance(body, Mapping) and path[0] in body:
        yield from values_at(body[path[0]], path[1:])


def is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False
