from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers

from api.fields import CharField, ChoiceField, EmailField, TimestampField
from api.serializers import BodySerializer, ModelSerializer, Relation
from organizations.models import fold
from organizations.serializers import OrganizationSerializer, PasswordField, RoleSerializer

from .models import Invitation


class InvitationSerializer(ModelSerializer):
    relations: ClassVar = {
        "role": Relation(RoleSerializer),
        "organization": Relation(OrganizationSerializer),
    }
    status = ChoiceField(source="current_status", choices=Invitation.Status.choices, read_only=True)

    class Meta:
        model = Invitation
        fields = ("email", "status", "role", "invited_by", "started_work_on", "expire_date", "employee")
        read_only_fields = ("email", "invited_by", "expire_date", "employee", "is_active", "is_archived")


class NewInvitation(InvitationSerializer):
    emailId = EmailField(source="email", max_length=254)

    class Meta(InvitationSerializer.Meta):
        fields = ("role", "started_work_on", "emailId")


class NewInvitations(InvitationSerializer):
    emailIds = serializers.ListField(source="emails", child=EmailField(max_length=254), min_length=1, max_length=1000)

    class Meta(InvitationSerializer.Meta):
        fields = ("role", "started_work_on", "emailIds")

    def validate(self, attrs):
        addresses = [fold(email) for email in attrs["emails"]]
        if len(set(addresses)) < len(addresses):
            raise serializers.ValidationError({"emailIds": ["The same address stands here twice."]}, "duplicate")
        return super().validate(attrs)


class TokenBody(BodySerializer):
    email = CharField(max_length=254)
    token = CharField(max_length=200)


class AcceptBody(TokenBody):
    firstName = CharField(source="first_name", max_length=150, required=False)
    lastName = CharField(source="last_name", max_length=150, required=False, allow_blank=True)
    password = PasswordField(required=False)


class ResendBody(BodySerializer):
    inviteId = serializers.UUIDField()


class NamedSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class LookSerializer(serializers.Serializer):
    """What an invitation is to, for who holds its token."""

    email = serializers.EmailField()
    organization = NamedSerializer()
    role = NamedSerializer()
    expireDate = TimestampField(source="expire_date")


class AcceptanceSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="invitation.pk")
    email = serializers.EmailField(source="invitation.email")
    status = serializers.CharField(source="invitation.status")
    organization = NamedSerializer(source="invitation.organization")
    role = NamedSerializer(source="employee.role")
    employeeId = serializers.UUIDField(source="employee.pk")
    passwordToken = serializers.CharField(source="password_token", allow_null=True)
