"""The SQL that keeps tallies. %(rows)s says of each row of %(table)s which kinds of %(kinds)s are kept of it, in which
organization, and its value there; one that is null is not counted. %(written)s and %(replaced)s say so of the rows of a
statement. %(into)s begins an INSERT of rows_of, organization_id, value and count into %(tally)s."""

from __future__ import annotations

from collections.abc import Callable, Mapping

#: Counts anew what is there; right as long as nobody writes.
RECOUNT = [
    "DELETE FROM %(tally)s WHERE rows_of IN (%(kinds)s)",
    "%(into)s SELECT kind, organization_id, value, count(*) FROM (%(rows)s) AS counted "
    "WHERE value IS NOT NULL GROUP BY 1, 2, 3",
]

#: Where tallies and rows differ: kind, organization, value, both numbers. One statement: both are of one moment.
VERIFY = """
SELECT kind, organization_id, value, sum(tallied), sum(counted) FROM (
  SELECT rows_of AS kind, organization_id, value, count AS tallied, 0 AS counted
  FROM %(tally)s WHERE rows_of IN (%(kinds)s)
  UNION ALL
  SELECT kind, organization_id, value, 0, count(*) FROM (%(rows)s) AS counted WHERE value IS NOT NULL GROUP BY 1, 2, 3
) AS numbers GROUP BY 1, 2, 3 HAVING sum(tallied) <> sum(counted) ORDER BY 1, 2, 3
"""

# PostgreSQL. A statement adds one row for each kind, organization and value that it touched, so no writer waits for
# another. One in fifty folds the rows of its organizations into one for each value: those that it can lock at once, and
# none under an isolation in which a row that someone else has folded meanwhile would be an error.

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION %(name)s() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    DELETE FROM %(tally)s WHERE rows_of IN (%(kinds)s);
    RETURN NULL;
  ELSIF TG_OP = 'INSERT' THEN
    %(into)s SELECT kind, organization_id, value, count(*) FROM (%(written)s) AS counted
      WHERE value IS NOT NULL GROUP BY 1, 2, 3;
  ELSIF TG_OP = 'DELETE' THEN
    %(into)s SELECT kind, organization_id, value, -count(*) FROM (%(written)s) AS counted
      WHERE value IS NOT NULL GROUP BY 1, 2, 3;
  ELSIF TG_LEVEL = 'STATEMENT' THEN
    %(into)s
      SELECT kind, organization_id, value, sum(more)
      FROM (SELECT after.*, 1 AS more FROM (%(written)s) AS after
            UNION ALL SELECT before.*, -1 FROM (%(replaced)s) AS before) AS moved
      WHERE value IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(more) <> 0;
  ELSE
    %(into)s VALUES ('%(name)s', OLD.organization_id, '', -1), ('%(name)s', NEW.organization_id, '', 1);
    RETURN NULL;
  END IF;
  IF random() < 0.02 AND current_setting('transaction_isolation') = 'read committed' THEN
    WITH crowded AS (
      SELECT rows_of, organization_id, value FROM %(tally)s
      WHERE rows_of IN (%(kinds)s) AND organization_id IN (SELECT organization_id FROM written)
      GROUP BY 1, 2, 3 HAVING count(*) > 1),
    folded AS (
      DELETE FROM %(tally)s WHERE ctid = ANY (ARRAY(
        SELECT part.ctid FROM %(tally)s AS part JOIN crowded USING (rows_of, organization_id, value)
        FOR UPDATE OF part SKIP LOCKED))
      RETURNING rows_of, organization_id, value, count)
    %(into)s SELECT rows_of, organization_id, value, sum(count) FROM folded GROUP BY 1, 2, 3 HAVING sum(count) <> 0;
  END IF;
  RETURN NULL;
