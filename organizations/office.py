"""The base of the pages of the back office that are no list and no form of a model."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from .models import User


class Page(TemplateView):
    """A page that an admin class lists in `custom_urls`, or a site in its addresses. 403 without the permission; who is
    not signed in is sent to sign in by `AdminSite.admin_view`."""

    title: Any = ""
    #: Needed in any organization of the user; with `also`, one of these is enough.
    permission: ClassVar[str] = ""
    also: ClassVar[tuple[str, ...]] = ()
    model_admin: Any = None
    site: AdminSite | None = None

    @property
    def user(self) -> User:
        return self.request.user  # type: ignore[return-value]

    def is_permitted(self) -> bool:
        return any(self.user.may(permission) for permission in (self.permission, *self.also) if permission)

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        # The admin class comes along with each address of `custom_urls`.
        self.model_admin = options.pop("model_admin", None) or self.model_admin
        self.kwargs.pop("model_admin", None)
        if not self.is_permitted():
            raise PermissionDenied
        return super().dispatch(request, *args, **options)  # type: ignore[return-value]

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        site = self.site or self.model_admin.admin_site
        self.request.current_app = site.name  # type: ignore[attr-defined]
        shown = {**site.each_context(self.request), "title": self.title, "model_admin": self.model_admin}
        return {**super().get_context_data(**options), **shown}
