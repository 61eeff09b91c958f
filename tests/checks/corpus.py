"""Recorded outputs of real machines: a folder `corpus` beside the project's, never in it.

They belong to other projects under other licences, so they are read where they are, or not at all.
"""

from pathlib import Path

from tests import needs

FOLDER = next(Path(__file__).parents[3].glob("*/corpus"), Path("corpus"))


def need(name: str) -> Path:
    """A file or folder of the corpus, or a skip that says it is not there."""
    path = FOLDER / name
    if not path.exists():
        needs.impossible(f"recorded outputs are not beside the project: {name}")
    return path


def names(folder: str) -> list[str]:
    """Names in a folder of the corpus, for parametrising; one that is not there gives one skip."""
    place = FOLDER / folder
    return sorted(p.name for p in place.iterdir()) if place.is_dir() else ["absent"]
