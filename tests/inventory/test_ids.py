"""Ids fit their columns on every database; SQLite does not say when one does not."""

import re
from pathlib import Path

from inventory.ids import new_id
from inventory.models import ID_LENGTH

ROOT = Path(__file__).parents[2]
MADE = re.compile(r'new_id\("(\w+)"')


def test_every_kind_of_id_fits_its_column() -> None:
    files = [*ROOT.glob("inventory/**/*.py"), *ROOT.glob("controller/**/*.py")]
    kinds = {kind for path in files for kind in MADE.findall(path.read_text("utf-8"))}
    assert kinds >= {"asset", "pers", "room", "pool", "loan", "batch"}
    assert {kind for kind in kinds if len(new_id(kind, 1_795_400_000)) > ID_LENGTH} == set()
