"""A card is dropped on another column."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from candidates.actions import move
from candidates.models import Candidate, StatusChange
from organizations.errors import RuleBroken
from organizations.models import User

Status = Candidate.Status


class MoveForm(forms.Form):
    """`seen` is the status in which the mover saw the candidate."""

    candidate = forms.UUIDField()
    status = forms.ChoiceField(choices=Status.choices)
    seen = forms.ChoiceField(choices=Status.choices)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=StatusChange._meta.get_field("note").max_length, strip=True
    )
    started_work_on = forms.DateField(label=_("First day of work"), required=False)


@transaction.atomic
def move_as_seen(candidate: Candidate, asked: dict[str, Any], *, by: User) -> Candidate:
    """As `move`; RuleBroken if the candidate is not what the mover saw any more: someone else was faster."""
    now = candidate.locked()
    if now.is_archived:
        raise RuleBroken(gettext("%(name)s was archived meanwhile. Nobody was moved.") % {"name": now})
    if now.status != asked["seen"]:
        said = gettext("%(name)s was moved to %(status)s meanwhile, and stays there.")
        raise RuleBroken(said % {"name": now, "status": now.get_status_display()})
    return move(now, asked["status"], by=by, note=asked["note"], started_work_on=asked["started_work_on"])
