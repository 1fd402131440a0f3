"""Logins, and the places of people in organizations."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, ClassVar, NamedTuple, Self
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from .indexes import asked_by, owned_by
from .ownership import Folded, Folding, FoldingQuerySet, Moment, Owned, Touched, fold
from .tallies import Tallied


def expand(permissions: Iterable[str]) -> frozenset[str]:
    """The permissions with those that they hold: who sees every row sees the own ones."""
    return _expanded(tuple(permissions))


# Roles are few, and asked for at every request.
@lru_cache(maxsize=10_000)
def _expanded(permissions: tuple[str, ...]) -> frozenset[str]:
    held = set(permissions)
    for permission in permissions:
        app, _dot, code = permission.partition(".")
        if code.startswith("view_") and not code.startswith("view_own_"):
            held.add(f"{app}.view_own_{code.removeprefix('view_')}")
    return frozenset(held)


#: Only active places count: employee, role and organization must be switched on.
SWITCHES = ("is_active", "role__is_active", "organization__is_active")


@dataclass(frozen=True)
class Grant:
    """What one employee may do in their organization."""

    employee_id: UUID
    permissions: frozenset[str]


@dataclass(frozen=True)
class Grants:
    """What a user may do, organization by organization."""

    by_organization: Mapping[UUID, Grant] = field(default_factory=dict)

    @classmethod
    def of(cls, user: User) -> Grants:
        """Read in one query."""
        employees = Employee.objects.filter(user=user, **dict.fromkeys(SWITCHES, True)).select_related("role")
        return cls({e.organization_id: Grant(e.pk, expand(e.role.granted)) for e in employees})

    def belonging(self) -> set[UUID]:
        return set(self.by_organization)

    def within(self, organization_id: UUID) -> Grants:
        """Only those in one organization."""
        grant = self.by_organization.get(organization_id)
        return Grants({organization_id: grant} if grant else {})

    @property
    def views_recruiting(self) -> bool:
        """Is any recruiting row to be viewed anywhere?"""
        return any(
            app in settings.RECRUITING_APPS and code.startswith("view_")
            for grant in self.by_organization.values()
            for app, _dot, code in (permission.partition(".") for permission in grant.permissions)
        )

    def organizations(self, permission: str) -> set[UUID]:
        return {pk for pk, grant in self.by_organization.items() if permission in grant.permissions}

    def anywhere(self, permission: str) -> bool:
        return any(permission in grant.permissions for grant in self.by_organization.values())

    def employees(self, organizations: Collection[UUID]) -> list[UUID]:
        return [grant.employee_id for pk, grant in self.by_organization.items() if pk in organizations]

    def permissions(self, organization_id: UUID) -> frozenset[str]:
        grant = self.by_organization.get(organization_id)
        return grant.permissions if grant else frozenset()


class Name(NamedTuple):
    first: str
    last: str


class UserManager(BaseUserManager.from_queryset(FoldingQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email_folded=fold(username or ""))

    def known_by(self, email: str) -> User | None:
        """The account of the address, ignoring case."""
        return self.filter(email_folded=fold(email)).first()

    def is_unproven(self, email: str) -> bool:
        """Is the account of the address new, or one that was never proven to be its owner's? It has no password to
        keep."""
        account = self.known_by(email)
        return account is None or not account.is_email_proven

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email, is_superuser=True, is_email_proven=True, **fields)
        user.set_password(password)
        user.save()
        return user


class User(Folding, AbstractBaseUser):
    """A login. What it may do follows from its employees (`grants`); an operator's account (`is_superuser`) passes.

    The id is random and not time-ordered on purpose: it is shown to organizations, and must not tell one whether
    the account was there before they wrote its e-mail down."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    email_folded = Folded("email", null=False, unique=True)
    first_name = models.CharField(_("first name"), max_length=150, blank=True, default="")
    last_name = models.CharField(_("last name"), max_length=150, blank=True, default="")
    phone_number = models.CharField(_("phone number"), max_length=50, null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_superuser = models.BooleanField(_("operator"), default=False)
    is_email_proven = models.BooleanField(
        _("e-mail is proven"), default=False, help_text=_("the owner of the address has shown that they read its mail")
    )
    created_at = Moment(_("created"), default=timezone.now, editable=False)
    updated_at = Touched(_("changed"), editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        default_permissions = ()

    def __str__(self) -> str:
        return self.email

    @cached_property
    def grants(self) -> Grants:
        return Grants.of(self)

    # What a compiled statement asks (`api.statements.Asker`).

    @cached_property
    def shape(self) -> Hashable:
        """All that decides which rows the user may see, but for whose ids they are."""
        return self.is_superuser, tuple(grant.permissions for grant in self.grants.by_organization.values())

    @cached_property
    def ids(self) -> tuple[UUID, ...]:
        """The ids that the user's rights speak of."""
        places = self.grants.by_organization.items()
        return (self.pk, *(pk for organization_id, grant in places for pk in (organization_id, grant.employee_id)))

    @property
    def organizations(self) -> tuple[UUID, ...]:
        return () if self.is_superuser else tuple(self.grants.by_organization)

    def stand_in(self) -> User:
        """Someone of the same rights, in organizations that are not there."""
        grants = self.grants.by_organization.values()
        places = {uuid.uuid4(): Grant(uuid.uuid4(), grant.permissions) for grant in grants}
        other = User(id=uuid.uuid4(), is_superuser=self.is_superuser)
        other.grants = Grants(places)
        return other

    def may(self, permission: str, organization_id: UUID | None = None) -> bool:
        """Is `permission` granted to the user in the organization (in any one, without an organization)?"""
        if not self.is_active:
            return False
        if self.is_superuser:
            return True
        if organization_id is None:
            return self.grants.anywhere(permission)
        return permission in self.grants.permissions(organization_id)

    def holds(self, permissions: Iterable[str], organization_id: UUID) -> bool:
        """Does the user hold all of these there? What one does not hold, one can neither grant nor touch."""
        return self.is_superuser or expand(permissions) <= self.grants.permissions(organization_id)

    @property
    def called(self) -> Name:
        """The name for the user's own eyes: as they wrote it, or else as the first organization that employs or knows
        them does. Reads up to two rows."""
        if self.first_name or self.last_name:
            return Name(self.first_name, self.last_name)
        known = self.employees.order_by("created_at").first() or self.candidates.order_by("created_at").first()
        return Name(known.first_name, known.last_name) if known else Name("", "")

    @property
    def only_organization_id(self) -> UUID | None:
        """The organization of a user who belongs to exactly one."""
        belonging = self.grants.belonging()
        return next(iter(belonging)) if len(belonging) == 1 else None

    def sign_out_everywhere(self) -> None:
        self.sessions.filter(revoked_at=None).update(revoked_at=timezone.now())

    def employee_id_in(self, organization_id: UUID) -> UUID | None:
        grant = self.grants.by_organization.get(organization_id)
        return grant.employee_id if grant else None

    # What the Django admin asks.

    @property
    def is_staff(self) -> bool:
        """May they enter the admin? Any active employee may whose role views recruiting rows. Never stored."""
        return self.is_superuser or self.grants.views_recruiting

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.may(perm, getattr(obj, "organization_id", None))

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and (
            self.is_superuser
            or any(
                permission.startswith(f"{app_label}.")
                for grant in self.grants.by_organization.values()
                for permission in grant.permissions
            )
        )


class Role(Owned):
    """A set of permissions in one organization. Five come with every organization (`is_built_in`)."""

    name = models.CharField(_("name"), max_length=100)
    name_folded = Folded("name")
    permissions = models.JSONField(_("permissions"), default=list, blank=True)
    is_built_in = models.BooleanField(_("built in"), default=False, editable=False)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name_folded"],
                name="role_name_is_unique",
                violation_error_message=_("A role of this name exists already."),
            ),
            Tallied(name="role_is_tallied"),
        ]
        indexes = owned_by("role", "created_by")

    def __str__(self) -> str:
        return self.name

    @property
    def is_admin(self) -> bool:
        return self.holds_everything(self.is_built_in, self.name)

    @staticmethod
    def holds_everything(is_built_in: bool, name: str) -> bool:
        """The role that can do everything in its organization, what later versions add included."""
        return is_built_in and name == "ADMIN"

    @property
    def is_plain_employee(self) -> bool:
        return self.is_built_in and self.name == "EMPLOYEE"

    @property
    def granted(self) -> Collection[str]:
        return self.granted_by(self.permissions, self.is_built_in, self.name)

    @classmethod
    def granted_by(cls, permissions: Collection[str], is_built_in: bool, name: str) -> Collection[str]:
        """What a role of these columns grants."""
        from ..roles import every_permission

        return every_permission() if cls.holds_everything(is_built_in, name) else permissions

    @classmethod
    def permissions_for(cls, user: User, *columns: Any) -> list[str]:
        """What a role is shown to grant: the same to everyone who sees it."""
        return sorted(cls.granted_by(*columns))


