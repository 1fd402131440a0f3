"""What stands in a cell, or under a key of a JSON object, as the value of a column.

What is valid is said by the models: their lengths, choices and validators, taken here once for a column instead of once
for a row. None is what was left empty. ValidationError for all that can't be meant."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from candidates.models import Candidate, Education, Experience, Skill, Source
from candidates.models.candidates import rating_validators
from organizations.models import Moment, fold

Clean = Callable[[Any], Any]
#: Name and level.
Named = tuple[str, str | None]

#: Rows of each kind that come with one candidate.
MAX_PARTS = 200
_iso_day = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_german_day = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_moment = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
# A backslash takes its meaning from the sign after it.
_skill = re.compile(r"(?:[^\\;]|\\.|\\$)+", re.DOTALL)
_name_and_level = re.compile(r"((?:[^\\]|\\.)*):([^:\\]*)", re.DOTALL)
_escaped = re.compile(r"\\(.)", re.DOTALL)


class SameDomains(EmailValidator):
    """As Django's, which takes most of its time for the domain: in a file it is the same again and again."""

    validate_domain_part = staticmethod(lru_cache(maxsize=10_000)(EmailValidator().validate_domain_part))


same_domains = SameDomains()


def text(model: type[models.Model], name: str) -> Clean:
    """Texts of this column, without space around."""
    field: Any = model._meta.get_field(name)
    longest = MaxLengthValidator(field.max_length)
    no_null = ProhibitNullCharactersValidator()
    # Of a web address the model says more than the class of its field does.
    passed_over = [id(v) for v in models.URLField.default_validators]
    special = [v for v in field.validators if not isinstance(v, MaxLengthValidator) and id(v) not in passed_over]
    special = [same_domains if v == same_domains else v for v in special]

    def clean(value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str):
            raise ValidationError(_("This must be a text."))
        value = value.strip()
        if not value:
            return None
        if len(value) > field.max_length:
            longest(value)
        if "\0" in value:
            no_null(value)
        for validate in special:
            validate(value)
        return value

    return clean


def choice(model: type[models.Model], name: str) -> Clean:
    """One of the column's choices, by name or label, ignoring case."""
    field: Any = model._meta.get_field(name)
    choices = field.choices
    found = {fold(str(spelling)): str(value) for value, label in choices for spelling in (value, label)}

    def clean(value: Any) -> str | None:
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise ValidationError(_("This must be a text."))
        key = fold(value.strip())
        if key and key not in found:
            offered = {"value": value[:50], "choices": ", ".join(value for value, _label in choices)}
            raise ValidationError(_("“%(value)s” is not one of %(choices)s.") % offered)
        return found.get(key)

    return clean


def rating(value: Any) -> Decimal | None:
    """A number as JSON has it, or as people write it: `4.5` and `4,5`."""
    if isinstance(value, str):
        return _written_rating(value)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise ValidationError(_("This must be a number."))
    return None if value is None else _written_rating(str(value))


@lru_cache(maxsize=100)
def _written_rating(words: str) -> Decimal | None:
    if not words.strip():
        return None
    try:
        number = Decimal(words.strip().replace(",", "."))
        if not number.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        raise ValidationError(_("“%(value)s” is no number.") % {"value": words[:50]}) from None
    for validate in rating_validators:
        validate(number)
    return number


def moment(value: Any) -> dt.datetime | None:
    """A timestamp, in UTC unless it says its offset; or a date, whose midnight it is."""
    if value is None:
        return None
    return _read(value, _written_moment, "2024-01-10, 10.01.2024 or 2024-01-10T09:30:00Z")


def day(value: Any) -> dt.date | None:
    if value is None:
        return None
    return _read(value, _written_day, "2024-01-10 or 10.01.2024")


def _read(value: Any, read: Callable[[str], Any], examples: str) -> Any:
    try:
        return read(value)
    except (AttributeError, TypeError, ValueError, OverflowError):
        said = {"value": str(value)[:50], "examples": examples}
        raise ValidationError(_("“%(value)s” is no date: write %(examples)s.") % said) from None


