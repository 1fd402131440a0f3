from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers

from api.fields import CharField, ChoiceField, DateField, MeanField
from api.serializers import BodySerializer, ModelSerializer, Relation
from organizations.models import fold
from organizations.serializers import EmployeeSerializer, OrganizationSerializer, PasswordField, PersonSerializer

from .models import Candidate, Document, Education, Experience, Skill, Source, StatusChange

OF_CANDIDATE: dict[str, Relation] = {"candidate": Relation("candidates.serializers.CandidateSerializer")}


class SourceSerializer(ModelSerializer):
    relations: ClassVar = {"organization": Relation(OrganizationSerializer)}

    class Meta:
        model = Source
        fields = ("name",)


class SkillSerializer(ModelSerializer):
    relations = OF_CANDIDATE

    class Meta:
        model = Skill
        fields = ("candidate", "name", "level")


class ExperienceSerializer(ModelSerializer):
    relations = OF_CANDIDATE

    class Meta:
        model = Experience
        fields = ("candidate", "occupation", "duration", "description")

    def get_fields(self):
        # A text, in and out, beside the owner of the row, `organizationId`, whose model name is `organization` too.
        company = CharField(source="company", max_length=200, required=False, allow_null=True)
        return {**super().get_fields(), "organization": company}


class EducationSerializer(ModelSerializer):
    relations = OF_CANDIDATE

    class Meta:
        model = Education
        fields = ("candidate", "school_name", "degree", "field", "completion_date")


class DocumentSerializer(ModelSerializer):
    relations = OF_CANDIDATE

    class Meta:
        model = Document
        fields = ("candidate", "name", "document_url")


class StatusChangeSerializer(ModelSerializer):
    class Meta:
        model = StatusChange
        fields = ("candidate", "from_status", "to_status", "note")


class CandidateSerializer(ModelSerializer):
    """A candidate as it is shown, and the fields that a save of its own may write. `status` moves by `move` only."""

    relations: ClassVar = {
        "user": Relation(PersonSerializer, source="*"),
        "source": Relation(SourceSerializer),
        "organization": Relation(OrganizationSerializer),
        "employee": Relation(EmployeeSerializer),
        "skills": Relation(SkillSerializer),
        "experience": Relation(ExperienceSerializer),
        "educations": Relation(EducationSerializer),
        "documents": Relation(DocumentSerializer),
        "statusHistory": Relation(StatusChangeSerializer),
        "interviews": Relation("interviews.serializers.InterviewSerializer"),
        "interview": Relation("interviews.serializers.InterviewSerializer", source="interviews"),
        "feedbacks": Relation("interviews.serializers.FeedbackSerializer"),
    }
    ratings = MeanField(asks="ratings_for", reads=Candidate.masked["ratings"], allow_null=True)

    class Meta:
        model = Candidate
        fields = (
            "user", "status", "status_since", "rating", "ratings", "applied_date", "hired_date", "reject_date",
            "source", "employee", "cv_url", "candidate_level", "notes",
        )  # fmt: skip
        read_only_fields = ("user", "status", "status_since", "hired_date", "reject_date", "employee")


class SkillBody(BodySerializer):
    name = CharField(max_length=200)
    level = ChoiceField(choices=Skill.Level.choices, required=False, allow_null=True)


class SkillList(serializers.ListSerializer):
    def validate(self, attrs):
        names = [fold(skill["name"]) for skill in attrs]
        if len(set(names)) < len(names):
            raise serializers.ValidationError("The same skill stands here twice.", "duplicate")
        return attrs


class SkillsBody(BodySerializer):
    skills = SkillList(child=SkillBody(), min_length=1, max_length=200)


class ExperienceBody(BodySerializer):
    occupation = CharField(max_length=200)
    organization = CharField(source="company", max_length=200, required=False, allow_null=True)
    duration = CharField(max_length=100, required=False, allow_null=True)
    description = CharField(max_length=20_000, required=False, allow_null=True)


class EducationBody(BodySerializer):
    schoolName = CharField(source="school_name", max_length=200)
    degree = CharField(max_length=200, required=False, allow_null=True)
    field = CharField(max_length=200, required=False, allow_null=True)
    completionDate = DateField(source="completion_date", required=False, allow_null=True)


class SourceBody(BodySerializer):
    name = CharField(max_length=200)


class CandidateChanges(CandidateSerializer):
    """The body of a change: the candidate's own fields, the words about the person, and the status to move to."""

    user = PersonSerializer(source="*")
    status = ChoiceField(choices=Candidate.Status.choices, required=False)

    class Meta(CandidateSerializer.Meta):
        read_only_fields = ("status_since", "hired_date", "reject_date", "employee")


class Application(CandidateChanges):
    """The body of a new candidate."""

    password = PasswordField(required=False)
    skills = SkillList(child=SkillBody(), required=False, max_length=200)
    experience = serializers.ListField(child=ExperienceBody(), required=False, max_length=200)
    educations = serializers.ListField(child=EducationBody(), required=False, max_length=200)

    class Meta(CandidateChanges.Meta):
        fields = (*CandidateChanges.Meta.fields, "password", "skills", "experience", "educations")

    def get_fields(self):
        # Beside `sourceId`, whose model name is `source` too.
        return {**super().get_fields(), "source": SourceBody(source="named_source", required=False, allow_null=True)}

    def validate(self, attrs):
        named_source = attrs.pop("named_source", None)
        if named_source and attrs.get("source"):
            raise serializers.ValidationError({"source": ["Send either source or sourceId."]})
        if named_source:
            attrs["source_name"] = named_source["name"]
        return super().validate(attrs)


class HireBody(BodySerializer):
    startedWorkOn = DateField(source="started_work_on", required=False, allow_null=True)


class RejectBody(BodySerializer):
    note = CharField(max_length=2000, required=False, allow_null=True)
