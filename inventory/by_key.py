"""Migration step: store a table by its composite key (`WITHOUT ROWID`) on SQLite; nothing elsewhere
(A8).

A row is then found with one descent of one tree instead of two, and the key is stored once. Trap:
when Django later alters such a table it copies it to a new one without this; follow any alteration
with this step again (a test looks at every table).
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class StoreByKey(Operation):
    """Rebuild one empty or filled table with the same columns and indices, stored by its key."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model: str) -> None:
        """`model` is the model's name in this app."""
        self.model = model

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes in Django's view of the table."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Rebuild the table."""
        if schema_editor.connection.vendor != "sqlite":
            return
        options = to_state.apps.get_model(app_label, self.model)._meta
        table = options.db_table
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT type, sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL",
                [table],
            )
            rows = cursor.fetchall()
        create = next(sql for kind, sql in rows if kind == "table")
        if create.rstrip().upper().endswith("WITHOUT ROWID"):
            return
        old = f"{table}__by_rowid"
        schema_editor.execute(f'ALTER TABLE "{table}" RENAME TO "{old}"')
        schema_editor.execute(create + " WITHOUT ROWID")
        schema_editor.execute(f'INSERT INTO "{table}" SELECT * FROM "{old}"')  # noqa: S608  names from Django's own models
        schema_editor.execute(f'DROP TABLE "{old}"')
        for kind, sql in rows:
            if kind == "index":
                schema_editor.execute(sql)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Leave the table as it is: how it is stored changes no answer."""

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How Django would write this step."""
        return self.__class__.__name__, [self.model], {}

    def describe(self) -> str:
        """One line for `migrate`."""
        return f"Store {self.model} by its key on SQLite"