@lru_cache(maxsize=10_000)
def _written_moment(words: str) -> Any:
    words = words.strip()
    if _moment.fullmatch(words):
        found = parse_datetime(words)
        if found is None:
            raise ValueError(words)
        whole = (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
        return Moment.to_millisecond(whole)
    found_day = _written_day(words)
    return found_day and dt.datetime.combine(found_day, dt.time(), dt.UTC)


@lru_cache(maxsize=10_000)
def _written_day(words: str) -> dt.date | None:
    words = words.strip()
    if not words:
        return None
    if found := _iso_day.fullmatch(words):
        year, month, number = map(int, found.groups())
    elif found := _german_day.fullmatch(words):
        number, month, year = map(int, found.groups())
    else:
        raise ValueError(words)
    return dt.date(year, month, number)


_skill_name = text(Skill, "name")
_skill_level = choice(Skill, "level")


@lru_cache(maxsize=10_000)
def skills_in_cell(words: str) -> tuple[Named, ...]:
    """`TypeScript:EXPERT; Angular`. A name that holds `;`, `:` or a backslash has a backslash before it."""
    if "\\" in words:
        return _skills(map(_named, _skill.findall(words)))
    pairs = (part.rpartition(":") for part in words.split(";") if part and not part.isspace())
    return _skills((name, level) if colon else (level, None) for name, colon, level in pairs)


def _named(part: str) -> tuple[str, str | None]:
    found = _name_and_level.fullmatch(part)
    name, level = found.groups() if found else (part, None)
    return _escaped.sub(r"\1", name), level


@lru_cache(maxsize=10_000)
def skill_in_cell(name: str, level: str | None) -> str:
    """How a skill is written so that `skills_in_cell` reads it."""
    name = re.sub(r"([\\;:])", r"\\\1", name)
    return f"{name}:{level}" if level else name


def skills_in_json(value: Any) -> tuple[Named, ...]:
    """`[{"name": "TypeScript", "level": "EXPERT"}, "Angular"]`."""
    rows = [{"name": row} if isinstance(row, str) else row for row in listed(value)]
    return _skills((row.get("name"), row.get("level")) for row in map(known_keys("name", "level"), rows))


def _skills(pairs: Any) -> tuple[Named, ...]:
    named = [(required(_skill_name(name)), _skill_level(level)) for name, level in pairs]
    if len(named) > MAX_PARTS:
        raise ValidationError(_("There are more than %(most)s.") % {"most": MAX_PARTS})
    if len({fold(name) for name, _ in named}) < len(named):
        raise ValidationError(_("The same skill stands here twice."))
    return tuple(named)


def parts(columns: Mapping[str, tuple[str, Clean]], needed: str) -> Clean:
    """A JSON array of objects with these keys, as columns; `needed` must not be empty."""
    only_known = known_keys(*columns)

    def clean(value: Any) -> tuple[dict[str, Any], ...]:
        return tuple(map(row_of, listed(value)))

    def row_of(row: Any) -> dict[str, Any]:
        row = only_known(row)
        required(columns[needed][1](row.get(needed)), needed)
        return {column: clean(row.get(key)) for key, (column, clean) in columns.items()}

    return clean


def required(value: Any, name: str = "name") -> Any:
    if value is None:
        raise ValidationError(_("%(name)s is missing.") % {"name": name})
    return value


def listed(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValidationError(_("This must be an array."))
    if len(value) > MAX_PARTS:
        raise ValidationError(_("There are more than %(most)s.") % {"most": MAX_PARTS})
    return value


def known_keys(*keys: str) -> Clean:
    def clean(row: Any) -> dict[str, Any]:
        if not isinstance(row, dict):
            raise ValidationError(_("Each must be an object."))
        if unknown := row.keys() - set(keys):
            said = {"key": min(unknown)[:50], "keys": ", ".join(keys)}
            raise ValidationError(_("Unknown key “%(key)s”. Keys: %(keys)s.") % said)
        return row

    return clean


#: Field → the column that it is kept in, and how it is read, from a cell and from JSON alike.
COLUMNS: dict[str, tuple[str, Clean]] = {
    "firstName": ("first_name", text(Candidate, "first_name")),
    "lastName": ("last_name", text(Candidate, "last_name")),
    "email": ("email", text(Candidate, "email")),
    "phoneNumber": ("phone_number", text(Candidate, "phone_number")),
    "status": ("status", choice(Candidate, "status")),
    "rating": ("rating", rating),
    "appliedDate": ("applied_date", moment),
    "source": ("source", text(Source, "name")),
    "cvUrl": ("cv_url", text(Candidate, "cv_url")),
    "candidateLevel": ("candidate_level", text(Candidate, "candidate_level")),
    "notes": ("notes", text(Candidate, "notes")),
}
OF_CELLS: dict[str, tuple[str, Clean]] = {**COLUMNS, "skills": ("skills", skills_in_cell)}
OF_JSON: dict[str, tuple[str, Clean]] = {
    **COLUMNS,
    "skills": ("skills", skills_in_json),
    "experience": (
        "experience",
        parts(
            {
                "occupation": ("occupation", text(Experience, "occupation")),
                "organization": ("company", text(Experience, "company")),
                "duration": ("duration", text(Experience, "duration")),
                "description": ("description", text(Experience, "description")),
            },
            needed="occupation",
        ),
    ),
    "educations": (
        "educations",
        parts(
            {
                "schoolName": ("school_name", text(Education, "school_name")),
                "degree": ("degree", text(Education, "degree")),
                "field": ("field", text(Education, "field")),
                "completionDate": ("completion_date", day),
            },
            needed="schoolName",
        ),
    ),
}
