"""The pictures of the documents: whose window, where, and what is done there before the shutter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from .camera import Camera, Look, open_page
from .demo_server import ROOT

PICTURES = ROOT / "docs" / "pictures"
RECRUITER, INTERVIEWER, ADMIN = (f"{name}@northwind.test" for name in ("recruiter", "interviewer", "admin"))


@dataclass(frozen=True)
class Shot:
    name: str
    address: str
    #: Nobody's, without.
    colleague: str = ""
    #: What is done on the page before.
    act: Callable[[Page], object] | None = None
    phone: bool = False
    look: Look = "light"


def take(camera: Camera, shot: Shot) -> Path:
    path = PICTURES / f"{shot.name}.png"
    with camera.window(shot.colleague, phone=shot.phone, look=shot.look) as page:
        open_page(page, shot.address)
        if shot.act:
            shot.act(page)
            page.wait_for_load_state("networkidle")
        page.screenshot(path=path)
    return path


def open_first_row(page: Page) -> None:
    page.locator("table a[href*='/change/']").first.click()
    page.wait_for_load_state()


SHOTS = [
    Shot("api-docs", "/api/docs"),
    Shot("admin", "/admin/candidates/candidate/", RECRUITER),
    # docs/tour.md
    Shot("home", "/admin/", RECRUITER),
    Shot("candidates", "/admin/candidates/candidate/?status=INTERVIEWED", RECRUITER),
    Shot("candidate", "/admin/candidates/candidate/?status=INTERVIEWED", RECRUITER, open_first_row),
    Shot("board", "/admin/candidates/candidate/board/", RECRUITER),
    Shot("calendar", "/admin/interviews/interview/calendar/", RECRUITER),
    Shot("interview-phone", "/admin/interviews/interview/", INTERVIEWER, open_first_row, phone=True),
    Shot("feedback-due", "/admin/interviews/interview/feedback-due/", INTERVIEWER, look="dark"),
    Shot("invitations", "/admin/invitations/invitation/", ADMIN),
    Shot("import", "/admin/candidates/import/upload/", RECRUITER),
    Shot("roles", "/admin/organizations/role/", ADMIN, open_first_row),
]
