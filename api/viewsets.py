"""The one base viewset: scope, write in a transaction, read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from .errors import BadParameter, Conflict
from .parser import Tree, parse
from .query import Query
from .serializers import ModelSerializer, Relations

#: Parameters that each action takes.
LIST_PARAMETERS = frozenset({"take", "skip", "where", "order", "relations"})
PARAMETERS = {
    "list": LIST_PARAMETERS,
    "pagination": LIST_PARAMETERS,
    "count": frozenset({"where"}),
    "destroy": frozenset[str](),
}
ONE_ROW_PARAMETERS = frozenset({"relations"})


class BaseViewSet(GenericViewSet):
    """A resource: its declaration, and what all of its routes have in common."""

    serializer_class: type[ModelSerializer]
    query: ClassVar[Query]
    #: Action → the serializer of its body, where it is another than the resource's own.
    bodies: ClassVar[dict[str, type[serializers.BaseSerializer]]] = {}
    #: Extra action → the permission that it needs.
    permissions: ClassVar[dict[str, str]] = {}
    #: Relations that the answer to a write shows unasked.
    shown_after_write: ClassVar[Relations] = {}
    #: Extra action → the parameters that it takes.
    parameters: ClassVar[dict[str, frozenset[str]]] = {}
    #: Paths to the rows that are locked before the row itself: writers that lock in another order meet in a deadlock.
    lock_first: ClassVar[tuple[str, ...]] = ()
    model: ClassVar[Any]
    lookup_value_regex = "[^/]+"

    @classmethod
    def bind(cls) -> None:
        """Resolve the declaration. Called once, when all floors are imported."""
        if not hasattr(cls.model._default_manager, "permitted"):
            raise LookupError(f"{cls.model} does not say who may see it: it has no permitted().")
        cls.query.bind(cls.serializer_class)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if hasattr(cls, "serializer_class") and cls.serializer_class:
            cls.model = cls.serializer_class.Meta.model

    @property
    def user(self) -> Any:
        return self.request.user

    # What was asked.

    @cached_property
    def asked(self) -> Tree:
        """The query string, every parameter of it one that this action takes."""
        asked = parse(self.request.META.get("QUERY_STRING", ""))
        known = self.parameters.get(self.action) or PARAMETERS.get(self.action, ONE_ROW_PARAMETERS)
        for name in asked:
            if name not in known:
                raise BadParameter(name[:200], "no such parameter here", known)
        return asked

    @cached_property
    def asked_relations(self) -> Relations:
        return self.query.asked_relations(self.asked.get("relations", []))

    # Rows, through the scope.

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        _ = self.asked, self.asked_relations

    def get_queryset(self):
        return self.model._default_manager.permitted(self.user, "view")

    def row_of_path(self, *, lock: bool = False) -> Any:
        """The row that the path names, locked for a write if asked; 404 if it is not there or not the caller's."""
        rows = self.get_queryset().filter(pk=path_id(self.kwargs["pk"]))
        if lock:
            self._lock_above(rows)
            rows = rows.select_for_update(of=("self",))
        row = rows.first()
        if row is None:
            raise Http404
        return row

    def _lock_above(self, rows: models.QuerySet) -> None:
        for path in self.lock_first:
            above = self.model
            for step in path.split("__"):
                above = above._meta.get_field(step).related_model
            list(above._base_manager.select_for_update().filter(pk__in=rows.order_by().values(path)))

    def require_change(self, row: Any, action: str) -> None:
        """403 if the caller sees the row but may not `action` it."""
        if not self.model._default_manager.permitted(self.user, action).filter(pk=row.pk).exists():
            raise PermissionDenied

    def require(self, permission: str, organization_id: Any) -> None:
        """403 if the caller's role there lacks the permission."""
        if not self.user.may(permission, organization_id):
            raise PermissionDenied

    # In and out.

    def get_serializer_context(self):
        return {**super().get_serializer_context(), "relations": {}}

    def get_serializer_class(self):
        return self.bodies.get(self.action, self.serializer_class)

    def show(self, rows: Sequence[Any], relations: Relations | None = None) -> list[Any]:
        """The rows as GET shows them."""
        relations = self.asked_relations if relations is None else relations
        self.query.load(rows, relations, self.user)
        context = {**self.get_serializer_context(), "relations": relations}
        return list(self.serializer_class(rows, many=True, context=context).data)

    def fresh(self, pk: Any, relations: Relations | None = None) -> Any:
        """The row as GET shows it, read again through the scope: what the caller may not see, they may not make."""
        relations = self.asked_relations if relations is None else relations
        row = self.get_queryset().filter(pk=pk).first()
        if row is None:
            raise PermissionDenied
        return self.show([row], relations)[0]

    def body(self) -> Mapping[str, Any]:
        """The body, which must be an object."""
        if not isinstance(self.request.data, Mapping):
            raise serializers.ValidationError({"": ["The body must be a JSON object."]})
        return self.request.data

    def validated(self, body: Mapping[str, Any]) -> dict[str, Any]:
        serializer = self.get_serializer(data=body)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class ListMixin(BaseViewSet):
    def list(self, request, *args, **kwargs):
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(self.show(page))

    @action(detail=False, methods=["get"])
    def pagination(self, request, *args, **kwargs):
        """The list, under the name that some clients know it by."""
        return self.list(request, *args, **kwargs)

    @action(detail=False, methods=["get"], pagination_class=None)
    def count(self, request, *args, **kwargs):
        """How many rows match `where`: a bare number."""
        return Response(self.filter_queryset(self.get_queryset()).order_by().count())


