from datetime import timedelta

import factory
from django.utils import timezone

from invitations.models import Invitation
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, built_in_role


class InvitationFactory(factory.django.DjangoModelFactory):
    """An open invitation whose token nobody knows."""

    class Meta:
        model = Invitation
        exclude = ("inviter",)

    organization = factory.SubFactory(OrganizationFactory)
    inviter = factory.SubFactory(
        EmployeeFactory, organization=factory.SelfAttribute("..organization"), role_name="ADMIN"
    )
    invited_by = factory.SelfAttribute("inviter.user")
    email = factory.Sequence("invited{}@example.com".format)
    role = factory.LazyAttribute(lambda invitation: built_in_role(invitation.organization, "INTERVIEWER"))
    expire_date = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
    token_hash = "0" * 64
