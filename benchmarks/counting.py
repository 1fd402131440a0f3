"""How many statements a request takes, told to a client that asks with `X-Count: 1`."""

from __future__ import annotations

from django.db import connection


class CountingMiddleware:
    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        if "HTTP_X_COUNT" not in request.META:
            return self.get_response(request)
        sent: list[str] = []

        def count(execute, sql, params, many, context):
            sent.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response["X-Statements"] = str(len(sent))
        return response
