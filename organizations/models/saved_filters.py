from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from .ownership import Folded, Folding, FoldingQuerySet, Moment, Touched

#: Characters of what a saved filter asks; no list is asked more by its own filters.
LONGEST_QUERY = 2000


class SavedFilter(Folding):
    """A list as one user likes to look at it: a name for what its address asks. It gives no right:
    whoever opens it sees what they may see."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters", db_index=False
    )
    #: Whose list: `candidates.candidate`.
    list_of = models.CharField(max_length=100)
    name = models.CharField(_("name"), max_length=80)
    name_folded = Folded("name", null=False)
    #: What stands behind the question mark.
    query_string = models.TextField(max_length=LONGEST_QUERY)
    created_at = Moment(default=timezone.now, editable=False)
    updated_at = Touched(editable=False)

    objects = FoldingQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "list_of", "name_folded"],
                name="saved_filter_name_is_unique",
                violation_error_message=_("You have a filter of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
