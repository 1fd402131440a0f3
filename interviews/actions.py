"""What happens to interviews and feedback. API, admin, commands and tests call these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Avg
from django.utils.translation import gettext as _

from candidates.models import Candidate
from organizations.errors import RuleBroken
from organizations.loading import insert_all
from organizations.models import Employee, User

from .clashes import Clash, known_as
from .models import Feedback, Interview, Interviewer


@transaction.atomic
def schedule(interview: Interview, *, by: User, interviewers: Sequence[Employee] = ()) -> Interview:
    """A new interview. `Clash` if candidate or interviewers have another one at that time;
    PermissionDenied if `by` may not add interviewers."""
    if interviewers and not by.may(Interviewer.permission("add"), interview.organization_id):
        raise PermissionDenied
    _refuse_clash(interview, interviewers, by=by)
    interview.save()
    _add(interview, interviewers, by=by)
    return interview


@transaction.atomic
def reschedule(
    interview: Interview, *, by: User, interviewers: Sequence[Employee] | None = None, **changes: Any
) -> Interview:
    """Change an interview; `interviewers`, if given, take part in it from now on, besides those that `by` can't see.

    `Clash` as in `schedule`, RuleBroken for taking off someone who gave feedback."""
    interview = _locked(interview.pk)
    for name, value in changes.items():
        setattr(interview, name, value)
    present = list(Employee.objects.filter(interviewers__interview=interview))
    leaving = _leaving(interview, interviewers, by=by)
    joining = [employee for employee in interviewers or () if employee not in present]
    _refuse_clash(interview, [*(e for e in present if e not in leaving), *joining], by=by)
    interview.save()
    for action, employees in (("delete", leaving), ("add", joining)):
        if employees and not by.may(Interviewer.permission(action), interview.organization_id):
            raise PermissionDenied
    for interviewer in Interviewer.objects.filter(interview=interview, employee__in=leaving):
        take_off(interviewer)
    _add(interview, joining, by=by)
    return interview


@transaction.atomic
def add_interviewers(interview: Interview, employees: Sequence[Employee], *, by: User) -> list[Interviewer]:
    """`Clash` as in `schedule`, RuleBroken for someone who takes part already. The number of statements does not grow
    with them."""
    interview = _locked(interview.pk)
    _refuse_present(interview, employees, by=by)
    _refuse_clash(interview, employees, by=by)
    return _add(interview, employees, by=by)


def _refuse_present(interview: Interview, employees: Sequence[Employee], *, by: User) -> None:
    present = Employee.objects.filter(interviewers__interview=interview, pk__in=[employee.pk for employee in employees])
    if employee := present.order_by("pk").first():
        refusal = _("{person} takes part in the interview already.")
        raise RuleBroken(refusal.format(person=known_as(employee, by)), "duplicate")


@transaction.atomic
def take_off(interviewer: Interviewer) -> None:
    """RuleBroken if they gave feedback."""
    _locked(interviewer.interview_id)
    if Feedback.objects.filter(participation=interviewer).exists():
        raise RuleBroken(_("This interviewer gave feedback and can't be taken off the interview."), "gave_feedback")
    interviewer.delete()


@transaction.atomic
def delete_interview(interview: Interview) -> None:
    """With its interviewers and feedback; the candidate's mean follows."""
    candidate = Candidate.objects.select_for_update().get(pk=interview.candidate_id)
    interview.delete()
    _follow(candidate)


def _leaving(interview: Interview, wanted: Sequence[Employee] | None, *, by: User) -> list[Employee]:
    if wanted is None:
        return []
    visible = Interviewer.objects.permitted(by).filter(interview=interview).select_related("employee")
    return [interviewer.employee for interviewer in visible if interviewer.employee not in wanted]


def _add(interview: Interview, employees: Iterable[Employee], *, by: User) -> list[Interviewer]:
    added = [
        Interviewer(interview=interview, employee=employee, organization_id=interview.organization_id, created_by=by)
        for employee in employees
    ]
    insert_all(added)
    return added


