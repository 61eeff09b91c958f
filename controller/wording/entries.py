"""What an entry of the register is called where it has no name."""

from collections.abc import Mapping
from typing import Any

from controller.wording.shown import shown
from inventory.assets.kinds import kind_of


def name_of(row: Mapping[str, Any]) -> str:
    """What an entry goes by: its name, or else the best that is known of it."""
    made = f"{row['make']} {row['model']}".strip()
    best = row["name"] or made or row["tag"] or row["serial"]
    return shown(best, 60) or f"{kind_of(row['kind']).title}, no name yet"
