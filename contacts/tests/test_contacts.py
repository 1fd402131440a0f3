"""Contacts, and the employees who look after them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact
from contacts.tests.factories import ContactFactory, MemberFactory
from contacts.views import ContactViewSet
from organizations.tests.factories import EmployeeFactory, RoleFactory

ADDRESS = "/api/organization-contact"
NOBODY = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def contact(organization):
    return ContactFactory(organization=organization, name="Acme")


@pytest.fixture
def ann(organization):
    return EmployeeFactory(organization=organization, first_name="Ann")


@pytest.fixture
def bob(organization):
    return EmployeeFactory(organization=organization, first_name="Bob")


@pytest.fixture
def of_ann(contact, ann):
    return MemberFactory(contact=contact, employee=ann)


@pytest.fixture
def put(recruiter, contact):
    def put(*members, client=recruiter):
        return client.put(f"{ADDRESS}/{contact.pk}?relations=members.user", {"members": members})

    return put


def members(contact) -> set:
    return {member.employee for member in contact.members.all()}


def by_employee(*employees) -> list[dict]:
    return [{"employeeId": str(employee.pk)} for employee in employees]


# The contact itself.


def test_a_contact_is_kept_with_all_that_is_known(recruiter, organization):
    body = {
        "name": "Acme Corporation",
        "contactType": "CUSTOMER",
        "primaryEmail": "contact@acme.com",
        "primaryPhone": "+1-555-0100",
        "website": "https://acme.com/about?x=1",
        "address": "1 Main Street",
        "city": "München",
        "postcode": "80331",
        "country": "DE",
        "notes": "Met at the fair",
        "imageUrl": "http://acme.com/logo.png",
    }

    response = recruiter.post(ADDRESS, {**body, "organizationId": str(organization.pk)})

    assert response.status_code == 201
    assert {key: response.json()[key] for key in body} == body
    assert recruiter.get(f"{ADDRESS}/{response.json()['id']}").json() == response.json()


def test_a_contact_is_a_client_unless_told(recruiter):
    shown = recruiter.post(ADDRESS, {"name": "Acme"}).json()

    assert shown["contactType"] == "CLIENT"
    assert {key for key, value in shown.items() if value is None} == {
        "primaryEmail", "primaryPhone", "website", "address", "city", "postcode", "country", "notes", "imageUrl",
    }  # fmt: skip


@pytest.mark.parametrize("contact_type", ["CLIENT", "LEAD", "CUSTOMER"])
def test_there_are_three_types(recruiter, contact, contact_type):
    assert recruiter.put(f"{ADDRESS}/{contact.pk}", {"contactType": contact_type}).json()["contactType"] == contact_type


WRONG = [
    {"name": None},
    {"name": ""},
    {"name": "   "},
    {"name": 5},
    {"name": "x" * 201},
    {"contactType": "PARTNER"},
    {"contactType": "client"},
    {"contactType": None},
    {"primaryEmail": "no address"},
    {"primaryEmail": ["a@example.com"]},
    {"primaryPhone": 15550100},
    {"primaryPhone": "1" * 51},
    {"country": "Germany"},
    {"country": "de"},
    {"country": "XX"},
    {"country": "UK"},
    {"country": "DEU"},
    {"country": ""},
    *(
        {field: address}
        for field in ("website", "imageUrl")
        for address in (
            "javascript:alert(1)",
            "JavaScript://acme.com/%0aalert(1)",
            "data:text/html,x",
            "ftp://acme.com",
            "file:///etc/passwd",
            "acme.com",
            "//acme.com",
            "https://",
            5,
        )
    ),
    {"city": {"name": "Rome"}},
    {"notes": "x" * 20_001},
    {"rating": 5},
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: str(wrong)[:50])
@pytest.mark.parametrize("deed", ["make", "change"])
def test_what_is_no_contact_is_refused(recruiter, contact, wrong, deed):
    if deed == "make":
        response = recruiter.post(ADDRESS, {"name": "New", **wrong})
    else:
        response = recruiter.put(f"{ADDRESS}/{contact.pk}", wrong)

    assert response.status_code == 400
    assert response.json()["details"][0]["field"] == next(iter(wrong))
    assert [row.name for row in Contact.objects.all()] == ["Acme"]


@pytest.mark.parametrize("country", ["DE", "US", "GB", "TW", None])
def test_countries_are_the_codes_of_iso_3166(recruiter, contact, country):
    assert recruiter.put(f"{ADDRESS}/{contact.pk}", {"country": country}).json()["country"] == country


def test_a_put_changes_only_what_it_sends(recruiter, contact):
    recruiter.put(f"{ADDRESS}/{contact.pk}", {"city": "Rome", "notes": "Kind"})

    shown = recruiter.put(f"{ADDRESS}/{contact.pk}", {"city": None}).json()

    assert (shown["name"], shown["city"], shown["notes"]) == ("Acme", None, "Kind")


def test_a_contact_goes_with_its_members(recruiter, contact, of_ann, ann):
    assert recruiter.delete(f"{ADDRESS}/{contact.pk}").status_code == 204

    assert not Contact.objects.exists()
    ann.refresh_from_db()
    assert ann.is_active


# Members.


def test_a_contact_is_made_with_its_members(recruiter, ann, bob):
    response = recruiter.post(f"{ADDRESS}?relations=members.user", {"name": "Acme", "members": by_employee(ann, bob)})

    assert response.status_code == 201
    shown = response.json()["members"]
    assert [(row["employeeId"], row["user"]["firstName"], row["contactId"]) for row in shown] == [
        (str(ann.pk), "Ann", response.json()["id"]),
        (str(bob.pk), "Bob", response.json()["id"]),
    ]


def test_members_are_shown_as_people(recruiter, contact, of_ann, ann):
    for address in (f"{ADDRESS}/{contact.pk}?relations[]=members.user", f"{ADDRESS}?relations=members.employee.user"):
        body = recruiter.get(address).json()
        (member,) = (body["items"][0] if "items" in body else body)["members"]
        user = member.get("user") or member["employee"]["user"]
        assert user == {
            "id": str(ann.user_id),
            "firstName": "Ann",
            "lastName": ann.last_name,
            "email": ann.email,
            "phoneNumber": None,
        }


def test_members_are_replaced_as_a_set(put, contact, of_ann, bob):
    response = put(*by_employee(bob))

    assert response.status_code == 200
    assert [row["user"]["firstName"] for row in response.json()["members"]] == ["Bob"]
    assert members(contact) == {bob}


@pytest.mark.parametrize("key", ["id", "employeeId", "whole"])
def test_who_is_sent_back_stays_the_same_row(recruiter, put, contact, of_ann, ann, bob, key):
    (row,) = recruiter.get(f"{ADDRESS}/{contact.pk}?relations=members.user").json()["members"]

    response = put(row if key == "whole" else {key: row[key]}, *by_employee(bob))

    assert response.status_code == 200
    assert of_ann in contact.members.all()
    assert members(contact) == {ann, bob}


def test_a_put_without_members_leaves_them_alone_and_an_empty_list_takes_all_off(recruiter, put, contact, of_ann, ann):
    recruiter.put(f"{ADDRESS}/{contact.pk}", {"notes": "Kind"})
    assert members(contact) == {ann}

    put()
    assert members(contact) == set()


def test_the_same_employee_twice_is_refused(recruiter, put, contact, of_ann, ann):
    for response in (
        put(*by_employee(ann, ann)),
        put({"id": str(of_ann.pk)}, *by_employee(ann)),
        recruiter.post(ADDRESS, {"name": "New", "members": by_employee(ann, ann)}),
    ):
        assert response.status_code == 400
        assert response.json()["message"] == ["members: The same employee stands here twice."]
    assert members(contact) == {ann}
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("who", ["foreign", "nobody"])
def test_no_one_of_another_organization_looks_after_a_contact(recruiter, put, contact, stranger, who):
    sent = {"employeeId": str(stranger.employee.pk) if who == "foreign" else NOBODY}

    for response in (put(sent), recruiter.post(ADDRESS, {"name": "New", "members": [sent]})):
        assert response.status_code == 400
        assert "There is no such row" in response.json()["message"][0]
    assert members(contact) == set()
    assert Contact.objects.count() == 1


def test_who_belongs_to_two_organizations_does_not_mix_them(recruiter, put, contact, stranger):
    EmployeeFactory(user=recruiter.user, organization=stranger.employee.organization, role_name="ADMIN")

    assert put(*by_employee(stranger.employee)).json()["message"] == ["members: There is no such row."]


@pytest.mark.parametrize(
    "member",
    [{"employeeId": None}, {"employeeId": "x"}, {"id": "x"}, {"id": NOBODY}, {"name": "Ann"}, "text", None, []],
    ids=str,
)
def test_what_is_no_member_is_refused(put, contact, of_ann, ann, member):
    response = put(member)

    assert response.status_code == 400
    assert response.json()["details"][0]["field"].startswith("members")
    assert members(contact) == {ann}


def test_members_who_are_hidden_from_the_caller_stay(sign_in, organization, put, contact, of_ann, ann):
    role = RoleFactory(organization=organization, permissions=["contacts.view_contact", "contacts.change_contact"])

    response = put(client=sign_in("EMPLOYEE", role=role))

    assert response.status_code == 200
    assert members(contact) == {ann}


@pytest.mark.parametrize("deed", ["add", "delete"])
def test_adding_and_taking_off_are_permissions(sign_in, organization, put, contact, of_ann, ann, bob, deed):
    other = "delete" if deed == "add" else "add"
    role = RoleFactory(
        organization=organization,
        permissions=[
            "contacts.view_contact", "contacts.change_contact", "contacts.view_member", f"contacts.{other}_member",
            "organizations.view_employee",
        ],
    )  # fmt: skip

    response = put(*(by_employee(ann, bob) if deed == "add" else ()), client=sign_in("EMPLOYEE", role=role))

    assert response.status_code == 403
    assert members(contact) == {ann}


@pytest.mark.parametrize("method", ["put", "patch"])
def test_what_was_read_is_sent_back_whole_and_changes_nothing(recruiter, contact, of_ann, method):
    MemberFactory(contact=contact)
    address = f"{ADDRESS}/{contact.pk}?relations={','.join(ContactViewSet.query.relations)}"
    before = recruiter.get(address).json()

    response = getattr(recruiter, method)(address, before)

    assert response.status_code == 200
    assert {**response.json(), "updatedAt": before["updatedAt"]} == before


def test_a_members_name_is_not_written_through_the_contact(recruiter, contact, of_ann, ann):
    (row,) = recruiter.get(f"{ADDRESS}/{contact.pk}?relations=members.user").json()["members"]
    row["user"]["firstName"] = "Eve"

    response = recruiter.put(f"{ADDRESS}/{contact.pk}", {"members": [row]})

    assert response.status_code == 400
    ann.refresh_from_db()
    assert ann.first_name == "Ann"


# Who may, and asking.


@pytest.mark.parametrize(("role", "sees"), [("VIEWER", 200), ("INTERVIEWER", 403), ("EMPLOYEE", 403)])
def test_the_others_look_at_most(sign_in, contact, put, role, sees):
    client = sign_in(role)

    assert client.get(f"{ADDRESS}/{contact.pk}").status_code == sees
    assert client.post(ADDRESS, {"name": "New"}).status_code == 403
    assert put(client=client).status_code == 403
    assert client.delete(f"{ADDRESS}/{contact.pk}").status_code == 403


def test_contacts_are_asked_for(recruiter, organization, ann):
    ContactFactory(organization=organization, name="Ärzte GmbH", contact_type="LEAD", city="Köln", country="DE")
    acme = ContactFactory(organization=organization, name="Acme", primary_email="Jane@acme.com", city="Rome")
    MemberFactory(contact=acme, employee=ann)

    def names(question):
        return [row["name"] for row in recruiter.get(f"{ADDRESS}?{question}").json()["items"]]

    assert names("where[name][contains]=%C3%A4RZ") == ["Ärzte GmbH"]
    assert names("where[contactType]=LEAD") == ["Ärzte GmbH"]
    assert names("where[country]=null") == ["Acme"]
    assert names("where[primaryEmail]=jane@ACME.com") == ["Acme"]
    assert names(f"where[members][employeeId]={ann.pk}") == ["Acme"]
    assert names("order[name]=ASC") == ["Acme", "Ärzte GmbH"]
    assert names("order[city]=DESC") == ["Acme", "Ärzte GmbH"]


# Many at once.


def test_many_are_made_at_once_with_who_looks_after_them(recruiter, ann, bob):
    bodies = [
        {"name": "Acme", "members": by_employee(ann, bob), "country": "DE"},
        {"name": "Globex", "members": by_employee(bob)},
        {"name": "Acme"},
    ]

    response = recruiter.post(f"{ADDRESS}/bulk?relations=members", bodies)

    assert response.status_code == 201, response.content
    assert [(row["name"], row["country"]) for row in response.json()] == [
        ("Acme", "DE"),
        ("Globex", None),
        ("Acme", None),
    ]
    cared_for = [{member["employeeId"] for member in row["members"]} for row in response.json()]
    assert cared_for == [{str(ann.pk), str(bob.pk)}, {str(bob.pk)}, set()]


def test_of_many_none_is_made_if_one_is_wrong(recruiter, ann):
    foreign = EmployeeFactory()
    bodies = [{"name": "Acme"}, {"name": "Globex", "members": by_employee(ann, foreign)}, {"country": "XX"}]

    response = recruiter.post(f"{ADDRESS}/bulk", bodies)

    assert response.status_code == 400
    fields = {detail["field"] for detail in response.json()["details"]}
    assert fields == {"[1].members.1.employeeId", "[2].name", "[2].country"}
    assert not Contact.objects.exists()


def test_many_cost_as_many_statements_as_few(recruiter, organization):
    employees = EmployeeFactory.create_batch(12, organization=organization)

    def statements(size: int) -> int:
        bodies = [
            {"name": "Acme", "members": by_employee(employees[n % 12], employees[-1 - n % 6])} for n in range(size)
        ]
        with CaptureQueriesContext(connection) as captured:
            assert recruiter.post(f"{ADDRESS}/bulk?relations=members.user", bodies).status_code == 201
        return len(captured)

    assert statements(2) == statements(100)
