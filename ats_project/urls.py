"""Every address of the system on one screen."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularSwaggerView

from api.routers import Router
from candidates import views as candidates
from contacts import views as contacts
from interviews import views as interviews
from invitations import views as invitations
from invitations.pages import invitation_page
from organizations import views as organizations
from organizations.pages import forgot_page, password_page
from pipelines import views as pipelines

from .errors import not_found
from .health import livez, readyz
from .schema import SchemaView

router = Router()
router.resource(organizations.OrganizationViewSet, "organization")
router.resource(organizations.EmployeeViewSet, "employee")
router.resource(organizations.RoleViewSet, "role")
router.resource(candidates.CandidateViewSet, "candidate")
router.parts(candidates.SkillsOfCandidateViewSet, "candidate", "skills")
router.resource(candidates.SourceViewSet, "candidate-source", "candidate-sources")
router.resource(candidates.SkillViewSet, "candidate-skill", "candidate-skills")
router.resource(candidates.ExperienceViewSet, "candidate-experience", "candidate-experiences")
router.resource(candidates.EducationViewSet, "candidate-education", "candidate-educations")
router.resource(candidates.DocumentViewSet, "candidate-document", "candidate-documents")
router.resource(interviews.InterviewViewSet, "candidate-interview", "candidate-interviews")
router.parts(interviews.FeedbackOfInterviewViewSet, "candidate-interview", "feedbacks")
router.resource(interviews.InterviewerViewSet, "candidate-interviewer", "candidate-interviewers")
router.resource(interviews.FeedbackViewSet, "candidate-feedback", "candidate-feedbacks")
router.resource(invitations.InvitationViewSet, "invite")
router.resource(pipelines.PipelineViewSet, "pipelines", "pipeline")
router.resource(pipelines.StageViewSet, "pipeline-stage", "pipeline-stages")
router.resource(contacts.ContactViewSet, "organization-contact", "organization-contacts")

single_routes = {
    "auth/login": organizations.LoginView,
    "auth/refresh-token": organizations.RefreshView,
    "auth/logout": organizations.LogoutView,
    "auth/request-password": organizations.RequestPasswordView,
    "auth/reset-password": organizations.ResetPasswordView,
    "user/me": organizations.MeView,
    "schema": SchemaView,
}

urlpatterns = [
    *(re_path(rf"^api/{route}/?$", view.as_view(), name=route) for route, view in single_routes.items()),
    re_path(r"^api/docs/?$", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("api/", include(router.urls)),
    # With DEBUG on, Django would answer with a page of its own.
    re_path(r"^api(/.*)?$", not_found),
    path("admin/", admin.site.urls),
    path("language", set_language, name="set_language"),
    path("invitation", invitation_page, name="invitation"),
    path("password", password_page, name="password"),
    # Under this name the sign-in page links to it.
    path("password/forgot", forgot_page, name="admin_password_reset"),
    # Browsers ask for it by this name, of every page that names none.
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}organizations/favicon.svg")),
    path("livez", livez),
    path("readyz", readyz),
    path("", RedirectView.as_view(url="/admin/")),
]

handler400 = "ats_project.errors.bad_request"
handler403 = "ats_project.errors.permission_denied"
handler404 = "ats_project.errors.not_found"
handler500 = "ats_project.errors.server_error"
