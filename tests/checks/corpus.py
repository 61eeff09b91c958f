"""Recorded outputs of real machines, kept beside the project and never in it."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "../shared/corpus"


def need(name: str) -> Path:
    """A file or folder of the corpus, or a skip that says it is not there."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"recorded outputs are not on this machine: {name}")
    return path


def names(folder: str) -> list[str]:
    """Names in a folder of the corpus, for parametrising; one that is not there gives one skip."""
    place = FOLDER / folder
    return sorted(p.name for p in place.iterdir()) if place.is_dir() else ["absent"]
