"""What a client may ask of a resource, as a declaration, and how it is asked of the database.

Every name is resolved against serializer and model when the server starts. Every step to another model goes through
that model's `permitted`: a row that the caller may not see neither shows nor counts nor sorts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import django_filters  # type: ignore[import-untyped]
from django.db import models
from django.db.models import F, Q, QuerySet
from rest_framework import serializers

from .conditions import Condition, conditions
from .errors import BadParameter
from .names import snake
from .parser import MAX_DEPTH
from .serializers import ModelSerializer, Relation, Relations, api_fields, loaded, relation_tree

#: What every row can be asked for.
EVERYWHERE = ("id", "organizationId", "isActive", "isArchived", "createdAt", "updatedAt", "createdById")
EVERYWHERE_ORDER = ("id", "createdAt", "updatedAt")
MAX_CONDITIONS = 50


@dataclass
class Node:
    """What may be asked of one model on the way: its columns by API name, and the models behind its relations."""

    serializer: type[ModelSerializer]
    columns: dict[str, dict[str, Condition]] = field(default_factory=dict)
    below: dict[str, Node] = field(default_factory=dict)
    filter_set: type[django_filters.FilterSet] = django_filters.FilterSet

    @property
    def model(self) -> Any:
        return self.serializer.Meta.model

    def declare(self, path: list[str], whole: str) -> None:
        first, *rest = path
        relation = self.serializer.relations.get(first)
        if rest and relation and not relation.is_embedded:
            self.below.setdefault(first, Node(relation.serializer)).declare(rest, whole)
        else:
            source, model_field = column(self.serializer, path)
            self.columns[".".join(path)] = conditions(source, model_field, twin_of(self.model, source))

    def finish(self) -> None:
        """Make the FilterSets, which know types and choices."""
        filters = {f"{name}:{op}": c for name, made in self.columns.items() for op, c in made.items()}
        self.filter_set = type(f"{self.model.__name__}FilterSet", (NamedFilterSet,), filters)
        for node in self.below.values():
            node.finish()


class NamedFilterSet(django_filters.FilterSet):
    """A FilterSet of just the conditions that were named: one that was not named is not an empty one."""

    def __init__(self, data: dict[str, Any], queryset: QuerySet) -> None:
        declared: dict[str, Condition] = type(self).base_filters  # type: ignore[has-type]
        self.base_filters = {name: declared[name] for name in data}
        super().__init__(data, queryset)


class Query:
    """The declaration of a resource: API names, dotted where they lead through relations.

    where: columns to filter by. order: columns of the row itself to order by. relations: what can be included; a
    path includes its beginnings. What every row has is added to `where` and `order`."""

    def __init__(self, where: Iterable[str] = (), relations: Iterable[str] = (), order: Iterable[str] = ()) -> None:
        self.where = (*EVERYWHERE, *where)
        self.order = (*EVERYWHERE_ORDER, *order)
        self.relations = tuple(relations)

    def bind(self, serializer: type[ModelSerializer]) -> None:
        """Resolve every name. LookupError for one that is neither in the serializer nor in the model."""
        self.serializer = serializer
        self.includable = relation_tree(self.relations)
        check_relations(serializer, self.includable)
        self.where = tuple(name for name in self.where if name != "organizationId" or name in api_fields(serializer))
        self.root = Node(serializer)
        for name in self.where:
            self.root.declare(name.split("."), name)
        self.root.finish()
        self.orderable = {name: ordering(serializer, name.split(".")) for name in self.order}

    # where

    def filter(self, queryset: QuerySet, tree: Any, user: Any) -> QuerySet:
        if not isinstance(tree, dict):
            raise BadParameter("where", "write where[field]=value", self.where)
        if sum(1 for _ in leaves(tree)) > MAX_CONDITIONS:
            raise BadParameter("where", f"more than {MAX_CONDITIONS} conditions")
        return self._filter(self.root, queryset, tree, Asker(user, named_organizations(tree)), ())

    def _filter(self, node: Node, queryset: QuerySet, tree: dict, asker: Asker, path: tuple[str, ...]) -> QuerySet:
        asked: dict[str, Any] = {}
        for name, value in tree.items():
            here = (*path, name)
            if name in node.below and isinstance(value, dict):
                queryset = queryset.filter(self._through(node, name, value, asker, here))
            else:
                asked |= self._named(node, name, value, here)
        if not asked:
            return queryset
        for name in asked:
            refuse_blind(node, name.partition(":")[0], asker, bracketed("where", path))
        filter_set = node.filter_set(asked, queryset)
        if not filter_set.is_valid():
            raise serializers.ValidationError(
                {bracketed("where", (*path, *spelled(name))): list(e) for name, e in filter_set.form.errors.items()},
                "invalid_parameter",
            )
        return filter_set.qs

    def _named(self, node: Node, name: str, value: Any, path: tuple[str, ...]) -> dict[str, Any]:
        """`"rating", {"gte": "4"}` → `{"rating:gte": "4"}`; an embedded object is entered."""
        relation = node.serializer.relations.get(name)
        if relation and relation.is_embedded and isinstance(value, dict):
            inside = [self._named(node, f"{name}.{n}", v, (*path, n)) for n, v in value.items()]
            return {key: item for one in inside for key, item in one.items()}
        if name not in node.columns:
            allowed = self.where if len(path) == 1 else [*node.columns, *node.below]
            raise BadParameter(bracketed("where", path), "no such field to filter by", allowed)
        by_operator = value if isinstance(value, dict) else {"in" if isinstance(value, list) else "eq": value}
        for operator in by_operator:
            if operator not in node.columns[name] or isinstance(by_operator[operator], dict):
                allowed = [op for op in node.columns[name] if op != "eq"]
                raise BadParameter(bracketed("where", (*path, operator)), "no such operator here", allowed)
        return {f"{name}:{operator}": operand for operator, operand in by_operator.items()}

    def _through(self, node: Node, name: str, tree: dict, asker: Asker, path: tuple[str, ...]) -> Q:
        """All conditions behind one relation share one subquery: they speak of the same related row."""
        below = node.below[name]
        related = related_field(node.serializer, name)
        rows = self._filter(below, below.model._default_manager.permitted(asker.user, "view"), tree, asker, path)
        if is_list(related):
            return Q(pk__in=rows.order_by().values(related.field.attname))
        return Q(**{f"{related.name}__in": rows.order_by().values("pk")})

    # order

    def sort(self, queryset: QuerySet, tree: Any, user: Any, where: Any = None) -> QuerySet:
        """Newest first without `order`. Rows without a value come last in either direction. Ties go by age and then by
        key, in the direction asked for last: an index of (…, column, created_at, id) serves both directions."""
        if not isinstance(tree, dict):
            raise BadParameter("order", "write order[field]=ASC or DESC", self.order)
        order = []
        is_rising = False
        for name, direction in flattened(tree):
            if name not in self.orderable:
                raise BadParameter(bracketed("order", name.split(".")), "no such field to order by", self.order)
            refuse_blind(self.root, name, Asker(user, named_organizations(where)), "order")
            if not isinstance(direction, str) or direction.upper() not in {"ASC", "DESC"}:
                raise BadParameter(bracketed("order", name.split(".")), "must be ASC or DESC")
            source, nullable = self.orderable[name]
            nulls = {"nulls_last": True} if nullable else {}
            is_rising = direction.upper() == "ASC"
            order.append(F(source).asc(**nulls) if is_rising else F(source).desc(**nulls))
        ties = [F(name) for name in ("created_at", "pk")]
        return queryset.order_by(*order, *(tie.asc() if is_rising else tie.desc() for tie in ties))

    # relations

    def asked_relations(self, value: Any) -> Relations:
        """`relations` as it came (a text with commas or a list) → the tree of what to include, all of it declared."""
        if isinstance(value, dict):
            raise BadParameter("relations", "write relations[]=name", self.relations)
        paths = listed(value)
        for path in paths:
            if path.count(".") >= MAX_DEPTH:
                raise BadParameter("relations", f"{path[:100]!r} is nested deeper than {MAX_DEPTH}")
            below: Relations | None = self.includable
            for step in path.split("."):
                below = below.get(step) if below is not None else None
            if below is None:
                raise BadParameter("relations", f"no such relation: {path[:100]!r}", self.relations)
        return relation_tree(paths)

    # select

    def asked_fields(self, value: Any) -> frozenset[str]:
        """`select` as it came (a text with commas or a list) → the fields to show, always with the `id`."""
        shown = api_fields(self.serializer)
        if isinstance(value, dict):
            raise BadParameter("select", "write select[]=field", shown)
        names = listed(value)
        for name in names:
            if name not in shown:
                raise BadParameter("select", f"no such field: {name[:100]!r}", shown)
        return frozenset({"id", *names})

    def narrow(self, queryset: QuerySet, fields: frozenset[str] | None, relations: Relations) -> QuerySet:
        """Read only the columns that are shown, and those that lead to what is included. All of them where a field is
        made of others."""
        if fields is None or any(self.serializer.relations[name].is_embedded for name in relations):
            return queryset
        columns = {name for f in self.root.model._meta.concrete_fields for name in (f.name, f.attname)}
        shown = [api_fields(self.serializer)[name] for name in fields]
        if not all(field.source in columns and reads_its_column(field) for field in shown):
            return queryset
        found = [related_field(self.serializer, name) for name in relations]
        keys = {relation.attname for relation in found if not is_list(relation)}
        return queryset.only("pk", *{str(field.source) for field in shown}, *keys)

    def load(self, rows: Sequence[Any], tree: Relations, user: Any) -> None:
        """Fetch what is to be included, onto the rows."""
        load(rows, self.serializer, tree, user)


def load(rows: Sequence[Any], serializer: Any, tree: Relations, user: Any) -> None:
    """One scoped query for each relation, however many rows. What the user may not see is None, or not in the list.

    Django's nested `Prefetch` would do, but for a to-one relation with `to_attr` it reads every row once more."""
    for name, below in tree.items():
        relation = serializer.relations[name]
        if relation.is_embedded:
            continue
        found = related_field(serializer, name)
        visible = found.related_model._default_manager.permitted(user, "view")
        if is_list(found):
            related = _load_lists(
                rows, name, visible.order_by(*relation.serializer.order_in_lists), found.field.attname
            )
        else:
            related = _load_single(rows, name, visible, found.attname)
        load(related, relation.serializer, below, user)


