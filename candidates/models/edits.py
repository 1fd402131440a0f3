from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.models import Owned, User, owned_by

from .candidates import Candidate
from .profile import Document, Education, Experience, Skill


class Edit(Owned):
    """One change of what is known of a candidate: when (`created_at`) and by whom (`created_by`). Moves have their own
    record, `StatusChange`."""

    parent = "candidate"

    class Subject(models.TextChoices):
        CANDIDATE = "CANDIDATE", _("Profile")
        SKILL = "SKILL", _("Skill")
        EXPERIENCE = "EXPERIENCE", _("Experience")
        EDUCATION = "EDUCATION", _("Education")
        DOCUMENT = "DOCUMENT", _("Document")

    class Kind(models.TextChoices):
        ADDED = "ADDED", _("Added")
        CHANGED = "CHANGED", _("Changed")
        REMOVED = "REMOVED", _("Removed")

    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, related_name="edits", db_index=False, verbose_name=_("candidate")
    )
    subject = models.CharField(_("subject"), max_length=20, choices=Subject)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.CHANGED)
    #: Of a part, as it is called after the change: "Python".
    title = models.CharField(_("title"), max_length=200, blank=True, default="")
    #: Column → what it said and what it says, as short texts or null.
    changes = models.JSONField(_("changes"), default=dict, blank=True)

    class Meta:
        verbose_name = _("edit")
        verbose_name_plural = _("edits")
        default_permissions = ("view",)
        indexes = [
            *owned_by("edit", "created_by"),
            models.Index(fields=["candidate", "created_at"], name="edit_of_candidate"),
            models.Index(fields=["organization", "created_at", "candidate"], name="edit_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.title}".strip()

    @classmethod
    def permitted_rows(cls, user: User, action: str) -> Q:
        """Edits of a part only where the user sees such parts."""
        rows = super().permitted_rows(user, action)
        everywhere = user.grants.organizations(cls.permission(action))
        for subject, model in SUBJECTS.items():
            if hidden := everywhere - user.grants.organizations(model.permission("view")):
                rows &= ~Q(subject=subject, organization_id__in=hidden)
        return rows


SUBJECTS: dict[Edit.Subject, type[Owned]] = {
    Edit.Subject(model.__name__.upper()): model for model in (Candidate, Skill, Experience, Education, Document)
}
