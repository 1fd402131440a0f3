from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from api.bodies import refuse_different
from api.fields import NO_SUCH_ROW
from api.query import Query
from api.viewsets import CreateMixin, DestroyMixin, ReadOnlyViewSet

from .actions import accept, invite, invite_many, redeemable, reject, resend, withdraw
from .models import Invitation
from .serializers import (
    AcceptanceSerializer,
    AcceptBody,
    InvitationSerializer,
    LookSerializer,
    NewInvitation,
    NewInvitations,
    ResendBody,
    TokenBody,
)

PUBLIC: Any = {"authentication_classes": (), "permission_classes": (AllowAny,)}


class InvitationViewSet(CreateMixin, DestroyMixin, ReadOnlyViewSet):
    """Asking people to join. The token is in the mail and nowhere else."""

    serializer_class = InvitationSerializer
    bodies = {
        "create": NewInvitation,
        "emails": NewInvitations,
        "accept": AcceptBody,
        "look": TokenBody,
        "reject": TokenBody,
        "resend": ResendBody,
    }
    permissions = {"emails": "invitations.add_invitation", "resend": "invitations.add_invitation"}
    parameters = {"look": frozenset({"email", "token"}), "accept": frozenset(), "reject": frozenset()}
    query = Query(
        where=("email", "status", "roleId", "invitedById", "startedWorkOn", "expireDate", "employeeId"),
        relations=("role", "organization"),
        order=("email", "expireDate", "startedWorkOn"),
    )

    def perform_create(self, values: dict[str, Any]) -> Invitation:
        return invite(values.pop("email"), by=self.user, **values)

    def perform_destroy(self, row: Invitation) -> None:
        withdraw(row, by=self.user)

    @extend_schema(request=NewInvitations, responses={201: InvitationSerializer(many=True)})
    @action(detail=False, methods=["post"])
    def emails(self, request):
        """Invite many at once: all of them or none."""
        return Response(self.write(self.write_many), status=status.HTTP_201_CREATED)

    def write_many(self) -> list[Any]:
        body, fixed = self.parted_body()
        values = self.values_of(body)
        shown = self.fresh_many([row.pk for row in invite_many(values.pop("emails"), by=self.user, **values)])
        for row in shown:
            refuse_different(fixed, row)
        return shown

    @extend_schema(request=ResendBody, responses=InvitationSerializer)
    @action(detail=False, methods=["post"])
    def resend(self, request):
        """A new token and a new expiry, by a new mail."""
        return Response(self.write(self.write_again))

    def write_again(self) -> Any:
        row = self.get_queryset().filter(pk=self.validated(self.body())["inviteId"]).first()
        if row is None:
            raise serializers.ValidationError({"inviteId": [NO_SUCH_ROW]}, "does_not_exist")
        self.require(self.permissions["resend"], row.organization_id)
        resend(row, by=self.user)
        return self.fresh(row.pk)

    @extend_schema(request=AcceptBody, responses=AcceptanceSerializer, auth=[])
    @action(detail=False, methods=["post"], url_path="validate", **PUBLIC)
    def accept(self, request):
        """Accept an invitation."""
        return Response(AcceptanceSerializer(accept(**self.validated(self.body()))).data)

    @extend_schema(
        parameters=[
            OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.QUERY, required=True)
            for name in ("email", "token")
        ],
        responses=LookSerializer,
        auth=[],
    )
    @accept.mapping.get
    def look(self, request):
        """Look at an invitation without answering it."""
        return Response(LookSerializer(redeemable(**self.validated(self.question.parameters))).data)

    @extend_schema(request=TokenBody, responses={200: OpenApiTypes.OBJECT}, auth=[])
    @action(detail=False, methods=["post"], url_path="reject", **PUBLIC)
    def reject(self, request):
        """Decline an invitation."""
        invitation = reject(**self.validated(self.body()))
        return Response({"id": str(invitation.pk), "email": invitation.email, "status": invitation.status})
