"""How the back office says things: dates as people say them, ratings as stars, states as coloured labels."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, localize, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext_lazy, pgettext

NOTHING = mark_safe('<span class="quiet" aria-hidden="true">-</span>')
#: Days around today that are called by their weekday only.
NEAR = 6
IN_DAYS, DAYS_AGO = ngettext_lazy("in %d day", "in %d days"), ngettext_lazy("%d day ago", "%d days ago")
IN_HOURS, HOURS_AGO = ngettext_lazy("in %d hour", "in %d hours"), ngettext_lazy("%d hour ago", "%d hours ago")
IN_MINUTES, MINUTES_AGO = (
    ngettext_lazy("in %d minute", "in %d minutes"),
    ngettext_lazy("%d minute ago", "%d minutes ago"),
)


def grouped(number: int) -> str:
    """`1,180`."""
    return number_format(number, force_grouping=True)


def stars(value: Decimal | float | None) -> SafeString:
    """0 to 5; a mean is drawn to its own width. A dash for none."""
    if value is None:
        return NOTHING
    number = f"{float(value):.2f}".rstrip("0").rstrip(".")
    said = gettext("%(rating)s of 5 stars") % {"rating": localize(Decimal(number))}
    return format_html(
        '<span class="stars" role="img" aria-label="{}" title="{}" data-rating="{}">'
        '<span class="stars-full" style="inline-size:{}%"></span></span>',
        said, said, number, f"{float(value) * 20:.0f}",
    )  # fmt: skip


def status_label(value: str, text: Any = None) -> SafeString:
    """A state as a label with a dot, called as its choice is; its colour is that of the class `status-<value>`."""
    return format_html('<span class="status status-{}">{}</span>', value.lower(), text or gettext(value.capitalize()))


def initials(name: str) -> str:
    """`Jane Doe` → `JD`."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


def avatar(name: str) -> SafeString:
    return format_html('<span class="avatar" aria-hidden="true">{}</span>', initials(name))


def when(moment: datetime | None, *, has_time: bool = True) -> SafeString:
    """`today 14:00`, `Tue 3 Mar 10:00`, in the viewer's time zone; the tooltip says it whole, with the zone."""
    if moment is None:
        return NOTHING
    local = timezone.localtime(moment)
    clock = f" {date_format(local, 'H:i')}" if has_time else ""
    return _time(local, f"{_day(local)}{clock}")


def _day(local: datetime) -> str:
    today = timezone.localdate()
    distance = (local.date() - today).days
    near = {0: gettext("today"), 1: gettext("tomorrow"), -1: gettext("yesterday")}
    if distance in near:
        return near[distance]
    # Translators: formats of dates are those of Django's filter `date`: Tue 3 Mar
    this_year, other_years = pgettext("date format", "D j M"), pgettext("date format", "D j M Y")
    return date_format(local, this_year if local.year == today.year else other_years)


def ago(moment: datetime | None) -> SafeString:
    """`12 days ago`, `in 3 days`, `5 minutes ago`."""
    if moment is None:
        return NOTHING
    local, now = timezone.localtime(moment), timezone.localtime()
    days = (local.date() - now.date()).days
    return _time(local, _days_away(days) if days else _within_today((local - now).total_seconds()))


def _days_away(days: int) -> str:
    if days in (1, -1):
        return gettext("tomorrow") if days > 0 else gettext("yesterday")
    return str((IN_DAYS if days > 0 else DAYS_AGO) % abs(days))


def _within_today(seconds: float) -> str:
    minutes = round(abs(seconds) / 60)
    if minutes == 0:
        return gettext("now")
    if minutes < 60:
        return str((IN_MINUTES if seconds > 0 else MINUTES_AGO) % minutes)
    return str((IN_HOURS if seconds > 0 else HOURS_AGO) % round(minutes / 60))


def _time(local: datetime, text: str) -> SafeString:
    moment = date_format(local, pgettext("date format", "l j F Y H:i"))
    whole = f"{moment} ({timezone.get_current_timezone_name()})"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), whole, text)
