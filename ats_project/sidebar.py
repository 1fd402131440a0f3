"""The way through the back office, in the words of the trade: each entry for those only who may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    title: Any
    icon: str
    #: The name of its address.
    page: str
    #: Shown to who holds one of these in any of the organizations that are looked at; to everyone, if there are none.
    permissions: tuple[str, ...] = ()
    #: The name of the address below which all belongs to it, if that is another.
    above: str = ""

    def link(self) -> str:
        return reverse(f"admin:{self.page}")

    def beginning(self) -> str:
        """Of the addresses of all its pages."""
        return reverse(f"admin:{self.above or self.page}")


CANDIDATES = ("candidates.view_candidate", "candidates.view_own_candidate")
INTERVIEWS = ("interviews.view_interview", "interviews.view_own_interview")
FEEDBACK_DUE = Entry(
    _("Feedback due"), "rate_review", "interviews_interview_feedback_due", ("interviews.add_feedback",)
)
EVERYDAY = (
    Entry(_("Home"), "home", "index"),
    Entry(_("Candidates"), "group", "candidates_candidate_changelist", CANDIDATES),
    Entry(_("Board"), "view_kanban", "candidates_candidate_board", CANDIDATES),
    Entry(_("Interviews"), "forum", "interviews_interview_changelist", INTERVIEWS),
    Entry(_("Calendar"), "calendar_month", "interviews_interview_calendar", INTERVIEWS),
    FEEDBACK_DUE,
    Entry(_("Invitations"), "mail", "invitations_invitation_changelist", ("invitations.view_invitation",)),
    Entry(_("Pipelines"), "conversion_path", "pipelines_pipeline_changelist", ("pipelines.view_pipeline",)),
    Entry(_("Contacts"), "contacts", "contacts_contact_changelist", ("contacts.view_contact",)),
    Entry(
        _("Import"),
        "upload_file",
        "candidates_import_upload",
        ("candidates.add_import",),
        above="candidates_import_changelist",
    ),
)
ORGANIZATION = (
    Entry(_("Team"), "badge", "organizations_employee_changelist", ("organizations.view_employee",)),
    Entry(_("Roles"), "shield_person", "organizations_role_changelist", ("organizations.view_role",)),
    Entry(
        _("Settings"),
        "settings",
        "organizations_organization_settings",
        ("organizations.change_organization",),
        above="organizations_organization_changelist",
    ),
)
OPERATIONS = (
    Entry(_("Accounts"), "manage_accounts", "organizations_user_changelist"),
    Entry(_("Sessions"), "key", "organizations_session_changelist"),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """As Unfold takes it."""
    groups = [(None, EVERYDAY), (_("Organization"), ORGANIZATION)]
    if getattr(request.user, "is_superuser", False):
        groups.append((_("Operations"), OPERATIONS))
    shown = [(title, _items(request, entries)) for title, entries in groups]
    return [{"title": title, "items": items} for title, items in shown if items]


def _items(request: HttpRequest, entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
    user: Any = request.user
    mine = [entry for entry in entries if not entry.permissions or any(map(user.may, entry.permissions))]
    home, here = reverse("admin:index"), request.path
    # The longest that the address begins with: a page below a list belongs to the page, not to the list.
    above = [e for e in mine if here.startswith(e.beginning()) and (e.beginning() != home or here == home)]
    active = max(above, key=lambda entry: len(entry.beginning()), default=None)
    return [
        {"title": entry.title, "icon": entry.icon, "link": entry.link(), "active": entry is active} for entry in mine
    ]


def stylesheet(request: HttpRequest) -> str:
    return static("organizations/office.css")


def script(request: HttpRequest) -> str:
    return static("organizations/office.js")


def icon(request: HttpRequest) -> str:
    return static("organizations/favicon.svg")
