"""The five roles of every organization, as data, and the permissions that a role can hold."""

from __future__ import annotations

from functools import cache

from django.apps import apps
from django.conf import settings


@cache
def every_permission() -> tuple[str, ...]:
    """All permissions of our own domains: `candidates.view_candidate`, `candidates.hire_candidate` …"""
    return tuple(
        sorted(
            f"{app}.{code}"
            for app in settings.DOMAIN_APPS
            for model in apps.get_app_config(app).get_models()
            for code in [
                *(f"{action}_{model._meta.model_name}" for action in model._meta.default_permissions),
                *(code for code, _ in model._meta.permissions),
            ]
        )
    )


def _all_of(*domains: str) -> list[str]:
    return [permission for permission in every_permission() if permission.partition(".")[0] in domains]


def _views_of(*domains: str) -> list[str]:
    return [p for p in _all_of(*domains) if ".view_" in p and ".view_own_" not in p]


def built_in_roles() -> dict[str, list[str]]:
    """Role name → permissions, as every organization starts with them."""
    recruiting = ("candidates", "interviews", "pipelines", "contacts")
    return {
        "ADMIN": list(every_permission()),
        "RECRUITER": [
            *_all_of(*recruiting, "invitations"),
            "organizations.view_employee",
            "organizations.view_organization",
            "organizations.view_role",
        ],
        "INTERVIEWER": [
            "candidates.view_own_candidate",
            "candidates.view_own_document",
            "candidates.view_own_education",
            "candidates.view_own_experience",
            "candidates.view_own_skill",
            "interviews.add_feedback",
            "interviews.change_feedback",
            "interviews.view_own_feedback",
            "interviews.view_own_interview",
            "interviews.view_own_interviewer",
            "organizations.view_organization",
            "organizations.view_own_employee",
        ],
        "VIEWER": [*_views_of(*recruiting), "organizations.view_employee", "organizations.view_organization"],
        "EMPLOYEE": [],
    }
