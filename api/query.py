"""What a client may ask of a resource, as a declaration, and how it is asked of the database.

Every name is resolved against serializer and model when the server starts. Every step to another model goes through
that model's `permitted`: a row that the caller may not see neither shows nor counts nor sorts."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OrderBy, Q, QuerySet
from rest_framework import serializers

from .conditions import Condition, Form, conditions
from .errors import BadParameter
from .parser import MAX_DEPTH
from .serializers import ModelSerializer, Relations, api_fields, related_field, relation_tree
from .statements import Slot

#: What every row can be asked for.
EVERYWHERE = ("id", "organizationId", "isActive", "isArchived", "createdAt", "updatedAt", "createdById")
EVERYWHERE_ORDER = ("id", "createdAt", "updatedAt")
MAX_CONDITIONS = 50
#: What `matching()` adds to its rows: how well they match, a whole number.
RANK = "search_rank"


@dataclass
class Node:
    """What may be asked of one model on the way: its columns by API name, and the models behind its relations."""

    serializer: type[ModelSerializer]
    columns: dict[str, dict[str, Condition]] = field(default_factory=dict)
    below: dict[str, Node] = field(default_factory=dict)

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


@dataclass(frozen=True)
class Where:
    """The shape of the conditions on one model: those on its columns, as (name, operator, form), then those behind its
    relations. Their values stand apart, in the same order."""

    here: tuple[tuple[str, str, Form], ...] = ()
    below: tuple[tuple[str, Where], ...] = ()


@dataclass(frozen=True)
class Asked:
    """A whole question about rows: its shape, and the values of its conditions."""

    where: Where = Where()
    values: tuple[Any, ...] = ()
    #: API name of a column, and whether its values rise.
    order: tuple[tuple[str, bool], ...] = ()
    #: The organizations that it names; None if it names none.
    within: frozenset[UUID] | None = None
    #: Does it ask for words? They are the last of the values.
    is_search: bool = False

    @property
    def shape(self) -> Hashable:
        return self.where, self.order, self.is_search

    @property
    def sifts(self) -> bool:
        """Does it ask for what no index leads to, so that all rows are looked through? At least not more of them
        than the index holds."""
        return any(operator == "contains" for _, operator, _ in self.where.here)


@dataclass(frozen=True)
class Part:
    """Conditions on a relation to many: their values, where these stand among all, and what leads back to the row."""

    name: str
    node: Node
    where: Where
    values: tuple[Any, ...]
    place: slice
    leads_to: Any


class Query:
    """The declaration of a resource: API names, dotted where they lead through relations.

    where: columns to filter by. order: columns of the row itself to order by. relations: what can be included; a
    path includes its beginnings. What every row has is added to `where` and `order`. search: what rows are searched
    by, as a reader is told; the model says so too."""

    def __init__(
        self, where: Iterable[str] = (), relations: Iterable[str] = (), order: Iterable[str] = (), search: str = ""
    ) -> None:
        self.where = (*EVERYWHERE, *where)
        self.order = (*EVERYWHERE_ORDER, *order)
        self.relations = tuple(relations)
        self.search = search

    def bind(self, serializer: type[ModelSerializer]) -> None:
        """Resolve every name. LookupError for one that is neither in the serializer nor in the model."""
        self.serializer = serializer
        if self.search and not hasattr(serializer.Meta.model._default_manager, "matching"):
            raise LookupError(f"{serializer.Meta.model} can't be searched: its manager has no matching().")
        self.includable = relation_tree(self.relations)
        check_relations(serializer, self.includable)
        self.where = tuple(name for name in self.where if name != "organizationId" or name in api_fields(serializer))
        self.root = Node(serializer)
        for name in self.where:
            self.root.declare(name.split("."), name)
        self.orderable = {name: ordering(serializer, name.split(".")) for name in self.order}

    def asked(self, where: Any, order: Any) -> Asked:
        """`where` and `order` as they came. BadParameter or ValidationError for what is not declared, or no value."""
        values: list[Any] = []
        asked = self._asked_where(where, values)
        return Asked(asked, tuple(values), self._asked_order(order), named_organizations(where))

    def searching(self, asked: Asked, text: Any, user: Any) -> Asked:
        """The question, for rows that have these words too. BadParameter for what holds none, or too much."""
        if not isinstance(text, str):
            raise BadParameter("search", "write search=words")
        try:
            words = self.root.model._default_manager.all().search_text(text, user, asked.within)
        except ValidationError as error:
            raise BadParameter("search", error.messages[0]) from error
        return replace(asked, values=(*asked.values, words), is_search=True)

    # where

    def _asked_where(self, tree: Any, values: list[Any]) -> Where:
        if not isinstance(tree, dict):
            raise BadParameter("where", "write where[field]=value", self.where)
        if sum(1 for _ in leaves(tree)) > MAX_CONDITIONS:
            raise BadParameter("where", f"more than {MAX_CONDITIONS} conditions")
        return self._where(self.root, tree, values, ())

    def _where(self, node: Node, tree: dict, values: list[Any], path: tuple[str, ...]) -> Where:
        is_below = {name: name in node.below and isinstance(value, dict) for name, value in tree.items()}
        operands: dict[tuple[str, str], Any] = {}
        for name, value in tree.items():
            if not is_below[name]:
                operands |= self._named(node, name, value, (*path, name))
        here = self._cleaned(node, operands, values, path)
        return Where(
            here,
            tuple(
                (name, self._where(node.below[name], value, values, (*path, name)))
                for name, value in tree.items()
                if is_below[name]
            ),
        )

    def _cleaned(
        self, node: Node, operands: dict[tuple[str, str], Any], values: list[Any], path: tuple[str, ...]
    ) -> tuple[tuple[str, str, Form], ...]:
        here, errors = [], {}
        for (name, operator), raw in operands.items():
            condition = node.columns[name][operator]
            try:
                form, taken = condition.taken(condition.operand.clean(raw))
            except forms.ValidationError as error:
                steps = (*path, *name.split("."), *([] if operator == "eq" else [operator]))
                errors[bracketed("where", steps)] = list(error.messages)
            else:
                here.append((name, operator, form))
                values += taken
        if errors:
            raise serializers.ValidationError(errors, "invalid_parameter")
        return tuple(here)

    def _named(self, node: Node, name: str, value: Any, path: tuple[str, ...]) -> dict[tuple[str, str], Any]:
        """`"rating", {"gte": "4"}` → `{("rating", "gte"): "4"}`; an embedded object is entered."""
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
        return {(name, operator): operand for operator, operand in by_operator.items()}

    def filter(self, queryset: Any, asked: Asked, user: Any, first_slot: int = 0) -> QuerySet:
        """The rows that match the values that will stand in the slots."""
        slots = itertools.count(first_slot)
        queryset = self._filter(self.root, queryset, asked.where, user, slots)
        return queryset.matching(Slot(next(slots), models.TextField())) if asked.is_search else queryset

    def _filter(self, node: Node, queryset: QuerySet, where: Where, user: Any, slots: Iterator[int]) -> QuerySet:
        for name, operator, form in where.here:
            queryset = queryset.filter(node.columns[name][operator].as_q(form, slots))
        for name, below in where.below:
            queryset = queryset.filter(self._through(node, name, below, user, slots))
        return queryset

    def _through(self, node: Node, name: str, where: Where, user: Any, slots: Iterator[int]) -> Q:
        """All conditions behind one relation share one subquery: they speak of the same related row."""
        below = node.below[name]
        related = related_field(node.serializer, name)
        visible = below.model._default_manager.permitted(user, "view")
        rows = self._filter(below, visible, where, user, slots).order_by()
        if is_list(related):
            return Q(pk__in=rows.values(related.field.attname))
        return Q(**{f"{related.name}__in": rows.values("pk")})

    # parts

    def parts(self, asked: Asked) -> list[Part]:
        """The conditions on rows that are part of those asked for, relation by relation."""
        found, start = [], slots_of(self.root, Where(asked.where.here))
        for name, where in asked.where.below:
            node = self.root.below[name]
            end = start + slots_of(node, where)
            related = related_field(self.serializer, name)
            if is_list(related):
                found.append(Part(name, node, where, asked.values[start:end], slice(start, end), related.field))
            start = end
        return found

    def rows_of_part(self, part: Part, user: Any) -> QuerySet:
        """The keys of the rows that have such a part, each as often as they have it."""
        visible = part.node.model._default_manager.permitted(user, "view")
        rows = self._filter(part.node, visible, part.where, user, itertools.count())
        return rows.order_by().values_list(part.leads_to.attname)

    def by_keys(self, asked: Asked, keys: dict[str, list[Any]]) -> Asked:
        """The same question, with the keys of the rows that have a part instead of the conditions on it."""
        gone = [part.place for part in self.parts(asked) if part.name in keys]
        kept = [v for place, v in enumerate(asked.values) if not any(g.start <= place < g.stop for g in gone)]
        own = slots_of(self.root, Where(asked.where.here))
        here = (*asked.where.here, *[("id", "in", False)] * len(keys))
        below = tuple((name, where) for name, where in asked.where.below if name not in keys)
        values = (*kept[:own], *keys.values(), *kept[own:])
        return replace(asked, where=Where(here, below), values=values)

    def refuse_blind(self, asked: Asked, user: Any) -> None:
        """400 if the question is asked by something that the user does not see in some of the rows."""
        self._refuse_blind(self.root, asked.where, user, asked.within, ())
        for name, _ in asked.order:
            refuse_blind(self.root, name, user, asked.within, "order")

    def _refuse_blind(self, node: Node, where: Where, user: Any, within: Any, path: tuple[str, ...]) -> None:
        for name, below in where.below:
            self._refuse_blind(node.below[name], below, user, within, (*path, name))
        for name, _, _ in where.here:
            refuse_blind(node, name, user, within, bracketed("where", path))

    # order

    def _asked_order(self, tree: Any) -> tuple[tuple[str, bool], ...]:
        if not isinstance(tree, dict):
            raise BadParameter("order", "write order[field]=ASC or DESC", self.order)
        order = []
        for name, direction in flattened(tree):
            if name not in self.orderable:
                raise BadParameter(bracketed("order", name.split(".")), "no such field to order by", self.order)
            if not isinstance(direction, str) or direction.upper() not in {"ASC", "DESC"}:
                raise BadParameter(bracketed("order", name.split(".")), "must be ASC or DESC")
            order.append((name, direction.upper() == "ASC"))
        return tuple(order)

    def sorting(self, asked: Asked) -> tuple[Sorted, ...]:
        """The columns that the rows are sorted by. Without `order` newest first; the best first in a search. Ties go by
        age and then by key, in the direction asked for last: an index of (…, column, created_at, id) serves both
        directions."""
        asked_for = [Sorted(*self.orderable[name], rises) for name, rises in asked.order]
        if asked.is_search and not asked_for:
            asked_for = [Sorted(RANK, False, False)]
        rises = asked.order[-1][1] if asked.order else False
        ties = [Sorted(name, False, rises) for name in ("created_at", "id")]
        named = {one.column for one in asked_for}
        return (*asked_for, *(tie for tie in ties if tie.column not in named))

    def found_by(self, asked: Asked) -> list[str]:
        """The column of a condition whose index leads to what matches. Of what is true or false there is none."""
        columns = [self.root.columns[name][operator].column for name, operator, _ in asked.where.here]
        computed = self.root.model.computed
        led = (c for c in columns if c.name not in computed and not isinstance(c.field, models.BooleanField))
        return [c.twin.name if c.twin else c.name for c in led if c.name != "organization"][:1]

    def sort(self, queryset: QuerySet, asked: Asked) -> QuerySet:
        return queryset.order_by(*(one.expression for one in self.sorting(asked)))

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


@dataclass(frozen=True)
class Sorted:
    """A column to sort by. Rows without a value come last in either direction."""

    column: str
    nullable: bool
    rises: bool

    @property
    def direction(self) -> str:
        return ("ASC" if self.rises else "DESC") + (" NULLS LAST" if self.nullable else "")

    @property
    def expression(self) -> OrderBy:
        nulls = {"nulls_last": True} if self.nullable else {}
        return F(self.column).asc(**nulls) if self.rises else F(self.column).desc(**nulls)


def slots_of(node: Node, where: Where) -> int:
    """How many values the conditions take."""
    slots = itertools.count()
    for name, operator, form in where.here:
        node.columns[name][operator].as_q(form, slots)
    return next(slots) + sum(slots_of(node.below[name], below) for name, below in where.below)


def is_list(relation: Any) -> bool:
    return bool(relation.one_to_many)


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


def named_organizations(where: Any) -> frozenset[UUID] | None:
    """Those that `where[organizationId]` names as equal or one of; None if it does not."""
    named = where.get("organizationId") if isinstance(where, dict) else None
    texts = [named] if isinstance(named, str) else named
    try:
        return frozenset(UUID(text) for text in texts) if isinstance(texts, list) else None
    except ValueError:
        return None


def refuse_blind(node: Node, name: str, user: Any, within: frozenset[UUID] | None, where: str) -> None:
    source, _ = column(node.serializer, name.split("."))
    if source in node.model.blind_columns(user, within):
        raise BadParameter(where, f"{name} is hidden from you in some rows, so it can't be asked by")


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


def bracketed(parameter: str, path: Iterable[str]) -> str:
    return parameter + "".join(f"[{step}]" for step in path)
