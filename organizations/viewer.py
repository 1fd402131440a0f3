"""Who looks at a page: in which language, in which time zone, and at which of their organizations."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils import timezone, translation

from api.middleware import is_api

from .models import Employee, User
from .models.people import SWITCHES

#: Cookie → the time zone that the browser says it is in, and who was signed in last.
ZONE, WHO = "zone", "who"
#: In the session: the organization that was chosen, out of several.
CHOSEN = "organization"


class LanguageMiddleware(LocaleMiddleware):
    """Pages speak the language that was chosen, or the browser's; the API speaks English, whoever asks."""

    def process_request(self, request: HttpRequest) -> None:
        if not is_api(request):
            super().process_request(request)
            return
        translation.activate("en")
        request.LANGUAGE_CODE = "en"

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return response if is_api(request) else super().process_response(request, response)


@dataclass(frozen=True)
class Place:
    """One of the viewer's organizations."""

    id: UUID
    name: str
    time_zone: str
    #: What the organization calls the viewer.
    viewer: str
    is_office: bool


@dataclass(frozen=True)
class Viewer:
    """The one who looks at a page of the back office: the places where they may enter it, the chosen one, if one is,
    and the name that they go by."""

    places: tuple[Place, ...]
    chosen: UUID | None
    name: str

    @property
    def place(self) -> Place | None:
        """The one organization that the pages show; None for all of several."""
        if len(self.places) == 1:
            return self.places[0]
        return next((place for place in self.places if place.id == self.chosen), None)


def viewer_of(user: User, chosen: str | None) -> Viewer:
    """Two queries, with the grants. From now on these are narrowed to the chosen organization, if the user may enter
    the back office there."""
    grants = user.grants
    employees = Employee.objects.filter(user=user, **dict.fromkeys(SWITCHES, True)).select_related("organization")
    places = tuple(
        Place(e.organization_id, e.organization.name, e.organization.time_zone, e.full_name, is_office)
        for e in employees.order_by("organization__name_folded", "organization")
        if (is_office := grants.within(e.organization_id).views_recruiting) or user.is_superuser
    )
    found = next((place for place in places if str(place.id) == chosen and place.is_office), None)
    if found and not user.is_superuser:
        user.grants = grants.within(found.id)
    named = [place.viewer for place in (found, *places) if place and place.viewer]
    own = " ".join(filter(None, [user.first_name, user.last_name]))
    return Viewer(places, found.id if found else None, own or (named[0] if named else user.email))


@cache
def known_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def zone_of(request: HttpRequest) -> zoneinfo.ZoneInfo | None:
    """The browser's own; until it has said it, that of the organization that is looked at."""
    said = request.COOKIES.get(ZONE, "")
    viewer: Viewer | None = getattr(request, "viewer", None)
    place = viewer and (viewer.place or next(iter(viewer.places), None))
    name = said if said in known_zones() else place.time_zone if place else None
    return zoneinfo.ZoneInfo(name) if name else None


class ViewerMiddleware:
    """Pages are in the viewer's time zone. Those of the back office know their viewer (`request.viewer`), and show the
    rows of the chosen organization only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.office = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_api(request):
            return self.get_response(request)
        user = request.user if request.path.startswith(self.office) else None
        if not isinstance(user, User) or not user.is_authenticated:
            with timezone.override(zone_of(request)):
                return self.get_response(request)
        request.viewer = viewer_of(user, request.session.get(CHOSEN))  # type: ignore[attr-defined]
        with timezone.override(zone_of(request)):
            response = self.get_response(request)
        if request.get_signed_cookie(WHO, None) != str(user.pk):
            response.set_signed_cookie(WHO, str(user.pk), httponly=True, samesite="Lax", secure=request.is_secure())
        return response
