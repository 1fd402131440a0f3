"""A form that was opened before someone else saved: it overwrites nothing, and shows both versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

#: The hidden field of a form that says which state it was made of.
READ = "_read"


def state_of(form: forms.ModelForm, formsets: Iterable[BaseInlineFormSet]) -> str:
    """What the fields held when the form was made, in a few signs each."""
    rows = [form, *(row for formset in formsets for row in formset.initial_forms)]
    return json.dumps({_key(row, name): _signs(row[name].initial) for row in rows for name in row.fields})


def _key(form: forms.ModelForm, name: str) -> str:
    return f"{form.instance.pk}.{name}"


def _signs(stored: Any) -> str:
    values = sorted(str(getattr(each, "pk", each)) for each in stored) if isinstance(stored, list) else str(stored)
    return hashlib.sha256(str(values).encode()).hexdigest()[:12]


def read_by(text: str | None) -> Mapping[str, str]:
    """What `state_of` wrote, as a browser sent it back; nothing, if it is anything else."""
    try:
        read = json.loads(text or "{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


@dataclass(frozen=True)
class Difference:
    """What is stored now in a field, and what was typed into it."""

    field: str
    stored: str
    typed: str


def differences(
    form: forms.ModelForm, formsets: Sequence[BaseInlineFormSet], read: Mapping[str, str]
) -> list[Difference]:
    """The fields that were saved with another value since `read`, and would be overwritten; in the order of the page,
    those of the parts called after them."""
    parts = [
        difference
        for formset in formsets
        for row in formset.initial_forms
        for difference in _of_form(row, read, f"{capfirst(row.instance._meta.verbose_name)} “{row.instance}”: ")
    ]
    return [*_of_form(form, read), *parts]


def _of_form(form: forms.ModelForm, read: Mapping[str, str], whose: str = "") -> Iterator[Difference]:
    for name in form.changed_data:
        bound = form[name]
        if read.get(_key(form, name), "") not in ("", _signs(bound.initial)):
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
        return date_format(timezone.localtime(value), pgettext("date format", "j M Y H:i"))
    labels = dict(getattr(bound.field, "choices", ())) if not isinstance(value, models.Model | list) else {}
    return str(labels.get(value, localize(value))) if value not in (None, "") else "-"
