"""A PostgreSQL server for one test run, in a folder of its own, reached by unix socket only.

Traps: the server refuses to run as root, so root hands it to the `postgres` user of Debian's
package; a socket's path may be 107 bytes at most, so the folder is short and lies in /tmp; psycopg
takes a folder as host, which in a URL must be percent-encoded, and a URL's host is lower-cased on
parsing.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests import needs

USER = "postgres"
# Durability is PostgreSQL's business; a test run that loses power is run again. Compiling a query
# to machine code pays for queries of seconds, and no test has one.
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off"

_FILLED = "SELECT '{0}' WHERE EXISTS (SELECT 1 FROM {0})"


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    folder: Path
    programs: Path

    @classmethod
    def start(cls) -> "Postgres":
        """Create a cluster and start it (about a second); raises RuntimeError with its log."""
        programs = needs.postgres_folder()
        if programs is None:
            raise FileNotFoundError("no PostgreSQL in /usr/lib/postgresql")
        folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp")).resolve()
        if os.geteuid() == 0:
            shutil.chown(folder, USER, USER)
        server = cls(folder, programs)
        server.run("initdb", "--username", USER, "--auth=trust", "--encoding=UTF8", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' {FAST}"
        server.run("pg_ctl", "--wait", "--log", str(folder / "log"), "-o", options, "start")
        return server

    def url(self, name: str) -> str:
        """Return what CARETAKER_DATABASE takes for a database here, which need not exist yet."""
        return f"postgresql://{USER}@{quote(str(self.folder), safe='')}/{name}"

    def create(self, name: str, *, like: str = "template0") -> str:
        """Create an empty database, or a copy of one that nobody uses now, and return its URL."""
        self._client("createdb", "--template", like, name)
        return self.url(name)

    def empty(self, name: str) -> str:
        """The same in place of the one that had the name, whoever is still connected to it."""
        self._client("dropdb", "--force", "--if-exists", name)
        return self.create(name)

    def _client(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), "--host", str(self.folder), "--username", USER]
        subprocess.run([*command, *arguments], check=True, capture_output=True, timeout=60)

    def stop(self) -> None:
        """Stop the server at once and remove its folder."""
        self.run("pg_ctl", "--wait", "--mode", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the server's programs as the user who owns the cluster."""
        command = [str(self.programs / program), "--pgdata", str(self.folder / "data"), *arguments]
        if os.geteuid() == 0:
            command = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups", *command]
        # pg_ctl's child keeps our pipes open for as long as it lives: give it none.
        with (self.folder / f"{program}.out").open("ab") as output:
            done = subprocess.run(
                command, stdout=output, stderr=output, cwd="/", timeout=120, check=False
            )
        if done.returncode != 0:
            log = (self.folder / f"{program}.out").read_text(errors="replace")
            raise RuntimeError(f"{program} failed: {log}")


def empty_what_has_rows() -> None:
    """Have Django empty a database after a test by deleting the few rows there are.

    Its TRUNCATE makes new files for every table and index, over a thousand of them.
    """
    from django.db.backends.postgresql.operations import DatabaseOperations

    truncate = DatabaseOperations.sql_flush

    def delete(
        self: DatabaseOperations,
        style: Any,
        tables: Sequence[str],
        *,
        reset_sequences: bool = False,
        allow_cascade: bool = False,
    ) -> list[str]:
        if reset_sequences or not tables:
            return truncate(
                self, style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade
            )
        with self.connection.cursor() as cursor:
            named = [self.quote_name(table) for table in tables]
            cursor.execute(" UNION ALL ".join(_FILLED.format(name) for name in named))
            filled = [name for (name,) in cursor.fetchall()]
        # A replica checks no reference and fires no trigger: in any order, and the ledger too.
        deletions = [f"DELETE FROM {name};" for name in filled]  # noqa: S608  Django's own tables
        return ["SET LOCAL session_replication_role = replica;", *deletions]

    setattr(DatabaseOperations, "sql_flush", delete)  # noqa: B010  mypy would call it a redefinition
