from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse

from candidates.models import Source
from candidates.tests.factories import CandidateFactory, SourceFactory
from organizations.models import Employee, Organization, Role, Session, User
from organizations.roles import every_permission
from organizations.tests.browser import choose, page, send, signed_in
from organizations.tests.factories import (
    EmployeeFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    built_in_role,
)


@pytest.fixture
def operator(db):
    return signed_in(UserFactory(is_superuser=True))


def errors(response):
    """What the form says is wrong with it, as a person reads it."""
    form = response.context["adminform"].form
    formsets = [formset.formset for formset in response.context["inline_admin_formsets"]]
    said = [
        *form.errors.values(),
        *(row for each in formsets for row in each.errors),
        *(f.non_form_errors() for f in formsets),
    ]
    shown = unescape(response.text)
    return " ".join(text for errors in said for text in map(str, errors) if text in shown)


# Whose rows.


def test_a_new_row_belongs_to_who_made_it(enter, organization):
    recruiter = enter("RECRUITER")

    send(recruiter, page(Source, "add"), name="Fair")

    source = Source.objects.get(name="Fair")
    assert source.organization == organization
    assert source.created_by == recruiter.employee.user


def test_an_organization_is_a_choice_where_one_may_add(enter, organization):
    recruiter, mine, viewed = enter("RECRUITER"), OrganizationFactory(), OrganizationFactory()
    EmployeeFactory(organization=mine, role_name="RECRUITER", user=recruiter.employee.user)
    EmployeeFactory(organization=viewed, role_name="VIEWER", user=recruiter.employee.user)

    form = recruiter.get(page(Source, "add")).context["adminform"].form
    answer = send(recruiter, page(Source, "add"), name="Fair", organization=viewed.pk)

    assert set(form.fields["organization"].queryset) == {organization, mine}
    assert "Select a valid choice" in errors(answer)
    assert not Source.objects.exists()


def test_a_row_stays_in_its_organization(enter, organization):
    recruiter, source = enter("RECRUITER"), SourceFactory(organization=organization)
    elsewhere = OrganizationFactory()
    EmployeeFactory(organization=elsewhere, role_name="RECRUITER", user=recruiter.employee.user)

    send(recruiter, page(Source, "change", source.pk), name="Fair", organization=elsewhere.pk, created_by="", id="1")

    source.refresh_from_db()
    assert (source.name, source.organization) == ("Fair", organization)


def test_a_hidden_relation_shows_nothing_and_survives_a_save(organization):
    permissions = ["candidates.view_candidate", "candidates.change_candidate"]
    role = RoleFactory(organization=organization, permissions=permissions)
    client = signed_in(EmployeeFactory(organization=organization, role=role).user)
    source = SourceFactory(organization=organization, name="A secret headhunter")
    candidate = CandidateFactory(organization=organization, source=source)

    pages = [
        client.get(page(type(candidate), name, *key)) for name, *key in [("changelist",), ("change", candidate.pk)]
    ]
    send(client, page(type(candidate), "change", candidate.pk), notes="Called")

    candidate.refresh_from_db()
    assert all("A secret headhunter" not in shown.text for shown in pages)
    assert (candidate.notes, candidate.source) == ("Called", source)


def test_a_search_ignores_case_beyond_ascii(enter, organization):
    recruiter = enter("RECRUITER")
    zoe = CandidateFactory(organization=organization, first_name="ZOË", last_name="Straße")
    CandidateFactory(organization=organization, first_name="Adam")

    found = recruiter.get(page(type(zoe), "changelist"), {"q": "zoë STRASSE"}).context["cl"].result_list

    assert list(found) == [zoe]


def test_a_list_is_searched_in_full_the_best_first(enter, organization):
    recruiter = enter("RECRUITER")
    named = CandidateFactory(organization=organization, first_name="Bicycle")
    noted = CandidateFactory(organization=organization, notes="comes by bicycle")
    CandidateFactory(notes="a bicycle elsewhere")

    def shown(**asked):
        return list(recruiter.get(page(type(named), "changelist"), asked).context["cl"].result_list)

    assert shown(q="bicy") == [named, noted]
    assert shown(q="!!") == []


def test_choices_by_typing_take_any_characters(enter, organization):
    recruiter = enter("RECRUITER")
    asked = {"app_label": "candidates", "model_name": "candidate", "field_name": "source"}

    for term in ("\0", "%", "'", "ß"):
        assert recruiter.get(reverse("admin:autocomplete"), {**asked, "term": term}).status_code == 200


# Organizations, roles, people.


