"""Whether an SQLite file is sound, by SQLite's own quick check, table by table.

Trap: SQLite 3.40 (Debian 12) reports "NULL value in t.c" for every row of a table WITHOUT ROWID
whose key does not come first among its columns, and stops after a hundred such lines, before it
has seen real ones. So there each such line is looked up, and other tables are checked on their own.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

Execute = Callable[[str], Any]
"""Runs one statement and gives a cursor."""

_TABLES: Final = "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL"
_NULL: Final = re.compile(r"\ANULL value in (\w+)\.(\w+)\Z")


def fault(execute: Execute) -> str:
    """The first fault found, in SQLite's words; "" when there is none."""
    return next(_faults(execute), "")


def _faults(execute: Execute) -> Iterator[str]:
    for name, sql in execute(_TABLES).fetchall():
        keyed = sql.rstrip().upper().endswith("WITHOUT ROWID")
        for (said,) in execute(f"PRAGMA quick_check('{name}')").fetchall():
            if said != "ok" and not (keyed and _is_false(said, execute)):
                yield said


def _is_false(said: str, execute: Execute) -> bool:
    found = _NULL.match(said)
    if found is None:
        return False
    table, column = found.groups()
    rows = execute(f'SELECT 1 FROM "{table}" WHERE "{column}" IS NULL LIMIT 1')  # noqa: S608  both are names out of the schema
    return rows.fetchone() is None
