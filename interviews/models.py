from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Self
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candidates.models import Candidate
from candidates.models.candidates import HALF_STEPS, rating_validators, sees_all_feedback
from organizations.models import (
    Employee,
    Folded,
    Moment,
    Owned,
    OwnedQuerySet,
    RowOf,
    SearchedQuerySet,
    SearchIndex,
    SearchRow,
    Tallied,
    User,
    Words,
    asked_by,
)

WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


class InterviewQuerySet(SearchedQuerySet):
    def permitted(self, user: User | AnonymousUser | None, action: str = "view") -> Self:
        """As always; each row knows whether the user gave feedback on it, which some must before they see others'."""
        rows = super().permitted(user, action)
        if not isinstance(user, User) or sees_all_feedback(user, self.model):
            # Nobody asks it of them.
            return rows.annotate(own_feedback_given=models.Value(False))
        mine = user.grants.employees(user.grants.belonging())
        given = Feedback.objects.filter(interview=models.OuterRef("pk"), interviewer__in=mine)
        return rows.annotate(own_feedback_given=models.Exists(given))

    def with_people(self, user: User) -> Self:
        """With what `user` may see of who takes part and what they said: `seen_interviewers`, each with a
        `seen_employee`, and `seen_feedbacks`. Three statements, however many rows."""
        # Not one in the other: a prefetch into an attribute within another one would ask once for each interviewer.
        interviewers = Interviewer.objects.permitted(user).order_by("created_at", "pk")
        feedbacks = Feedback.objects.permitted(user).order_by("created_at", "pk")
        return self.prefetch_related(
            Prefetch("interviewers", interviewers, to_attr="seen_interviewers"),
            Prefetch("seen_interviewers__employee", Employee.objects.permitted(user), to_attr="seen_employee"),
            Prefetch("feedbacks", feedbacks, to_attr="seen_feedbacks"),
        )

    def overlapping(self, start: datetime, end: datetime) -> Self:
        """The uncancelled interviews that share time with [start, end). Back to back is no overlap."""
        return self.filter(is_cancelled=False, start_time__lt=end, end_time__gt=start)


