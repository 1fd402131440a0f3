"""The one base class of the admin's pages. It asks what the API asks: whose rows are these, who may do what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ORDER_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Trim
from django.forms.utils import pretty_name
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.utils.text import capfirst, smart_split
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldBooleanWidget

from .meanwhile import state_of
from .models import Employee, Organization, Owned, SearchedQuerySet, User, fold
from .models.ownership import folded_columns
from .owned_columns import Blind, Colleagues, Seen
from .owned_forms import (
    REFUSALS,
    ColleaguesField,
    OwnedFields,
    OwnedForm,
    Refused,
    organizations_to_add_in,
    told,
    words,
)

#: The columns of every row that stand below its own.
RECORD = ("is_active", "is_archived", "id", "created_at", "updated_at", "created_by")
#: Of a search; each costs a condition on every text of the row.
MOST_WORDS = 20


class ScopedFilter(admin.RelatedFieldListFilter):
    """A filter that offers only what the user may see, and at most a hundred of it."""

    def field_choices(self, field, request, model_admin):
        rows = field.related_model._default_manager.permitted(request.user)
        return [(row.pk, str(row)) for row in rows.order_by("name_folded", "pk")[:100]]


class OwnedInline(OwnedFields, TabularInline):
    """The parts of a row, as a table on its page. They take their organization from it."""

    extra = 0
    show_change_link = True
    formfield_overrides = {
        **OwnedFields.formfield_overrides,
        models.TextField: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": 2})},
    }

    def get_queryset(self, request):
        return self.model._default_manager.permitted(request.user).order_by("created_at", "pk")

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        for name, field in formset.form.base_fields.items():
            # The heading of the column is no label of the fields below it.
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs["aria-label"] = field.label or pretty_name(name)
        return formset

    def _may(self, request: HttpRequest, action: str, whole: Any) -> bool:
        user: Any = request.user
        model = self.model
        if action not in model._meta.default_permissions:
            return False
        if whole is None:
            # Of a row that is not there yet no parts can be looked at.
            return action == "add" and (user.is_superuser or model.reachable(user, action))
        if action == "view":
            return user.is_superuser or model.reachable(user, action)
        return user.may(model.permission(action), whole.organization_id)

    def has_add_permission(self, request, obj):
        return self._may(request, "add", obj)


class OwnedAdmin(OwnedFields, ModelAdmin):
    """The pages of rows that belong to an organization. A subclass declares `fields`, `list_display`, `list_filter`,
    and overrides `make`, `revise`, `remove` where an action of ours does it.

    Everything is asked through `permitted`: rows, choices, what the relations show. A row that the user may not see is
    404, one that they may not change is 403. What a rule refuses is told in its words, and nothing was changed."""

    form = OwnedForm
    #: Written once, when the row is made; besides the organization and what the row is a part of.
    fixed: ClassVar[tuple[str, ...]] = ()
    #: Relations whose names and e-mails the search looks through too, as far as the user may see them.
    search_through: ClassVar[tuple[str, ...]] = ()
    ordering = ("-created_at", "-pk")
    show_full_result_count = False
    list_per_page = 50
    change_form_before_template = "organizations/meanwhile.html"

    def __init__(self, model: type[Owned], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)  # type: ignore[call-arg]
        self.columns: dict[str, Any] = {field.name: field for field in model._meta.concrete_fields}
        shown = {"organization", "created_by", *self.list_display, *(self.fields or ())}
        self.relations = {
            name: Seen(name, capfirst(field.verbose_name))
            for name, field in self.columns.items()
            if field.is_relation and name in shown
        }

    # Who may do what.

    def _may(self, request: HttpRequest, action: str, row: Any = None) -> bool:
        user = request.user
        if not isinstance(user, User) or action not in self.model._meta.default_permissions:
            return False
        if row is None:
            return user.is_superuser or self.model.reachable(user, action)
        return self.model._default_manager.permitted(user, action).filter(pk=row.pk).exists()

    def has_add_permission(self, request):
        return self._may(request, "add")

    def has_module_permission(self, request):
        return self._may(request, "view")

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404

    # Rows, and what stands for them.

    def get_queryset(self, request):
        rows = self.model._default_manager.permitted(request.user).order_by(*self.get_ordering(request))
        for name in self.relations:
            related = self.columns[name].related_model
            if related is User:
                rows = rows.annotate(**{f"seen_{name}": self._name_of(name, request.user)})
            else:
                visible = related._default_manager.permitted(request.user)
                rows = rows.prefetch_related(Prefetch(name, visible, to_attr=f"seen_{name}"))
        return rows

    def _name_of(self, name: str, user: User) -> Any:
        """A login is known by the name of the employee that it has here. Its e-mail is nobody's business but theirs."""
        owner = OuterRef("pk" if self.model is Organization else "organization")
        colleagues = Employee.objects.permitted(user).filter(user=OuterRef(name), organization=owner)
        full_name = Trim(Concat("first_name", Value(" "), "last_name"))
        found = Subquery(colleagues.annotate(known_as=full_name).values("known_as")[:1])
        return Coalesce(found, F(f"{name}__email"), output_field=models.CharField()) if user.is_superuser else found

    def _shown(self, name: str, user: User) -> Any:
        """What stands for a column where it can't be written: of relations and means only what the user may see."""
        if name in self.model.blind_columns(user):
            return Blind(name, capfirst(self.columns[name].verbose_name), user)
        field = self.form.base_fields.get(name)
        if isinstance(field, ColleaguesField):
            return Colleagues(name, field, user)
        return self.relations.get(name, name)

    def get_list_display(self, request):
        several = self._in_several_organizations(request.user)
        return [self._shown(name, request.user) for name in (*self.list_display, *several)]

    def action_checkbox(self, obj):
        # Django's own is labelled with the row's str(), which can cost a query and tell a name that is hidden.
        label = {"class": "action-select", "aria-label": gettext("Select this row")}
        return UnfoldBooleanWidget(label, lambda value: False).render(ACTION_CHECKBOX_NAME, str(obj.pk))

    def get_list_filter(self, request):
        several = self._in_several_organizations(request.user)
        return [*self.list_filter, *((name, ScopedFilter) for name in several)]

    def _in_several_organizations(self, user: User) -> list[str]:
        if "organization" not in self.columns or not (user.is_superuser or len(user.grants.belonging()) > 1):
            return []
        return ["organization"]

    # What is asked of the list.

    def lookup_allowed(self, lookup, value, request=None):
        """Only what the filters of the list offer: a hidden column could be guessed letter by letter."""
        filters = self.get_list_filter(request) if request else self.list_filter
        offered = {getattr(f, "parameter_name", f[0] if isinstance(f, tuple) else f) for f in filters}
        # PostgreSQL stores no null character, and fails when it is asked for one.
        is_text = "\0" not in str(value)
        return is_text and lookup.split("__")[0] in offered and super().lookup_allowed(lookup, value, request)

    def get_search_fields(self, request):
        """Only whether there is any, for Django: `get_search_results` knows where to look."""
        return [*folded_columns(self.model), *self.search_through]

    def get_search_results(self, request, queryset, search_term):
        """As the API searches, the best first, where an index has all the words that are looked through. Elsewhere each
        word stands in one of the texts of the row, ignoring case; of relations, in rows that the user sees."""
        if isinstance(queryset, SearchedQuerySet) and not self.search_through:
            return self._best_of(request, queryset, search_term), False
        for word in islice(smart_split(search_term.replace("\0", "")), MOST_WORDS):
            found = holds(self.model, word)
            for name in self.search_through:
                related = self.columns[name].related_model
                visible = related._default_manager.permitted(request.user).filter(holds(related, word))
                found |= Q(**{f"{name}__in": visible.order_by().values("pk")})
            queryset = queryset.filter(found)
        return queryset, False

    def _best_of(self, request: HttpRequest, rows: SearchedQuerySet, search_term: str) -> SearchedQuerySet:
        if not search_term.strip():
            return rows
        user: Any = request.user
        try:
            found = rows.matching(rows.search_text(search_term, user))
        except ValidationError as error:
            self.message_user(request, capfirst(words(error)), messages.WARNING)
            return rows.none()
        # Unless another order was chosen.
        is_ordered = ORDER_VAR in request.GET
        return found if is_ordered else found.order_by("-search_rank", *self.get_ordering(request))

    # What is on a page.

    def get_fieldsets(self, request, obj=None):
        own = [] if self.model.parent or "organization" not in self.columns else ["organization"]
        own += [name for name in self.get_fields(request, obj) if name not in own]
        if obj is None:
            return [(None, {"fields": [name for name in own if self._is_written(name, None)]})]
        may_change = self.has_change_permission(request, obj)
        record = [name for name in RECORD if name not in own]
        own, record = (
            [n if may_change and self._is_written(n, obj) else self._shown(n, request.user) for n in names]
            for names in (own, record)
        )
        return [(None, {"fields": own}), (_("Record"), {"fields": record, "classes": ["collapse"]})]

    def get_readonly_fields(self, request, obj=None):
        names = [*self.columns, *(self.fields or ())]
        return [self._shown(name, request.user) for name in names if not self._is_written(name, obj)]

    def _is_written(self, name: str, row: Any) -> bool:
        if name in self.readonly_fields:
            return False
        if name in self.form.base_fields:
            return True
        column = self.columns.get(name)
        if column is None or not column.editable:
            return False
        if row is None:
            return True
        if name in ("organization", self.model.parent, *self.fixed):
            return False
        # A row that the user may not see can't be offered as the present choice, and must not be lost by a save.
        is_hidden = name in self.relations and getattr(row, f"seen_{name}", None) is None
        return not (is_hidden and getattr(row, column.attname))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"request": request, "user": request.user})

    def _create_formsets(self, request, obj, change):
        formsets, inlines = super()._create_formsets(request, obj, change)
        # The form asks whether they are as they were when it was opened.
        request.formsets = formsets
        return formsets, inlines

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change:
            tables = [each.formset for each in context["inline_admin_formsets"]]
            context["read"] = state_of(context["adminform"].form, tables)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        offered = list(organizations_to_add_in(request.user, self.model)[:2])
        return {"organization": offered[0].pk, **initial} if len(offered) == 1 else initial

    # Writing.

    def make(self, row: Any, values: dict[str, Any], *, by: User) -> Any:
        """Store a new row, which has its values already. The row that was made."""
        row.save()
        return row

    def revise(self, row: Any, changes: dict[str, Any], *, by: User) -> Any:
        """Store the changes, which the row has already. Only these: the rest may have moved on since it was read."""
        row.save(update_fields=changes)

    def remove(self, row: Any, *, by: User) -> None:
        row.delete()

    # Of the tables on its page.

    def make_part(self, part: Any, *, by: User) -> None:
        part.save()

    def revise_part(self, part: Any, changes: dict[str, Any], *, by: User) -> None:
        """Store the changes, which the part has already."""
        part.save(update_fields=changes)

    def remove_part(self, part: Any, *, by: User) -> None:
        part.delete()

    def save_model(self, request, obj, form, change):
        with told():
            if change:
                self.revise(obj, {name: form.cleaned_data[name] for name in form.changed_data}, by=request.user)
            else:
                obj.created_by = request.user
                if obj.parent:
                    obj.organization_id = form.owner_id
                obj.pk = self.make(obj, dict(form.cleaned_data), by=request.user).pk
            if not self.has_view_permission(request, obj):
                raise PermissionDenied

    def save_formset(self, request, form, formset, change):
        formset.save(commit=False)
        with told():
            for part in formset.new_objects:
                part.organization_id = form.instance.organization_id
                part.created_by = request.user
                if not form.user.may(part.permission("add"), part.organization_id):
                    raise PermissionDenied
                self.make_part(part, by=request.user)
            for part, names in formset.changed_objects:
                self.revise_part(part, {name: getattr(part, name) for name in names}, by=request.user)
            for part in formset.deleted_objects:
                self.remove_part(part, by=request.user)

    def delete_model(self, request, obj):
        with told():
            self.remove(obj, by=request.user)

    def delete_queryset(self, request, queryset):
        with told():
            # In one order, so that two who delete the same rows wait for each other.
            for row in queryset.order_by("pk"):
                self.remove(row, by=request.user)

    def get_deleted_objects(self, objs, request):
        """The rows themselves. What belongs to them goes along unlisted, since the user may not see all of it."""
        ids = {row.pk for row in objs}
        deletable = self.model._default_manager.permitted(request.user, "delete").filter(pk__in=ids)
        denied = set() if deletable.count() == len(ids) else {str(self.opts.verbose_name)}
        return [str(row) for row in objs], {self.opts.verbose_name_plural: len(ids)}, denied, []

    # Telling what was refused.

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            # Rolled back. The form is looked at again, and says so.
            request.refusal = refused.error
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect("..")

    def response_action(self, request, queryset):
        try:
            if request.POST.get("action") != "delete_selected":
                return super().response_action(request, queryset)
            with transaction.atomic():
                return super().response_action(request, queryset)
        except (Refused, ValidationError) as error:
            self.message_user(request, words(error), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def on_each(
        self, request: HttpRequest, rows: models.QuerySet, act: Callable[..., Any], done: Any, permission: str = ""
    ) -> None:
        """`act(row, by=user)` on each row on its own. Says how many were `done`, and of each that was refused, why."""
        user: Any = request.user
        count = 0
        for row in rows.order_by("pk"):
            try:
                with transaction.atomic():
                    if permission and not user.may(permission, row.organization_id):
                        raise PermissionDenied
                    act(row, by=user)
                    self.log_change(request, row, capfirst(done))
            except REFUSALS as error:
                self.message_user(request, f"“{row}”: {words(error)}", messages.ERROR)
            else:
                count += 1
        if count:
            rows_named = self.opts.verbose_name if count == 1 else self.opts.verbose_name_plural
            said = gettext("%(count)d %(rows)s %(done)s.") % {"count": count, "rows": rows_named, "done": done}
            self.message_user(request, said, messages.SUCCESS)

    def construct_change_message(self, request, form, formsets, add=False):
        """What changed in the row itself: its parts have names that not everyone who reads this history may see."""
        return super().construct_change_message(request, form, [], add)

    def history_view(self, request, object_id, extra_context=None):
        response = super().history_view(request, object_id, extra_context)
        if context := getattr(response, "context_data", None):
            name_the_actors(context["action_list"], context["object"], request.user)
        return response


def holds(model: type[models.Model], word: str) -> Q:
    columns = folded_columns(model).values()
    return Q(*((f"{column.name}__contains", fold(word)) for column in columns), _connector=Q.OR)


def name_the_actors(entries: Sequence[Any], row: Owned, user: User) -> None:
    """In a history too, a login is known by the name of the employee that it has here."""
    colleagues = Employee.objects.permitted(user).filter(organization=row.organization_id)
    names = {employee.user_id: str(employee) for employee in colleagues.filter(user__in={e.user_id for e in entries})}
    for entry in entries:
        email = entry.user.email if user.is_superuser else gettext("someone else")
        entry.user = User(email=names.get(entry.user_id, email))
