"""Who interviews, and what they said, as far as one may see it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from organizations.models import Employee, User

from .models import Feedback, Interviewer


@dataclass(frozen=True)
class Seat:
    """One interviewer of an interview. `state` is "given", "owing", "coming" or, for those from whom it is hidden,
    "hidden"."""

    interviewer: Interviewer
    name: str
    is_own: bool
    state: str
    feedback: Feedback | None


class Panel:
    """The interviewers of an interview as `user` sees them. The interview was read by `permitted` and `with_people`."""

    def __init__(self, interview: Any, user: User) -> None:
        self.interview, self.user = interview, user
        self.place = user.employee_id_in(interview.organization_id)
        self.is_open: bool = interview.shows_feedback_to(user)

    @cached_property
    def seats(self) -> list[Seat]:
        said = {feedback.participation_id: feedback for feedback in self.interview.seen_feedbacks}
        return [self._seat(interviewer, said.get(interviewer.pk)) for interviewer in self.interview.seen_interviewers]

    def _seat(self, interviewer: Interviewer, feedback: Feedback | None) -> Seat:
        employee: Employee | None = interviewer.seen_employee  # type: ignore[attr-defined]
        is_own = interviewer.employee_id == self.place
        return Seat(interviewer, str(employee or _("Someone")), is_own, self._state(feedback, is_own), feedback)

    def _state(self, feedback: Feedback | None, is_own: bool) -> str:
        if feedback:
            return "given"
        if not (self.is_open or is_own):
            return "hidden"
        is_due = self.interview.is_over and not self.interview.is_cancelled
        return "owing" if is_due else "coming"

    @property
    def own(self) -> Seat | None:
        return next((seat for seat in self.seats if seat.is_own), None)

    @property
    def given(self) -> int:
        return sum(seat.feedback is not None for seat in self.seats)

    @property
    def may_write(self) -> bool:
        """May the user give their own feedback, or change it?"""
        own = self.own
        if own is None or (self.interview.is_cancelled and own.feedback is None):
            return False
        return self.user.may(Feedback.permission("change" if own.feedback else "add"), self.interview.organization_id)
