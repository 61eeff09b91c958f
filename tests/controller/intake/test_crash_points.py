"""`kill -9` at every step of the writer's work: an effect and its line in the log are there, or
neither; asked again it is done as if nothing had happened.

The same on PostgreSQL: `tests/controller/backup/test_postgres.py`.
"""

from pathlib import Path

from tests.controller.intake import killed


def test_a_killed_writer_leaves_no_answer_without_its_entry_and_no_entry_without_its_effect(
    folder: Path,
) -> None:
    killed.effect_and_line_are_there_or_neither(folder)
