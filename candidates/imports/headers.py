"""What people call the columns of a list of candidates."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .files import ImportFailed

#: Field, as the API names it → further names of its column, in English and German. Case, spaces, accents and signs
#: between words don't count.
NAMES: dict[str, str] = {
    "firstName": "given name, forename, Vorname, Rufname",
    "lastName": "surname, family name, Nachname, Familienname, Zuname",
    "email": "e-mail address, mail, mail address, E-Mail-Adresse, Mailadresse",
    "phoneNumber": "phone, telephone, telephone number, mobile, mobile phone, mobile number, tel, Telefon, "
    "Telefonnummer, Rufnummer, Handy, Handynummer, Mobil, Mobiltelefon, Mobilnummer",
    "status": "state, application status, Bewerbungsstatus, Stand",
    "rating": "stars, score, Bewertung, Sterne",
    "appliedDate": "applied, applied at, applied on, application date, date applied, Beworben am, Bewerbungsdatum, "
    "Eingangsdatum, Eingang",
    "source": "source name, channel, origin, Quelle, Herkunft, Kanal",
    "cvUrl": "cv, cv link, resume, resume url, resume link, Lebenslauf, Lebenslauf-Link",
    "candidateLevel": "level, seniority, seniority level, Stufe, Karrierestufe, Erfahrungsstufe",
    "notes": "note, comment, comments, remark, remarks, Notiz, Notizen, Bemerkung, Bemerkungen, Kommentar, Kommentare, "
    "Anmerkung, Anmerkungen",
    "skills": "skill, skill set, Fähigkeit, Fähigkeiten, Faehigkeiten, Kenntnisse, Kompetenzen",
    "experience": "",
    "educations": "",
}
REQUIRED = ("firstName", "email")
#: What people call the fields that can stand in a cell.
LABELS = {
    "firstName": gettext_lazy("First name"),
    "lastName": gettext_lazy("Last name"),
    "email": gettext_lazy("E-mail"),
    "phoneNumber": gettext_lazy("Phone"),
    "status": gettext_lazy("Status"),
    "rating": gettext_lazy("Rating"),
    "appliedDate": gettext_lazy("Applied"),
    "source": gettext_lazy("Source"),
    "cvUrl": gettext_lazy("CV (a web address)"),
    "candidateLevel": gettext_lazy("Level"),
    "skills": gettext_lazy("Skills"),
    "notes": gettext_lazy("Notes"),
}
#: What exports and lists of errors hold besides, and no import takes.
PASSED_OVER = "id, ratings, hiredDate, rejectDate, createdAt, line, reasons"


def simplified(name: str) -> str:
    """`"E-Mail Adresse"` → `"emailadresse"`, `"Fähigkeiten"` → `"fahigkeiten"`."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if letter.isalnum())


_fields = {
    simplified(spelling): field
    for field, spellings in NAMES.items()
    for spelling in (field, *spellings.split(","))
    if spelling
}
_passed_over = {simplified(name) for name in PASSED_OVER.split(",")}


class Names:
    """Which field a column is for. `chosen` is what the importer says of columns by their names, `""` for none.
    ImportFailed for a field that there is not."""

    def __init__(self, chosen: Mapping[str, str], *, ignore_unknown: bool = False) -> None:
        self.ignore_unknown = ignore_unknown
        self.chosen = {simplified(column): self._chosen(field) for column, field in chosen.items()}

    @staticmethod
    def _chosen(field: str) -> str | None:
        if not field:
            return None
        if simplified(field) not in _fields:
            raise ImportFailed(f"There is no field {field!r}. Fields: {', '.join(NAMES)}.")
        return _fields[simplified(field)]

    def field(self, column: str) -> str | None:
        """None for a column that is left out. LookupError for one that nobody knows."""
        name = simplified(column)
        if name in self.chosen:
            return self.chosen[name]
        if name not in _fields and name not in _passed_over and not self.ignore_unknown:
            raise LookupError(column)
        return _fields.get(name)

    def places(self, header: Sequence[str]) -> dict[str, int]:
        """Field → the place of its column. ImportFailed for columns that are unknown, missing, or for one field."""
        self._refuse_missing(self.chosen.keys() - map(simplified, header), header)
        places: dict[str, int] = {}
        unknown = []
        for place, column in enumerate(header):
            try:
                field = self.field(column)
            except LookupError:
                unknown.append(column)
                continue
            if field in places:
                both = {"first": header[places[field]], "second": column, "field": field}
                raise ImportFailed(_("“%(first)s” and “%(second)s” are both for %(field)s.") % both, "Map one: --map.")
            if field is not None:
                places[field] = place
        if unknown:
            raise ImportFailed(
                _("Unknown columns: %(columns)s.") % {"columns": listed(unknown)},
                f"Say what they are (--map 'COLUMN=field'; fields: {', '.join(NAMES)}), or leave them out "
                "(--ignore-unknown).",
            )
        refuse_missing_fields(places, header)
        return places

    @staticmethod
    def _refuse_missing(names: Iterable[str], header: Sequence[str]) -> None:
        if names := sorted(names):
            raise ImportFailed(f"--map names columns that are not there: {listed(names)}. There are {listed(header)}.")


class Matched:
    """The same, said of each column by its place: a field, or None for a column that is left out."""

    def __init__(self, fields: Sequence[str | None]) -> None:
        self.fields = fields

    def places(self, header: Sequence[str]) -> dict[str, int]:
        if len(header) != len(self.fields):
            raise ImportFailed(_("The file has other columns than those that were matched."))
        places = {field: place for place, field in enumerate(self.fields) if field}
        if len(places) < sum(map(bool, self.fields)):
            raise ImportFailed(_("Two columns can't be for the same field."))
        if unknown := places.keys() - NAMES.keys():
            raise ImportFailed(_("There is no field “%(field)s”.") % {"field": min(unknown)[:50]})
        refuse_missing_fields(places, header)
        return places


def proposed(header: Sequence[str]) -> list[str | None]:
    """What the columns are by their names; the first of several for a field, and None for those that nobody knows."""
    names = Names({}, ignore_unknown=True)
    fields: list[str | None] = []
    for column in header:
        field = names.field(column)
        fields.append(None if field in fields else field)
    return fields


def refuse_missing_fields(places: Mapping[str, int], header: Sequence[str]) -> None:
    if missing := [field for field in REQUIRED if field not in places]:
        where = {"fields": " and ".join(missing), "columns": listed(header)}
        raise ImportFailed(_("There is no column for %(fields)s among %(columns)s.") % where, "See --map.")


def listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:50]) for name in names[:20])
    return f"{shown} and {len(names) - 20} more" if len(names) > 20 else shown