def _refuse_clash(interview: Interview, interviewers: Iterable[Employee], *, by: User) -> None:
    """No one is in two uncancelled interviews at a time.

    Candidate and employees are locked first, always in this order, so that of two requests one sees the other."""
    if interview.end_time <= interview.start_time:
        raise ValidationError({"end_time": _("An interview ends after it starts.")})
    if interview.is_cancelled:
        return
    ids = sorted(employee.pk for employee in interviewers)
    Candidate.objects.select_for_update().get(pk=interview.candidate_id)
    employees = {row.pk: row for row in Employee.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    others = Interview.objects.overlapping(interview.start_time, interview.end_time).exclude(pk=interview.pk)
    if clash := others.filter(candidate_id=interview.candidate_id).order_by("start_time").first():
        raise Clash(interview.candidate, clash, by=by)
    meeting = others.filter(interviewers__employee__in=employees).order_by("interviewers__employee", "start_time")
    for key, clash in meeting.values_list("interviewers__employee", "pk")[:1]:
        raise Clash(employees[key], Interview.objects.get(pk=clash), by=by)


@transaction.atomic
def give_feedback(
    interview: Interview, interviewer: Employee, *, by: User, rating: Any, description: str | None = None, **fields: Any
) -> Feedback:
    """One interviewer's feedback on one interview; the means of interview and candidate follow.

    PermissionDenied if `by` is someone else and may not write for others, ValidationError if the employee does not
    take part, RuleBroken if they gave feedback already."""
    interview = _locked(interview.pk)
    refuse_for_others(interviewer, by=by)
    participation = Interviewer.objects.filter(interview=interview, employee=interviewer).first()
    if participation is None:
        raise ValidationError({"interviewer_id": _("This employee is no interviewer of the interview.")})
    if Feedback.objects.filter(participation=participation).exists():
        raise RuleBroken(_("This interviewer gave feedback on the interview already."), "duplicate")
    feedback = Feedback.objects.create(
        interview=interview,
        candidate_id=interview.candidate_id,
        organization_id=interview.organization_id,
        interviewer=interviewer,
        participation=participation,
        rating=rating,
        description=description,
        created_by=by,
        **fields,
    )
    follow(interview)
    return feedback


@transaction.atomic
def change_feedback(feedback: Feedback, *, by: User, **changes: Any) -> Feedback:
    """PermissionDenied if it is someone else's and `by` may not write for others."""
    interview = _locked(feedback.interview_id)
    refuse_for_others(feedback.interviewer, by=by)
    feedback = feedback.locked()
    for name, value in changes.items():
        setattr(feedback, name, value)
    feedback.save()
    follow(interview)
    return feedback


@transaction.atomic
def delete_feedback(feedback: Feedback, *, by: User) -> None:
    """PermissionDenied if it is someone else's and `by` may not write for others."""
    interview = _locked(feedback.interview_id)
    refuse_for_others(feedback.interviewer, by=by)
    feedback.delete()
    follow(interview)


def refuse_for_others(interviewer: Employee, *, by: User) -> None:
    if interviewer.user_id != by.pk and not by.may("interviews.write_others_feedback", interviewer.organization_id):
        raise PermissionDenied(_("Feedback is written by the interviewer."))


def follow(interview: Interview) -> None:
    """Bring the means of an interview and of its candidate in step with their feedback, under the caller's locks."""
    mean = _mean(interview.feedbacks)
    if mean != interview.rating:
        interview.rating = mean
        interview.save(update_fields=["rating"])
    _follow(Candidate.objects.get(pk=interview.candidate_id))


def _follow(candidate: Candidate) -> None:
    mean = _mean(candidate.feedbacks)
    if mean != candidate.ratings:
        candidate.ratings = mean
        candidate.save(update_fields=["ratings"])


def _mean(feedbacks: Any) -> Any:
    mean = feedbacks.aggregate(mean=Avg("rating"))["mean"]
    return None if mean is None else round(Decimal(mean), 2)


def _locked(pk: Any) -> Interview:
    """The candidate is locked before the interview: its mean is made of all its interviews."""
    candidate_id = Interview.objects.values_list("candidate_id", flat=True).get(pk=pk)
    Candidate.objects.select_for_update().get(pk=candidate_id)
    return Interview.objects.select_for_update().get(pk=pk)
