"""Reading the mail, the one place that a token goes to."""

from __future__ import annotations

import re


def token_in(message) -> str:
    """The token in a mailed link, the same in both parts of the mail."""
    (in_text,) = re.findall(r"[?&]token=([\w-]+)", message.body)
    (in_html,) = re.findall(r"(?:&amp;|\?)token=([\w-]+)", message.alternatives[0][0])
    assert in_text == in_html
    return in_text
