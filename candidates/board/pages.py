from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from candidates.actions import PERMISSIONS
from candidates.models import Candidate
from organizations.errors import RuleBroken
from organizations.office import Page

from .cards import STATUSES, Board, Place
from .moving import MoveForm, move_as_seen
from .news import News, Seen, news, state_of

Status = Candidate.Status
NO_CONTENT = 204
CONFLICT = 409


class BoardPage(Page):
    title = _("Board")
    template_name = "candidates/board.html"
    permission = Candidate.permission("view")
    also = (Candidate.permission("view_own"),)

    @property
    def board(self) -> Board:
        return Board(self.user, self.request.GET)

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        # Before the rows are read: what changes in between is told twice rather than not at all.
        seen, board = Seen.now(), self.board
        return {
            **super().get_context_data(**options),
            "board": board,
            "columns": board.columns(),
            "seen": seen,
            "statuses": STATUSES,
            "sees_all": self.user.may(self.permission),
            "may_add": self.user.may(Candidate.permission("add")),
        }

    def told(self, news: News, board: Board, **more: Any) -> dict[str, Any]:
        """As the script takes it."""
        return {
            "seen": str(news.seen),
            "cards": [
                {
                    "id": str(card.candidate.pk),
                    "status": card.candidate.status,
                    "html": render_to_string("candidates/board_card.html", {"card": card}, self.request),
                }
                for card in news.cards
            ],
            "gone": [str(key) for key in news.gone],
            "numbers": {status: str(number) for status, number in board.numbers().items()},
            **more,
        }


class BoardStretch(BoardPage):
    """The next cards of a column, as HTML."""

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            status, after = Status(request.GET.get("status", "")), Place.read(request.GET.get("after", ""))
        except ValueError:
            return HttpResponseBadRequest()
        return render(request, "candidates/board_cards.html", {"column": self.board.stretch(status, after)})


class BoardNews(BoardPage):
    """What was not seen yet, as JSON; nothing at all if there is nothing."""

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            seen = Seen.read(request.GET.get("seen", ""))
        except ValueError:
            return HttpResponseBadRequest()
        board = self.board
        found = news(board, seen)
        if found is None:
            return HttpResponse(status=NO_CONTENT)
        if found.is_too_much:
            return JsonResponse({"seen": str(found.seen), "isTooMuch": True})
        return JsonResponse(self.told(found, board))


class BoardMove(BoardPage):
    """Moves a candidate. Answers how they stand then, with 409 and the reason if they were not moved."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if not any(map(self.user.may, PERMISSIONS.values())):
            raise PermissionDenied
        form = MoveForm(request.POST)
        if not form.is_valid():
            # What the page itself sends is wrong in the dialog's fields only.
            errors = [str(error) for errors in form.errors.values() for error in errors]
            return JsonResponse({"message": " ".join(errors)}, status=HttpResponseBadRequest.status_code)
        candidate = Candidate.objects.permitted(self.user).filter(pk=form.cleaned_data["candidate"]).first()
        if candidate is None:
            raise Http404
        try:
            moved = move_as_seen(candidate, form.cleaned_data, by=self.user)
        except RuleBroken as error:
            return self.answer(candidate, message=error.message, status=CONFLICT)
        said = gettext("%(name)s moved to %(status)s.")
        return self.answer(moved, message=said % {"name": moved, "status": moved.get_status_display()})

    def answer(self, candidate: Candidate, *, message: str, status: int = 200) -> JsonResponse:
        board = self.board
        # It tells of one candidate only, and so moves no one's sight on.
        news = state_of([candidate.pk], board, Seen.now())
        told = self.told(news, board, message=message)
        del told["seen"]
        return JsonResponse(told, status=status)


#: What the admin class of candidates lists as `custom_urls`.
BOARD_PAGES = (
    ("board/", "candidates_candidate_board", BoardPage.as_view()),
    ("board/cards/", "candidates_candidate_board_cards", BoardStretch.as_view()),
    ("board/news/", "candidates_candidate_board_news", BoardNews.as_view()),
    ("board/move/", "candidates_candidate_board_move", BoardMove.as_view()),
)
