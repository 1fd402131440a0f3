"""What templates of the back office say with: see `office_words`."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.text import capfirst

from organizations import office_words

register = template.Library()
register.simple_tag(office_words.stars, name="stars")
register.filter("grouped", office_words.grouped)
register.simple_tag(office_words.avatar, name="avatar")
register.simple_tag(office_words.ago, name="ago")
register.simple_tag(office_words.when, name="when")


@register.simple_tag
def status(value: str, text: Any = None) -> str:
    return office_words.status_label(value, text)


@register.filter
def admin_list_url(opts: Any) -> str:
    """The name of the address of a model's list."""
    return f"admin:{opts.app_label}_{opts.model_name}_changelist"


@register.filter
def entry_of(navigation: list[dict[str, Any]], opts: Any) -> Any:
    """What the sidebar calls the list of a model; its plural, where it is not in there."""
    link = reverse(admin_list_url(opts))
    titles = (item["title"] for group in navigation for item in group["items"] if item["link"] == link)
    return next(titles, None) or capfirst(opts.verbose_name_plural)


@register.filter
def is_row(value: Any) -> bool:
    """Is it a row, and not the name that the delete page has for several?"""
    return hasattr(value, "_meta")
