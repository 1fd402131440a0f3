"""Lists of candidates that people brought in, and what each of them wrote."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models import Folded, Moment, Owned, Tallied
from organizations.models.indexes import owned_by

from .candidates import Candidate

#: After this time without a sign of life, whoever worked on an import is gone.
PATIENCE = timedelta(minutes=1)
#: An undo gives no sign before its end.
PATIENCE_WITH_UNDO = timedelta(minutes=10)


class Import(Owned):
    """A file of candidates on its way in: uploaded, its columns matched, checked, written, perhaps undone.

    The counts say what would become of its rows once it is checked, and what became of them once it has begun."""

    class State(models.TextChoices):
        UPLOADED = "UPLOADED", _("Uploaded")
        CHECKING = "CHECKING", _("Being checked")
        CHECKED = "CHECKED", _("Checked")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Stopped midway")
        UNDOING = "UNDOING", _("Being undone")
        UNDONE = "UNDONE", _("Undone")

    class Duplicates(models.TextChoices):
        SKIP = "skip", _("Leave them as they are")
        UPDATE = "update", _("Update them")

    file_name = models.CharField(_("file"), max_length=200)
    file_name_folded = Folded("file_name")
    stored_as = models.CharField(max_length=64, editable=False, help_text=_("the name of the file in UPLOAD_DIR"))
    size = models.PositiveBigIntegerField(_("size"), editable=False, help_text=_("bytes"))
    encoding = models.CharField(_("encoding"), max_length=20, default="utf-8")
    columns = models.JSONField(_("columns"), default=list, help_text=_("what each column is, null for none"))
    duplicates = models.CharField(_("duplicates"), max_length=10, choices=Duplicates, default=Duplicates.SKIP)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.UPLOADED)
    total = models.PositiveIntegerField(_("rows"), default=0)
    read = models.PositiveIntegerField(_("read"), default=0)
    made = models.PositiveIntegerField(_("added"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    skipped = models.PositiveIntegerField(_("skipped"), default=0)
    refused = models.PositiveIntegerField(_("with errors"), default=0)
    known = models.PositiveIntegerField(_("there already"), default=0)
    refusals = models.JSONField(_("rows with errors"), default=list, help_text=_("the first of them"))
    known_rows = models.JSONField(_("rows that are there already"), default=list, help_text=_("the first of them"))
    errors_size = models.PositiveBigIntegerField(default=0, editable=False)
    added_sources = models.JSONField(default=list, editable=False)
    problem = models.TextField(_("problem"), blank=True, default="")
    worker = models.UUIDField(null=True, editable=False)
    worked_at = Moment(_("worked at"), null=True, editable=False)
    finished_at = Moment(_("finished at"), null=True, editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        default_permissions = ("view", "add")
        permissions = [("undo_import", _("Can undo an import"))]
        constraints = [Tallied(name="import_is_tallied")]
        indexes = [
            *owned_by("import", "created_by"),
            models.Index(fields=["organization", "created_at", "id"], name="import_newest"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_at_work(self) -> bool:
        return self.state in {self.State.CHECKING, self.State.RUNNING, self.State.UNDOING}

    @property
    def is_stalled(self) -> bool:
        """Has nobody worked on it for a while? The server was stopped, perhaps."""
        patience = PATIENCE_WITH_UNDO if self.state == self.State.UNDOING else PATIENCE
        return self.is_at_work and (self.worked_at is None or timezone.now() - self.worked_at > patience)

    @property
    def is_interrupted(self) -> bool:
        """Did some of its rows go in, and others not yet, with nobody working on it?"""
        return self.state == self.State.FAILED or (self.state == self.State.RUNNING and self.is_stalled)

    @property
    def to_write(self) -> int:
        """The rows that go in, of a checked one."""
        return self.made + self.updated


class ImportedRow(models.Model):
    """What one row of an import wrote: a candidate that was added, or what an update replaced.

    A row that another row of the same import comes after stands before it in the order of keys."""

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows", db_index=False)
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="imported_rows")
    line = models.PositiveIntegerField()
    was_added = models.BooleanField()
    #: Of an update: `columns` as they were, `skills` that it added, `levels` that skills had, and its `move`.
    before: Any = models.JSONField(null=True)
    #: The candidate's, after it.
    updated_at = Moment()
    #: What was attached to the candidate later than this, someone else attached.
    written_at = Moment()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["of_import", "candidate", "id"], name="imported_row_candidate")]

    def __str__(self) -> str:
        return f"{self.of_import_id}, line {self.line}"