class RetrieveMixin(BaseViewSet):
    def retrieve(self, request, *args, **kwargs):
        return Response(self.show([self.row_of_path()])[0])


class CreateMixin(BaseViewSet):
    def create(self, request, *args, **kwargs):
        with transaction.atomic():
            shown = self.write_new()
        return Response(shown, status=status.HTTP_201_CREATED)

    def write_new(self) -> Any:
        body = dict(self.body())
        serializer = self.get_serializer()
        writable = writable_keys(serializer)
        fixed = {key: value for key, value in body.items() if key not in writable}
        refuse_unknown(serializer, body, also=self.serializer_class(context=self.get_serializer_context()).fields)
        values = self.values_of({key: value for key, value in body.items() if key in writable})
        row = self.perform_create(values)
        shown = self.fresh(row.pk, {**self.shown_after_write, **self.asked_relations})
        refuse_different(fixed, shown)
        return shown

    def values_of(self, body: dict[str, Any]) -> dict[str, Any]:
        """The validated values, with the organization of the new row, in which the caller may add."""
        parent = self.model.parent
        if not parent and "organizationId" not in body:
            body["organizationId"] = self._only_organization()
        values = self.validated(body)
        if parent:
            values["organization"] = values[parent].organization
        self.require(self.permissions.get(self.action, self.model.permission("add")), values["organization"].pk)
        return values

    def _only_organization(self) -> str:
        """The organization of a caller who belongs to one, and so need not name it."""
        only = self.user.only_organization_id
        if only is None:
            words = {"organizationId": [ErrorDetail("This field is required.", "required")]}
            raise serializers.ValidationError(words)
        return str(only)

    def perform_create(self, values: dict[str, Any]) -> Any:
        """Make the row; for more than one row, an action does it."""
        return self.model._default_manager.create(**values, created_by=self.user)


class UpdateMixin(BaseViewSet):
    def update(self, request, *args, **kwargs):
        with transaction.atomic():
            return Response(self.write_changes(self.row_of_path(lock=True)))

    def partial_update(self, request, *args, **kwargs):
        return self.update(request, *args, **kwargs)

    def write_changes(self, row: Any) -> Any:
        """What differs from the caller's own GET is the change; all else in the body changes nothing."""
        self.require_change(row, "change")
        body = self.body()
        shown = self.fresh(row.pk, relations_in(body, self.query.includable))
        changes = changes_in(body, shown, self.get_serializer(row, partial=True))
        serializer = self.get_serializer(row, data=changes, partial=True)
        serializer.is_valid(raise_exception=True)
        self.perform_update(row, dict(serializer.validated_data))
        return self.fresh(row.pk, {**self.shown_after_write, **self.asked_relations})

    def perform_update(self, row: Any, values: dict[str, Any]) -> None:
        """Write the values; for more than one row, an action does it."""
        for name, value in values.items():
            setattr(row, name, value)
        row.save()


class DestroyMixin(BaseViewSet):
    def destroy(self, request, *args, **kwargs):
        with transaction.atomic():
            row = self.row_of_path(lock=True)
            self.require_change(row, "delete")
            self.perform_destroy(row)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def perform_destroy(self, row: Any) -> None:
        row.delete()


class ReadOnlyViewSet(ListMixin, RetrieveMixin):
    """List and read."""


class ModelViewSet(CreateMixin, UpdateMixin, DestroyMixin, ReadOnlyViewSet):
    """List, read, create, change, delete."""


class NestedViewSet(ListMixin):
    """The parts of one row, under its path: `/whole/{whole_pk}/parts`."""

    @cached_property
    def whole(self) -> Any:
        """The row of the path; 404 if it is not there or not the caller's."""
        model = self.model._meta.get_field(self.model.parent).related_model
        row = model._default_manager.permitted(self.user, "view").filter(pk=path_id(self.kwargs["whole_pk"])).first()
        if row is None:
            raise Http404
        return row

    def get_queryset(self):
        return super().get_queryset().filter(**{self.model.parent: self.whole})


