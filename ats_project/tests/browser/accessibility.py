"""What axe-core finds on a page: https://github.com/dequelabs/axe-core"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor/axe-core-4.14.1/axe.min.js").read_text()
RUN = """rules => axe.run(document, {
    resultTypes: ["violations"], elementRef: false, ...(rules.length && {runOnly: {type: "rule", values: rules}})
})"""

#: Pages of the back office say it by a class, which a script of theirs sets; others ask the browser.
LOOKS = """look => !document.documentElement.hasAttribute("x-data")
    || document.documentElement.classList.contains("dark") === (look === "dark")"""


def axe(page: Page, *rules: str) -> list[str]:
    """What is seriously or critically wrong, a line each place: the rule, the element, and how to mend it.

    With `rules`, only these are asked."""
    if not page.evaluate("() => 'axe' in window"):
        # Not as a script of the page, which its security policy would refuse.
        page.evaluate(AXE)
    return [
        f"{found['id']}: {place['target']} {place['html'][:160]} – {place['failureSummary']}"
        for found in page.evaluate(RUN, list(rules))["violations"]
        if found["impact"] in ("serious", "critical")
        for place in found["nodes"]
    ]


def in_light_and_dark(page: Page) -> list[str]:
    """Both looks of the page as it stands. Only colours differ between them, so the second time only they are asked."""
    found = []
    for look, rules in (("light", []), ("dark", ["color-contrast"])):
        page.emulate_media(color_scheme=look)
        page.wait_for_function(LOOKS, arg=look)
        found += [f"{look}: {line}" for line in axe(page, *rules)]
    return found
