from __future__ import annotations

from typing import ClassVar

from api.serializers import ModelSerializer, Relation
from organizations.serializers import ColleaguesField, EmployeeSerializer, OrganizationSerializer, PersonSerializer

from .models import Contact, Member


class MemberSerializer(ModelSerializer):
    relations: ClassVar = {
        "employee": Relation(EmployeeSerializer),
        "user": Relation(PersonSerializer, source="employee"),
    }

    class Meta:
        model = Member
        fields = ("contact", "employee")


class ContactSerializer(ModelSerializer):
    relations: ClassVar = {
        "members": Relation(MemberSerializer),
        "organization": Relation(OrganizationSerializer),
    }

    class Meta:
        model = Contact
        fields = (
            "name", "contact_type", "primary_email", "primary_phone", "website", "address", "city", "postcode",
            "country", "notes", "image_url",
        )  # fmt: skip


class ContactBody(ContactSerializer):
    members = ColleaguesField(required=False, max_length=100)

    class Meta(ContactSerializer.Meta):
        fields = (*ContactSerializer.Meta.fields, "members")
