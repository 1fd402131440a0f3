from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from api.bulk import MAX_ROWS
from api.fields import MeanField, ScopedRelatedField
from api.serializers import ModelSerializer, Relation
from candidates.serializers import CandidateSerializer
from organizations.models import Employee
from organizations.serializers import ColleaguesField, EmployeeSerializer, OrganizationSerializer

from .models import Feedback, Interview, Interviewer


class InterviewSerializer(ModelSerializer):
    relations: ClassVar = {
        "candidate": Relation(CandidateSerializer),
        "organization": Relation(OrganizationSerializer),
        "interviewers": Relation("interviews.serializers.InterviewerSerializer"),
        "feedbacks": Relation("interviews.serializers.FeedbackSerializer"),
    }
    order_in_lists = ("start_time", "pk")
    rating = MeanField(asks="rating_for", reads=Interview.masked["rating"], allow_null=True)

    class Meta:
        model = Interview
        fields = ("title", "start_time", "end_time", "location", "note", "rating", "candidate", "is_cancelled")
        fixed = ("candidate",)


class InterviewBody(InterviewSerializer):
    interviewers = ColleaguesField(required=False, max_length=100)

    class Meta(InterviewSerializer.Meta):
        fields = (*InterviewSerializer.Meta.fields, "interviewers")


class EmployeeIdsField(serializers.ListField):
    """1 to 1,000 ids of employees, no one's twice."""

    in_organization = True
    child = ScopedRelatedField(queryset=Employee.objects.all())
    default_error_messages = {"twice": "The same employee stands here twice."}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_length": 1, "max_length": MAX_ROWS, **options})

    def to_internal_value(self, data):
        employees = super().to_internal_value(data)
        if len(set(employees)) < len(employees):
            self.fail("twice")
        return employees


class InterviewerSerializer(ModelSerializer):
    relations: ClassVar = {
        "interview": Relation(InterviewSerializer),
        "employee": Relation(EmployeeSerializer),
    }

    class Meta:
        model = Interviewer
        fields = ("interview", "employee")
        read_only_fields = ("is_active", "is_archived")


class InterviewersBody(InterviewerSerializer):
    """Employees who take part in one interview from now on."""

    employeeIds = EmployeeIdsField(source="employees")

    class Meta(InterviewerSerializer.Meta):
        fields = ("interview", "employeeIds")


class FeedbackSerializer(ModelSerializer):
    relations: ClassVar = {
        "interview": Relation(InterviewSerializer),
        "candidate": Relation(CandidateSerializer),
        "interviewer": Relation(EmployeeSerializer),
    }

    class Meta:
        model = Feedback
        fields = ("interview", "candidate", "interviewer", "description", "rating", "status")
        read_only_fields = ("candidate",)
        fixed = ("interviewer",)


class NewFeedback(FeedbackSerializer):
    """Without `interviewerId` the caller gives it."""

    class Meta(FeedbackSerializer.Meta):
        extra_kwargs: ClassVar = {"interviewer": {"required": False}}


class NewFeedbackOfInterview(NewFeedback):
    """The interview is the one of the path."""

    class Meta(NewFeedback.Meta):
        read_only_fields = ("candidate", "interview")

    def owner_id(self, attrs: dict[str, Any]):
        return self.context["view"].whole.organization_id
