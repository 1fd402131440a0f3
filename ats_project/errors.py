"""What a rule of the trade refuses becomes a 409 here, on the top floor: rules do not know HTTP."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.views import defaults
from rest_framework.response import Response

from api.errors import Conflict
from api.errors import exception_handler as api_exception_handler
from api.middleware import FAULT, error_response, is_api
from organizations.errors import RuleBroken, rule_broken_by


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, IntegrityError):
        error = rule_broken_by(error)
    if isinstance(error, RuleBroken):
        error = Conflict(error.message, error.code)
    return api_exception_handler(error, context)


def _answer(request: HttpRequest, status_code: int, detail: str) -> HttpResponse:
    if is_api(request):
        return error_response(request, status_code, detail)

    return {
        400: defaults.bad_request,
        403: defaults.permission_denied,
        404: defaults.page_not_found,
    }[status_code](request, Exception(detail))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, "The request is malformed.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403, "You may not do this.")


def not_found(request: HttpRequest, exception: Exception | None = None, *path: str) -> HttpResponse:
    return _answer(request, 404, "Not found.")


def server_error(request: HttpRequest) -> HttpResponse:
    if is_api(request):
        return error_response(request, 500, FAULT)

    return defaults.server_error(request)
