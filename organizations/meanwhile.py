"""A form that was opened before someone else saved: it overwrites nothing, and shows both versions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.text import capfirst
from django.utils.translation import gettext

#: The hidden field of a form that says which state it was made of.
READ = "_read"


def state_of(row: models.Model, formsets: Iterable[BaseInlineFormSet]) -> str:
    """Another one as soon as the row, or one of its parts that the form shows, was saved, added or removed."""
    rows = [row, *(part for formset in formsets for part in formset.get_queryset())]
    stamps = sorted(f"{each.pk} {each.updated_at.isoformat()}" for each in rows)  # type: ignore[attr-defined]
    return hashlib.sha256("\n".join(stamps).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Difference:
    """What is stored now in a field, and what was typed into it."""

    field: str
    stored: str
    typed: str


def differences(form: forms.ModelForm, formsets: Sequence[BaseInlineFormSet]) -> list[Difference]:
    """In the order of the page; those of the parts are called after them."""
    parts = [
        difference
        for formset in formsets
        for row in formset.initial_forms
        for difference in _of_form(row, f"{capfirst(row.instance._meta.verbose_name)} “{row.instance}”: ")
    ]
    return [*_of_form(form), *parts]


def _of_form(form: forms.ModelForm, whose: str = "") -> Iterator[Difference]:
    for name in form.changed_data:
        bound = form[name]
        if not bound.is_hidden and name != "DELETE":
            yield Difference(f"{whose}{bound.label}", _said(bound, bound.initial), _said(bound, bound.data))


def _said(bound: forms.BoundField, value: Any) -> str:
    """A value of a field as the form would say it."""
    try:
        value = bound.field.clean(value)
    except forms.ValidationError:
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    if isinstance(value, models.QuerySet):
        return ", ".join(map(str, value)) or "-"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if hasattr(value, "tzinfo") and value.tzinfo:
        return date_format(timezone.localtime(value), "j M Y H:i")
    labels = dict(getattr(bound.field, "choices", ())) if not isinstance(value, models.Model | list) else {}
    return str(labels.get(value, localize(value))) if value not in (None, "") else "-"