def _load_lists(rows: Sequence[Any], name: str, visible: QuerySet, key: str) -> list[Any]:
    related = list(visible.filter(**{f"{key}__in": [row.pk for row in rows]})) if rows else []
    lists: dict[Any, list[Any]] = {row.pk: [] for row in rows}
    for other in related:
        lists[getattr(other, key)].append(other)
    for row in rows:
        setattr(row, loaded(name), lists[row.pk])
    return related


def _load_single(rows: Sequence[Any], name: str, visible: QuerySet, key: str) -> list[Any]:
    keys = {getattr(row, key) for row in rows} - {None}
    related = {other.pk: other for other in visible.filter(pk__in=keys)} if keys else {}
    for row in rows:
        setattr(row, loaded(name), related.get(getattr(row, key)))
    return list(related.values())


def is_list(relation: Any) -> bool:
    return bool(relation.one_to_many)


def accessor(name: str, relation: Relation) -> str:
    return relation.source or snake(name)


def related_field(serializer: type[ModelSerializer], name: str) -> Any:
    """The relation of the model behind a name of `relations`."""
    found = serializer.Meta.model._meta.get_field(accessor(name, serializer.relations[name]))
    if not found.is_relation:
        raise LookupError(f"{serializer.__name__}.relations[{name!r}] is no relation of {serializer.Meta.model}.")
    if not hasattr(found.related_model._default_manager, "permitted"):
        raise LookupError(f"{found.related_model} does not say who may see it: it has no permitted().")
    return found


