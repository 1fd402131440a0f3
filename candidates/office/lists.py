"""The list of candidates: a page of those that the address asks for, however many there are."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import Prefetch
from django.forms import ModelChoiceField
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy
from unfold.views import ChangeList

from candidates.models import Candidate
from organizations.browsing import Bounded

from .asking import Archived, Asking

#: Menu of the buttons below the list, or none → name of the action, what its button says.
BUTTONS: tuple[tuple[Any, dict[str, Any]], ...] = (
    (
        gettext_lazy("Move to"),
        {"move_to_applied": Candidate.Status.APPLIED.label, "move_to_interviewed": Candidate.Status.INTERVIEWED.label},
    ),
    ("", {"hire": gettext_lazy("Hire…"), "add_skill": gettext_lazy("Add skill…")}),
    ("", {"archive": gettext_lazy("Archive"), "fetch_back": gettext_lazy("Fetch back")}),
    (gettext_lazy("Export"), {"export_csv": gettext_lazy("As CSV"), "export_xlsx": gettext_lazy("As XLSX")}),
    ("", {"reject": gettext_lazy("Reject…"), "delete_selected": gettext_lazy("Delete…")}),
)
APART = ("reject", "delete_selected")


class CandidateList(ChangeList):
    """Django's list, whose rows come from an `Asking`. `count` is exact unless `asking.found.is_more`."""

    def __init__(self, request: Any, *args: Any, **options: Any) -> None:
        self.request, self.asking = request, Asking(request.GET, request.user)
        super().__init__(request, *args, **options)

    def get_filters_params(self, params=None):
        """What is left is no filter of ours, and refused."""
        return {
            name: value
            for name, value in super().get_filters_params(params).items()
            if name not in self.asking.form.base_fields
        }

    def get_queryset(self, request, exclude_parameters=None):
        """All that are asked for: what an action is done to."""
        (self.filter_specs, self.has_filters, _lookups, _many, self.has_active_filters) = self.get_filters(request)
        return self.asking.rows.order_by(*(by.expression for by in self.asking.order))

    def get_results(self, request):
        listed = self.asking.found
        keys, self.has_more = listed.page(self.page_num, self.list_per_page)
        found = {row.pk: row for row in self._rows(request).filter(pk__in=keys)}
        self.result_list = [found[key] for key in keys if key in found]
        self.result_count, self.full_result_count = listed.count, None
        self.show_full_result_count, self.show_admin_actions = False, True
        self.can_show_all, self.multi_page = False, self.has_more or self.page_num > 1
        self.paginator = Bounded(self.result_list, self.list_per_page)

    def _rows(self, request: Any) -> Any:
        """With the next interview of each that the user may see, which stands a floor above."""
        interviews: Any = Candidate._meta.get_field("interviews").related_model
        to_come = interviews.objects.permitted(request.user).filter(is_cancelled=False, end_time__gte=timezone.now())
        prefetch = Prefetch("interviews", to_come.order_by("start_time", "pk"), to_attr="to_come")
        return self.root_queryset.order_by().prefetch_related(prefetch)

    # What the page says.

    def address(self, **changes: Any) -> str:
        """The question with some of its values changed; without a value one is left out. From its first page."""
        asked = {name: self.params_of(name) for name in (*self.asking.form.fields, "o")}
        asked |= {name: value if isinstance(value, list) else [value] for name, value in changes.items()}
        pairs = [(name, value) for name, values in asked.items() for value in values if value not in (None, "")]
        return f"?{urlencode(pairs)}"

    def params_of(self, name: str) -> list[str]:
        return self.asking.params.getlist(name)

    @cached_property
    def columns(self) -> list[dict[str, Any]]:
        """Those that the list can be sorted by: how each is called, its direction now, and the way to turn it."""
        now = self.asking.sorted_by or ("" if "q" in self.asking.asked else "-applied")
        columns = []
        for name, label in self.asking.orders.items():
            falls, rises = now == f"-{name}", now == name
            # Ratings and dates are looked at from the top first.
            first = name if name == "name" else f"-{name}"
            turned = name if falls else f"-{name}" if rises else first
            direction = "descending" if falls else "ascending" if rises else "none"
            columns.append({"name": name, "label": label, "direction": direction, "link": self.address(o=turned)})
        return columns

    @cached_property
    def chips(self) -> list[tuple[str, str]]:
        """Each condition in words, and the address without it."""
        form, chips = self.asking.form, []
        for name in self.asking.asked:
            field = form.fields[name]
            choices = {} if isinstance(field, ModelChoiceField) else dict(getattr(field, "choices", ()))
            value = self.asking.asked[name]
            texts = [str(choices.get(one, one)) for one in (value if isinstance(value, list) else [value])]
            chips.append((f"{field.label}: {', '.join(texts)}", self.address(**{name: None})))
        return chips

    def link(self, candidate: Candidate) -> str:
        """To the page of one, which knows the way to the next."""
        return self.model_admin.link_to(candidate, self.asking.query_string)

    @property
    def before(self) -> str:
        return self.get_query_string({"p": self.page_num - 1}) if self.page_num > 1 else ""

    @property
    def after(self) -> str:
        return self.get_query_string({"p": self.page_num + 1}) if self.has_more else ""

    @property
    def address_now(self) -> str:
        """The question with its page: an action comes back to it."""
        return urlencode([*parse_qsl(self.asking.query_string), *([("p", self.page_num)] if self.page_num > 1 else [])])

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a search leaves as it is: all but its words, and the order, which is then the best first."""
        return [(name, value) for name, value in parse_qsl(self.asking.query_string) if name not in ("q", "o")]

    @property
    def count_text(self) -> str:
        count = number_format(self.result_count, force_grouping=True)
        return f"{count}+" if self.asking.found.is_more else count

    @property
    def place_text(self) -> str:
        first = (self.page_num - 1) * self.list_per_page + 1
        place = {"first": first, "last": first + len(self.result_list) - 1, "count": self.count_text}
        return gettext("%(first)d to %(last)d of %(count)s") % place

    @property
    def complaints(self) -> list[str]:
        """What of the question made no sense and was left out."""
        asking = self.asking
        asking.rows  # noqa: B018 - finds out whether the words can be searched for
        wrong = [
            f"{asking.form.fields[name].label}: {' '.join(map(str, errors))}" for name, errors in asking.wrong.items()
        ]
        wrong += [asking.error] if asking.error else []
        if asking.found.is_cut_off:
            most = number_format(asking.found.count, force_grouping=True)
            said = gettext("More than %(most)s match: these are the best of the first %(most)s. More words find fewer.")
            wrong.append(said % {"most": most})
        return wrong

    @property
    def shows_mean(self) -> bool:
        return "mean" in self.asking.orders

    @property
    def shows_organization(self) -> bool:
        return "organization" in self.asking.form.fields

    @cached_property
    def buttons(self) -> list[dict[str, Any]]:
        """What the user can do to ticked rows: groups of the name of an action, what its button says, and whether it is
        apart."""
        is_archive = self.asking.asked.get("archived") == Archived.ONLY
        offered = self.model_admin.get_actions(self.request).keys() - {"archive" if is_archive else "fetch_back"}
        groups = [
            {
                "menu": menu,
                "buttons": [(name, label, name in APART) for name, label in those.items() if name in offered],
            }
            for menu, those in BUTTONS
        ]
        return [group for group in groups if group["buttons"]]