def test_an_operator_founds_an_organization_with_its_five_roles(operator):
    send(operator, page(Organization, "add"), name="Acme")

    acme = Organization.objects.get(name="Acme")
    assert Role.objects.filter(organization=acme, is_built_in=True).count() == 5


def test_an_admin_changes_their_organization_and_founds_none(enter, organization):
    admin = enter("ADMIN")

    send(admin, page(Organization, "change", organization.pk), name="Acme", time_zone="Europe/Berlin")

    organization.refresh_from_db()
    assert (organization.name, organization.time_zone) == ("Acme", "Europe/Berlin")
    assert admin.get(page(Organization, "add")).status_code == 403


def test_a_role_is_made_of_ticked_permissions(enter, organization):
    admin = enter("ADMIN")
    ticked = ["candidates.hire_candidate", "candidates.view_candidate"]

    send(admin, page(Role, "add"), name="Hiring manager", permissions=ticked)

    assert Role.objects.get(organization=organization, name="Hiring manager").permissions == ticked


def test_no_one_grants_what_they_do_not_hold(organization):
    held = ["organizations.view_role", "organizations.add_role", "organizations.change_role"]
    mine = RoleFactory(organization=organization, permissions=held)
    larger = RoleFactory(organization=organization, permissions=["candidates.view_candidate"])
    user = EmployeeFactory(organization=organization, role=mine).user
    # Who views no recruiting rows anywhere may not enter.
    EmployeeFactory(organization=OrganizationFactory(), role_name="VIEWER", user=user)
    client = signed_in(user)

    sent = {"name": "Mine", "organization": organization.pk, "permissions": ["candidates.hire_candidate"]}
    added = send(client, page(Role, "add"), **sent)
    changed = send(client, page(Role, "change", larger.pk), name="Smaller", permissions=[])

    larger.refresh_from_db()
    assert "The role Mine holds more than yours." in errors(added)
    assert not Role.objects.filter(name="Mine").exists()
    assert f"The role {larger.name} holds more than yours." in errors(changed)
    assert larger.permissions == ["candidates.view_candidate"]


def test_who_may_only_look_reads_what_a_role_allows(enter, organization):
    recruiter, role = enter("RECRUITER"), built_in_role(organization, "VIEWER")

    shown = recruiter.get(page(Role, "change", role.pk)).text

    assert "See all: Candidates" in shown
    assert 'type="checkbox"' not in shown


def test_a_built_in_role_keeps_its_name_and_stays(enter, organization):
    admin, viewer = enter("ADMIN"), built_in_role(organization, "VIEWER")

    renamed = send(admin, page(Role, "change", viewer.pk), name="WATCHER")
    deleted = admin.post(page(Role, "delete", viewer.pk), {"post": "yes"}, follow=True)

    assert "A built-in role keeps its name." in errors(renamed)
    assert "The built-in roles can&#x27;t be deleted." in deleted.text
    assert built_in_role(organization, "VIEWER") == viewer


def test_a_role_in_use_stays(enter, organization):
    admin, role = enter("ADMIN"), RoleFactory(organization=organization)
    EmployeeFactory(organization=organization, role=role)

    answer = choose(admin, "delete_selected", role)

    assert "It is in use by other rows" in answer.text
    assert "Successfully deleted" not in answer.text
    assert Role.objects.filter(pk=role.pk).exists()


def test_a_second_role_of_a_name_is_refused_in_words(enter, organization):
    answer = send(enter("ADMIN"), page(Role, "add"), name="recruiter")

    assert "A role of this name exists already." in errors(answer)


def test_the_last_admin_stays_one(enter, organization):
    admin = enter("ADMIN")
    url = page(Employee, "change", admin.employee.pk)

    answer = send(admin, url, role=built_in_role(organization, "VIEWER").pk)

    assert "This is the last active ADMIN of the organization." in errors(answer)
    assert Employee.objects.get(pk=admin.employee.pk).role.is_admin


def test_a_colleague_gets_another_role_and_keeps_their_name(enter, organization):
    admin, colleague = enter("ADMIN"), EmployeeFactory(organization=organization, role_name="VIEWER")
    recruiter = built_in_role(organization, "RECRUITER")

    send(admin, page(Employee, "change", colleague.pk), role=recruiter.pk, first_name="Other")

    changed = Employee.objects.get(pk=colleague.pk)
    assert (changed.role, changed.first_name) == (recruiter, colleague.first_name)


def test_employees_are_neither_added_nor_deleted_by_hand(operator, enter, organization):
    employee = EmployeeFactory(organization=organization)

    for client in (operator, enter("ADMIN")):
        assert client.get(page(Employee, "add")).status_code == 403
        assert client.post(page(Employee, "delete", employee.pk), {"post": "yes"}).status_code == 403


