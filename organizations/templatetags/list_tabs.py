from __future__ import annotations

from typing import Any

from django import template

from organizations.list_tabs import ListTabs

register = template.Library()


@register.simple_tag
def list_tabs(changelist: Any) -> list[dict[str, Any]]:
    """The tabs above a list, with title and choices."""
    filters = [each for each in changelist.filter_specs if isinstance(each, ListTabs)]
    return [{"title": each.title, "choices": list(each.tabs(changelist))} for each in filters]
