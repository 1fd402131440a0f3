"""One error shape for everything that the API refuses."""

from __future__ import annotations

import http
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_framework_handler
from rest_framework.views import set_rollback

from .names import camelize


class Conflict(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = "This clashes with what is stored already."
    default_code = "conflict"


class BadParameter(exceptions.ValidationError):
    """Something in the query string. Names the offender and, where there is a choice, lists what is allowed."""

    def __init__(self, parameter: str, problem: str, allowed: Any = None) -> None:
        words = f"{problem}."
        if allowed is not None:
            words += f" Allowed: {', '.join(sorted(allowed)) or 'nothing'}."
        super().__init__({parameter: [exceptions.ErrorDetail(words[:1].upper() + words[1:], "invalid_parameter")]})


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None, which DRF raises again, for what is a fault of ours."""
    if isinstance(error, DjangoValidationError):
        error = exceptions.ValidationError(as_details(error))
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(str(error) or None)
    elif isinstance(error, Http404 | ObjectDoesNotExist):
        error = exceptions.NotFound()
    response = rest_framework_handler(error, context)
    if response is None:
        return None
    set_rollback()
    request_id = getattr(context["request"], "request_id", "")
    response.data = error_body(response.status_code, getattr(error, "detail", str(error)), request_id)
    return response


def error_body(status_code: int, detail: Any, request_id: str) -> dict[str, Any]:
    """`detail` is a sentence, or for validation the errors by field, nested as the input is."""
    details = list(_flat(detail)) if isinstance(detail, dict | list) else []
    message: Any = [f"{d['field']}: {d['message']}" if d["field"] else d["message"] for d in details]
    if not isinstance(detail, dict | list):
        message = str(detail)
        code = getattr(detail, "code", http.HTTPStatus(status_code).phrase.lower().replace(" ", "_"))
        details = [{"field": "", "code": code, "message": message}]
    return {
        "statusCode": status_code,
        "message": message,
        "error": http.HTTPStatus(status_code).phrase,
        "details": details,
        "requestId": request_id,
    }


def as_details(error: DjangoValidationError) -> dict[str, Any]:
    """Django's errors under the names of the API. `user__email` is nested."""
    if not hasattr(error, "error_dict"):
        return {"": [exceptions.ErrorDetail(m, e.code or "invalid") for e in error.error_list for m in e.messages]}
    details: dict[str, Any] = {}
    for field, errors in error.error_dict.items():
        name = "" if field == NON_FIELD_ERRORS else camelize(field)
        details[name] = [exceptions.ErrorDetail(m, e.code or "invalid") for e in errors for m in e.messages]
    return details


def _flat(detail: Any, path: str = "") -> Iterator[dict[str, Any]]:
    if isinstance(detail, dict):
        for key, value in detail.items():
            # DRF's word for "the object as a whole"; a message without a field says that by itself.
            step = "" if key == "non_field_errors" else str(key)
            yield from _flat(value, f"{path}.{step}" if path and step else path or step)
    elif isinstance(detail, list):
        is_rows = any(isinstance(item, dict | list) for item in detail)
        for index, item in enumerate(detail):
            if item or not is_rows:
                yield from _flat(item, f"{path}.{index}" if is_rows and path else str(index) if is_rows else path)
    else:
        yield {"field": path, "code": getattr(detail, "code", "invalid"), "message": str(detail)}
