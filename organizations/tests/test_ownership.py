"""What every row has: an owner, an id, times, and folded twins of its texts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from candidates.models import Candidate, Source
from candidates.tests.factories import CandidateFactory, SourceFactory
from organizations.errors import rule_broken_by
from organizations.models import Role, User, fold
from organizations.tests.factories import EmployeeFactory, OrganizationFactory, RoleFactory, UserFactory


@pytest.mark.parametrize(
    ("one", "other"),
    [("Straße", "STRASSE"), ("É", "e\u0301"), ("İ", "i̇"), ("Σίσυφος", "ΣΊΣΥΦΟΣ"), ("ǅ", "ǆ"), ("ŉ", "\u02bcN")],
)
def test_texts_that_differ_in_case_or_encoding_only_are_equal(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("e", "é"), ("i", "\u0131"), ("ﬁ", "f i"), ("a", "\u0430"), ("²", "2")])
def test_others_are_not(one, other):
    assert fold(one) != fold(other)


def test_a_twin_follows_every_way_to_write(organization):
    source = Source.objects.create(organization=organization, name="LinkedIn")
    assert Source.objects.get().name_folded == "linkedin"

    source.name = "Straße"
    source.save(update_fields=["name"])
    assert Source.objects.get().name_folded == "strasse"

    Source.objects.update(name="ÉCOLE")
    assert Source.objects.get().name_folded == "école"

    Source.objects.bulk_create([Source(organization=organization, name="Fair")])
    assert Source.objects.filter(name_folded="fair").exists()

    user = UserFactory()
    user.email = "Jane@Example.com"
    user.save(update_fields=["email"])
    assert User.objects.known_by("JANE@example.COM") == user


def test_ids_are_in_order_of_time_and_those_of_accounts_tell_nothing(organization):
    sources = SourceFactory.create_batch(5, organization=organization)

    assert [source.pk for source in sources] == sorted(source.pk for source in sources)
    assert {source.pk.version for source in sources} == {7}
    assert UserFactory().pk.version == 4


def test_a_save_of_some_fields_tells_when(organization):
    source = SourceFactory(organization=organization)
    long_ago = datetime(2024, 1, 10, tzinfo=UTC)
    Source.objects.update(updated_at=long_ago)

    source.name = "Other"
    source.save(update_fields=["name"])

    assert Source.objects.get().updated_at > long_ago


@pytest.mark.parametrize("nobody", [None, AnonymousUser()])
def test_without_a_user_nothing_is_permitted(organization, nobody):
    SourceFactory(organization=organization)

    assert not Source.objects.permitted(nobody).exists()


def test_a_superuser_who_is_switched_off_may_nothing(db):
    assert not UserFactory(is_superuser=True, is_active=False).may("candidates.view_candidate")


def test_rights_do_not_add_up_over_organizations(organization):
    user = EmployeeFactory(organization=organization, role_name="VIEWER").user
    there = EmployeeFactory(user=user, role_name="RECRUITER").organization
    here_candidate, there_candidate = CandidateFactory(organization=organization), CandidateFactory(organization=there)

    assert set(Candidate.objects.permitted(user)) == {here_candidate, there_candidate}
    assert set(Candidate.objects.permitted(user, "change")) == {there_candidate}
    assert not user.may("candidates.change_candidate", organization.pk)
    assert user.may("candidates.change_candidate", there.pk)
    assert user.has_perm("candidates.change_candidate", there_candidate)
    assert not user.has_perm("candidates.change_candidate", here_candidate)


@pytest.mark.parametrize(
    ("role_name", "enters"),
    [("ADMIN", True), ("RECRUITER", True), ("INTERVIEWER", True), ("VIEWER", True), ("EMPLOYEE", False)],
)
def test_who_views_recruiting_rows_enters_the_admin(organization, role_name, enters):
    employee = EmployeeFactory(organization=organization, role_name=role_name)
    assert employee.user.is_staff is enters

    employee.is_active = False
    employee.save()
    assert User.objects.get(pk=employee.user_id).is_staff is False


def test_who_views_people_only_does_not(organization):
    role = RoleFactory(organization=organization, permissions=["organizations.view_employee"])

    assert EmployeeFactory(organization=organization, role=role).user.is_staff is False


class TestWhatTheDatabaseRefuses:
    def _refused(self, write) -> str:
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            write()
        return rule_broken_by(caught.value).message

    def test_is_told_in_the_words_of_the_rule(self, organization):
        SourceFactory(organization=organization, name="LinkedIn")
        CandidateFactory(organization=organization, email="jane@example.com")

        same_source = self._refused(lambda: SourceFactory(organization=organization, name="LINKEDIN"))
        same_address = self._refused(lambda: CandidateFactory(organization=organization, email="JANE@example.com"))

        assert same_source == "A source of this name exists already."
        assert same_address == "A candidate with this e-mail exists already."

    @pytest.mark.parametrize(
        ("values", "rule"),
        [
            ({"status": "HIRED"}, "candidate_is_hired_whole_or_not"),
            ({"status": "REJECTED"}, "candidate_is_rejected_with_a_date"),
            ({"rating": "4.3"}, "candidate_rating_is_in_half_steps"),
            ({"rating": "5.5"}, "candidate_rating_is_in_half_steps"),
        ],
    )
    def test_a_candidate_is_never_half_of_something(self, organization, values, rule):
        candidate = CandidateFactory(organization=organization)

        message = self._refused(lambda: Candidate.objects.filter(pk=candidate.pk).update(**values))

        assert rule in message

    def test_a_person_is_once_in_an_organization(self, organization):
        employee = EmployeeFactory(organization=organization)

        message = self._refused(lambda: EmployeeFactory(organization=organization, user=employee.user))

        assert message == "This person is employed here already."

    def test_what_is_in_use_says_so(self, organization):
        employee = EmployeeFactory(role=RoleFactory(organization=organization), organization=organization)

        message = self._refused(lambda: Role.objects.filter(pk=employee.role_id).delete())

        assert message == "It is in use by other rows and can't be deleted."


def test_deleting_an_organization_takes_its_rows_and_no_account_and_nothing_of_another(db):
    here, there = OrganizationFactory(), OrganizationFactory()
    user = EmployeeFactory(organization=here).user
    for organization in (here, there):
        CandidateFactory(organization=organization, status="HIRED", source=SourceFactory(organization=organization))

    here.delete()

    assert set(Candidate.objects.values_list("organization", flat=True)) == {there.pk}
    assert set(Role.objects.values_list("organization", flat=True)) == {there.pk}
    assert User.objects.filter(pk=user.pk).exists()
