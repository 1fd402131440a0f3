"""A browser that shows itself always alike: so two pictures of the same page are the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from playwright.sync_api import Browser, Page

from .demo_server import PASSWORD

Look = Literal["light", "dark"]
WIDE = {"viewport": {"width": 1440, "height": 900}}
#: A phone shows more points than it counts.
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}


class Camera:
    """Opens windows of colleagues, each signed in once."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self._signed_in: dict[str, Any] = {}

    @contextmanager
    def window(self, colleague: str = "", *, phone: bool = False, look: Look = "light") -> Iterator[Page]:
        """A page of `colleague`, who is known by the e-mail; of nobody without one."""
        options: dict[str, Any] = PHONE if phone else WIDE
        context = self.browser.new_context(
            base_url=self.address,
            locale="en-US",
            timezone_id="Europe/Berlin",
            color_scheme=look,
            reduced_motion="reduce",
            storage_state=self._cookies(colleague) if colleague else None,
            **options,
        )
        try:
            yield context.new_page()
        finally:
            context.close()

    def _cookies(self, colleague: str) -> Any:
        if colleague not in self._signed_in:
            context = self.browser.new_context(base_url=self.address)
            page = context.new_page()
            page.goto("/admin/login/")
            page.locator("input[name=username]").fill(colleague)
            page.locator("input[name=password]").fill(PASSWORD)
            page.locator("input[name=password]").press("Enter")
            page.wait_for_url("**/admin/")
            self._signed_in[colleague] = context.storage_state()
            context.close()
        return self._signed_in[colleague]


def open_page(page: Page, address: str) -> None:
    """Until nothing is asked of the server any more: charts and lists may come after the page."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
