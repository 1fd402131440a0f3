"""Debian's chromium, driven by Playwright: for the browser tests and for the pictures of the documents.

Playwright comes with the requirements of developers only."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

MISSING = "There is no chromium. Install it with `apt-get install chromium`, or say where one is: CHROMIUM=/a/path."
#: It asks its maker for updates and lists otherwise; and whatever a page asks for, no other host is found.
SILENT = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--no-first-run",
)


def path_of_chromium() -> str | None:
    """What the variable CHROMIUM says, else the chromium of the PATH. None if there is none."""
    return shutil.which(os.environ.get("CHROMIUM") or "chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser without windows, which reaches no host but this one.

    Raises FileNotFoundError if none is installed. While it runs, an event loop of Playwright belongs to this thread."""
    path = path_of_chromium()
    if path is None:
        raise FileNotFoundError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SILENT)
        try:
            yield browser
        finally:
            browser.close()
