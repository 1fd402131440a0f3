"""How rows are read and shown: what a serializer declares, as columns of a statement and as values of an answer.

No model instances: the columns of the row, and of the to-one relations that can be joined, come as one tuple. A
relation is joined where the caller sees all rows of whole organizations; each other one is one more statement, through
the scope of its model, however many rows there are."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from rest_framework import serializers

from . import fields
from .serializers import Relation, Relations, api_fields, related_field
from .statements import Slot, statement

Show = Callable[[Any], Any]
#: Field types whose value is shown as it is read, by the method that shows it.
AS_READ = {
    kind.to_representation
    for kind in (serializers.CharField, serializers.BooleanField, serializers.IntegerField, serializers.ChoiceField)
} | {
    # What statements read as it is shown.
    serializers.DateField.to_representation,
    fields.TimestampField.to_representation,
    fields.RatingField.to_representation,
    serializers.UUIDField.to_representation,
    serializers.PrimaryKeyRelatedField.to_representation,
    fields.ScopedRelatedField.to_representation,
}


class Columns:
    """The columns that are read, each once, as ORM paths."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def index(self, path: str) -> int:
        if path not in self.paths:
            self.paths.append(path)
        return self.paths.index(path)


@dataclass
class Attached:
    """A relation that has a statement of its own. `key` is the column that leads to it."""

    name: str
    relation: Relation
    below: Relations
    related: Any
    key: int

    @property
    def is_list(self) -> bool:
        return bool(self.related.one_to_many)

    @cached_property
    def what(self) -> Hashable:
        """What is the same for two relations, under whatever names and of whatever rows, is read once."""
        return self.related, self.relation.serializer, frozen(self.below)


@dataclass
class Node:
    """One object of an answer: where its values stand in the tuple of columns."""

    names: list[str] = field(default_factory=list)
    indexes: list[int] = field(default_factory=list)
    #: Those that are not shown as they are read.
    presented: list[tuple[str, Show]] = field(default_factory=list)
    #: Made of several columns, by a method of the model that also takes who asks.
    made: list[tuple[str, Callable[..., Any], list[tuple[int, Show]], Show]] = field(default_factory=list)
    embedded: list[tuple[str, Node]] = field(default_factory=list)
    #: With the column of the related row's key and of its organization, and the model.
    joined: list[tuple[str, Node, int, int, Any]] = field(default_factory=list)
    attached: list[Attached] = field(default_factory=list)

    @cached_property
    def values(self) -> Callable[[Sequence[Any]], Sequence[Any]]:
        """The values of `names` in a tuple of columns."""
        if len(self.indexes) > 1:
            return itemgetter(*self.indexes)
        return lambda row: [row[index] for index in self.indexes]


class Plan:
    """What is read and shown for a serializer, a tree of relations and a selection of fields, by callers of one
    shape. `also` are columns to read besides."""

    def __init__(
        self,
        serializer: Any,
        tree: Relations,
        asker: Any,
        selected: frozenset[str] | None = None,
        also: Sequence[str] = (),
    ) -> None:
        self.asker = asker
        self.columns = Columns()
        self.root = self._node(serializer, serializer.Meta.model, tree, "", selected)
        #: Where the columns stand that are read besides those shown.
        self.also = [self.columns.index(path) for path in also]

    @property
    def paths(self) -> list[str]:
        return self.columns.paths

    # What to read.

    def _node(self, serializer: Any, model: Any, tree: Relations, path: str, selected: Any = None) -> Node:
        node = Node()
        for name, shown in api_fields(serializer).items():
            if not shown.write_only and (selected is None or name in selected):
                self._add(node, name, shown, model, path)
        for name, below in tree.items():
            self._include(node, serializer, model, name, below, path)
        return node

    def _add(self, node: Node, name: str, shown: Any, model: Any, path: str) -> None:
        reads = getattr(shown, "reads", None)
        if reads:
            columns = [(self.columns.index(path + column), _kept(model, column)) for column in reads]
            node.made.append((name, getattr(model, shown.asks), columns, shown.to_representation))
        else:
            node.names.append(name)
            node.indexes.append(self.columns.index(path + column_of(shown, model)))
            if type(shown).to_representation not in AS_READ:
                node.presented.append((name, shown.to_representation))

    def _include(self, node: Node, serializer: Any, model: Any, name: str, below: Relations, path: str) -> None:
        relation = serializer.relations[name]
        if relation.is_embedded:
            node.embedded.append((name, self._node(relation.serializer, model, {}, path)))
            return
        related = related_field(serializer, name)
        if not related.one_to_many and self._can_join(relation, related.related_model):
            step = f"{path}{related.name}__"
            child = self._node(relation.serializer, related.related_model, below, step)
            key, owner = self.columns.index(path + related.attname), self.columns.index(step + "organization_id")
            node.joined.append((name, child, key, owner, related.related_model))
        else:
            key = self.columns.index(path + ("pk" if related.one_to_many else related.attname))
            node.attached.append(Attached(name, relation, below, related, key))

    def _can_join(self, relation: Relation, model: Any) -> bool:
        """All that is shown of it are columns, and the caller's scope is a matter of its organization only."""
        columns = {name for f in model._meta.concrete_fields for name in (f.name, f.attname)}
        reads = {
            column
            for shown in api_fields(relation.serializer).values()
            for column in getattr(shown, "reads", None) or [column_of(shown, model)]
        }
        owner = any(f.attname == "organization_id" for f in model._meta.concrete_fields)
        is_whole = self.asker.is_superuser or model.whole_organizations(self.asker, "view") is not None
        return owner and reads <= columns and is_whole

    # What to show.

    def show(self, rows: Sequence[Sequence[Any]], asker: Any) -> list[dict[str, Any]]:
        """The rows, read as `columns.paths`, as the API shows them to `asker`."""
        showing = Showing(asker)
        shown = [showing.show(self.root, row) for row in rows]
        showing.attach()
        return shown