END
$function$
"""

POSTGRESQL_TRIGGERS = [
    "CREATE TRIGGER %(name)s_insert AFTER INSERT ON %(table)s REFERENCING NEW TABLE AS written "
    "FOR EACH STATEMENT EXECUTE FUNCTION %(name)s()",
    "CREATE TRIGGER %(name)s_delete AFTER DELETE ON %(table)s REFERENCING OLD TABLE AS written "
    "FOR EACH STATEMENT EXECUTE FUNCTION %(name)s()",
    "CREATE TRIGGER %(name)s_truncate AFTER TRUNCATE ON %(table)s FOR EACH STATEMENT EXECUTE FUNCTION %(name)s()",
]
# Rows move between values every day, many at a time.
POSTGRESQL_MOVES = (
    "CREATE TRIGGER %(name)s_update AFTER UPDATE ON %(table)s REFERENCING OLD TABLE AS replaced NEW TABLE AS written "
    "FOR EACH STATEMENT EXECUTE FUNCTION %(name)s()"
)
# Between organizations they hardly ever do: an update that does not is not even looked at.
POSTGRESQL_CHANGES_HANDS = (
    "CREATE TRIGGER %(name)s_update AFTER UPDATE OF organization_id ON %(table)s FOR EACH ROW "
    "WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id) EXECUTE FUNCTION %(name)s()"
)
POSTGRESQL_REMOVE = [
    *(f"DROP TRIGGER %(name)s_{event} ON %(table)s" for event in ("insert", "delete", "truncate", "update")),
    "DROP FUNCTION %(name)s()",
    RECOUNT[0],
]

# SQLite. No `ON CONFLICT`: there the statement that sets the trigger off has the last word on conflicts. Only what was
# counted in is counted out, so that emptying all tables, in any order, leaves no tally.

SQLITE_IN = """
    %(into)s SELECT '{kind}', NEW.organization_id, {new}, 0 WHERE {new} IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM %(tally)s
      WHERE rows_of = '{kind}' AND organization_id = NEW.organization_id AND value = {new});
    UPDATE %(tally)s SET count = count + 1
      WHERE rows_of = '{kind}' AND organization_id = NEW.organization_id AND value = {new};
"""
SQLITE_OUT = """
    UPDATE %(tally)s SET count = count - 1
      WHERE rows_of = '{kind}' AND organization_id = OLD.organization_id AND value = {old};
"""

#: What is kept → the SQL of its value: of columns as they are called in a statement, or of those of a row named there.
Values = Callable[[str], Mapping[str, str]]


def rows(table: str, values: Mapping[str, str]) -> str:
    """Kind, organization and value of each row of the table."""
    each = "SELECT '{}' AS kind, organization_id, {} AS value FROM {}"
    return " UNION ALL ".join(each.format(kind, value, table) for kind, value in values.items())


def statements(vendor: str, kind: str, values: Values, *, is_by_value: bool) -> list[str]:
    """Templates of statements that are run in this order, one by one. `kind`: create, remove, recount or verify."""
    if kind in {"recount", "verify"}:
        return RECOUNT if kind == "recount" else [VERIFY]
    if vendor == "sqlite":
        # A table is made anew to change it, so its triggers go with it.
        return {"create": [*_sqlite_triggers(values), *RECOUNT], "remove": RECOUNT[:1]}[kind]
    update = POSTGRESQL_MOVES if is_by_value else POSTGRESQL_CHANGES_HANDS
    created = [POSTGRESQL_FUNCTION, *POSTGRESQL_TRIGGERS, update, *RECOUNT]
    return {"create": ["; ".join(created)], "remove": ["; ".join(POSTGRESQL_REMOVE)]}[kind]


def _sqlite_triggers(values: Values) -> list[str]:
    old, new = values("OLD"), values("NEW")
    counted_in = "".join(SQLITE_IN.format(kind=kind, new=new[kind]) for kind in new)
    counted_out = "".join(SQLITE_OUT.format(kind=kind, old=old[kind]) for kind in old)
    changes = " OR ".join(f"{old[kind]} IS NOT {new[kind]}" for kind in new)
    return [
        f"CREATE TRIGGER %(name)s_insert AFTER INSERT ON %(table)s BEGIN {counted_in} END",
        f"CREATE TRIGGER %(name)s_delete AFTER DELETE ON %(table)s BEGIN {counted_out} END",
        "CREATE TRIGGER %(name)s_update AFTER UPDATE ON %(table)s "
        f"WHEN OLD.organization_id <> NEW.organization_id OR {changes} BEGIN {counted_out} {counted_in} END",
    ]
