from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.fields import BooleanField, CharField, EmailField, ScopedRelatedField, TimestampField
from api.serializers import BodySerializer, ModelSerializer, Relation

from .models import Employee, Organization, Role, User
from .passwords import MAX_PASSWORD_LENGTH, check_password_quality


class PasswordField(CharField):
    """A new password: 8 characters or more, and not a common one."""

    def __init__(self, **options) -> None:
        super().__init__(**{"write_only": True, "trim_whitespace": False, "max_length": MAX_PASSWORD_LENGTH, **options})

    def to_internal_value(self, data):
        return check_password_quality(super().to_internal_value(data))


class PersonSerializer(BodySerializer):
    """A person in the words of one organization. `id` is their login's, once there is one."""

    id = serializers.UUIDField(source="user_id", read_only=True, allow_null=True)
    firstName = CharField(source="first_name", max_length=150)
    lastName = CharField(source="last_name", max_length=150, required=False, allow_blank=True)
    email = EmailField(max_length=254)
    phoneNumber = CharField(source="phone_number", max_length=50, required=False, allow_null=True)


class OrganizationSerializer(ModelSerializer):
    always = ("id", "is_active", "is_archived", "created_at", "updated_at", "created_by")

    organization_id = serializers.UUIDField(source="id", read_only=True)

    class Meta:
        model = Organization
        fields = ("organization_id", "name", "website", "time_zone", "invite_expiry_days", "days_to_answer")


class GrantedField(serializers.ListField):
    """The permissions of a role: written as they are kept, shown as they count (ADMIN holds all there are)."""

    asks, reads = "permissions_for", ("permissions", "is_built_in", "name")

    def get_attribute(self, instance):
        return sorted(instance.granted)


class RoleSerializer(ModelSerializer):
    permissions = GrantedField(child=CharField(max_length=100), max_length=500, required=False)

    class Meta:
        model = Role
        fields = ("name", "permissions", "is_built_in")
        read_only_fields = ("is_built_in",)

    relations: ClassVar = {"organization": Relation(OrganizationSerializer)}


class EmployeeSerializer(ModelSerializer):
    relations: ClassVar = {
        "user": Relation(PersonSerializer, source="*"),
        "role": Relation(RoleSerializer),
        "organization": Relation(OrganizationSerializer),
    }

    class Meta:
        model = Employee
        fields = ("user", "role", "started_work_on")
        read_only_fields = ("user",)


class ColleagueBody(BodySerializer):
    id = serializers.UUIDField(required=False)
    employeeId = ScopedRelatedField(source="employee", queryset=Employee.objects.all(), required=False)


class ColleaguesField(serializers.ListField):
    """A set of employees, `[{"employeeId"}]` → the employees. A row that is sent back under its `id` stays.

    `source` names the rows of the model between, which have an `employee`."""

    in_organization = True
    child = ColleagueBody()
    default_error_messages = {
        "twice": "The same employee stands here twice.",
        "required": "Each needs an employeeId.",
        "unknown": "There is no such row here.",
    }

    def to_internal_value(self, data):
        employees = [self._employee(row) for row in super().to_internal_value(data)]
        if len(set(employees)) < len(employees):
            self.fail("twice")
        return employees

    def _employee(self, row: dict[str, Any]) -> Employee:
        if "id" not in row:
            return row.get("employee") or self.fail("required")
        present = self.parent.instance and getattr(self.parent.instance, str(self.field_name)).filter(pk=row["id"])
        found = present and present.permitted(self.context["request"].user).select_related("employee").first()
        if not found or row.get("employee", found.employee) != found.employee:
            self.fail("unknown")
        return found.employee


class PlaceSerializer(EmployeeSerializer):
    """A place of the signed-in user: organization, role, and what the role allows (none while it is switched off)."""

    permissions = serializers.SerializerMethodField()

    class Meta(EmployeeSerializer.Meta):
        fields = (*EmployeeSerializer.Meta.fields, "permissions")

    def get_permissions(self, employee: Employee) -> list[str]:
        return sorted(employee.user.grants.permissions(employee.organization_id))


class MeSerializer(serializers.ModelSerializer):
    """The signed-in user."""

    firstName = serializers.CharField(source="called.first", read_only=True)
    lastName = serializers.CharField(source="called.last", read_only=True)
    phoneNumber = CharField(source="phone_number", read_only=True, allow_null=True)
    isActive = BooleanField(source="is_active", read_only=True)
    isSuperuser = BooleanField(source="is_superuser", read_only=True)
    createdAt = TimestampField(source="created_at", read_only=True)
    updatedAt = TimestampField(source="updated_at", read_only=True)
    employees = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = (
            "id", "email", "firstName", "lastName", "phoneNumber", "isActive", "isSuperuser", "createdAt", "updatedAt",
            "employees",
        )  # fmt: skip

    @extend_schema_field(PlaceSerializer(many=True))
    def get_employees(self, user: User) -> Any:
        places = user.employees.filter(is_active=True, organization__is_active=True).order_by("created_at", "pk")
        return [self.place(user, employee) for employee in places.select_related("organization", "role")]

    @staticmethod
    def place(user: User, employee: Employee) -> dict[str, Any]:
        employee.user = user
        organization, role = OrganizationSerializer(employee.organization), RoleSerializer(employee.role)
        return {**PlaceSerializer(employee).data, "organization": organization.data, "role": role.data}


class MeBody(BodySerializer):
    firstName = CharField(source="first_name", max_length=150, required=False)
    lastName = CharField(source="last_name", max_length=150, required=False, allow_blank=True)
    phoneNumber = CharField(source="phone_number", max_length=50, required=False, allow_null=True)
    password = PasswordField(required=False)
    currentPassword = CharField(
        source="current_password",
        write_only=True,
        trim_whitespace=False,
        max_length=MAX_PASSWORD_LENGTH,
        required=False,
    )

    def validate(self, attrs):
        current = attrs.pop("current_password", None)
        if "password" in attrs and not (current and self.context["user"].check_password(current)):
            raise serializers.ValidationError({"currentPassword": ["This is not the current password."]}, "wrong")
        return attrs


class LoginBody(BodySerializer):
    email = CharField(max_length=254)
    password = CharField(max_length=MAX_PASSWORD_LENGTH, trim_whitespace=False)


class PairSerializer(serializers.Serializer):
    token = serializers.CharField(help_text="Access token")
    refreshToken = serializers.CharField()
    refresh_token = serializers.CharField(help_text="The same as refreshToken")


class LoginSerializer(PairSerializer):
    user = MeSerializer()


class RefreshBody(BodySerializer):
    refreshToken = CharField(max_length=4000, required=False)
    refresh_token = CharField(max_length=4000, required=False)

    def validate(self, attrs):
        token = attrs.get("refreshToken") or attrs.get("refresh_token")
        if not token:
            raise serializers.ValidationError({"refreshToken": ["This field is required."]}, "required")
        return {"token": token}


class RequestPasswordBody(BodySerializer):
    email = EmailField(max_length=254)


class ResetPasswordBody(BodySerializer):
    token = CharField(max_length=500)
    password = PasswordField()
