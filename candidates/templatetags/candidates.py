"""Addresses in the list of candidates."""

from __future__ import annotations

from typing import Any

from django import template

from candidates.models import Candidate

register = template.Library()


@register.simple_tag
def candidate_link(cl: Any, candidate: Candidate) -> str:
    return cl.link(candidate)


@register.simple_tag
def status_link(cl: Any, candidate: Candidate) -> str:
    """The list of those in the same status."""
    return cl.address(status=candidate.status)
