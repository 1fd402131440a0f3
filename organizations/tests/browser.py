"""The admin as a person uses it: signed in with a browser, a form filled in as it is shown and sent."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Model
from django.forms import BaseForm, MultiWidget
from django.test import Client
from django.urls import reverse

from organizations.meanwhile import READ
from organizations.models import User


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(model: type[Model], name: str, *args: Any) -> str:
    """`page(Candidate, "change", pk)` → its address."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def send(client: Client, url: str, **words: Any):
    """Open the form, write `words` into it, send it. The answer, with the page that it leads to."""
    shown = client.get(url)
    assert shown.status_code == 200
    return client.post(url, {**filled(shown), **words}, follow=True)


def choose(client: Client, action: str, *rows: Model):
    """Tick `rows` in their list and press the button of `action`."""
    chosen = {"action": action, "_selected_action": [row.pk for row in rows], "post": "yes"}
    return client.post(page(type(rows[0]), "changelist"), chosen, follow=True)


def filled(shown: Any) -> dict[str, Any]:
    tables = [inline.formset for inline in shown.context["inline_admin_formsets"]]
    forms = [shown.context["adminform"].form, *(form for table in tables for form in (table.management_form, *table))]
    read = shown.context.get("read")
    return {**({READ: read} if read else {}), **{name: value for form in forms for name, value in _written(form)}}


def _written(form: BaseForm):
    for bound in form:
        widget, value = bound.field.widget, bound.value()
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget = widget.widget
        if isinstance(widget, MultiWidget):
            # What the form is compared with, where a default would be another by now.
            names = [bound.html_name, *([bound.html_initial_name] if bound.field.show_hidden_initial else [])]
            for name in names:
                for place, part in enumerate(widget.decompress(value)):
                    yield f"{name}_{place}", "" if part is None else str(part)
        elif isinstance(value, list | tuple):
            yield bound.html_name, [getattr(one, "pk", one) for one in value]
        elif value is not False:
            yield bound.html_name, "" if value is None else value
