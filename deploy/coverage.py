"""Which check is read on which platform, and how that is known: the rows of docs/coverage.md.

Nothing is claimed here: a cell follows from the recordings in the tests that promise a verdict of
that check. Every domain has a reader for every platform; a test sees to that.
"""

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from checks.catalogue import catalogue
from checks.host import Platform

ROOT: Final = Path(__file__).parents[1]
RECORDINGS: Final = ROOT / "tests" / "checks" / "recordings"
PLATFORMS: Final[dict[Platform, str]] = {"linux": "Linux", "windows": "Windows", "macos": "macOS"}
LIVE: Final[Platform] = "linux"
"""The platform that the tests run on: `tests/checks/test_coverage.py` reads it by every reader."""


def rows() -> Iterator[tuple[str, str, list[str]]]:
    """Domain, check and a cell for each platform, in the catalogue's order."""
    for domain, check_id, check, judge in catalogue().judged():
        readers = {one.name for one in catalogue().domains if {*one.sections} & {*judge.sections}}
        cells = []
        for platform in PLATFORMS:
            if platform not in check.platforms:
                cells.append("not applicable")
            else:
                cells.append(_cell(platform, _shown(platform, check_id, readers)))
        yield domain.name, check_id, cells


def _cell(platform: Platform, shown: set[str]) -> str:
    words = [*(["live"] if platform == LIVE else []), *sorted(shown, reverse=True)]
    return " · ".join(words) or "**written, not tried**"


def _shown(platform: Platform, check: str, readers: set[str]) -> set[str]:
    """How the recordings came about that promise a verdict of this check; of one that judges
    several domains' facts no recording can, and then those count that its readers are tried on."""
    recordings = [one for one in _recordings() if one["platform"] == platform]
    promising = {one["provenance"] for one in recordings if check in one.get("expect", {})}
    return promising or {one["provenance"] for one in recordings if one["domain"] in readers}


@functools.cache
def _recordings() -> list[dict[str, Any]]:
    return [
        {**json.loads(path.read_bytes()), "domain": path.parent.name}
        for path in sorted(RECORDINGS.glob("*/*.json"))
    ]
