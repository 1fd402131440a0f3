"""The OpenAPI description, made of the same declarations that answer the requests."""

from __future__ import annotations

import inspect
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import is_list_serializer
from drf_spectacular.utils import OpenApiParameter

from .bulk import MAX_ROWS, BulkCreateMixin
from .pagination import DEFAULT_TAKE, MAX_SKIP, MAX_TAKE
from .query import Query, is_list
from .routers import ALIAS
from .serializers import api_fields, related_field
from .viewsets import LIST_PARAMETERS, BaseViewSet

ERROR = {
    "type": "object",
    "required": ["statusCode", "message", "error", "details", "requestId"],
    "properties": {
        "statusCode": {"type": "integer"},
        "message": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "error": {"type": "string"},
        "details": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "message")},
            },
        },
        "requestId": {"type": "string"},
    },
}
REASONS = {
    "400": "Malformed or invalid input, or an id that the caller may not see",
    "401": "No, bad, expired or revoked token; wrong e-mail or password",
    "403": "The caller's role lacks the permission",
    "404": "No such row, or not yours",
    "405": "Method not allowed",
    "406": "Only JSON is answered",
    "409": "A rule of the trade refuses, or the row clashes with a stored one",
    "413": "The body is too large",
    "415": "Only JSON is taken",
    "429": "Too many requests; `Retry-After` says when to try again",
}


#: Action → what it does to a resource.
SUMMARIES = {
    "list": "List",
    "retrieve": "Read one",
    "create": "Make one",
    "update": "Change the fields that are sent",
    "partial_update": "The same as PUT",
    "destroy": "Delete",
    "count": "How many match",
    "pagination": "The list, under another name",
}


class DialectSchema(AutoSchema):
    def get_operation_id(self) -> str:
        """Method and path: the one name that can't clash."""
        steps = [step.strip("{}") for step in self.path.strip("/").split("/")[1:]]
        return "_".join([self.method.lower(), *steps]).replace("-", "_").replace(".", "_")

    def get_summary(self) -> str:
        """What everyone knows of a list or a delete; of the rest the first sentence that it says of itself."""
        return SUMMARIES.get(getattr(self.view, "action", "")) or self._own_words().partition(".")[0]

    def get_description(self) -> str:
        return (
            self._own_words() if getattr(self.view, "action", "") not in SUMMARIES else inspect.getdoc(self.view) or ""
        )

    def _own_words(self) -> str:
        method = getattr(self.view, getattr(self.view, "action", None) or self.method.lower(), None)
        return inspect.getdoc(method) or ""

    def get_tags(self) -> list[str]:
        return [self.path.strip("/").split("/")[1]]

    def get_override_parameters(self):
        view = self.view
        if not isinstance(view, BaseViewSet):
            return []
        known = sorted(view.parameters_of(view.action))
        return [parameter for name in known for parameter in parameters(name, view.query)]

    def get_filter_backends(self):
        return []

    def get_request_serializer(self) -> Any:
        """PUT changes only the fields that it sends, as PATCH does."""
        serializer: Any = super().get_request_serializer()
        if self.method in {"PUT", "PATCH"} and hasattr(serializer, "partial"):
            serializer.partial = True
        return serializer.__class__(many=True) if self._is_bulk else serializer

    def get_response_serializers(self) -> Any:
        view: Any = self.view
        return {201: view.serializer_class(many=True)} if self._is_bulk else super().get_response_serializers()

    @property
    def _is_bulk(self) -> bool:
        return isinstance(self.view, BulkCreateMixin) and self.view.action == "bulk"

    def _get_request_for_media_type(self, serializer, direction="request"):
        schema, is_required = super()._get_request_for_media_type(serializer, direction)
        return ({**schema, "minItems": 1, "maxItems": MAX_ROWS} if self._is_bulk else schema), is_required

    @property
    def _is_page(self) -> bool:
        view = self.view
        return isinstance(view, BaseViewSet) and view.parameters_of(view.action) >= LIST_PARAMETERS

    def _is_list_view(self, serializer=None) -> bool:
        return self._is_page or is_list_serializer(serializer)

    def _get_paginator(self):
        return super()._get_paginator() if self._is_page else None

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        for status, reason in REASONS.items():
            if status not in bodies and self._can_answer(status):
                content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
                bodies[status] = {"description": reason, "content": content}
        return bodies

    def _can_answer(self, status: str) -> bool:
        if status == "404":
            return "{" in self.path
        return not (status in {"413", "415"} and self.method in {"GET", "DELETE"})

    def _map_basic_serializer(self, serializer, direction):
        """Rows also hold the relations that were asked for."""
        schema = super()._map_basic_serializer(serializer, direction)
        for name, relation in getattr(serializer, "relations", {}).items() if direction == "response" else ():
            schema["properties"][name] = self._relation(serializer, name, relation)
        return schema

    def _relation(self, serializer, name: str, relation: Any) -> dict[str, Any]:
        row = self.resolve_serializer(relation.serializer(), "response").ref
        if relation.is_embedded:
            return row
        found = related_field(type(serializer), name)
        if is_list(found):
            return {"type": "array", "items": row, "description": f"With relations[]={name}"}
        return {"oneOf": [row, {"type": "null"}], "description": f"With relations[]={name}"}


