from __future__ import annotations

from functools import cache

import factory
from django.contrib.auth.hashers import make_password

from organizations.actions import found_organization
from organizations.models import Employee, Organization, Role, User

PASSWORD = "a-long-enough-phrase"


@cache
def hashed_password() -> str:
    return make_password(PASSWORD)


class OrganizationFactory(factory.django.DjangoModelFactory):
    """An organization with its five roles."""

    class Meta:
        model = Organization

    name = factory.Sequence("Organization {}".format)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return found_organization(**kwargs)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    first_name = factory.Sequence("First {}".format)
    last_name = factory.Sequence("Last {}".format)
    email = factory.Sequence("user{}@example.com".format)
    password = factory.LazyFunction(hashed_password)
    is_email_proven = True


class RoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Role

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence("Role {}".format)
    permissions: list[str] = []


def built_in_role(organization: Organization, name: str) -> Role:
    return Role.objects.get(organization=organization, is_built_in=True, name=name)


class EmployeeFactory(factory.django.DjangoModelFactory):
    """`role_name` is one of the five; or give a `role`."""

    class Meta:
        model = Employee
        exclude = ("role_name",)

    role_name = "EMPLOYEE"
    organization = factory.SubFactory(OrganizationFactory)
    user = factory.SubFactory(UserFactory)
    role = factory.LazyAttribute(lambda employee: built_in_role(employee.organization, employee.role_name))
    first_name = factory.SelfAttribute("user.first_name")
    last_name = factory.SelfAttribute("user.last_name")
    email = factory.SelfAttribute("user.email")
