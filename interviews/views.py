from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from api.bodies import refuse_unknown
from api.bulk import read_ahead
from api.query import Query
from api.viewsets import CreateMixin, DestroyMixin, ModelViewSet, NestedViewSet, ReadOnlyViewSet
from organizations.models import Employee, User

from .actions import (
    add_interviewers,
    change_feedback,
    delete_feedback,
    delete_interview,
    give_feedback,
    reschedule,
    schedule,
    take_off,
)
from .models import Feedback, Interview, Interviewer
from .serializers import (
    FeedbackSerializer,
    InterviewBody,
    InterviewersBody,
    InterviewerSerializer,
    InterviewSerializer,
    NewFeedback,
    NewFeedbackOfInterview,
)


class InterviewViewSet(ModelViewSet):
    """Meetings of a candidate with interviewers. No one is in two at a time."""

    serializer_class = InterviewSerializer
    lock_first = ("candidate",)
    bodies = {"create": InterviewBody, "update": InterviewBody, "partial_update": InterviewBody}
    query = Query(
        where=(
            "title", "startTime", "endTime", "location", "rating", "candidateId", "isCancelled", "candidate.status",
            "candidate.user.firstName", "candidate.user.lastName", "candidate.user.email", "interviewers.employeeId",
            "interviewers.employee.userId", "feedbacks.rating", "feedbacks.status", "feedbacks.interviewerId",
        ),
        relations=(
            "organization", "candidate.user", "candidate.source", "candidate.skills", "interviewers.employee.user",
            "feedbacks.interviewer.user",
        ),
        order=("startTime", "endTime", "title", "rating"),
        search="title, location and note",
    )  # fmt: skip

    def perform_create(self, values: dict[str, Any]) -> Interview:
        interviewers = values.pop("interviewers", [])
        return schedule(Interview(created_by=self.user, **values), by=self.user, interviewers=interviewers)

    def perform_update(self, row: Interview, values: dict[str, Any]) -> None:
        reschedule(row, by=self.user, **values)

    def perform_destroy(self, row: Interview) -> None:
        delete_interview(row)


class InterviewerViewSet(CreateMixin, DestroyMixin, ReadOnlyViewSet):
    """Who takes part in an interview."""

    serializer_class = InterviewerSerializer
    bodies = {"bulk": InterviewersBody}
    lock_first = ("interview__candidate", "interview")
    query = Query(
        where=("interviewId", "employeeId", "interview.startTime", "interview.candidateId", "employee.userId"),
        relations=("interview.candidate.user", "employee.user"),
    )

    def perform_create(self, values: dict[str, Any]) -> Interviewer:
        (added,) = add_interviewers(values["interview"], [values["employee"]], by=self.user)
        return added

    def perform_destroy(self, row: Interviewer) -> None:
        take_off(row)

    @extend_schema(request=InterviewersBody, responses={201: InterviewerSerializer(many=True)})
    @action(detail=False, methods=["post"])
    def bulk(self, request):
        """Add up to 1,000 employees to one interview: all of them or none. Answers them in order."""
        return Response(self.write(self.write_many), status=status.HTTP_201_CREATED)

    def write_many(self) -> list[Any]:
        body, serializer = self.body(), self.get_serializer()
        refuse_unknown(serializer, body)
        read_ahead(serializer, body)
        values = serializer.run_validation(body)
        self.require(Interviewer.permission("add"), values["interview"].organization_id)
        added = add_interviewers(values["interview"], values["employees"], by=self.user)
        return self.fresh_many([interviewer.pk for interviewer in added])


class FeedbackViewSet(ModelViewSet):
    """What interviewers think. Others' words stay hidden from an interviewer who has not given their own."""

    serializer_class = FeedbackSerializer
    bodies = {"create": NewFeedback}
    lock_first = ("candidate", "interview")
    query = Query(
        where=("interviewId", "candidateId", "interviewerId", "rating", "status"),
        relations=("interview", "candidate.user", "interviewer.user"),
        order=("rating", "status"),
    )

    def perform_create(self, values: dict[str, Any]) -> Feedback:
        return feedback_of(self.user, values)

    def perform_update(self, row: Feedback, values: dict[str, Any]) -> None:
        change_feedback(row, by=self.user, **values)

    def perform_destroy(self, row: Feedback) -> None:
        delete_feedback(row, by=self.user)


class FeedbackOfInterviewViewSet(CreateMixin, NestedViewSet):
    """The feedback on one interview."""

    serializer_class = FeedbackSerializer
    bodies = {"create": NewFeedbackOfInterview}
    query = FeedbackViewSet.query

    def values_of(self, body: dict[str, Any]) -> dict[str, Any]:
        self.require(Feedback.permission("add"), self.whole.organization_id)
        return {**self.validated(body), "interview": self.whole}

    def perform_create(self, values: dict[str, Any]) -> Feedback:
        return feedback_of(self.user, values)


def feedback_of(user: User, values: dict[str, Any]) -> Feedback:
    """Give the feedback that a body describes; without an interviewer, the caller's own."""
    interview = values.pop("interview")
    interviewer = (
        values.pop("interviewer", None)
        or Employee.objects.filter(pk=user.employee_id_in(interview.organization_id)).first()
    )
    if interviewer is None:
        raise serializers.ValidationError({"interviewerId": ["This field is required."]}, "required")
    values.pop("organization", None)
    return give_feedback(interview, interviewer, by=user, **values)
