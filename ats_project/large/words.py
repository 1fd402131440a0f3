"""What a large installation is made of, beside the words of the demo and of `names.txt`, which has two lines for each
language: first names, last names. Nobody here exists; `.test` is nobody's domain."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

#: Letters that have no accent to take off.
LATIN = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ß": "ss", "\u0131": "i", "đ": "d", "Đ": "D", "æ": "ae", "ð": "d"}
)


class Word(NamedTuple):
    written: str
    #: As it stands in an address: ASCII letters only.
    plain: str


def words(text: str) -> tuple[Word, ...]:
    """`"Zoë Иван=ivan"`: what has no Latin letters says how it is written with them; `_` is a space."""
    found = []
    for part in text.split():
        written, _, given = part.replace("_", " ").partition("=")
        plain = unicodedata.normalize("NFKD", (given or written).translate(LATIN)).encode("ascii", "ignore").decode()
        found.append(Word(written, "".join(letter for letter in plain.lower() if letter.isalnum())))
    return tuple(found)


@dataclass(frozen=True)
class Names:
    """First and last names that go together."""

    first: tuple[Word, ...]
    last: tuple[Word, ...]


NAMES = tuple(
    Names(*(words(line) for line in language.splitlines()))
    for language in (Path(__file__).parent / "names.txt").read_text(encoding="utf-8").split("\n\n")
)

#: Two of each make the name of a company.
COMPANY_HEADS = (
    "Alder", "Amber", "Anchor", "Arbor", "Aspen", "Basalt", "Beacon", "Birch", "Bramble", "Bright", "Cedar", "Cinder",
    "Clover", "Copper", "Coral", "Crane", "Dune", "Ember", "Falcon", "Fern", "Flint", "Garnet", "Glacier", "Hazel",
    "Heron", "Iris", "Ivory", "Jade", "Juniper", "Kestrel", "Lantern", "Larch", "Linden", "Lotus", "Maple", "Marble",
    "Meadow", "Mistral", "Nimbus", "Opal", "Orchid", "Osprey", "Pine", "Prairie", "Quartz", "Raven", "Ridge",
    "Saffron", "Sequoia", "Silver", "Slate", "Sparrow", "Summit", "Tamarind", "Thistle", "Topaz", "Umber", "Velvet",
    "Willow", "Zephyr",
)  # fmt: skip
COMPANY_TAILS = (
    "Analytics", "Bank", "Biotech", "Capital", "Consulting", "Digital", "Energy", "Engineering", "Films", "Foods",
    "Freight", "Games", "Health", "Hotels", "Insurance", "Labs", "Logistics", "Media", "Mobility", "Networks",
    "Optics", "Pharma", "Retail", "Robotics", "Software", "Studios", "Systems", "Telecom", "Textiles", "Ventures",
)  # fmt: skip
RECRUITING_TAILS = ("Recruiting", "Talent", "Staffing", "People", "Search Partners", "Careers", "Hiring", "Personnel")

CITIES = (
    ("Berlin", "DE"), ("München", "DE"), ("Zürich", "CH"), ("Genève", "CH"), ("Paris", "FR"), ("Orléans", "FR"),
    ("Madrid", "ES"), ("Málaga", "ES"), ("Lisboa", "PT"), ("São Paulo", "BR"), ("Kraków", "PL"), ("Łódź", "PL"),
    ("Brno", "CZ"), ("Bratislava", "SK"), ("İstanbul", "TR"), ("Malmö", "SE"), ("København", "DK"), ("Tromsø", "NO"),
    ("Reykjavík", "IS"), ("Jyväskylä", "FI"), ("Dublin", "IE"), ("Leeds", "GB"), ("Boston", "US"), ("Montréal", "CA"),
    ("Nairobi", "KE"), ("Lagos", "NG"), ("Casablanca", "MA"), ("Mumbai", "IN"), ("Hà Nội", "VN"), ("Ōsaka", "JP"),
    ("Αθήνα", "GR"), ("Київ", "UA"),
)  # fmt: skip
TIME_ZONES = (
    "Europe/Berlin",
    "Europe/Lisbon",
    "Europe/Warsaw",
    "Africa/Lagos",
    "Africa/Nairobi",
    "Europe/London",
    "UTC",
)

SOURCES = (
    "LinkedIn", "Employee referral", "Company website", "Job board", "University career fair", "Recruitment agency",
    "Newspaper", "Meet-up", "Former applicant", "Walk-in",
)  # fmt: skip

#: In every organization of some size a hundred candidates, no more and no less, come by a programme for returning
#: engineers: one finds as many of them in a large organization as in a small one.
FELLOWS = 100
FELLOW_LEVEL = "Fellow"
FELLOW_SOURCE = "Fellowship programme"
FELLOW_SKILL = "COBOL"
FELLOW_NOTE = "Came through the fellowship programme for returning engineers."

INTERVIEW_NOTES = ("Brings a portfolio.", "Prefers to speak French.", "Ask about the notice period.")
PLACES = ("Video call", "By telephone", "Room Fjord", "Room Harbour", "Room Linden")
ROUNDS = ("Phone screen", "Technical interview", "Final interview")
