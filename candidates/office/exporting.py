"""Candidates to take along as a file, sent as it is made."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from candidates.exports import Format, exported
from candidates.models import Candidate
from organizations.models import User
from organizations.office import Page

from .asking import Asking

EXPORT = "candidates.export_candidate"
TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ExportPage(Page):
    """All candidates of a list: the address asks what the list's asks, and for a `format`, CSV if it says none."""

    permission = EXPORT

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:  # type: ignore[override]
        asked = request.GET.get("format", Format.CSV)
        if asked not in set(TYPES):
            raise Http404
        asking = Asking(request.GET, self.user)
        return as_file(asking.rows.order_by(*(by.expression for by in asking.order)), Format(asked), self.user)


def as_file(candidates: QuerySet[Candidate], to: Format, user: User) -> StreamingHttpResponse:
    """Of the organizations in which the user may take candidates along."""
    if not user.is_superuser:
        candidates = candidates.filter(organization__in=user.grants.organizations(EXPORT))
    answer = StreamingHttpResponse(exported(candidates, to=to, by=user), content_type=TYPES[to])
    answer["Content-Disposition"] = f'attachment; filename="candidates-{timezone.localdate()}.{to}"'
    return answer
