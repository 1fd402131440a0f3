"""What a user asks of a list, kept under a name: saved, renamed, forgotten. Each takes only the user's own."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from .errors import RuleBroken, rule_broken_by
from .models import SavedFilter, User
from .models.saved_filters import LONGEST_QUERY

#: Of one user and list: more are no menu any more.
MOST_FILTERS = 50


def filters_of(user: User, *, list_of: str) -> models.QuerySet[SavedFilter]:
    """The user's own of a list, by name. `list_of` is a label: `candidates.candidate`."""
    return SavedFilter.objects.filter(user=user, list_of=list_of).order_by("name_folded")


@transaction.atomic
def save_filter(name: str, *, list_of: str, query_string: str, by: User) -> SavedFilter:
    """RuleBroken if the user has one of this name, ignoring case, or as many as there may be, or if it is too long."""
    # Locked, so that two tabs do not save one too many.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if filters_of(by, list_of=list_of).count() >= MOST_FILTERS:
        raise RuleBroken(_("%(count)d filters are the most. Delete one first.") % {"count": MOST_FILTERS})
    if len(query_string) > LONGEST_QUERY:
        raise RuleBroken(_("This asks too much to be kept."), "invalid")
    return _written(SavedFilter(user=by, list_of=list_of, name=name, query_string=query_string))


def rename_filter(saved: SavedFilter, name: str) -> SavedFilter:
    """RuleBroken if the user has another of this name."""
    saved.name = name
    return _written(saved)


def delete_filter(saved: SavedFilter) -> None:
    saved.delete()


def _written(saved: SavedFilter) -> SavedFilter:
    saved.name = saved.name.strip()
    try:
        saved.full_clean(validate_unique=False, validate_constraints=False)
        with transaction.atomic():
            saved.save()
    except ValidationError as error:
        raise RuleBroken(" ".join(error.messages), "invalid") from error
    except IntegrityError as error:
        raise rule_broken_by(error) from error
    return saved