def check_relations(serializer: type[ModelSerializer], tree: Relations) -> None:
    for name, below in tree.items():
        if name not in serializer.relations:
            raise LookupError(f"{serializer.__name__} has no relation {name!r}.")
        relation = serializer.relations[name]
        if not relation.is_embedded:
            related_field(serializer, name)
        check_relations(relation.serializer, below)


def column(serializer: type[ModelSerializer], path: list[str]) -> tuple[str, models.Field]:
    """API name → the column's name and field. One step, or two into an embedded object."""
    relation = serializer.relations.get(path[0]) if len(path) == 2 else None
    shown = api_fields(relation.serializer if relation and relation.is_embedded else serializer)
    if path[-1] not in shown or (len(path) > 1 and not (relation and relation.is_embedded)):
        raise LookupError(f"{serializer.__name__} shows no field {'.'.join(path)!r}.")
    source: Any = shown[path[-1]].source
    model = serializer.Meta.model
    return source, model.computed.get(source) or model._meta.get_field(source)


def twin_of(model: type[models.Model], source: str) -> Any:
    """The column that holds the case-folded form of another, if there is one."""
    return next((f for f in model._meta.concrete_fields if getattr(f, "folds", None) == source), None)


def ordering(serializer: type[ModelSerializer], path: list[str]) -> tuple[str, bool]:
    source, model_field = column(serializer, path)
    twin = twin_of(serializer.Meta.model, source)
    return (twin.name if twin else source), model_field.null


@dataclass(frozen=True)
class Asker:
    """Who asks, and of which organizations only, if they say so."""

    user: Any
    within: frozenset[UUID] | None


def named_organizations(where: Any) -> frozenset[UUID] | None:
    """Those that `where[organizationId]` names as equal or one of; None if it does not."""
    named = where.get("organizationId") if isinstance(where, dict) else None
    texts = [named] if isinstance(named, str) else named
    try:
        return frozenset(UUID(text) for text in texts) if isinstance(texts, list) else None
    except ValueError:
        return None


def refuse_blind(node: Node, name: str, asker: Asker, where: str) -> None:
    source, _ = column(node.serializer, name.split("."))
    if source in node.model.blind_columns(asker.user, asker.within):
        raise BadParameter(where, f"{name} is hidden from you in some rows, so it can't be asked by")


def reads_its_column(field: serializers.Field) -> bool:
    """Not so a field that asks the row for something made of several columns."""
    known = (serializers.Field, serializers.RelatedField, serializers.PrimaryKeyRelatedField)
    return type(field).get_attribute in {each.get_attribute for each in known}


def listed(value: str | list[str]) -> list[str]:
    """`a,b` and `["a", "b"]` → the names."""
    texts = [value] if isinstance(value, str) else value
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]


def leaves(tree: Any) -> Iterator[Any]:
    if isinstance(tree, dict):
        for value in tree.values():
            yield from leaves(value)
    else:
        yield tree


def flattened(tree: dict, above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from flattened(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def spelled(name: str) -> list[str]:
    """`"user.email:contains"` → `["user", "email", "contains"]`."""
    path, _, operator = name.partition(":")
    return [*path.split("."), *([] if operator == "eq" else [operator])]


def bracketed(parameter: str, path: Iterable[str]) -> str:
    return parameter + "".join(f"[{step}]" for step in path)
