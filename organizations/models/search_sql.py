"""The SQL that keeps an index of words in step with its rows, whoever writes them.

An index is a table with a *document* for each row: all words that the row is searched by, in four classes of weight.
They come from columns of words of the row itself, or of the rows that are its parts. Every word begins with a token of
the organization, so that a search reads the words of its own organizations only.

In the templates %(table)s is the table of the rows, and the triggers on it begin with %(name)s."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

CLASSES = "ABCD"
#: Digits at the end of the organization's id that are its token. If two share them, that costs time and nothing else.
TOKEN_LENGTH = 8
#: Characters of a class that comes from parts: the four together must fit into one tsvector of 1 MB.
LONGEST_CLASS = 30_000

# PostgreSQL. The document is put together when a row is made, or its words change: once a statement. A part whose row
# is not there yet does nothing, since the row picks up the parts that are: who loads many writes the parts first.
# Locking the document before reading makes two writers of parts of one row see each other's. Made anew for each array
# of ids, the plan would cost more than what it does.

# Without a list of pending words: every search would read all of it.
POSTGRESQL_WORDS = "CREATE INDEX IF NOT EXISTS %(name)s_words ON %(name)s USING gin (vector) WITH (fastupdate = off)"
POSTGRESQL_INDEX = [
    "CREATE TABLE IF NOT EXISTS %(name)s (row_id uuid PRIMARY KEY, vector tsvector NOT NULL)",
    POSTGRESQL_WORDS,
    """
CREATE OR REPLACE FUNCTION %(name)s_documents(ids uuid[]) RETURNS TABLE (row_id uuid, vector tsvector)
LANGUAGE sql STABLE AS $function$
  SELECT r.id, concat(%(document)s)::tsvector
  FROM %(table)s AS r CROSS JOIN LATERAL (SELECT ' ' || right(r.organization_id::text, %(token_length)s) AS token) AS o
  WHERE r.id = ANY (ids)
$function$
""",
    """
