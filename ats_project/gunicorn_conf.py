"""How gunicorn serves: `gunicorn -c ats_project/gunicorn_conf.py ats_project.wsgi`, and `quickstart` alike."""

from __future__ import annotations

import logging
import os
import re
from urllib.parse import quote

from gunicorn import glogging  # type: ignore[import-untyped]

bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS") or 4)
timeout = 60
# Longer than nginx keeps an idle connection to us (60 s), so that it never writes into one that we are closing.
keepalive = 65
# The application bounds the query string itself (MAX_QUERY_BYTES) and says so in the error shape of the API.
limit_request_line = 0
# A socket to steer the server by: nobody asks it here, and it would need a writable home.
control_socket_disable = True
proc_name = "ats"

accesslog = "-"
# Neither query strings nor the referer, which has them too: the links in our mails carry tokens there.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(b)s %(M)sms "%(a)s" %({x-request-id}o)s'


class logger_class(glogging.Logger):  # noqa: N801 - the name of the setting
    """Writes no query string anywhere, and no line that a client made up."""

    def setup(self, cfg) -> None:
        super().setup(cfg)
        self.error_log.addFilter(without_queries)

    def atoms(self, resp, req, environ, request_time) -> dict:
        shown = super().atoms(resp, req, environ, request_time)
        # The path is percent-decoded by now and could hold a line break.
        shown["U"] = quote(environ.get("PATH_INFO") or "", safe="/:@!$&'()*+,;=~", encoding="latin-1")
        return shown


def without_queries(record: logging.LogRecord) -> bool:
    record.msg, record.args = re.sub(r"\?\S*", "?…", record.getMessage()), ()
    return True
