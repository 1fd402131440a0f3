"""The SQL that keeps tallies: %(table)s is counted as %(name)s, by organization and by %(value)s, which is %(OLD)s
before an update and %(NEW)s after it. %(into)s begins an INSERT of rows_of, organization_id, value and count into
%(tally)s."""

from __future__ import annotations

#: Counts anew what is there; right as long as nobody writes.
RECOUNT = [
    "DELETE FROM %(tally)s WHERE rows_of = '%(name)s'",
    "%(into)s SELECT '%(name)s', organization_id, %(value)s, count(*) FROM %(table)s GROUP BY 2, 3",
]

#: Where tallies and rows differ: organization, value, both numbers. One statement, so that both are of one moment.
VERIFY = """
SELECT organization_id, value, sum(tallied), sum(counted) FROM (
  SELECT organization_id, value, count AS tallied, 0 AS counted FROM %(tally)s WHERE rows_of = '%(name)s'
  UNION ALL
  SELECT organization_id, %(value)s, 0, count(*) FROM %(table)s GROUP BY 1, 2
) AS numbers GROUP BY 1, 2 HAVING sum(tallied) <> sum(counted) ORDER BY 1, 2
"""

# PostgreSQL. A statement adds one row for each organization and value that it touched, so no writer waits for another.
# One in fifty folds the rows of its organizations into one each: those that it can lock at once, and none under an
# isolation in which a row that someone else has folded meanwhile would be an error.

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION %(name)s() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    DELETE FROM %(tally)s WHERE rows_of = '%(name)s';
    RETURN NULL;
  ELSIF TG_OP = 'INSERT' THEN
    %(into)s SELECT '%(name)s', organization_id, %(value)s, count(*) FROM written GROUP BY 2, 3;
  ELSIF TG_OP = 'DELETE' THEN
    %(into)s SELECT '%(name)s', organization_id, %(value)s, -count(*) FROM written GROUP BY 2, 3;
  ELSIF TG_LEVEL = 'STATEMENT' THEN
    %(into)s
      SELECT '%(name)s', organization_id, %(value)s, sum(more)
      FROM (SELECT organization_id, %(value)s, 1 AS more FROM written
            UNION ALL SELECT organization_id, %(value)s, -1 FROM replaced) AS moved
      GROUP BY 2, 3 HAVING sum(more) <> 0;
  ELSE
    %(into)s VALUES ('%(name)s', OLD.organization_id, '', -1), ('%(name)s', NEW.organization_id, '', 1);
    RETURN NULL;
  END IF;
  IF random() < 0.02 AND current_setting('transaction_isolation') = 'read committed' THEN
    WITH folded AS (
      DELETE FROM %(tally)s WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM %(tally)s
        WHERE rows_of = '%(name)s' AND organization_id IN (SELECT organization_id FROM written)
        FOR UPDATE SKIP LOCKED))
      RETURNING organization_id, value, count)
    %(into)s SELECT '%(name)s', organization_id, value, sum(count) FROM folded GROUP BY 2, 3 HAVING sum(count) <> 0;
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
    "DELETE FROM %(tally)s WHERE rows_of = '%(name)s'",
]

# SQLite. No `ON CONFLICT`: there the statement that sets the trigger off has the last word on conflicts. Only what was
# counted in is counted out, so that emptying all tables, in any order, leaves no tally.

SQLITE_IN = """
    %(into)s SELECT '%(name)s', NEW.organization_id, %(NEW)s, 0 WHERE NOT EXISTS (
      SELECT 1 FROM %(tally)s
      WHERE rows_of = '%(name)s' AND organization_id = NEW.organization_id AND value = %(NEW)s);
    UPDATE %(tally)s SET count = count + 1
      WHERE rows_of = '%(name)s' AND organization_id = NEW.organization_id AND value = %(NEW)s;
"""
SQLITE_OUT = """
    UPDATE %(tally)s SET count = count - 1
      WHERE rows_of = '%(name)s' AND organization_id = OLD.organization_id AND value = %(OLD)s;
"""
SQLITE_TRIGGERS = [
    f"CREATE TRIGGER %(name)s_insert AFTER INSERT ON %(table)s BEGIN {SQLITE_IN} END",
    f"CREATE TRIGGER %(name)s_delete AFTER DELETE ON %(table)s BEGIN {SQLITE_OUT} END",
    "CREATE TRIGGER %(name)s_update AFTER UPDATE ON %(table)s "
    "WHEN OLD.organization_id <> NEW.organization_id OR %(OLD)s <> %(NEW)s "
    f"BEGIN {SQLITE_OUT} {SQLITE_IN} END",
]


def statements(vendor: str, kind: str, *, is_by_value: bool) -> list[str]:
    """Templates of statements that are run in this order, one by one. `kind`: create, remove, recount or verify."""
    if kind in {"recount", "verify"}:
        return RECOUNT if kind == "recount" else [VERIFY]
    if vendor == "sqlite":
        # A table is made anew to change it, so its triggers go with it.
        return {"create": [*SQLITE_TRIGGERS, *RECOUNT], "remove": RECOUNT[:1]}[kind]
    update = POSTGRESQL_MOVES if is_by_value else POSTGRESQL_CHANGES_HANDS
    created = [POSTGRESQL_FUNCTION, *POSTGRESQL_TRIGGERS, update, *RECOUNT]
    return {"create": ["; ".join(created)], "remove": ["; ".join(POSTGRESQL_REMOVE)]}[kind]
