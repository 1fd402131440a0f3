"""What a rule of the trade says when it refuses. Rules do not know HTTP: the top floor makes this a 409."""

from __future__ import annotations

import re

from django.apps import apps
from django.db import IntegrityError
from django.db.models import Model, ProtectedError, RestrictedError, UniqueConstraint
from django.utils.translation import gettext as _


class RuleBroken(Exception):
    """A rule refuses, and nothing was changed. `message` is for people, `code` for programs."""

    def __init__(self, message: str, code: str = "conflict") -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    @property
    def on_page(self) -> str:
        """What a page says: `message`, but for rules that speak of times, which it tells in the viewer's zone."""
        return self.message


def rule_broken_by(error: IntegrityError) -> RuleBroken:
    """The rule behind a constraint that the database enforced, in the words that the model gives it."""
    if isinstance(error, RestrictedError | ProtectedError):
        return RuleBroken(_("It is in use by other rows and can't be deleted."), "in_use")
    constraint = _constraint_named_in(error)
    if constraint is None:
        return RuleBroken(_("This clashes with what is stored already."))
    return RuleBroken(str(constraint.get_violation_error_message()), "duplicate")


def _constraint_named_in(error: IntegrityError):
    text = str(error)
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    columns = re.findall(r"(\w+)\.(\w+)", text) if text.startswith("UNIQUE constraint failed") else []
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if name == constraint.name or f"'{constraint.name}'" in text or text.endswith(f": {constraint.name}"):
                return constraint
            if columns and isinstance(constraint, UniqueConstraint) and columns == _columns(model, constraint):
                return constraint
    return None


def _columns(model: type[Model], constraint: UniqueConstraint) -> list[tuple[str, str]]:
    columns = {field.name: field.column for field in model._meta.concrete_fields}
    return [(model._meta.db_table, columns[name]) for name in constraint.fields]