class Person(models.Model):
    """What one organization knows of a person, in its own words, and the login they use, if any.

    Two organizations that know the same person never see or change each other's words."""

    first_name = models.CharField(_("first name"), max_length=150)
    first_name_folded = Folded("first_name")
    last_name = models.CharField(_("last name"), max_length=150, blank=True, default="")
    last_name_folded = Folded("last_name")
    email = models.EmailField(_("e-mail"), max_length=254)
    email_folded = Folded("email", null=False)
    phone_number = models.CharField(_("phone number"), max_length=50, null=True, blank=True)
    phone_number_folded = Folded("phone_number")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Employee(Person, Owned):
    """A user's place in one organization, with one role."""

    own_path = "interviewers__interview__interviewers__employee"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="employees",
        db_index=False,
    )
    role = models.ForeignKey(
        Role, verbose_name=_("role"), on_delete=models.RESTRICT, related_name="employees", db_index=False
    )
    started_work_on = models.DateField(_("started work on"), null=True, blank=True)

    class Meta:
        verbose_name = _("employee")
        verbose_name_plural = _("employees")
        default_permissions = ("view", "change")
        permissions = [("view_own_employee", _("Can view the colleagues that one interviews with"))]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"],
                name="employee_is_once_in_an_organization",
                violation_error_message=_("This person is employed here already."),
            ),
            Tallied(name="employee_is_tallied"),
        ]
        indexes = asked_by(
            "employee",
            "first_name_folded", "last_name_folded", "email_folded", "phone_number_folded",
            nullable=("started_work_on",),
            relations=("user", "role"),
        )  # fmt: skip

    @classmethod
    def permitted_rows(cls, user: User, action: str) -> Q:
        rows = super().permitted_rows(user, action)
        # Only where the role does not show them anyway: who sees all rows of an organization has nothing else to count.
        elsewhere = user.grants.belonging() - user.grants.organizations(cls.permission(action))
        if action != "view" or not elsewhere:
            return rows
        return rows | Q(pk__in=user.grants.employees(elsewhere))

    @classmethod
    def whole_organizations(cls, user: User, action: str = "view") -> set[UUID] | None:
        whole = super().whole_organizations(user, action)
        return whole if whole is not None and user.grants.belonging() <= whole else None

    @classmethod
    def reachable(cls, user: User, action: str) -> bool:
        """Everyone sees their own place."""
        return bool(user.grants.by_organization) if action == "view" else super().reachable(user, action)


class SessionQuerySet(models.QuerySet):
    def live(self) -> Self:
        """Those whose tokens work."""
        return self.filter(revoked_at=None, user__is_active=True)

    def over(self, *, older_than: datetime) -> Self:
        """Signed out or revoked, or with no token issued since: no token of theirs can work any more."""
        return self.filter(Q(revoked_at__isnull=False) | Q(renewed_at__lt=older_than))


class Session(models.Model):
    """One sign-in and the tokens that came of it: a refresh token that rotates, and short-lived access tokens."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions")
    created_at = Moment(_("created"), default=timezone.now, editable=False)
    renewed_at = Moment(_("renewed"), default=timezone.now, editable=False, db_index=True)
    revoked_at = Moment(_("revoked"), null=True, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id} since {self.created_at:%Y-%m-%d %H:%M}"

    def revoke(self) -> None:
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])