@dataclass
class Showing:
    """The values of one answer, and the relations that are still to be read."""

    asker: Any
    owners: dict[Any, Any] = field(default_factory=dict)
    waiting: dict[Hashable, tuple[Attached, list[tuple[Any, dict[str, Any], str]]]] = field(default_factory=dict)

    def show(self, node: Node, row: Sequence[Any]) -> dict[str, Any]:
        shown = dict(zip(node.names, node.values(row), strict=True))
        for name, present in node.presented:
            if shown[name] is not None:
                shown[name] = present(shown[name])
        for name, make, columns, present in node.made:
            value = make(self.asker, *[as_kept(row[index]) for index, as_kept in columns])
            shown[name] = None if value is None else present(value)
        for name, child in node.embedded:
            shown[name] = self.show(child, row)
        for name, child, key, owner, model in node.joined:
            is_visible = row[key] is not None and self.sees(model, row[owner])
            shown[name] = self.show(child, row) if is_visible else None
        for attached in node.attached:
            _, rows = self.waiting.setdefault(attached.what, (attached, []))
            rows.append((row[attached.key], shown, attached.name))
        return shown

    def sees(self, model: Any, organization_id: str) -> bool:
        """Is the organization one of those whose rows the asker sees all of? (Of one row in the answer, it is not
        taken for granted that what it refers to is of the same organization.)"""
        if model not in self.owners:
            whole = None if self.asker.is_superuser else model.whole_organizations(self.asker, "view")
            self.owners[model] = whole and {str(pk) for pk in whole}
        owners = self.owners[model]
        return self.asker.is_superuser or organization_id in owners

    def attach(self) -> None:
        """Read each relation that is waiting: one statement for all rows that it is to be attached to."""
        for attached, rows in self.waiting.values():
            (attach_lists if attached.is_list else attach_single)(attached, rows, self.asker)


#: To be attached to: the key by which, the object, and the name in it.
Waiting = list[tuple[Any, dict[str, Any], str]]


def attach_lists(attached: Attached, rows: Waiting, asker: Any) -> None:
    lists: dict[Any, list[Any]] = {key: [] for key, _, _ in rows}
    for key, related in read_related(attached, attached.related.field, list(lists), asker):
        lists[key].append(related)
    for key, shown, name in rows:
        shown[name] = lists[key]


def attach_single(attached: Attached, rows: Waiting, asker: Any) -> None:
    keys = list({key for key, _, _ in rows} - {None})
    related = dict(read_related(attached, attached.related.related_model._meta.pk, keys, asker)) if keys else {}
    for key, shown, name in rows:
        shown[name] = related.get(key)


def read_related(attached: Attached, by: Any, keys: list[Any], asker: Any) -> list[tuple[Any, dict[str, Any]]]:
    """The related rows that the asker sees, each with the key that it is attached by."""
    serializer = attached.relation.serializer
    plan = plan_of(serializer, attached.below, asker, also=(by.attname,))

    def rows(stand_in: Any) -> QuerySet:
        visible = by.model._default_manager.permitted(stand_in, "view")
        among = visible.filter(**{f"{by.attname}__among": Slot(0, by, many=True)})
        return among.order_by(*serializer.order_in_lists).values_list(*plan.paths)

    found = statement(("related", serializer, frozen(attached.below), by), asker, rows).rows(asker, [keys])
    (key,) = plan.also
    return list(zip((row[key] for row in found), plan.show(found, asker), strict=True))


def column_of(shown: Any, model: Any) -> str:
    """The column that a field reads. `organization` reads the key, `organization_id`."""
    source = str(shown.source)
    if source in {f.name for f in model._meta.concrete_fields}:
        return str(model._meta.get_field(source).attname)
    return source


def frozen(tree: Relations) -> Hashable:
    """A tree of relations as part of a key. The order in which they were named is the order in the answer."""
    return tuple((name, frozen(below)) for name, below in tree.items())


def _kept(model: Any, column: str) -> Show:
    """Statements read ids as texts; rules compare them as what they are."""
    of = {f.attname: f for f in model._meta.concrete_fields}.get(column)
    is_id = isinstance(of, models.ForeignKey | models.UUIDField)
    return (lambda text: text and UUID(text)) if is_id else (lambda value: value)


_plans: dict[Hashable, Plan] = {}
MAX_PLANS = 2000


def plan_of(
    serializer: Any,
    tree: Relations,
    asker: Any,
    selected: frozenset[str] | None = None,
    also: Sequence[str] = (),
) -> Plan:
    """A plan, made once for each shape of asker."""
    key = (serializer, frozen(tree), selected, tuple(also), asker.shape)
    found = _plans.get(key)
    if found is None:
        if len(_plans) >= MAX_PLANS:
            _plans.clear()
        # Made for a stand-in, as statements are: what is kept knows nobody.
        found = _plans[key] = Plan(serializer, tree, asker.stand_in(), selected, also)
    return found
