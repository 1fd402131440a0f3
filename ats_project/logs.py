from __future__ import annotations

import logging
import re


class WithoutQueries(logging.Filter):
    """Cuts query strings out of the lines of Django's development server: links carry tokens in them."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(re.sub(r"\?\S*", "", a) if isinstance(a, str) else a for a in record.args)
        return True


class WithRequestId(logging.Filter):
    """Puts the id that the client was told on the line, so that the one finds the other."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = getattr(getattr(record, "request", None), "request_id", "-")
        return True