# Accounts, for operators.


def test_an_account_page_holds_no_password(operator):
    user = UserFactory()

    shown = operator.get(page(User, "change", user.pk)).text

    assert user.email in shown
    assert user.password not in shown
    form = re.search(r'<form[^>]*id="user_form".*?</form>', shown, re.DOTALL).group()
    assert "password" not in form.lower()


def test_a_new_account_gets_its_password_by_a_link(operator, mails):
    send(operator, page(User, "add"), email="new@example.com", first_name="New")
    user = User.objects.get(email="new@example.com")

    with mails() as sent:
        choose(operator, "send_password_link", user)

    assert not user.has_usable_password()
    assert [mail.to for mail in sent] == [["new@example.com"]]


def test_an_account_of_an_address_is_there_once(operator):
    UserFactory(email="Ada@example.com")

    answer = send(operator, page(User, "add"), email="aDa@example.com")

    assert "An account with this e-mail exists already." in errors(answer)


def test_switching_an_account_off_ends_its_sessions(operator):
    session = Session.objects.create(user=UserFactory())
    url = page(User, "change", session.user_id)
    shown = operator.get(url)
    assert shown.status_code == 200

    operator.post(url, {"email": session.user.email, "is_email_proven": "on"})

    session.refresh_from_db()
    assert not session.user.is_active
    assert session.revoked_at is not None


def test_a_session_is_revoked_and_never_written(operator):
    session = Session.objects.create(user=UserFactory())

    answer = choose(operator, "revoke", session)

    session.refresh_from_db()
    assert "1 sessions revoked." in answer.text
    assert session.revoked_at is not None
    assert operator.post(page(Session, "change", session.pk), {"revoked_at": ""}).status_code == 403


def test_a_null_character_in_a_filter_is_refused(enter, organization):
    response = enter("RECRUITER").get("/admin/candidates/candidate/?status__exact=%00")
    assert response.status_code == 400


def test_nobody_in_it_switches_an_organization_off(enter, organization):
    url = page(Organization, "change", organization.pk)

    send(enter("ADMIN"), url, name="Renamed", is_active=False)

    organization.refresh_from_db()
    assert organization.is_active


def boxes(response) -> dict[str, str]:
    """Permission → how its box is shown: `free`, or why it is greyed."""
    groups = response.context["adminform"].form["permissions"].field.widget.get_context("p", [], {})["widget"]["groups"]
    every = [box for group in groups for row in group.rows for box in (*row.boxes, *row.special) if box]
    return {box.permission: box.why_not or "free" for box in every}


def test_every_permission_has_its_box_and_what_one_does_not_hold_is_greyed_with_the_reason(enter, organization):
    shown = boxes(enter("ADMIN").get(page(Role, "add")))
    assert set(shown) == set(every_permission())
    assert set(shown.values()) == {"free"}

    role = RoleFactory(organization=organization, permissions=["organizations.view_role", "organizations.add_role"])
    user = EmployeeFactory(organization=organization, role=role).user
    EmployeeFactory(organization=OrganizationFactory(), role_name="VIEWER", user=user)
    shown = boxes(signed_in(user).get(page(Role, "add")))
    assert shown["organizations.add_role"] == "free"
    assert shown["candidates.hire_candidate"] == "Your own role doesn't hold this."


def test_the_sentence_on_top_follows_the_boxes(enter):
    ticked = {"permissions": ["candidates.view_candidate", "candidates.hire_candidate", "no.such"]}

    said = enter("ADMIN").post(reverse("admin:organizations_role_sentence"), ticked).text

    assert said == "You can hire candidates and see candidates."
    assert enter("VIEWER").post(reverse("admin:organizations_role_sentence"), ticked).status_code == 403


def test_a_role_that_holds_more_is_shown_greyed_where_a_role_is_chosen(enter, organization):
    people = ["organizations.view_role", "organizations.view_employee", "organizations.change_employee"]
    organizer = RoleFactory(organization=organization, permissions=[*people, "candidates.view_candidate"])
    user = EmployeeFactory(organization=organization, role=organizer).user
    colleague = EmployeeFactory(organization=organization, role_name="EMPLOYEE")

    shown = signed_in(user).get(page(Employee, "change", colleague.pk))

    options = re.findall(r"<option([^>]*)>\s*([^<]*?)\s*</option>", unescape(shown.text))
    greyed = [label for attributes, label in options if "disabled" in attributes]
    assert "ADMIN - holds more than your own role" in greyed
    assert organizer.name in [label for attributes, label in options if "disabled" not in attributes]
