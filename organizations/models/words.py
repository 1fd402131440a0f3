"""Texts as the words that they are searched by."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.db import models

from .ownership import Derived

#: Longer words are searched by their beginning.
LONGEST_WORD = 60
#: Characters of a column of words; more would not fit into the index together.
LONGEST_TEXT = 30_000


class Letters(dict[int, str | None]):
    """For `str.translate`: what becomes of each character. Accents go, and what is no part of a word is a space. Found
    out once for each character: texts are taken apart by the hundred thousand."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        of_a_word = character if is_of_a_word(character) else " "
        self[code] = None if unicodedata.combining(character) else of_a_word
        return self[code]


def is_of_a_word(character: str) -> bool:
    """Marks too: in many scripts they are the vowels."""
    return character in "+#" or unicodedata.category(character)[0] in "LNM"


#: Letters that Unicode does not take apart into a plain one and an accent. The last is the i without a dot.
PLAIN: dict[str, str | None] = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th", "\u0131": "i",
}  # fmt: skip
LETTERS = Letters(str.maketrans(PLAIN))
# C, C++ and C# are three.
WORD = re.compile(r"[^\s+#]+[+#]*")


def words_in(*texts: str | None) -> list[str]:
    """The words, each once, in order, without case and accents: `"Zoë Łuk-Straße, C++"` → zoe, luk, strasse, c++.

    They hold nothing but letters, digits, `+` and `#`, so they are no syntax of any search."""
    words: dict[str, None] = {}
    for text in texts:
        if text:
            found = letters(text)
            parts = WORD.findall(found) if "+" in found or "#" in found else found.split()
            words.update(dict.fromkeys(word[:LONGEST_WORD] for word in parts))
    return list(words)


def letters(text: str) -> str:
    """What is no part of a word becomes a space."""
    if text.isascii():
        return text.lower().translate(LETTERS)
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(LETTERS)


class Words(Derived, models.TextField):
    """The words of other columns of the row, which it is searched by, with a space between."""

    def __init__(self, *of: str, **options: Any) -> None:
        self.sources = of
        super().__init__(**{"editable": False, "default": "", **options})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, [*args, *self.sources], kwargs

    def derive(self, *texts: str | None) -> str:
        return " ".join(words_in(*texts))[:LONGEST_TEXT]
