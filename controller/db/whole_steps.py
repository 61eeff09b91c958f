"""How migrations are carried out: each whole or not at all, and a new database in one step (O25).

Django writes a migration down as done afterwards when indexes were left to the end of the step.
Whoever dies in between has tables that nobody knows of, and every later try stops at "table already
exists".

A new database is made as the last migration leaves it: Django would build the models of every step
on the way, which took most of a first start. A test holds the two ways against each other.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.core.management.commands import migrate
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations import RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import IndexOperation, ModelOperation
from django.db.models import Model

_FOLLOWS: Final = (ModelOperation, FieldOperation, IndexOperation)
"""What such a step does follows from the models; RunPython changes rows, and there are none."""
_UNKNOWN: Final = (RunSQL, SeparateDatabaseAndState)
"""What such a step does to a database is known to nobody before it is done."""


class WholeSteps(MigrationExecutor):
    """Django's executor with that gap closed and that way shortened."""

    def migrate(
        self,
        targets: Any,
        plan: Any = None,
        state: Any = None,
        fake: bool = False,
        fake_initial: bool = False,
    ) -> Any:
        """As Django's; a database without a table goes to the end at once."""
        every = [migration for migration, _ in self.migration_plan(self.loader.graph.leaf_nodes())]
        asked = [migration for migration, backwards in plan or [] if not backwards]
        is_new = asked == every and not self.connection.introspection.table_names()
        if fake or not is_new or any(isinstance(one, _UNKNOWN) for one in _steps(every)):
            return super().migrate(targets, plan, state, fake=fake, fake_initial=fake_initial)
        return self._build(every)

    def _build(self, every: list[Migration]) -> Any:
        state = self.loader.project_state()
        tables: list[type[Model]] = [*state.apps.get_models(), self.recorder.Migration]
        with self.connection.schema_editor(atomic=True) as editor:
            for model in tables:
                if model._meta.managed and not model._meta.proxy:
                    editor.create_model(model)
            _finish(editor)
            for migration in every:
                for step in _steps([migration]):
                    if not isinstance(step, (*_FOLLOWS, RunPython)):
                        step.database_forwards(migration.app_label, editor, state, state)
            for migration in every:
                self.record_migration(migration)
        return state

    def apply_migration(
        self, state: Any, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> Any:
        """One step, whole or not at all."""
        if fake or fake_initial or not migration.atomic:
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
        if self.progress_callback:
            self.progress_callback("apply_start", migration, fake)
        with self.connection.schema_editor(atomic=True) as editor:
            state = migration.apply(state, editor)
            _finish(editor)
            self.record_migration(migration)
        if self.progress_callback:
            self.progress_callback("apply_success", migration, fake)
        return state


def use() -> None:
    """Have Django's `migrate` go about it so."""
    # The command names its executor in its own module and has no other way to be given one.
    setattr(migrate, "MigrationExecutor", WholeSteps)  # noqa: B010  mypy would call it a redefinition


def _steps(migrations: Iterable[Migration]) -> Iterator[Operation]:
    for migration in migrations:
        yield from migration.operations


def _finish(editor: BaseDatabaseSchemaEditor) -> None:
    while editor.deferred_sql:
        editor.execute(editor.deferred_sql.pop(0))
