"""The one base viewset: scope, write in a transaction, read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, models, transaction
from django.http import Http404
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from .bodies import changes_in, refuse_different, refuse_unknown, relations_in, writable_keys
from .errors import BadParameter
from .listing import Listing
from .parser import Tree, parse
from .query import Asked, Query
from .serializers import ModelSerializer, Relations, api_fields
from .statements import Slot

#: Parameters that each action takes.
LIST_PARAMETERS = frozenset({"take", "skip", "cursor", "where", "order", "relations", "select"})
PARAMETERS = {
    "list": LIST_PARAMETERS,
    "pagination": LIST_PARAMETERS,
    "retrieve": frozenset({"relations", "select"}),
    "count": frozenset({"where"}),
    "destroy": frozenset[str](),
}
#: How often a write is begun again after a deadlock.
DEADLOCKS_TO_BEAR = 3
ONE_ROW_PARAMETERS = frozenset({"relations"})


#: Query strings up to this length are understood once and remembered.
SHORT = 2000


@dataclass(frozen=True)
class Question:
    """A query string, understood: what an action of a resource is asked, whoever asks."""

    parameters: Tree
    asked: Asked
    relations: Relations
    #: The fields that were selected; None for all of them.
    selected: frozenset[str] | None


@lru_cache(maxsize=1000)
def understood(viewset: type[BaseViewSet], action: str | None, query_string: str) -> Question:
    """BadParameter or ValidationError for what is not declared, or no value."""
    parameters, known = parse(query_string), viewset.parameters_of(action)
    for name in parameters:
        if name not in known:
            raise BadParameter(name[:200], "no such parameter here", known)
    query = viewset.query
    return Question(
        parameters,
        query.asked(parameters.get("where", {}), parameters.get("order", {})),
        query.asked_relations(parameters.get("relations", [])),
        query.asked_fields(parameters["select"]) if "select" in parameters else None,
    )


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
    stand_in: Any = None
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

    @classmethod
    def parameters_of(cls, action: str | None) -> frozenset[str]:
        """The parameters that an action takes."""
        parameters = {**PARAMETERS, **cls.parameters}.get(action or "", ONE_ROW_PARAMETERS)
        # What takes conditions takes words too.
        return parameters | {"search"} if cls.query.search and "where" in parameters else parameters

    @property
    def user(self) -> Any:
        return self.request.user

    # What was asked.

    @cached_property
    def question(self) -> Question:
        """The query string, understood."""
        # WSGI hands bytes over as if they were Latin-1.
        query_string = self.request.META.get("QUERY_STRING", "").encode("latin-1").decode("utf-8", "replace")
        understand = understood if len(query_string) <= SHORT else understood.__wrapped__
        return understand(type(self), self.action, query_string)

    @cached_property
    def asked(self) -> Asked:
        """Which rows, and in which order. A search is for what the caller may search."""
        asked, words = self.question.asked, self.question.parameters.get("search")
        return asked if words is None else self.query.searching(asked, words, self.user)

    # Rows, through the scope.

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        self.query.refuse_blind(self.asked, self.user)

    @property
    def acting(self) -> Any:
        """Whose scope it is: the caller's, or their stand-in's while a statement is made."""
        return self.stand_in or self.user

    def get_queryset(self):
        return self.model._default_manager.permitted(self.acting, "view")

    @property
    def path_values(self) -> tuple[Any, ...]:
        """The values of the path that narrow the rows. They stand in the first slots."""
        return ()

    def rows_for(self, stand_in: Any) -> models.QuerySet:
        """The rows that are asked for, to make a statement of."""
        self.stand_in = stand_in
        try:
            return self.filter_queryset(self.get_queryset())
        finally:
            self.stand_in = None

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
            # Not the key: rows that point at it may be written meanwhile.
            list(above._base_manager.select_for_update(no_key=True).filter(pk__in=rows.order_by().values(path)))

    def require_change(self, row: Any, action: str) -> None:
        """403 if the caller sees the row but may not `action` it."""
        if not self.model._default_manager.permitted(self.user, action).filter(pk=row.pk).exists():
            raise PermissionDenied

    def require(self, permission: str, organization_id: Any) -> None:
        """403 if the caller's role there lacks the permission."""
        if not self.user.may(permission, organization_id):
            raise PermissionDenied

    # In and out.

    def get_serializer_class(self):
        return self.bodies.get(self.action, self.serializer_class)

    def fresh(self, pk: Any, relations: Relations | None = None) -> Any:
        """The row as GET shows it, read again through the scope: what the caller may not see, they may not make."""
        return self.fresh_many([pk], relations)[0]

    def fresh_many(self, pks: Sequence[Any], relations: Relations | None = None) -> list[Any]:
        """As `fresh`, in the order of the keys."""
        shown = Listing(self).rows_of(pks, relations)
        if len(shown) < len(pks):
            raise PermissionDenied
        return shown

    def write(self, change: Callable[[], Any]) -> Any:
        """Do `change` in one transaction: all of it or nothing. Begun again if the database chose it to break a
        deadlock, which two writers of rows that refer to each other can always meet in."""
        for _ in range(DEADLOCKS_TO_BEAR):
            try:
                with transaction.atomic():
                    return change()
            except OperationalError as error:
                if not is_deadlock(error):
                    raise
        with transaction.atomic():
            return change()

    def body(self) -> Mapping[str, Any]:
        """The body, which must be an object."""
        if not isinstance(self.request.data, Mapping):
            raise serializers.ValidationError({"": ["The body must be a JSON object."]})
        return self.request.data

    def validated(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The values of a body that may hold writable keys only."""
        serializer = self.get_serializer(data=body)
        refuse_unknown(serializer, body)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class ListMixin(BaseViewSet):
    def list(self, request, *args, **kwargs):
        paginator: Any = self.paginator
        return Response(paginator.answer(Listing(self), self.question.parameters))

    @action(detail=False, methods=["get"])
    def pagination(self, request, *args, **kwargs):
        """The list, under the name that some clients know it by."""
        return self.list(request, *args, **kwargs)

    @action(detail=False, methods=["get"], pagination_class=None)
    def count(self, request, *args, **kwargs):
        """How many rows match `where`: a bare number."""
        return Response(Listing(self).total())


class RetrieveMixin(BaseViewSet):
    def retrieve(self, request, *args, **kwargs):
        for shown in Listing(self).rows_of([path_id(self.kwargs["pk"])]):
            return Response(shown)
        raise Http404


class CreateMixin(BaseViewSet):
    def create(self, request, *args, **kwargs):
        return Response(self.write(self.write_new), status=status.HTTP_201_CREATED)

    def write_new(self) -> Any:
        body, fixed = self.parted_body()
        row = self.perform_create(self.values_of(body))
        shown = self.fresh(row.pk, {**self.shown_after_write, **self.question.relations})
        refuse_different(fixed, shown)
        return shown

    def parted_body(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What of the body can be written, and what can't be: that may stand there with the value that it will have."""
        body, serializer = self.body(), self.get_serializer()
        refuse_unknown(serializer, body, also=api_fields(self.serializer_class))
        writable = writable_keys(serializer)
        return (
            {key: value for key, value in body.items() if key in writable},
            {key: value for key, value in body.items() if key not in writable},
        )

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
        return Response(self.write(self.write_changes))

    def partial_update(self, request, *args, **kwargs):
        return self.update(request, *args, **kwargs)

    def write_changes(self) -> Any:
        """What differs from the caller's own GET is the change; all else in the body changes nothing."""
        row = self.row_of_path(lock=True)
        self.require_change(row, "change")
        body = self.body()
        shown = self.fresh(row.pk, relations_in(body, self.query.includable))
        changes = changes_in(body, shown, self.get_serializer(row, partial=True))
        serializer = self.get_serializer(row, data=changes, partial=True)
        serializer.is_valid(raise_exception=True)
        self.perform_update(row, dict(serializer.validated_data))
        return self.fresh(row.pk, {**self.shown_after_write, **self.question.relations})

    def perform_update(self, row: Any, values: dict[str, Any]) -> None:
        """Write the values; for more than one row, an action does it."""
        for name, value in values.items():
            setattr(row, name, value)
        row.save()


class DestroyMixin(BaseViewSet):
    def destroy(self, request, *args, **kwargs):
        self.write(self.write_nothing_left)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def write_nothing_left(self) -> None:
        row = self.row_of_path(lock=True)
        self.require_change(row, "delete")
        self.perform_destroy(row)

    def perform_destroy(self, row: Any) -> None:
        row.delete()


class ReadOnlyViewSet(ListMixin, RetrieveMixin):
    """List and read."""


class ModelViewSet(CreateMixin, UpdateMixin, DestroyMixin, ReadOnlyViewSet):
    """List, read, create, change, delete."""


class NestedViewSet(ListMixin):
    """The parts of one row, under its path: `/whole/{pk}/parts`."""

    @cached_property
    def whole(self) -> Any:
        """The row of the path; 404 if it is not there or not the caller's."""
        model = self.model._meta.get_field(self.model.parent).related_model
        row = model._default_manager.permitted(self.user, "view").filter(pk=path_id(self.kwargs["pk"])).first()
        if row is None:
            raise Http404
        return row

    @property
    def path_values(self):
        return (self.whole.pk,)

    def get_queryset(self):
        return super().get_queryset().filter(**{self.model.parent: Slot(0, self.model._meta.pk)})


def is_deadlock(error: OperationalError) -> bool:
    """PostgreSQL's words for it; on SQLite writers wait for each other from the start."""
    return getattr(error.__cause__, "sqlstate", None) == "40P01"


def path_id(text: str) -> Any:
    """400 for an id in the path that is no UUID."""
    return serializers.UUIDField(error_messages={"invalid": "Not a valid UUID."}).run_validation(text)