def path_id(text: str) -> Any:
    """400 for an id in the path that is no UUID."""
    return serializers.UUIDField(error_messages={"invalid": "Not a valid UUID."}).run_validation(text)


def writable_keys(serializer: Any) -> set[str]:
    return {name for name, field in serializer.fields.items() if not field.read_only}


def changes_in(body: Mapping[str, Any], shown: Mapping[str, Any], serializer: Any) -> dict[str, Any]:
    """The part of a body that differs from what the caller is shown, once all of it is known to be writable.

    400 for unknown keys and for others that differ, 409 for an `updatedAt` that is not the stored one."""
    writable = writable_keys(serializer)
    changes = {key: value for key, value in body.items() if not (key in shown and same(value, shown[key]))}
    refuse_unknown(serializer, changes, also=shown)
    refuse_stale(changes, shown)
    refuse_different({key: value for key, value in changes.items() if key not in writable}, shown)
    return {key: narrowed(value, shown.get(key)) for key, value in changes.items() if key in writable}


def narrowed(sent: Any, shown: Any) -> Any:
    """An object without what it has in common with the one shown; a list of rows with those that are sent back under
    their id reduced to what changes in them."""
    if isinstance(sent, dict) and isinstance(shown, dict):
        return {key: value for key, value in sent.items() if not (key in shown and same(value, shown[key]))}
    if isinstance(sent, list) and isinstance(shown, list):
        return known_rows(sent, shown)
    return sent


def refuse_unknown(serializer: Any, body: Mapping[str, Any], also: Any = ()) -> None:
    """400 naming the keys of a body that nobody knows."""
    unknown = [key for key in body if key not in serializer.fields and key not in also]
    if unknown:
        allowed = ", ".join(sorted(writable_keys(serializer)))
        words = f"Unknown key. Allowed: {allowed}."
        raise serializers.ValidationError({key[:100]: [words] for key in unknown}, "unknown")


def refuse_stale(changes: Mapping[str, Any], shown: Mapping[str, Any]) -> None:
    sent = changes.get("updatedAt")
    if sent is None:
        return
    field = serializers.DateTimeField()
    if field.run_validation(sent) != field.run_validation(shown["updatedAt"]):
        raise Conflict("The row was changed meanwhile.", "changed_meanwhile")


def refuse_different(fixed: Mapping[str, Any], shown: Mapping[str, Any]) -> None:
    """400 for what can't be written and is sent with another value than it has."""
    different = [k for k, value in fixed.items() if k != "updatedAt" and not (k in shown and same(value, shown[k]))]
    if different:
        raise serializers.ValidationError({key: ["This can't be written."] for key in different}, "read_only")


def same(sent: Any, shown: Any) -> bool:
    """Is what was sent what is shown? Of an object, a part is enough; a list must be whole."""
    if isinstance(sent, dict) and isinstance(shown, dict):
        return all(key in shown and same(value, shown[key]) for key, value in sent.items())
    if isinstance(sent, list) and isinstance(shown, list):
        return len(sent) == len(shown) and all(map(same, sent, shown))
    if isinstance(sent, bool) != isinstance(shown, bool):
        return False
    return sent == shown or (isinstance(shown, str) and isinstance(sent, str) and same_moment(sent, shown))


def same_moment(sent: str, shown: str) -> bool:
    """Two spellings of one timestamp."""
    if not (shown.endswith("Z") and sent[:1].isdigit()):
        return False
    field = serializers.DateTimeField()
    try:
        return field.run_validation(sent) == field.run_validation(shown)
    except serializers.ValidationError:
        return False


def known_rows(sent: list[Any], shown: list[Any]) -> list[Any]:
    """Rows that are sent back under their id need to carry what changes only; their fixed keys must be as shown."""
    by_id = {row["id"]: row for row in shown if isinstance(row, dict) and "id" in row}
    return [
        {key: value for key, value in row.items() if key == "id" or not same(value, by_id[row["id"]].get(key))}
        if isinstance(row, dict) and isinstance(row.get("id"), str) and row["id"] in by_id
        else row
        for row in sent
    ]


def relations_in(body: Any, includable: Relations) -> Relations:
    """The declared relations that a body holds, as deep as it holds them."""
    tree: Relations = {}
    for row in body if isinstance(body, list) else [body]:
        if isinstance(row, Mapping):
            for name in includable:
                if name in row:
                    found = relations_in(row[name], includable[name])
                    tree[name] = merged(tree.get(name, {}), found)
    return tree


def merged(one: Relations, other: Relations) -> Relations:
    return {name: merged(one.get(name, {}), other.get(name, {})) for name in {**one, **other}}
