"""Finding rows by words: all must match, each from the beginning of a word, and the best come first.

What may be found is decided organization by organization, and stands in the text that the database is asked with."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connections, models
from django.db.models import Expression, F, Func, Lookup

from .ownership import OwnedQuerySet
from .search_index import WEIGHTS, search_index
from .search_sql import TOKEN_LENGTH
from .tallies import Undumped
from .words import words_in

if TYPE_CHECKING:
    from .people import User

LONGEST_SEARCH = 200
#: Of an e-mail address that is written out, the domain must be there as it is: that some word begins with `com` is true
#: of nearly every row, and would be looked up in all of them.
DOMAIN = re.compile(r"@(\S+\.\S+)")
MOST_WORDS = 20
#: Organizations that are searched at once; who belongs to more names some.
MOST_ORGANIZATIONS = 100
#: A text that no row matches: words begin with the token of an organization, which is a hexadecimal number.
NOTHING = "nothing"

#: Organization → the classes of words that may be searched there.
Reach = Mapping[UUID, Collection[str]]


class Vector(models.Field):
    """The words of a row, as the database indexes them. The database alone writes it (`SearchIndex`)."""

    def db_type(self, connection: Any) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"


@Vector.register_lookup
class Matches(Lookup):
    """`vector__matches=` a text of `search_text`."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_postgresql(self, compiler, connection):
        vector, params = self.process_lhs(compiler, connection)
        text, bound = self.process_rhs(compiler, connection)
        return f"{vector} @@ ({text}::jsonb ->> 'match')::tsquery", [*params, *bound]

    def as_sqlite(self, compiler, connection):
        alias, table = document_of(self.lhs, connection)
        text, bound = self.process_rhs(compiler, connection)
        words = f"SELECT rowid FROM {table}_words WHERE {table}_words MATCH json_extract({text}, '$.match')"
        # By the column that rows are joined by. Of two that it might use, SQLite would go through all pairs.
        return f"{alias}.row_id IN (SELECT row_id FROM {table} WHERE id IN ({words}))", bound


class Rank(Func):
    """How well a row matches a text of `search_text`: for each word what its class counts for, twice for a whole word.
    In millionths: a whole number is equal to itself wherever it is compared."""

    output_field = models.IntegerField()

    def as_postgresql(self, compiler, connection, **options: Any):
        (vector, _), (text, bound) = map(compiler.compile, self.source_expressions)
        # In the order that ts_rank takes them in, from D to A.
        weights = ", ".join(f"({text}::jsonb ->> '{each}')::real" for each in sorted(WEIGHTS, reverse=True))
        ranks = [
            f"ts_rank(ARRAY[{weights}], {vector}, ({text}::jsonb ->> '{words}')::tsquery)" for words in ("any", "whole")
        ]
        return f"(({' + '.join(ranks)}) * 1000000)::int", bound * len(ranks) * (len(WEIGHTS) + 1)

    def as_sqlite(self, compiler, connection, **options: Any):
        alias, _ = document_of(self.source_expressions[0], connection)
        text, bound = compiler.compile(self.source_expressions[1])
        found = " + ".join(
            f"json_extract({text}, '$.{each}')"
            f" * ((instr({alias}.{each}, value) > 0) + (instr({alias}.{each}, value || ' ') > 0))"
            for each in WEIGHTS
        )
        rank = f"(SELECT CAST(sum({found}) * 1000000 AS INTEGER) FROM json_each({text}, '$.words'))"
        return rank, bound * (len(WEIGHTS) + 1)


def document_of(vector: Any, connection: Any) -> tuple[str, str]:
    """The alias and the table of the documents that a column of vectors is of."""
    return connection.ops.quote_name(vector.alias), vector.target.model._meta.db_table


class RowOf(models.OneToOneField):
    """The row that a document is of. Rows know their document as `indexed`, and the triggers see to it that no document
    is without its row."""

    def __init__(self, to: Any, **options: Any) -> None:
        fixed = {"primary_key": True, "on_delete": models.DO_NOTHING, "related_name": "indexed", "db_constraint": False}
        super().__init__(to, **{**options, **fixed})


