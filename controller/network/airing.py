"""Rows of the wireless page: each network with its access points, as heard and as set up. Pure.

What was heard is the truth of what anybody nearby can join; what a controller says is how it is
meant to be. Where only one of them is known, the page says so.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from controller.network.drawing import Tone
from controller.network.wording import words
from controller.wording.shown import shown
from inventory.network.queries import Air

_AKMS = {
    1: "802.1X",
    2: "password",
    3: "802.1X",
    4: "password",
    5: "802.1X",
    6: "password",
    8: "SAE",
    9: "SAE",
    12: "802.1X, 192 bit",
    18: "OWE",
    24: "SAE",
    25: "SAE",
}
_PMF = {"off": "not protected", "capable": "protected where both can", "required": "protected"}
ROLES = {"staff": "for staff", "pupil": "for pupils", "guest": "for guests", "things": "for things"}


@dataclass(frozen=True, slots=True)
class Sender:
    """One access point's one network. `ours`: the name of the access point it is of; `foreign`:
    what speaks against its being ours."""

    bssid: str
    says: str
    tone: Tone
    details: list[str]
    ours: str
    foreign: str
    heard_at: int | None
    channel: int | None
    by: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Setting:
    """The network as one controller has it set up."""

    device: str
    device_name: str
    says: str
    tone: Tone
    enabled: str


@dataclass(frozen=True, slots=True)
class Network:
    """One name in the air. `role`: who it is for by the policy; "" for a name that only looks like
    one of the school's, or that a controller alone knows."""

    name: str
    role: str
    near: bool
    senders: list[Sender] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)


def networks(air: Air, roles: Mapping[str, str], computers: Mapping[str, str]) -> list[Network]:
    """`roles`: the policy's names; `computers`: names by id, of those this person may see. Where no
    list of the school's own access points is held, none is said to be missing from it."""
    heard: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    set_up: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in air.heard:
        heard[row["ssid"]].append(row)
    for row in air.set_up:
        set_up[row["ssid"]].append(row)
    names = {*heard, *set_up, *roles}
    return [
        Network(
            name=shown(name, 40) or "(no name)",
            role=ROLES.get(roles.get(name, ""), ""),
            near=any(row["likeness"] == "near" for row in heard[name]) and name not in roles,
            senders=[_sender(row, computers, points_known=air.points > 0) for row in heard[name]],
            settings=[_setting(row) for row in set_up[name]],
        )
        for name in sorted(names, key=lambda one: (one not in roles, one.casefold(), one))
    ]


def _sender(row: Mapping[str, Any], computers: Mapping[str, str], *, points_known: bool) -> Sender:
    says, tone = words().protection(row["security"])
    return Sender(
        bssid=shown(row["bssid"]),
        says=says,
        tone=tone,
        details=_details(row),
        ours=shown(row["point"], 40) or ("yours" if row["point_id"] else ""),
        foreign=_foreign(row, points_known=points_known),
        heard_at=row["heard_at"],
        channel=row["channel"],
        by=[(one, computers[one]) for one in row["heard_by"] if one in computers][:3],
    )


def _details(row: Mapping[str, Any]) -> list[str]:
    found = []
    if akms := row["akms"]:
        named = sorted({_AKMS.get(one, f"number {one}") for one in akms[:8]})
        found.append("signs in by " + ", ".join(named))
    if row["pairwise"] and 2 in row["pairwise"]:
        found.append("TKIP is still allowed")
    if row["pmf"]:
        found.append("its control messages are " + _PMF.get(row["pmf"], shown(row["pmf"], 20)))
    if row["wps"]:
        found.append("WPS is on")
    if row["hidden"]:
        found.append("its name is hidden")
    return found


def _foreign(row: Mapping[str, Any], *, points_known: bool) -> str:
    if row["point_id"]:
        return ""
    if row["on_wire"]:
        return "A controller saw it on the school’s wire, and does not look after it."
    if row["verdict"] == "malicious":
        return "A controller calls it malicious."
    if row["likeness"] == "near":
        return "Its name looks like yours and is not."
    if points_known:
        return "It is none of the access points that your controllers look after."
    return ""


def _setting(row: Mapping[str, Any]) -> Setting:
    says, tone = words().protection(row["security"] or "unknown")
    return Setting(
        device=row["device_id"],
        device_name=shown(row["device__name"], 40) or shown(row["device__make"], 40) or "a device",
        says=says if row["security"] else "Its maker shows nobody how it is protected",
        tone=tone if row["security"] else "blind",
        enabled={True: "on", False: "off", None: "not known"}[row["enabled"]],
    )


def silent(found: Sequence[Network], roles: Collection[str]) -> list[str]:
    """Names of the policy that nobody heard and no controller has."""
    known = {one.name for one in found if one.senders or one.settings}
    return sorted(
        shown(name, 40) for name in roles if (shown(name, 40) or "(no name)") not in known
    )
