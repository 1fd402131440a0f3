"""What is known of a candidate beyond the application itself."""

from __future__ import annotations

from django.db import models

from organizations.models import Folded, Owned, SearchPart, Tallied, Words, asked_by
from organizations.models.organizations import web_address

from .candidates import Candidate


class Skill(Owned):
    parent = "candidate"
    own_path = "candidate__interviews__interviewers__employee"

    class Level(models.TextChoices):
        BEGINNER = "BEGINNER", "Beginner"
        INTERMEDIATE = "INTERMEDIATE", "Intermediate"
        ADVANCED = "ADVANCED", "Advanced"
        EXPERT = "EXPERT", "Expert"

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="skills", db_index=False)
    name = models.CharField(max_length=200)
    name_folded = Folded("name")
    words = Words("name")
    level = models.CharField(max_length=20, choices=Level, null=True, blank=True)

    class Meta:
        permissions = [("view_own_skill", "Can view the skills of the candidates that one interviews")]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "name_folded"],
                name="skill_is_once_in_a_candidate",
                violation_error_message="The candidate has this skill already.",
            ),
            Tallied(name="skill_is_tallied"),
            SearchPart(name="skill_is_searched", of="candidate", index="candidate_search", weight="B"),
        ]
        indexes = asked_by("skill", "name_folded", nullable=("level",), whole=("candidate",))

    def __str__(self) -> str:
        return self.name


class Experience(Owned):
    parent = "candidate"
    own_path = "candidate__interviews__interviewers__employee"

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="experience")
    occupation = models.CharField(max_length=200)
    occupation_folded = Folded("occupation")
    # The contract calls it `organization`, a name that is taken by the owner of the row.
    company = models.CharField(max_length=200, null=True, blank=True)
    company_folded = Folded("company")
    duration = models.CharField(max_length=100, null=True, blank=True)
    description = models.TextField(max_length=20_000, null=True, blank=True)
    words = Words("occupation", "company", "description")

    class Meta:
        verbose_name_plural = "experience"
        permissions = [("view_own_experience", "Can view the experience of the candidates that one interviews")]
        constraints = [
            Tallied(name="experience_is_tallied"),
            SearchPart(name="experience_is_searched", of="candidate", index="candidate_search", weight="C"),
        ]
        indexes = asked_by("experience", "occupation_folded", nullable=("company_folded",), whole=("candidate",))

    def __str__(self) -> str:
        return self.occupation


class Education(Owned):
    parent = "candidate"
    own_path = "candidate__interviews__interviewers__employee"

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="educations")
    school_name = models.CharField(max_length=200)
    school_name_folded = Folded("school_name")
    degree = models.CharField(max_length=200, null=True, blank=True)
    degree_folded = Folded("degree")
    field = models.CharField(max_length=200, null=True, blank=True)
    field_folded = Folded("field")
    completion_date = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "education"
        permissions = [("view_own_education", "Can view the education of the candidates that one interviews")]
        constraints = [Tallied(name="education_is_tallied")]
        indexes = asked_by(
            "education",
            "school_name_folded",
            nullable=("degree_folded", "field_folded", "completion_date"),
            whole=("candidate",),
        )

    def __str__(self) -> str:
        return self.school_name


class Document(Owned):
    parent = "candidate"
    own_path = "candidate__interviews__interviewers__employee"

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="documents")
    name = models.CharField(max_length=200)
    name_folded = Folded("name")
    document_url = models.URLField(max_length=2000, validators=[web_address])

    class Meta:
        permissions = [("view_own_document", "Can view the documents of the candidates that one interviews")]
        constraints = [Tallied(name="document_is_tallied")]
        indexes = asked_by("document", "name_folded", whole=("candidate",))

    def __str__(self) -> str:
        return self.name
