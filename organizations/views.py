from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import authenticate
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import AuthenticationFailed, ValidationError
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.exceptions import TokenError

from api.bodies import changes_in
from api.query import Query
from api.viewsets import CreateMixin, ModelViewSet, ReadOnlyViewSet, UpdateMixin

from . import sessions
from .actions import (
    change_employee,
    change_organization,
    change_own_profile,
    delete_role,
    found_organization,
    write_role,
)
from .authentication import BearerAuthentication
from .background import after_commit
from .mail import mail_password_link_if_known
from .models import Employee, Organization, Role, User
from .passwords import reset_password
from .serializers import (
    EmployeeSerializer,
    LoginBody,
    LoginSerializer,
    MeBody,
    MeSerializer,
    OrganizationSerializer,
    PairSerializer,
    RefreshBody,
    RequestPasswordBody,
    ResetPasswordBody,
    RoleSerializer,
)


class OrganizationViewSet(UpdateMixin, CreateMixin, ReadOnlyViewSet):
    """Organizations. Only an operator makes one; it comes with its five roles."""

    serializer_class = OrganizationSerializer
    # No role can hold this: what is left is the operator.
    permissions = {"create": "organizations.add_organization"}
    query = Query(where=("name", "website", "timeZone", "inviteExpiryDays"), order=("name",))

    def values_of(self, body: dict[str, Any]) -> dict[str, Any]:
        return self.validated(body)

    def perform_create(self, values: dict[str, Any]) -> Organization:
        return found_organization(by=self.user, **values)

    def perform_update(self, row: Organization, values: dict[str, Any]) -> None:
        change_organization(row, by=self.user, **values)


class RoleViewSet(ModelViewSet):
    """Roles and their permissions. No one can give a role more than they hold themselves."""

    serializer_class = RoleSerializer
    query = Query(where=("name", "isBuiltIn"), relations=("organization",), order=("name",))

    def perform_create(self, values: dict[str, Any]) -> Role:
        role = Role(organization=values.pop("organization"), created_by=self.user)
        return write_role(role, by=self.user, **values)

    def perform_update(self, row: Role, values: dict[str, Any]) -> None:
        write_role(row, by=self.user, **values)

    def perform_destroy(self, row: Role) -> None:
        delete_role(row, by=self.user)


class EmployeeViewSet(UpdateMixin, ReadOnlyViewSet):
    """The people of an organization. They come by invitation or by being hired, and are switched off, not deleted."""

    serializer_class = EmployeeSerializer
    lock_first = ("organization",)
    query = Query(
        where=(
            "userId", "roleId", "startedWorkOn", "user.id", "user.firstName", "user.lastName", "user.email",
            "user.phoneNumber", "role.id", "role.name",
        ),
        relations=("user", "role", "organization"),
        order=("startedWorkOn", "user.firstName", "user.lastName", "user.email"),
    )  # fmt: skip

    def perform_update(self, row: Employee, values: dict[str, Any]) -> None:
        change_employee(row, by=self.user, **values)


class PublicView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_authenticate_header(self, request) -> str:
        # Without it, and without an authentication class that says it, DRF makes every 401 a 403.
        return BearerAuthentication().authenticate_header(request)

    def values(self, body_class) -> dict[str, Any]:
        body = body_class(data=self.request.data)
        body.is_valid(raise_exception=True)
        return body.validated_data


class LoginView(PublicView):
    @extend_schema(request=LoginBody, responses=LoginSerializer)
    def post(self, request):
        """Sign in: an access token for 15 minutes, and a refresh token for 7 days."""
        credentials = self.values(LoginBody)
        user = authenticate(request, username=credentials["email"], password=credentials["password"])
        if not isinstance(user, User):
            raise AuthenticationFailed("Wrong e-mail or password.")
        # By `update()`: signing in is no change of the profile, whose `updatedAt` tells of changes.
        User.objects.filter(pk=user.pk).update(last_login=timezone.now())
        return Response({"user": MeSerializer(user).data, **sessions.open_session(user)})


class RefreshView(PublicView):
    @extend_schema(request=RefreshBody, responses=PairSerializer)
    def post(self, request):
        """A new pair of tokens. The old refresh token dies; one that is used again later ends the session."""
        try:
            return Response(sessions.refresh(self.values(RefreshBody)["token"]))
        except TokenError as error:
            raise AuthenticationFailed("The token is not valid (any more).") from error


class LogoutView(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(request=RefreshBody, responses={200: OpenApiTypes.OBJECT})
    def post(self, request):
        """End the session: its refresh token and its access token stop working."""
        body = RefreshBody(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            sessions.close_session(body.validated_data["token"], request.user)
        except TokenError as error:
            raise AuthenticationFailed("The token is not valid (any more).") from error
        return Response({})


class RequestPasswordView(PublicView):
    @extend_schema(request=RequestPasswordBody, responses={200: OpenApiTypes.OBJECT})
    def post(self, request):
        """Mail a single-use link to set a password. The answer is the same for an unknown address."""
        after_commit(mail_password_link_if_known, self.values(RequestPasswordBody)["email"])
        return Response({})


class ResetPasswordView(PublicView):
    @extend_schema(request=ResetPasswordBody, responses={200: OpenApiTypes.OBJECT})
    def post(self, request):
        """Set the password that a mailed token allows. Signs out every session of the account."""
        reset_password(**self.values(ResetPasswordBody))
        return Response({})


class MeView(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(responses=MeSerializer)
    def get(self, request):
        """The signed-in user, with their places: organization, role and permissions."""
        return Response(MeSerializer(request.user).data)

    @extend_schema(request=MeBody, responses=MeSerializer)
    def put(self, request):
        """Change the own names, phone number, or password (with `currentPassword`)."""
        if not isinstance(request.data, Mapping):
            raise ValidationError({"": ["The body must be a JSON object."]})
        context = {"user": request.user}
        changes = changes_in(request.data, MeSerializer(request.user).data, MeBody(context=context))
        body = MeBody(data=changes, partial=True, context=context)
        body.is_valid(raise_exception=True)
        return Response(MeSerializer(change_own_profile(request.user, **body.validated_data)).data)

    @extend_schema(request=MeBody, responses=MeSerializer)
    def patch(self, request):
        """The same as PUT."""
        return self.put(request)
