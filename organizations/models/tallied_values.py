"""By what rows are tallied besides a column of theirs: text expressions that both databases compute of themselves, in a
trigger and without Django."""

from __future__ import annotations

from typing import Any

from django.db.models import Func, TextField, Value
from django.db.models.functions import Cast, Coalesce


class Joined(Func):
    """The columns with a blank between, and nothing for one that is missing: `"<id of a source> HIRED"`."""

    output_field = TextField()
    template = "%(expressions)s"
    arg_joiner = " || ' ' || "

    def __init__(self, *columns: Any, **extra: Any) -> None:
        super().__init__(*(Coalesce(Cast(column, TextField()), Value("")) for column in columns), **extra)


class DayOf(Func):
    """The day of a moment, in UTC: `"2026-03-09"`."""

    output_field = TextField()
    arity = 1
    template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD')"

    def as_sqlite(self, compiler: Any, connection: Any, **options: Any) -> Any:
        return self.as_sql(compiler, connection, template="date(%(expressions)s)", **options)


class DaysBetween(Func):
    """Whole days from one moment to a later one: `"12"`. Null as long as one of them is."""

    output_field = TextField()
    arity = 2

    def __init__(self, since: Any, until: Any, **extra: Any) -> None:
        super().__init__(until, since, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **options: Any) -> Any:
        template = "CAST(CAST(extract(day FROM %(expressions)s) AS integer) AS text)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" - ", **options)

    def as_sqlite(self, compiler: Any, connection: Any, **options: Any) -> Any:
        # By milliseconds, to which moments are stored: a difference of two julian days is a little off.
        template = "CAST(CAST(round((%(expressions)s) * 86400000) AS integer) / 86400000 AS text)"
        moments = self.copy()
        moments.set_source_expressions([Func(each, function="julianday") for each in self.get_source_expressions()])
        return moments.as_sql(compiler, connection, template=template, arg_joiner=" - ", **options)
