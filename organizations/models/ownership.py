"""Whose row is it, and who may do what with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from .tallies import Tallies, counting, numbers

if TYPE_CHECKING:
    from .people import User


def fold(text: str) -> str:
    """The form in which two texts are equal when they differ in case or in how an accent is encoded only.

    NFC, not NFKC: a compatibility form can be eighteen times as long as what was written, too long for an index."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


class Derived(models.Field):
    """A column that is computed from others of its row, kept in step at every save and by `load`."""

    #: The columns that it is computed from.
    sources: tuple[str, ...]

    def derive(self, *values: Any) -> Any:
        """The column's value, from those of `sources` in their order."""
        raise NotImplementedError

    def pre_save(self, model_instance, add):
        derived = self.derive(*(getattr(model_instance, name) for name in self.sources))
        setattr(model_instance, self.attname, derived)
        return derived


class Folded(Derived, models.TextField):
    """The folded twin of a text column, kept in step at every save and `update()`.

    SQLite's LOWER() and LIKE know ASCII only and PostgreSQL's depend on the locale, so uniqueness, `contains` and
    `startsWith` that ignore case use this column on both."""

    def __init__(self, folds: str, **options: Any) -> None:
        self.folds = folds
        self.sources = (folds,)
        super().__init__(**{"editable": False, "null": True, **options})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "folds": self.folds}

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        """Compared by code point, as SQLite does anyway: one index then serves equality, order and beginnings."""
        collation = "C" if connection.vendor == "postgresql" else None
        return {**super().db_parameters(connection), "collation": collation}

    def derive(self, text: str | None) -> str | None:
        return None if text is None else fold(text)


class Moment(models.DateTimeField):
    """A timestamp to the millisecond, as the API shows it: what is shown finds its own row."""

    def pre_save(self, model_instance, add):
        moment = self.to_millisecond(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, moment)
        return moment

    def get_prep_value(self, value):
        return self.to_millisecond(super().get_prep_value(value))

    @staticmethod
    def to_millisecond(moment: Any) -> Any:
        is_moment = isinstance(moment, datetime)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000) if is_moment else moment


class Touched(Moment):
    """When the row was last written. It rises with every save, so that one who read an older state is always told."""

    def pre_save(self, model_instance, add):
        now = self.to_millisecond(timezone.now())
        before = getattr(model_instance, self.attname)
        if before is not None and before >= now:
            now = before + timedelta(milliseconds=1)
        setattr(model_instance, self.attname, now)
        return now


def folded_columns(model: type[models.Model]) -> dict[str, Folded]:
    """Column name → its folded twin."""
    return {field.folds: field for field in model._meta.concrete_fields if isinstance(field, Folded)}


def following(model: type[models.Model], names: Iterable[str]) -> list[Derived]:
    """The columns that are computed from these."""
    written = set(names)
    return [f for f in model._meta.concrete_fields if isinstance(f, Derived) and written & set(f.sources)]


#: How many rows are read at once to compute their columns.
ROWS_AT_A_TIME = 500


class FoldingQuerySet(models.QuerySet):
    model: Any

    def update(self, **values: Any) -> int:
        """Columns that are computed from the values follow. Where that takes other columns or expressions too, each row
        is read again."""
        is_plain = {name for name, value in values.items() if not hasattr(value, "resolve_expression")}
        follow = following(self.model, values)
        known = [field for field in follow if is_plain.issuperset(field.sources)]
        rest = [field for field in follow if field not in known]
        derived = {field.attname: field.derive(*(values[name] for name in field.sources)) for field in known}
        if not rest:
            return super().update(**values, **derived)
        with transaction.atomic(using=self.db):
            keys = list(self.order_by().values_list("pk", flat=True))
            count = super().update(**values, **derived)
            self._derive(rest, keys)
        return count

    def _derive(self, fields: Sequence[Derived], keys: Sequence[Any]) -> None:
        rows = self.model._base_manager.using(self.db)
        for start in range(0, len(keys), ROWS_AT_A_TIME):
            changed = list(rows.filter(pk__in=keys[start : start + ROWS_AT_A_TIME]))
            for row in changed:
                for field in fields:
                    field.pre_save(row, add=False)
            rows.bulk_update(changed, [field.attname for field in fields])

    def bulk_update(self, objs, fields, batch_size=None):
        follow = following(self.model, fields)
        rows = list(objs)
        for row in rows:
            for field in follow:
                field.pre_save(row, add=False)
        return super().bulk_update(rows, [*fields, *(field.name for field in follow)], batch_size)


