"""Which files of tests take longest, so that no worker starts one when the others have finished.

pytest-xdist begins with the files that hold most tests; but what takes long is a file of two tests
that each start a browser or kill a process at every point.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

HERE: Final = Path(__file__).parent
FIRST: Final = (
    "controller/db/test_whole_steps.py",
    "e2e/test_pages.py",
    "e2e/test_disposal.py",
    "controller/backup/test_postgres.py",
    "controller/commands/test_quickstart.py",
    "controller/web/test_access.py",
    "controller/backup/test_crashes.py",
    "e2e/test_whole_register.py",
    "e2e/test_counting.py",
    "controller/commands/test_serving.py",
    "e2e/test_first_light.py",
    "controller/commands/test_slow_clients.py",
    "wire/test_tamper.py",
    "e2e/test_what_comes_back.py",
    "controller/commands/test_key.py",
    "project/test_release.py",
    "agent/test_crashes.py",
    "agent/test_enrol_command.py",
    "agent/test_scan_media.py",
    "agent/test_proxies.py",
    "agent/test_commands.py",
    "e2e/test_papers.py",
    "wire/test_parsers_survive.py",
    "fleet_simulation/test_table.py",
    "checks/test_hostile_facts.py",
    "controller/backup/test_backup.py",
    "controller/backup/test_restored.py",
    "controller/backup/test_since.py",
    "controller/intake/test_crash_points.py",
    "e2e/test_evidence_sheet.py",
    "e2e/test_programs.py",
    "fleet_simulation/test_fleet.py",
    "agent/test_verify_wipe.py",
)
"""Ten seconds and more of an idle machine each, longest first."""


def longest_first() -> Callable[[pytest.Item], int]:
    """What sorts tests so; those of no such file keep their order and come last."""
    ranks = {str(HERE / name): rank for rank, name in enumerate(FIRST)}
    return lambda item: ranks.get(str(item.path), len(ranks))
