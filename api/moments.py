"""Timestamps and dates as the API writes them, and nothing near it."""

from __future__ import annotations

import datetime as dt
import re

from django.utils.dateparse import parse_date, parse_datetime

UTC = dt.UTC
# Python's own reading takes week dates, missing dashes and any letter for the T as well.
_day = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_moment = re.compile(_day.pattern + r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?")


def parse_timestamp(text: str) -> dt.datetime:
    """An ISO-8601 timestamp, or a plain date as midnight UTC, in UTC. ValueError for anything else."""
    if _day.fullmatch(text):
        return dt.datetime.combine(parse_day(text), dt.time(), UTC)
    moment = parse_datetime(text) if _moment.fullmatch(text) else None
    if moment is None:
        raise ValueError(f"{text!r} is no timestamp")
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{text!r} is out of range") from error


def parse_day(text: str) -> dt.date:
    """`YYYY-MM-DD`. ValueError for anything else."""
    day = parse_date(text) if _day.fullmatch(text) else None
    if day is None:
        raise ValueError(f"{text!r} is no date")
    return day


def show_timestamp(moment: dt.datetime) -> str:
    """Milliseconds and `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
