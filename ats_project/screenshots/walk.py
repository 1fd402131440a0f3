"""Every page that links lead to, for looking at all of them: wide and on a phone, in light and in dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Error

from .camera import Camera, Look, open_page

LOOKS: tuple[Look, Look] = ("light", "dark")
#: What no picture can be taken of, and what would end the walk.
LEFT_OUT = re.compile(r"/(logout|export|download|jsi18n|autocomplete|undo|error)")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def walk(camera: Camera, colleague: str, folder: Path, parts: list[str]) -> Iterator[Path]:
    """Takes four pictures of each page whose name holds one of `parts`, of a kind of page only the first that is met.
    Yields their paths."""
    pages = [address for address in found(camera, colleague) if holds_one(name_of(address), parts)]
    for phone in (False, True):
        for look in LOOKS:
            with camera.window(colleague, phone=phone, look=look) as page:
                for address in pages:
                    path = folder / f"{name_of(address)}-{'390' if phone else '1440'}-{look}.png"
                    open_page(page, address)
                    page.screenshot(path=path, full_page=True)
                    yield path


def found(camera: Camera, colleague: str) -> Iterator[str]:
    """The paths below /admin/ that can be reached from Home, the nearest first, one of each kind."""
    waiting, known = ["/admin/"], {"admin"}
    with camera.window(colleague) as page:
        while waiting:
            address = waiting.pop(0)
            try:
                open_page(page, address)
            except Error:
                # An address that a file comes from is no page.
                continue
            yield address
            for link in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
                parts = urlsplit(link)
                is_ours = link.startswith(f"{camera.address}/admin/") and not LEFT_OUT.search(parts.path)
                if is_ours and (kind := name_of(parts.path)) not in known:
                    known.add(kind)
                    waiting.append(parts.path)


def name_of(address: str) -> str:
    return ID.sub("one", address).strip("/").replace("/", "-")


def holds_one(name: str, parts: list[str]) -> bool:
    return any(part in name for part in parts)
