"""Whether now is a bad moment to look: the person at the computer comes first (S10).

Only the schedule asks. A round put off this way is made at the next hour the schedule comes round,
and a computer that is always in a bad moment is looked at anyway after a day.
"""

from pathlib import Path
from typing import Final

import msgspec

from agent import files
from checks.host import CannotLook, Host

POWER: Final = "/sys/class/power_supply"
LOW_PERCENT: Final = 30
LONGEST_SECONDS: Final = 24 * 3_600


class Waiting(msgspec.Struct, frozen=True):
    """Since when rounds have been put off; epoch seconds, 0 for not at all."""

    since: int = 0


def put_off(folder: Path, host: Host) -> str:
    """Why this round waits, in words; empty to go ahead."""
    path = folder / "waiting.json"
    why = _battery(host)
    since = _since(path)
    now = host.clock()
    if not why or (since and not 0 <= now - since < LONGEST_SECONDS):
        path.unlink(missing_ok=True)
        return ""
    if not since:
        files.replace(path, msgspec.json.encode(Waiting(now)))
    return why


def _since(path: Path) -> int:
    data = files.read_or_none(path, 4096)
    try:
        return 0 if data is None else msgspec.json.decode(data, type=Waiting).since
    except msgspec.DecodeError:
        return 0


def _battery(host: Host) -> str:
    """Low and not charging. A computer that does not say is not kept from looking."""
    try:
        supplies = host.list(POWER) or []
        kinds = {name: _field(host, name, "type") for name in supplies}
        if any(
            kind in ("Mains", "USB") and _field(host, name, "online") == "1"
            for name, kind in kinds.items()
        ):
            return ""
        charges = [
            int(_field(host, name, "capacity") or "100")
            for name, kind in kinds.items()
            if kind == "Battery" and _field(host, name, "scope") != "Device"
        ]
    except (CannotLook, ValueError):
        return ""
    if charges and max(charges) < LOW_PERCENT:
        return f"The battery is at {max(charges)} % and not charging."
    return ""


def _field(host: Host, name: str, leaf: str) -> str:
    """`scope` Device is a mouse's battery, not the computer's."""
    return (host.read(f"{POWER}/{name}/{leaf}", 4096) or b"").decode("ascii", "replace").strip()