class Folding(models.Model):
    """A row whose computed columns and `updated_at` follow a save of some fields too."""

    class Meta:
        abstract = True

    def save(self, *, update_fields=None, **options: Any) -> None:
        if update_fields is not None:
            follow = {field.name for field in following(type(self), update_fields)}
            update_fields = {*update_fields, *follow, "updated_at"}
        super().save(update_fields=update_fields, **options)


class OwnedQuerySet(FoldingQuerySet):
    def tallies(self) -> Tallies | None:
        """Those that add up to the number of these rows; None where only counting tells."""
        return Tallies.of(self)

    def count(self) -> int:
        """The exact number. Where tallies know it, it costs the same however many rows there are."""
        tallies = self.tallies() if self._result_cache is None else None
        return super().count() if tallies is None else tallies.total()

    def numbers(self, also: str = "", *, least: str = "") -> dict[str, int]:
        """Value → how many of these rows have it: of the column that they are tallied by, or by one of the further
        numbers that `Tallied` declares; of the values from `least` on. One query, which costs the same however many
        rows there are where tallies know it."""
        return numbers(self, also, least)

    def counted(self) -> models.QuerySet:
        """What `count` says, as a queryset of one column; no row for none."""
        tallies = self.tallies()
        return counting(self) if tallies is None else tallies.summed()

    def permitted(self, user: User | AnonymousUser | None, action: str = "view") -> Self:
        """The rows that `user` may `action` (view, change, delete): those of the organizations in which their role
        grants it, and with the narrower `view_own_…` those that they take part in. Nothing without a user."""
        if user is None or not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(self.model.permitted_rows(user, action))


class Owned(Folding):
    """A row of exactly one organization."""

    #: ORM path from the row to the employees who take part in it; it is what `view_own_…` narrows to.
    own_path: ClassVar[str] = ""
    #: The relation from which the row takes its organization, if it is a part of something larger.
    parent: ClassVar[str] = ""
    #: Columns that the queryset computes when it reads, with their type.
    computed: ClassVar[dict[str, models.Field]] = {}

    #: Column that some see as null → the columns from which `<column>_for(user, …)` tells what a user sees.
    masked: ClassVar[dict[str, tuple[str, ...]]] = {}

    # Foreign keys without an index of their own are the beginning of one in `Meta.indexes`, or of a unique constraint.

    # Time-ordered (UUIDv7), so that new rows meet in the last page of an index.
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        "organizations.Organization",
        verbose_name=_("organization"),
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_archived = models.BooleanField(_("archived"), default=False)
    created_at = Moment(_("created"), default=timezone.now, editable=False)
    updated_at = Touched(_("changed"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def permission(cls, action: str) -> str:
        """`"view"` → `"candidates.view_candidate"`."""
        return f"{cls._meta.app_label}.{action}_{cls._meta.model_name}"

    @classmethod
    def permitted_rows(cls, user: User, action: str) -> Q:
        """The condition behind `permitted()`, for an active user who is no superuser."""
        everywhere = user.grants.organizations(cls.permission(action))
        rows = Q(organization_id__in=everywhere)
        if not cls.own_path:
            return rows
        narrow = user.grants.organizations(cls.permission(f"{action}_own")) - everywhere
        if not narrow:
            return rows
        mine = user.grants.employees(narrow)
        return rows | Q(pk__in=cls._base_manager.filter(**{f"{cls.own_path}__in": mine}).values("pk"))

    @classmethod
    def whole_organizations(cls, user: User, action: str = "view") -> set[UUID] | None:
        """The organizations of which `user`, who is no superuser, may `action` all rows, if that is their whole scope;
        None if it is narrower somewhere."""
        everywhere = user.grants.organizations(cls.permission(action))
        is_narrow = cls.own_path and user.grants.organizations(cls.permission(f"{action}_own")) - everywhere
        return None if is_narrow else everywhere

    @classmethod
    def reachable(cls, user: User, action: str) -> bool:
        """Does any organization of `user` grant `action` on some of these rows?"""
        grants = user.grants
        return grants.anywhere(cls.permission(action)) or grants.anywhere(cls.permission(f"{action}_own"))

    @classmethod
    def blind_columns(cls, user: User, within: Collection[UUID] | None = None) -> frozenset[str]:
        """The columns that `user` sees as null in some rows (`within` these organizations), and so may neither filter
        nor order by."""
        return frozenset()

    def locked(self) -> Self:
        """The row as it is stored now, locked until the transaction ends; a new one is itself."""
        return self if self._state.adding else type(self)._base_manager.select_for_update().get(pk=self.pk)
