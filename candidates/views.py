from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from api.bulk import BulkCreateMixin, refuse_twice
from api.query import Query
from api.viewsets import ModelViewSet, NestedViewSet
from organizations.models import fold

from .actions import apply, apply_many, delete_source, hire, move, name_skills, reject
from .edits import add_part, edit, remove_part
from .models import Candidate, Source
from .serializers import (
    Application,
    CandidateChanges,
    CandidateSerializer,
    DocumentSerializer,
    EducationSerializer,
    ExperienceSerializer,
    HireBody,
    RejectBody,
    SkillsBody,
    SkillSerializer,
    SourceSerializer,
)


class CandidateViewSet(BulkCreateMixin, ModelViewSet):
    """The people who apply, as one organization knows them."""

    serializer_class = CandidateSerializer
    bodies = {
        "create": Application,
        "update": CandidateChanges,
        "partial_update": CandidateChanges,
        "hired": HireBody,
        "rejected": RejectBody,
    }
    permissions = {"hired": "candidates.hire_candidate", "rejected": "candidates.reject_candidate"}
    query = Query(
        where=(
            "status", "rating", "ratings", "appliedDate", "hiredDate", "rejectDate", "sourceId", "employeeId", "userId",
            "candidateLevel", "user.id", "user.firstName", "user.lastName", "user.email", "user.phoneNumber",
            "source.id", "source.name", "skills.id", "skills.name", "skills.level", "experience.occupation",
            "experience.organization", "educations.schoolName", "educations.degree", "educations.field",
            "educations.completionDate", "documents.name", "interviews.id", "interviews.title", "interviews.startTime",
            "interviews.endTime", "interviews.isCancelled", "interviews.interviewers.employeeId", "feedbacks.rating",
            "feedbacks.status", "feedbacks.interviewerId", "employee.startedWorkOn", "statusHistory.toStatus",
            "statusHistory.createdAt",
        ),
        relations=(
            "user", "source", "organization", "employee.user", "employee.role", "skills", "experience", "educations",
            "documents", "statusHistory", "interviews.interviewers.employee.user", "interviews.feedbacks",
            "interview.interviewers.employee.user", "interview.feedbacks", "feedbacks.interviewer.user",
        ),
        order=(
            "status", "rating", "ratings", "appliedDate", "hiredDate", "rejectDate", "candidateLevel",
            "user.firstName", "user.lastName", "user.email",
        ),
        search="name, e-mail, skills, experience and notes",
    )  # fmt: skip

    def perform_create(self, values: dict[str, Any]) -> Candidate:
        return apply(by=self.user, **values)

    def perform_bulk(self, rows: Sequence[dict[str, Any]]) -> list[Candidate]:
        refuse_twice([(values["organization"].pk, fold(values["email"])) for values in rows], "user.email")
        return apply_many(rows, by=self.user)

    def perform_update(self, row: Candidate, values: dict[str, Any]) -> None:
        status_asked = values.pop("status", None)
        edit(row, by=self.user, **values)
        if status_asked is not None:
            move(row, status_asked, by=self.user)

    @extend_schema(request=HireBody, responses=CandidateSerializer)
    @action(detail=True, methods=["put"])
    def hired(self, request, pk):
        """Hire: the person becomes an employee. 409 if they are one already."""
        return Response(self.write(partial(self.write_move, hire)))

    @extend_schema(request=RejectBody, responses=CandidateSerializer)
    @action(detail=True, methods=["put"])
    def rejected(self, request, pk):
        """Reject, with a note if there is something to say. 409 if they are rejected already, or hired."""
        return Response(self.write(partial(self.write_move, reject)))

    def write_move(self, verb: Callable[..., Candidate]) -> Any:
        row = self.row_of_path(lock=True)
        self.require(self.permissions[self.action], row.organization_id)
        verb(row, by=self.user, **self.validated(self.body()))
        return self.fresh(row.pk)


class SourceViewSet(ModelViewSet):
    """Where candidates come from."""

    serializer_class = SourceSerializer
    query = Query(where=("name",), relations=("organization",), order=("name",))

    def perform_destroy(self, row: Source) -> None:
        delete_source(row, by=self.user)


class PartViewSet(ModelViewSet):
    """Rows of a candidate's profile, whose changes are recorded."""

    def perform_create(self, values: dict[str, Any]) -> Any:
        part = self.model(**values)
        add_part(part, by=self.user)
        return part

    def perform_update(self, row: Any, values: dict[str, Any]) -> None:
        edit(row, by=self.user, **values)

    def perform_destroy(self, row: Any) -> None:
        remove_part(row, by=self.user)


class SkillViewSet(PartViewSet):
    serializer_class = SkillSerializer
    query = Query(where=("candidateId", "name", "level"), relations=("candidate.user",), order=("name", "level"))


class SkillsOfCandidateViewSet(NestedViewSet):
    """The skills of one candidate."""

    serializer_class = SkillSerializer
    bodies = {"create": SkillsBody}
    query = SkillViewSet.query

    @extend_schema(request=SkillsBody, responses={201: SkillSerializer(many=True)})
    def create(self, request, *args, **kwargs):
        """Name skills; one that is there already, ignoring case, gets the new level. Answers those named."""
        return Response(self.write(self.write_skills), status=status.HTTP_201_CREATED)

    def write_skills(self) -> list[Any]:
        named = name_skills(self.whole, self.validated(self.body())["skills"], by=self.user)
        return self.fresh_many([skill.pk for skill in named])


class ExperienceViewSet(PartViewSet):
    serializer_class = ExperienceSerializer
    query = Query(
        where=("candidateId", "occupation", "organization"),
        relations=("candidate.user",),
        order=("occupation", "organization"),
    )


class EducationViewSet(PartViewSet):
    serializer_class = EducationSerializer
    query = Query(
        where=("candidateId", "schoolName", "degree", "field", "completionDate"),
        relations=("candidate.user",),
        order=("schoolName", "degree", "field", "completionDate"),
    )


class DocumentViewSet(PartViewSet):
    serializer_class = DocumentSerializer
    query = Query(where=("candidateId", "name"), relations=("candidate.user",), order=("name",))
