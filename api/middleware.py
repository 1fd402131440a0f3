"""What holds for a request before any view sees it."""

from __future__ import annotations

import logging
import re
import uuid

import orjson
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve

from .errors import error_body

logger = logging.getLogger("django.request")
API_PREFIX = "/api"
FAULT = "Something went wrong on our side. The request id helps to find it."
_sane_request_id = re.compile(r"[A-Za-z0-9._-]{1,128}")
#: How much of a refused body is read and thrown away: a client still sending would never see our answer.
DRAIN_BYTES = 256 * 1024 * 1024


def is_api(request: HttpRequest) -> bool:
    return request.path == API_PREFIX or request.path.startswith(f"{API_PREFIX}/")


def error_response(request: HttpRequest, status_code: int, detail: str) -> HttpResponse:
    body = error_body(status_code, detail, getattr(request, "request_id", ""))
    return HttpResponse(orjson.dumps(body), status=status_code, content_type="application/json")


class RequestIdMiddleware:
    """Every answer carries `X-Request-Id`: the client's own, if it sends a sane one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.headers.get("X-Request-Id", "")
        request.request_id = sent if _sane_request_id.fullmatch(sent) else uuid.uuid4().hex  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response


def files_taken(request: HttpRequest) -> int:
    """How many bytes of files the view of this address takes."""
    try:
        view = resolve(request.path_info).func
    except Http404:
        return 0
    name = getattr(getattr(view, "view_class", view), "takes_files_of", None)
    return getattr(settings, name) if name else 0


def too_large(request: HttpRequest, most: int) -> HttpResponse:
    if is_api(request):
        return error_response(request, 413, f"The body is larger than {most} bytes.")
    return render(request, "413.html", {"megabytes": most // (1024 * 1024)}, status=413)


class BoundedRequestMiddleware:
    """Refuses bodies that are too long, of the API query strings too, and what Django itself refuses: in the one error
    shape, or as a page.

    A body may have `MAX_BODY_BYTES`. A view that takes files says by `takes_files_of`, the name of a setting, how many
    bytes more may come. Without a bound anyone could fill the disk, where files go before a view is asked."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_api(request) and len(request.META.get("QUERY_STRING", "")) > settings.MAX_QUERY_BYTES:
            return error_response(request, 400, f"The query is longer than {settings.MAX_QUERY_BYTES} bytes.")
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.MAX_BODY_BYTES:
            files = files_taken(request)
            if int(length) > settings.MAX_BODY_BYTES + files:
                self._drain(request)
                return too_large(request, files or settings.MAX_BODY_BYTES)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What no view caught: in the one shape with DEBUG on too, where Django would show a page of its own."""
        if not is_api(request):
            return None
        if isinstance(error, SuspiciousOperation):
            return error_response(request, 400, "The request is malformed.")
        logger.error("Internal Server Error: %s", request.path, exc_info=error, extra={"request": request})
        return error_response(request, 500, FAULT)

    @staticmethod
    def _drain(request: HttpRequest) -> None:
        left = DRAIN_BYTES
        while left > 0 and (chunk := request.read(min(left, 1 << 20))):
            left -= len(chunk)
