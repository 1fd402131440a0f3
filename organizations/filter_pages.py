"""The page on which someone's saved filters of a list are kept. An admin class lists a subclass in `custom_urls`."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .errors import RuleBroken
from .models import SavedFilter
from .office import Page
from .owned_forms import is_id
from .saved_filters import delete_filter, filters_of, rename_filter, save_filter


class SavedFiltersPage(Page):
    """Shows them, and takes `do`: save (`name`, `asked`), rename (`id`, `name`) or delete (`id`)."""

    title = gettext_lazy("Saved filters")
    template_name = "organizations/saved_filters.html"

    @property
    def list_of(self) -> str:
        return self.model_admin.opts.label_lower

    @property
    def list_link(self) -> str:
        opts = self.model_admin.opts
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        shown = {"filters": filters_of(self.user, list_of=self.list_of), "list_link": self.list_link}
        return {**super().get_context_data(**options), **shown, "opts": self.model_admin.opts}

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        act = {"save": self.save, "rename": self.rename, "delete": self.delete_one}.get(request.POST.get("do", ""))
        if act is None:
            raise Http404
        try:
            return HttpResponseRedirect(act())
        except RuleBroken as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(self.opened(self.asked) if act == self.save else request.path)

    @property
    def asked(self) -> str:
        """What stands behind the question mark, without what was left empty."""
        asked = QueryDict(self.request.POST.get("asked", "").replace("\0", ""), mutable=True)
        for name, values in list(asked.lists()):
            asked.setlist(name, [value for value in values if value])
        return asked.urlencode()

    def opened(self, query_string: str) -> str:
        return f"{self.list_link}?{query_string}"

    @property
    def name(self) -> str:
        return self.request.POST.get("name", "").replace("\0", "")

    def own(self) -> SavedFilter:
        pk = self.request.POST.get("id", "")
        saved = filters_of(self.user, list_of=self.list_of).filter(pk=pk).first() if is_id(pk) else None
        if saved is None:
            raise Http404
        return saved

    def save(self) -> str:
        saved = save_filter(self.name, list_of=self.list_of, query_string=self.asked, by=self.user)
        messages.success(self.request, _("“%(name)s” is saved.") % {"name": saved.name})
        return self.opened(saved.query_string)

    def rename(self) -> str:
        rename_filter(self.own(), self.name)
        return self.request.path

    def delete_one(self) -> str:
        saved = self.own()
        delete_filter(saved)
        messages.success(self.request, _("“%(name)s” is deleted.") % {"name": saved.name})
        return self.request.path