class Interview(Owned):
    """A meeting of a candidate with interviewers."""

    own_path = "interviewers__employee"
    masked = {"rating": ("rating", "organization_id", "own_feedback_given")}

    title = models.CharField(_("title"), max_length=200)
    title_folded = Folded("title")
    start_time = Moment(_("start"))
    end_time = Moment(_("end"))
    location = models.CharField(
        _("place or link"), max_length=500, null=True, blank=True, help_text=_("a room, or the address of a call")
    )
    note = models.TextField(_("note"), max_length=20_000, null=True, blank=True)
    rating = models.DecimalField(
        _("rating"), max_digits=3, decimal_places=2, null=True, editable=False, help_text=_("mean of its feedback")
    )
    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, related_name="interviews", db_index=False, verbose_name=_("candidate")
    )
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    words = Words("title", "location")
    note_words = Words("note")

    objects = InterviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        permissions = [("view_own_interview", "Can view the interviews that one takes part in")]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_time__gt=F("start_time")),
                name="interview_ends_after_it_starts",
                violation_error_message=_("An interview ends after it starts."),
            ),
            Tallied(name="interview_is_tallied"),
            SearchIndex(name="interview_search", own={"A": "words", "D": "note_words"}),
        ]
        indexes = [
            *asked_by(
                "interview",
                "title_folded", "start_time", "end_time", "location", "is_cancelled",
                nullable=("rating",),
                whole=("candidate",),
            ),
            models.Index(fields=["candidate", "start_time"], name="interview_of_candidate"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @classmethod
    def blind_columns(cls, user: User, within: Collection[UUID] | None = None) -> frozenset[str]:
        return frozenset() if sees_all_feedback(user, cls, within) else frozenset({"rating"})

    @staticmethod
    def rating_for(user: User, rating: Decimal | None, organization_id: UUID, own_given: bool) -> Decimal | None:
        """The mean of its feedback, for those who may see that feedback."""
        return rating if sees_feedback(user, organization_id, own_given) else None

    def shows_feedback_to(self, user: User) -> bool:
        """May `user`, through whose `permitted` the row was read, see what its interviewers said, and who has not?"""
        return sees_feedback(user, self.organization_id, self.own_feedback_given)  # type: ignore[attr-defined]

    @property
    def length(self) -> timedelta:
        return self.end_time - self.start_time

    @property
    def is_over(self) -> bool:
        return self.end_time <= timezone.now()

    @property
    def is_under_way(self) -> bool:
        return self.start_time <= timezone.now() < self.end_time

    @property
    def link(self) -> str | None:
        """The address of the call, if that is where it takes place."""
        return self.location if self.location and WEB_ADDRESS.fullmatch(self.location) else None


def sees_feedback(user: User, organization_id: UUID, own_given: bool) -> bool:
    """All who may see all feedback of the organization; others once they gave their own on the interview."""
    return user.may("interviews.view_feedback", organization_id) or (
        user.may("interviews.view_own_feedback", organization_id) and own_given
    )


class InterviewSearch(SearchRow):
    row = RowOf(Interview)

    class Meta(SearchRow.Meta):
        db_table = "interview_search"


class InterviewerQuerySet(OwnedQuerySet):
    def owing(self) -> Self:
        """Those who have yet to give feedback: the interview is over and was not cancelled."""
        is_over = Q(interview__end_time__lte=timezone.now(), interview__is_cancelled=False)
        return self.filter(is_over, feedback=None)

    def of(self, user: User) -> Self:
        """Those that are `user`, in whichever of their organizations."""
        return self.filter(employee__in=user.grants.employees(user.grants.belonging()))


class Interviewer(Owned):
    """An employee who takes part in an interview."""

    parent = "interview"
    own_path = "interview__interviewers__employee"

    interview = models.ForeignKey(
        Interview, on_delete=models.CASCADE, related_name="interviewers", db_index=False, verbose_name=_("interview")
    )
    employee = models.ForeignKey(
        Employee, on_delete=models.RESTRICT, related_name="interviewers", db_index=False, verbose_name=_("interviewer")
    )

    objects = InterviewerQuerySet.as_manager()

    class Meta:
        verbose_name = _("interviewer")
        verbose_name_plural = _("interviewers")
        default_permissions = ("view", "add", "delete")
        permissions = [("view_own_interviewer", "Can view the interviewers of the interviews that one takes part in")]
        constraints = [
            models.UniqueConstraint(
                fields=["interview", "employee"],
                name="interviewer_is_once_in_an_interview",
                violation_error_message=_("This employee takes part in the interview already."),
            ),
            Tallied(name="interviewer_is_tallied"),
        ]
        indexes = asked_by("interviewer", relations=("employee",), whole=("interview",))

    def __str__(self) -> str:
        # No name: who sees this row need not see the employee's.
        return _("Interviewer since {day}").format(day=f"{self.created_at:%Y-%m-%d}")


class Feedback(Owned):
    """What one interviewer thinks after one interview."""

    parent = "interview"
    # Blind until given: others' words show in the interviews that one gave feedback in, not in all that one attends.
    own_path = "interview__feedbacks__interviewer"

    interview = models.ForeignKey(
        Interview, on_delete=models.CASCADE, related_name="feedbacks", db_index=False, verbose_name=_("interview")
    )
    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, related_name="feedbacks", editable=False, verbose_name=_("candidate")
    )
    interviewer = models.ForeignKey(
        Employee, on_delete=models.RESTRICT, related_name="feedbacks", db_index=False, verbose_name=_("interviewer")
    )
    # One-to-one: only who takes part can give feedback, once, and can't be taken off the interview afterwards.
    participation = models.OneToOneField(
        Interviewer, on_delete=models.RESTRICT, related_name="feedback", editable=False
    )
    description = models.TextField(_("words"), max_length=20_000, null=True, blank=True)
    rating = models.DecimalField(_("rating"), max_digits=3, decimal_places=2, validators=rating_validators)
    status = models.CharField(
        _("proposal"),
        max_length=20,
        choices=Candidate.Status,
        null=True,
        blank=True,
        help_text=_("what the interviewer proposes"),
    )

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        permissions = [
            ("view_own_feedback", "Can view the feedback of own interviews, once the own feedback is given"),
            ("write_others_feedback", "Can write feedback on behalf of others"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(rating__in=HALF_STEPS), name="feedback_rating_is_in_half_steps"),
            models.UniqueConstraint(
                fields=["interview", "interviewer"],
                name="feedback_is_once_for_an_interviewer",
                violation_error_message=_("This interviewer gave feedback on the interview already."),
            ),
            Tallied(name="feedback_is_tallied"),
        ]
        indexes = asked_by(
            "feedback", "rating", nullable=("status",), relations=("interviewer",), whole=("interview", "candidate")
        )

    def __str__(self) -> str:
        # No name: who sees this row need not see the employee's.
        return _("Feedback of {day}").format(day=f"{self.created_at:%Y-%m-%d}")

    @classmethod
    def permitted_rows(cls, user: User, action: str) -> Q:
        rows = super().permitted_rows(user, action)
        if action == "view":
            return rows
        for_others = user.grants.organizations("interviews.write_others_feedback")
        mine = user.grants.employees(user.grants.belonging())
        return rows & (Q(organization_id__in=for_others) | Q(interviewer__in=mine))
