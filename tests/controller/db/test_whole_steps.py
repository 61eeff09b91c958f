"""A new database made at once is the one that all migrations would have made, step by step."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.services.postgres import Postgres

LOOK = """
import json, sys
import django
from django.core.management import call_command
from django.db import connection
django.setup()
if sys.argv[1] == "at once":
    from controller.db import whole_steps
    whole_steps.use()
call_command("migrate", verbosity=0, interactive=False)
found = {}
with connection.cursor() as cursor:
    for table in sorted(connection.introspection.table_names(cursor)):
        cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
        found[table] = {"rows": cursor.fetchone()[0]}
    if connection.vendor == "sqlite":
        cursor.execute("SELECT tbl_name, type, name, sql FROM sqlite_master ORDER BY 1, 2, 3")
    else:
        cursor.execute(
            "SELECT c.relname, 'column', a.attname, format_type(a.atttypid, a.atttypmod)"
            " || a.attnotnull::text || coalesce(pg_get_expr(d.adbin, d.adrelid), '')"
            " || a.attidentity::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            " LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
            " WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r'"
            " AND c.relnamespace = 'public'::regnamespace"
            " UNION SELECT tablename, 'index', indexname, indexdef FROM pg_indexes"
            " WHERE schemaname = 'public'"
            " UNION SELECT conrelid::regclass::text, 'constraint', conname,"
            " pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2, 3"
        )
    for table, kind, name, sql in cursor.fetchall():
        found.setdefault(table, {})[f"{kind} {name}"] = sql
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2")
    found["steps"] = cursor.fetchall()
print(json.dumps(found))
"""


def made(how: str, folder: Path, database: str = "") -> Any:
    """What is in a new database, made `step by step` or `at once`."""
    (folder / "db").mkdir(parents=True)
    told = {"CARETAKER_DATA": str(folder), "CARETAKER_DATABASE": database}
    env = os.environ | told | {"DJANGO_SETTINGS_MODULE": "controller.settings"}
    run = subprocess.run(
        [sys.executable, "-c", LOOK, how],
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return json.loads(run.stdout)


def in_any_order(found: Any) -> Any:
    """With the parts of SQLite's tables sorted: a column that came later stands at another place,
    and nothing asks for it by its place."""
    for table in found.values():
        for name in table if isinstance(table, dict) else ():
            if name.startswith("table ") and table[name]:
                head, _, body = re.sub(r"\s+", " ", table[name]).partition("(")
                table[name] = [head, *sorted(re.split(r", (?![^(]*\))", body[:-1]))]
    found.pop("sqlite_sequence", None)  # counters of tables that a step filled and emptied
    return found


def test_a_new_database_of_sqlite_is_the_same_at_once(tmp_path: Path) -> None:
    at_once = in_any_order(made("at once", tmp_path / "once"))
    assert len(at_once) > 50
    assert at_once == in_any_order(made("step by step", tmp_path / "steps"))


@pytest.mark.postgres
def test_a_new_database_of_postgresql_is_the_same_at_once(
    tmp_path: Path, postgres: Postgres
) -> None:
    at_once = made("at once", tmp_path / "once", postgres.create("at_once"))
    assert len(at_once) > 50
    assert at_once == made("step by step", tmp_path / "steps", postgres.create("step_by_step"))