class SearchRow(models.Model):
    """A document, as queries join it. The table is made and written by what a `SearchIndex` declares."""

    row: RowOf
    vector = Vector()

    # `dumpdata` takes none along: they are put together when rows are loaded.
    objects = Undumped()

    class Meta:
        abstract = True
        managed = False
        default_permissions = ()

    def __str__(self) -> str:
        return f"Words of {self.pk}"


class SearchedQuerySet(OwnedQuerySet):
    def search_text(self, text: str, user: User, within: Collection[UUID] | None = None) -> str:
        """What `matching` is to be asked with for the words of `text`, of one who may search what `user` may, in these
        organizations only if `within` names some. ValidationError for no word, or too much."""
        words = asked_words(text)
        reach = reach_of(self.model, user, within)
        if len(reach) > MOST_ORGANIZATIONS:
            raise ValidationError(
                f"name the organizations to search in, at most {MOST_ORGANIZATIONS}: where[organizationId]="
            )
        complete = set(words_in(*DOMAIN.findall(text)))
        if connections[self.db].vendor == "postgresql":
            return postgresql_text(words, complete, reach, search_index(self.model).classes)
        return sqlite_text(words, complete, reach)

    def matching(self, search_text: str | Expression) -> Self:
        """The rows that match all words of a `search_text`, with `search_rank`: the higher the better.

        It narrows and does not guard: ask `permitted` rows."""
        text = search_text if isinstance(search_text, Expression) else models.Value(search_text)
        return self.filter(indexed__vector__matches=text).annotate(search_rank=Rank(F("indexed__vector"), text))


def asked_words(text: str) -> list[str]:
    if len(text) > LONGEST_SEARCH:
        raise ValidationError(f"write at most {LONGEST_SEARCH} characters")
    words = words_in(text)
    if not words:
        raise ValidationError("write one or more words")
    if len(words) > MOST_WORDS:
        raise ValidationError(f"write at most {MOST_WORDS} words")
    return words


def reach_of(model: Any, user: User, within: Collection[UUID] | None) -> Reach:
    """The organizations that `user` searches rows of `model` in. An operator's are all, or `within`."""
    index = search_index(model)
    if user.is_superuser:
        organizations = model._meta.get_field("organization").related_model.objects
        every = within or organizations.values_list("pk", flat=True)[: MOST_ORGANIZATIONS + 1]
        return dict.fromkeys(every, index.classes)
    reach = {
        organization_id: index.searchable(model, user.grants.permissions(organization_id))
        for organization_id in user.grants.belonging()
        if within is None or organization_id in within
    }
    return {organization_id: classes for organization_id, classes in reach.items() if classes}


def token(organization_id: UUID) -> str:
    return organization_id.hex[-TOKEN_LENGTH:]


def weights_in(reach: Reach) -> dict[str, float]:
    """A class counts for the order if it may be searched everywhere: the rank does not ask whose word it counts."""
    return {c: weight if all(c in classes for classes in reach.values()) else 0 for c, weight in WEIGHTS.items()}


def postgresql_text(words: Collection[str], complete: Collection[str], reach: Reach, every: Collection[str]) -> str:
    def marks(word: str, classes: Collection[str]) -> str:
        found = ("" if word in complete else "*") + ("" if classes == every else "".join(sorted(classes)))
        return f":{found}" if found else ""

    def query(connector: str, suffix: Callable[[str, Collection[str]], str]) -> str:
        groups = (
            connector.join(f"'{token(pk)}{word}'{suffix(word, classes)}" for word in words)
            for pk, classes in reach.items()
        )
        return " | ".join(f"({group})" for group in groups) or NOTHING

    queries = {
        "match": query(" & ", marks),
        "any": query(" | ", lambda word, classes: ":*"),
        "whole": query(" | ", lambda word, classes: ""),
    }
    return json.dumps({**queries, **weights_in(reach)})


def sqlite_text(words: Collection[str], complete: Collection[str], reach: Reach) -> str:
    def query(pk: UUID, classes: Collection[str]) -> str:
        prefixes = " AND ".join(f'"{token(pk)}{word}"{"" if word in complete else " *"}' for word in words)
        return f"({{{' '.join(sorted(classes))}}} : ({prefixes}))"

    match = " OR ".join(query(pk, classes) for pk, classes in reach.items()) or NOTHING
    beginnings = [f" {token(pk)}{word}" for pk in reach for word in words]
    return json.dumps({"match": match, "words": beginnings, **weights_in(reach)})
