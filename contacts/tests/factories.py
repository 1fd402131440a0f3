import factory

from contacts.models import Contact, Member
from organizations.tests.factories import EmployeeFactory, OrganizationFactory


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence("Contact {}".format)


class MemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Member

    contact = factory.SubFactory(ContactFactory)
    organization = factory.SelfAttribute("contact.organization")
    employee = factory.SubFactory(EmployeeFactory, organization=factory.SelfAttribute("..organization"))