def parameters(name: str, query: Query) -> list[OpenApiParameter]:
    """The description of a parameter of the dialect for a resource."""

    def parameter(name: str, schema: dict[str, Any], description: str, **more: Any) -> OpenApiParameter:
        return OpenApiParameter(name, schema, OpenApiParameter.QUERY, description=description, **more)

    texts = {"type": "array", "items": {"type": "string"}}
    match name:
        case "take":
            schema = {"type": "integer", "minimum": 1, "maximum": MAX_TAKE, "default": DEFAULT_TAKE}
            return [parameter("take", schema, "How many rows to return")]
        case "skip":
            return [
                parameter(
                    "skip",
                    {"type": "integer", "minimum": 0, "maximum": MAX_SKIP, "default": 0},
                    "How many rows to pass over",
                )
            ]
        case "cursor":
            words = "Instead of `skip`: empty for the first page, then the `nextCursor` of the page before"
            return [parameter("cursor", {"type": "string"}, words)]
        case "relations":
            items = {"type": "string", "enum": all_paths(query)} if query.relations else {"type": "string"}
            description = "What to include, dotted to nest; `relations=a,b` means the same"
            return [parameter("relations[]", {"type": "array", "items": items}, description)] if query.relations else []
        case "select":
            items = {"type": "string", "enum": sorted(api_fields(query.serializer))}
            return [parameter("select[]", {"type": "array", "items": items}, "Only these fields, and the `id`")]
        case "where":
            description = (
                "`where[field]=v` (equal), `where[field][]=v` (one of), `where[field][operator]=v`, "
                "`where[relation][field]=v`; at most 50 conditions. Fields and operators:\n\n"
                + "\n".join(f"- `{field}`: {', '.join(ops)}" for field, ops in operators(query).items())
            )
            schema = {
                "type": "object",
                "additionalProperties": {"oneOf": [{"type": "string"}, texts, {"type": "object"}]},
            }
            return [parameter("where", schema, description, style="deepObject", explode=True)]
        case "order":
            schema = {
                "type": "object",
                "properties": {field: {"type": "string", "enum": ["ASC", "DESC"]} for field in query.order},
                "additionalProperties": False,
            }
            return [parameter("order", schema, "Without it newest first", style="deepObject", explode=True)]
        case "search":
            description = (
                f"Words of the {query.search}. All must match, each from the beginning of a word, ignoring case and "
                "accents; without `order` the best match comes first"
            )
            return [parameter("search", {"type": "string", "minLength": 1, "maxLength": 200}, description)]
    return [parameter(name, {"type": "string"}, "")]


def all_paths(query: Query) -> list[str]:
    """Every path that can be included: a declared one includes its beginnings."""
    found = {
        ".".join(steps[: length + 1])
        for steps in (path.split(".") for path in query.relations)
        for length in range(len(steps))
    }
    return sorted(found)


def operators(query: Query) -> dict[str, list[str]]:
    def walk(node: Any, above: str):
        for name, made in node.columns.items():
            yield f"{above}{name}", [op for op in made if op != "eq"]
        for name, below in node.below.items():
            yield from walk(below, f"{above}{name}.")

    return dict(walk(query.root, ""))


def without_aliases(endpoints: list[tuple]) -> list[tuple]:
    """Preprocessing: each resource once, under its first name and without the slash that may follow."""
    return [
        (path.rstrip("/"), regex, method, callback)
        for path, regex, method, callback in endpoints
        if not getattr(callback, "initkwargs", {}).get("basename", "").startswith(ALIAS)
    ]


def with_errors(result: dict[str, Any], generator: Any, **options: Any) -> dict[str, Any]:
    """Postprocessing: the error shape, which every operation names."""
    result.setdefault("components", {}).setdefault("schemas", {})["Error"] = ERROR
    return result
