"""What a role can do, said to people."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Organization, Owned, Role

#: What is more than to see, add, change and delete.
DEEDS = {
    "candidates.hire_candidate": gettext_lazy("hire candidates"),
    "candidates.reject_candidate": gettext_lazy("reject candidates"),
}


def role_in_words(role: Role) -> str:
    """One sentence, for who has the role: "You can work with candidates and see employees." """
    if role.is_admin:
        return _("You can see, change and decide everything here.")
    deeds = list(_deeds(frozenset(role.granted)))
    if not deeds:
        return _("You are listed as a colleague; there is nothing to work on yet.")
    return _("You can %(deeds)s.") % {"deeds": _listed(deeds)}


def _deeds(granted: Collection[str]) -> Iterator[str]:
    worked_with = [model for model in _resources() if _works_with(model, granted)]
    # What belongs to something larger goes without saying where that is worked with.
    wholes = [model for model in worked_with if _whole_of(model) not in worked_with]
    rest = [model for model in _resources() if model not in worked_with and not model.parent]
    seen = [model for model in rest if model.permission("view") in granted]
    own = [model for model in rest if model not in seen and model.permission("view_own") in granted]
    if wholes:
        yield _("work with %(things)s") % {"things": _named(wholes)}
    yield from (str(words) for permission, words in DEEDS.items() if permission in granted)
    if seen:
        yield _("see %(things)s") % {"things": _named(seen)}
    if own:
        yield _("see the %(things)s that you have to do with") % {"things": _named(own)}


def _resources() -> list[type[Owned]]:
    models_of_ours = (model for app in settings.DOMAIN_APPS for model in apps.get_app_config(app).get_models())
    # That one sees one's own organization goes without saying.
    return [model for model in models_of_ours if issubclass(model, Owned) and model is not Organization]


def _works_with(model: type[Owned], granted: Collection[str]) -> bool:
    return bool({model.permission("add"), model.permission("change")} & set(granted))


def _whole_of(model: type[Owned]) -> type[models.Model] | None:
    whole = model.parent and model._meta.get_field(model.parent).related_model
    return whole or None  # type: ignore[return-value]


def _named(resources: Collection[type[Owned]]) -> str:
    return _listed([str(model._meta.verbose_name_plural) for model in resources])


def _listed(words: list[str]) -> str:
    return get_text_list(words, _("and"))
