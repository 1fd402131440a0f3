from __future__ import annotations

import re
from html import unescape

import pytest

from contacts.models import Contact, Member
from contacts.tests.factories import ContactFactory, MemberFactory
from organizations.tests.browser import page, send
from organizations.tests.factories import EmployeeFactory, OrganizationFactory


@pytest.fixture
def recruiter(enter):
    return enter("RECRUITER")


def test_the_list_has_tabs_by_type_with_their_numbers(recruiter, organization):
    for kind, number in (("CLIENT", 2), ("LEAD", 1)):
        ContactFactory.create_batch(number, organization=organization, contact_type=kind)
    ContactFactory(contact_type="CUSTOMER")

    shown = recruiter.get(page(Contact, "changelist"), {"contact_type": "LEAD"})
    tabs = re.findall(r'<a href="\?[^"]*"([^>]*)>([^<]*)<span class="quiet">(\d+)</span></a>', shown.text)

    assert [(name.strip(), int(count), bool(current)) for current, name, count in tabs] == [
        ("All", 3, False), ("Client", 2, False), ("Lead", 1, True), ("Customer", 0, False),
    ]  # fmt: skip
    assert [contact.contact_type for contact in shown.context["cl"].result_list] == ["LEAD"]


def test_a_row_shows_how_to_reach_a_contact_and_who_looks_after_it(recruiter, organization):
    contact = ContactFactory(
        organization=organization,
        primary_email="a+b@acme.example",
        primary_phone="+1 (555) 01",
        website="https://acme.example",
    )
    members = MemberFactory.create_batch(4, contact=contact)

    shown = unescape(recruiter.get(page(Contact, "changelist")).text)

    assert 'href="mailto:a%2Bb@acme.example"' in shown
    assert 'href="tel:+1%20%28555%29%2001"' in shown
    assert 'href="https://acme.example"' in shown
    assert all(str(member.employee) in shown for member in members)
    assert "and 1 more" in shown


def test_a_contact_is_found_by_any_of_its_words(recruiter, organization):
    noted = ContactFactory(organization=organization, notes="they make bicycles")
    ContactFactory(organization=organization)

    found = recruiter.get(page(Contact, "changelist"), {"q": "bicyc"}).context["cl"].result_list

    assert list(found) == [noted]


def test_a_contact_is_made_with_who_looks_after_it(recruiter, organization):
    colleague = EmployeeFactory(organization=organization)

    send(recruiter, page(Contact, "add"), name="Acme", website="https://acme.example", members=[colleague.pk])

    contact = Contact.objects.get(name="Acme")
    assert [member.employee for member in contact.members.all()] == [colleague]
    # What is left out is null, as in the API.
    assert (contact.notes, contact.city, contact.country) == (None, None, None)


def test_members_are_replaced_as_a_set(recruiter, organization):
    contact = ContactFactory(organization=organization)
    leaving, staying = MemberFactory.create_batch(2, contact=contact)
    joining = EmployeeFactory(organization=organization)

    send(recruiter, page(Contact, "change", contact.pk), members=[staying.employee_id, joining.pk])

    assert set(contact.members.values_list("employee", flat=True)) == {staying.employee_id, joining.pk}
    assert contact.members.get(employee=staying.employee) == staying
    assert not Member.objects.filter(pk=leaving.pk).exists()


def test_members_stay_when_something_else_changes(recruiter, organization):
    member = MemberFactory(contact__organization=organization)

    send(recruiter, page(Contact, "change", member.contact_id), city="Berlin")

    assert Contact.objects.get(pk=member.contact_id).city == "Berlin"
    assert Member.objects.get() == member


def test_a_stranger_looks_after_no_contact(recruiter, organization):
    contact, stranger = ContactFactory(organization=organization), EmployeeFactory()

    answer = send(recruiter, page(Contact, "change", contact.pk), members=[stranger.pk])

    assert "is not one of the available choices" in answer.text
    assert not contact.members.exists()


def test_a_colleague_from_another_of_ones_organizations_looks_after_no_contact(recruiter, organization):
    elsewhere = OrganizationFactory()
    EmployeeFactory(organization=elsewhere, role_name="RECRUITER", user=recruiter.employee.user)
    contact, colleague = ContactFactory(organization=organization), EmployeeFactory(organization=elsewhere)

    answer = send(recruiter, page(Contact, "change", contact.pk), members=[colleague.pk])

    assert "Choose from the organization of this row." in answer.text
    assert not contact.members.exists()


def test_a_viewer_reads_who_looks_after_a_contact(enter, organization):
    member = MemberFactory(contact__organization=organization)

    shown = enter("VIEWER").get(page(Contact, "change", member.contact_id)).text

    assert str(member.employee) in shown


def test_a_member_is_added_once(recruiter, organization):
    member = MemberFactory(contact__organization=organization)

    answer = send(recruiter, page(Member, "add"), contact=member.contact_id, employee=member.employee_id)

    assert "This employee looks after the contact already." in answer.text
    assert Member.objects.count() == 1
