"""What a browser complains of while a test looks elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext

HOME = {"127.0.0.1", "localhost"}


class Complaints:
    """Errors of the console and of scripts, and requests to other hosts, in all windows of a test."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.expected: list[str] = []

    def expect(self, words: str) -> None:
        """A complaint that holds these words belongs to the test, such as "409" of a move that is refused."""
        self.expected.append(words)

    def listen_to(self, context: BrowserContext) -> None:
        context.on("console", lambda message: message.type == "error" and self._of_console(message))
        context.on("weberror", lambda error: self.heard.append(f"script: {error.error}"))
        context.on("request", lambda request: self._of_request(request.url))

    def unexpected(self) -> list[str]:
        return [words for words in self.heard if not any(known in words for known in self.expected)]

    def _of_console(self, message) -> None:
        self.heard.append(f"console: {message.text} ({message.location['url']})")

    def _of_request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname not in HOME:
            self.heard.append(f"request to another host: {url}")
