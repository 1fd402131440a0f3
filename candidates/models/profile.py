"""What is known of a candidate beyond the application itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models import Folded, Owned, SearchPart, Tallied, Words, asked_by
from organizations.models.organizations import web_address

from .candidates import Candidate


class Skill(Owned):
    parent = "candidate"
    own_path = "candidate__interviews__interviewers__employee"

    class Level(models.TextChoices):
        BEGINNER = "BEGINNER", _("Beginner")
        INTERMEDIATE = "INTERMEDIATE", _("Intermediate")
        ADVANCED = "ADVANCED", _("Advanced")
        EXPERT = "EXPERT", _("Expert")

    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, related_name="skills", db_index=False, verbose_name=_("candidate")
    )
    name = models.CharField(_("name"), max_length=200)
    name_folded = Folded("name")
    words = Words("name")
    level = models.CharField(_("level"), max_length=20, choices=Level, null=True, blank=True)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        permissions = [("view_own_skill", _("Can view the skills of the candidates that one interviews"))]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "name_folded"],
                name="skill_is_once_in_a_candidate",
                violation_error_message=_("The candidate has this skill already."),
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

    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, related_name="experience", verbose_name=_("candidate")
    )
    occupation = models.CharField(_("occupation"), max_length=200)
    occupation_folded = Folded("occupation")
    # The contract calls it `organization`, a name that is taken by the owner of the row.
    company = models.CharField(_("company"), max_length=200, null=True, blank=True)
    company_folded = Folded("company")
    duration = models.CharField(_("duration"), max_length=100, null=True, blank=True)
    description = models.TextField(_("description"), max_length=20_000, null=True, blank=True)
    words = Words("occupation", "company", "description")

    class Meta:
        verbose_name = _("experience")
        verbose_name_plural = _("experience")
        permissions = [("view_own_experience", _("Can view the experience of the candidates that one interviews"))]
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

    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, related_name="educations", verbose_name=_("candidate")
    )
    school_name = models.CharField(_("school"), max_length=200)
    school_name_folded = Folded("school_name")
    degree = models.CharField(_("degree"), max_length=200, null=True, blank=True)
    degree_folded = Folded("degree")
    field = models.CharField(_("field"), max_length=200, null=True, blank=True)
    field_folded = Folded("field")
    completion_date = models.DateField(_("completed"), null=True, blank=True)

    class Meta:
        verbose_name = _("education")
        verbose_name_plural = _("education")
        permissions = [("view_own_education", _("Can view the education of the candidates that one interviews"))]
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

    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, related_name="documents", verbose_name=_("candidate")
    )
    name = models.CharField(_("name"), max_length=200)
    name_folded = Folded("name")
    document_url = models.URLField(_("address"), max_length=2000, validators=[web_address])

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("view_own_document", _("Can view the documents of the candidates that one interviews"))]
        constraints = [Tallied(name="document_is_tallied")]
        indexes = asked_by("document", "name_folded", whole=("candidate",))

    def __str__(self) -> str:
        return self.name
