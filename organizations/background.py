"""Work that must not make an answer wait: done by threads after the transaction has committed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.utils import translation

logger = logging.getLogger(__name__)
_soon = ThreadPoolExecutor(max_workers=1, thread_name_prefix="background")
#: Beside the others, so that no mail waits for it.
_at_length = ThreadPoolExecutor(max_workers=2, thread_name_prefix="at-length")


def after_commit(job: Callable[..., Any], *arguments: Any) -> None:
    """Hand `job(*arguments)` over once the rows are there; never, if they are rolled back. It speaks the language of
    whoever handed it over. Its failure is logged and changes no answer. A clean stop of the process finishes what was
    handed over."""
    transaction.on_commit(partial(_hand_over, _soon, job, *arguments))


def at_length(job: Callable[..., Any], *arguments: Any) -> None:
    """The same for work of minutes."""
    transaction.on_commit(partial(_hand_over, _at_length, job, *arguments))


def _hand_over(worker: ThreadPoolExecutor, job: Callable[..., Any], *arguments: Any) -> None:
    if getattr(settings, "BACKGROUND_INLINE", False):
        _attempt(job, *arguments)
    else:
        worker.submit(_in_own_connection, translation.get_language(), job, *arguments)


def _in_own_connection(language: str | None, job: Callable[..., Any], *arguments: Any) -> None:
    try:
        with translation.override(language):
            _attempt(job, *arguments)
    finally:
        connections.close_all()


def _attempt(job: Callable[..., Any], *arguments: Any) -> None:
    try:
        job(*arguments)
    except Exception as error:
        # No traceback: a mail server's words can hold the address, and arguments can hold a token.
        logger.error("%s failed: %s", job.__name__, type(error).__name__)