CREATE OR REPLACE FUNCTION %(name)s_assemble(ids uuid[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $function$
BEGIN
  PERFORM FROM %(name)s AS s WHERE s.row_id = ANY (ids) ORDER BY s.row_id FOR UPDATE;
  INSERT INTO %(name)s AS s (row_id, vector)
    SELECT d.row_id, d.vector FROM %(name)s_documents(ids) AS d ORDER BY d.row_id
    ON CONFLICT (row_id) DO UPDATE SET vector = excluded.vector WHERE s.vector <> excluded.vector;
END
$function$
""",
    """
CREATE OR REPLACE FUNCTION %(name)s_follow() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    DELETE FROM %(name)s;
  ELSIF TG_OP = 'DELETE' THEN
    DELETE FROM %(name)s AS s USING written AS w WHERE s.row_id = w.id;
  ELSIF current_setting('ats.search', true) = 'later' THEN
    NULL;
  ELSIF TG_OP = 'INSERT' THEN
    PERFORM %(name)s_assemble(ARRAY(SELECT id FROM written));
  ELSE
    PERFORM %(name)s_assemble(ARRAY[NEW.id]);
  END IF;
  RETURN NULL;
END
$function$
""",
    """
CREATE OR REPLACE FUNCTION %(name)s_follow_part() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  IF current_setting('ats.search', true) = 'later' THEN
    NULL;
  ELSIF TG_OP = 'UPDATE' THEN
    PERFORM %(name)s_assemble(ARRAY[OLD.%(key)s, NEW.%(key)s]);
  ELSE
    PERFORM %(name)s_assemble(ARRAY(SELECT DISTINCT %(key)s FROM written));
  END IF;
  RETURN NULL;
END
$function$
""",
]
POSTGRESQL_TRUNCATE = (
    "CREATE TRIGGER %(name)s_truncate AFTER TRUNCATE ON %(table)s FOR EACH STATEMENT EXECUTE FUNCTION %(function)s()"
)
# Rows are updated all day, and hardly ever in what they are searched by: those that are not are not even looked at.
POSTGRESQL_TRIGGERS = [
    "CREATE TRIGGER %(name)s_insert AFTER INSERT ON %(table)s REFERENCING NEW TABLE AS written "
    "FOR EACH STATEMENT EXECUTE FUNCTION %(function)s()",
    "CREATE TRIGGER %(name)s_delete AFTER DELETE ON %(table)s REFERENCING OLD TABLE AS written "
    "FOR EACH STATEMENT EXECUTE FUNCTION %(function)s()",
    "CREATE TRIGGER %(name)s_update AFTER UPDATE OF %(columns)s ON %(table)s FOR EACH ROW "
    "WHEN ((%(old)s) IS DISTINCT FROM (%(new)s)) EXECUTE FUNCTION %(function)s()",
]
POSTGRESQL_REMOVE = [f"DROP TRIGGER %(name)s_{event} ON %(table)s" for event in ("insert", "delete", "update")]
POSTGRESQL_REMOVE_INDEX = [
    *POSTGRESQL_REMOVE,
    "DROP TRIGGER %(name)s_truncate ON %(table)s",
    "DROP TABLE %(name)s",
    "DROP FUNCTION %(name)s_follow(), %(name)s_follow_part(), %(name)s_assemble(uuid[]), %(name)s_documents(uuid[])",
]


def postgresql_index(name: str, key: str, own: Mapping[str, str], parts: Mapping[str, str]) -> list[str]:
    """An index of this name. `key`: the column of a part that points at its row. `own`: class → column of words.
    `parts`: class → table of parts."""
    document = ", ".join(
        [
            *(_postgresql_words(f"NULLIF(r.{column}, '')", f"{CLASSES.index(c) + 1}{c}") for c, column in own.items()),
            *(
                f"(SELECT {_postgresql_words(_postgresql_joined(), f'{CLASSES.index(c) + 1}{c}')} "
                f"FROM {table} AS p WHERE p.{key} = r.id AND p.words <> '')"
                for c, table in parts.items()
            ),
        ]
    )
    names = {"name": name, "key": key, "document": document, "token_length": TOKEN_LENGTH, "function": f"{name}_follow"}
    columns = [*own.values(), "organization_id"]
    return _joined([*POSTGRESQL_INDEX, *POSTGRESQL_TRIGGERS, POSTGRESQL_TRUNCATE], **names, **_compared(columns))


def postgresql_index_removed(name: str) -> list[str]:
    return _joined(POSTGRESQL_REMOVE_INDEX, name=name)


def postgresql_part(name: str, index: str, key: str) -> list[str]:
    columns = ["words", key, "organization_id"]
    return _joined(POSTGRESQL_TRIGGERS, name=name, function=f"{index}_follow_part", **_compared(columns))


def postgresql_part_removed(name: str) -> list[str]:
    return _joined(POSTGRESQL_REMOVE, name=name)


def _joined(templates: Iterable[str], **names: object) -> list[str]:
    """As one statement."""
    return ["; ".join(_filled(templates, **names))]


def _postgresql_joined() -> str:
    """The words of all parts, of the newest first."""
    return f"left(string_agg(p.words, ' ' ORDER BY p.id DESC), {LONGEST_CLASS})"


def _postgresql_words(words: str, mark: str) -> str:
    """`ann smith` → ` 12ab34cdann:1A 12ab34cdsmith:1A`, as the text of a tsvector. A class has a position of its own: a
    word that stands in one place twice is kept with the higher class only."""
    return f"o.token || replace({words}, ' ', ':{mark}' || o.token) || ':{mark}'"


# SQLite. A document is a row of four texts, and FTS5 indexes these. Each trigger names no table but its own and the
# documents: Django changes a table by making it anew, and SQLite refuses to rename one while a trigger elsewhere names
# one that is not there. So a part makes the document itself if it comes before its row.
# No `ON CONFLICT`: there the statement that sets the trigger off has the last word on conflicts.

_FTS_IN = "INSERT INTO %(name)s_words (rowid, a, b, c, d) VALUES (NEW.id, NEW.a, NEW.b, NEW.c, NEW.d);"
_FTS_OUT = (
    "INSERT INTO %(name)s_words (%(name)s_words, rowid, a, b, c, d) "
    "VALUES ('delete', OLD.id, OLD.a, OLD.b, OLD.c, OLD.d);"
)
SQLITE_INDEX = [
    "CREATE TABLE IF NOT EXISTS %(name)s (id INTEGER PRIMARY KEY, row_id char(32) NOT NULL UNIQUE, "
    "a text NOT NULL DEFAULT '', b text NOT NULL DEFAULT '', c text NOT NULL DEFAULT '', d text NOT NULL DEFAULT '')",
    "CREATE VIRTUAL TABLE IF NOT EXISTS %(name)s_words USING fts5(a, b, c, d, content=%(name)s, content_rowid=id, "
    # Words come folded: what is not ASCII is part of one. Where in the text they stand is of no interest.
    """detail=column, columnsize=0, tokenize="ascii tokenchars '+#'")""",
    f"CREATE TRIGGER IF NOT EXISTS %(name)s_words_insert AFTER INSERT ON %(name)s BEGIN {_FTS_IN} END",
    f"CREATE TRIGGER IF NOT EXISTS %(name)s_words_delete AFTER DELETE ON %(name)s BEGIN {_FTS_OUT} END",
    "CREATE TRIGGER IF NOT EXISTS %(name)s_words_update AFTER UPDATE ON %(name)s "
    f"WHEN (OLD.a, OLD.b, OLD.c, OLD.d) IS NOT (NEW.a, NEW.b, NEW.c, NEW.d) BEGIN {_FTS_OUT} {_FTS_IN} END",
]
_PUT = """
  UPDATE %(index)s SET %(put)s WHERE row_id = NEW.%(key)s;
  INSERT INTO %(index)s (row_id, %(classes)s) SELECT NEW.%(key)s, %(words)s
    WHERE NOT EXISTS (SELECT 1 FROM %(index)s WHERE row_id = NEW.%(key)s);
"""
SQLITE_TRIGGERS = [
    f"CREATE TRIGGER %(name)s_insert AFTER INSERT ON %(table)s BEGIN {_PUT} END",
    "CREATE TRIGGER %(name)s_update AFTER UPDATE OF %(columns)s ON %(table)s "
    f"WHEN (%(old)s) IS NOT (%(new)s) BEGIN {_PUT} %(left)s END",
    "CREATE TRIGGER %(name)s_delete AFTER DELETE ON %(table)s BEGIN %(gone)s END",
]


def sqlite_index(name: str, own: Mapping[str, str]) -> list[str]:
    """As `postgresql_index`. The parts say themselves what they add."""
    words = {c: f"coalesce({_sqlite_words(f'NEW.{column}', 'NEW.')}, '')" for c, column in own.items()}
    triggers = _filled(
        SQLITE_TRIGGERS,
        name=name,
        **_put(name, "id", words),
        **_compared([*own.values(), "organization_id"]),
        left="",
        gone=f"DELETE FROM {name} WHERE row_id = OLD.id;",
    )
    return [*_filled(SQLITE_INDEX, name=name), *triggers]


def sqlite_part(name: str, index: str, key: str, class_: str) -> list[str]:
    left = f"UPDATE {index} SET {class_} = {_sqlite_joined('%(table)s', key, f'OLD.{key}')} WHERE row_id = OLD.{key};"
    triggers = _filled(
        SQLITE_TRIGGERS,
        name=name,
        **_put(index, key, {class_: _sqlite_joined("%(table)s", key, f"NEW.{key}")}),
        **_compared(["words", key, "organization_id"]),
        left=left,
        gone=left,
    )
    return [*_filled(SQLITE_INDEX, name=index), *triggers]


def sqlite_documents(table: str, key: str, own: Mapping[str, str], parts: Mapping[str, str]) -> str:
    """A query for the documents as they should be."""
    words = {
        **dict.fromkeys(CLASSES, "''"),
        **{c: f"coalesce({_sqlite_words(f'r.{column}', 'r.')}, '')" for c, column in own.items()},
        **{c: _sqlite_joined(part, key, "r.id") for c, part in parts.items()},
    }
    return f"SELECT r.id AS row_id, {', '.join(f'{sql} AS {c}' for c, sql in words.items())} FROM {table} AS r"


def _sqlite_joined(table: str, key: str, row: str) -> str:
    """The words of all parts of a row."""
    each = f"SELECT {_sqlite_words('words', '')} AS each FROM {table} WHERE {key} = {row} ORDER BY id"
    return f"coalesce((SELECT group_concat(each, '') FROM ({each})), '')"


def _sqlite_words(words: str, row: str) -> str:
    """`ann smith` → ` 12ab34cdann 12ab34cdsmith `, with a space around every word; null for none."""
    token = f"substr({row}organization_id, -{TOKEN_LENGTH})"
    return f"' ' || {token} || replace(nullif({words}, ''), ' ', ' ' || {token}) || ' '"


def _put(index: str, key: str, words: Mapping[str, str]) -> dict[str, str]:
    """Class → the SQL of its words."""
    return {
        "index": index,
        "key": key,
        "put": ", ".join(f"{c} = {sql}" for c, sql in words.items()),
        "classes": ", ".join(words),
        "words": ", ".join(words.values()),
    }


def _compared(columns: Iterable[str]) -> dict[str, str]:
    columns = list(columns)
    return {
        "columns": ", ".join(columns),
        "old": ", ".join(f"OLD.{column}" for column in columns),
        "new": ", ".join(f"NEW.{column}" for column in columns),
    }


def _filled(templates: Iterable[str], **names: object) -> list[str]:
    """With all names but that of the table, which may still change."""
    return [template % {"table": "%(table)s", **names} for template in templates]
