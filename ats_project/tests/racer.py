"""One of two processes that race: `python -m ats_project.tests.racer NAME_OF_THE_DATABASE`.

Each line on stdin is a request as JSON. It answers "set" once it stands at the line, starts at the next line, and
writes status and body. It hesitates before each write, so that what was read before is as old as it can get."""

from __future__ import annotations

import json
import sys
import time

HESITATION = 0.02


def hesitate(execute, sql, params, many, context):
    if sql.startswith(("INSERT", "UPDATE", "DELETE")):
        time.sleep(HESITATION)
    return execute(sql, params, many, context)


def main(database: str) -> None:
    import django

    django.setup()

    from django.db import connection, connections
    from django.urls import get_resolver
    from rest_framework.test import APIClient

    connection.settings_dict["NAME"] = database
    _ = get_resolver().url_patterns
    say("ready")
    for line in sys.stdin:
        request = json.loads(line)
        client = APIClient(raise_request_exception=False)
        if request["token"]:
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {request['token']}")
        connection.ensure_connection()
        say("set")
        sys.stdin.readline()
        with connection.execute_wrapper(hesitate):
            response = getattr(client, request["method"])(request["path"], request["body"])
        connections.close_all()
        say(json.dumps({"status": response.status_code, "body": json.loads(response.content or "null")}))


def say(word: str) -> None:
    print(word, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
