"""All that is known of a thing that is lost or stolen, for police, insurer and ICO: what the page
and the PDF say. Pure.

What was reported stands with its day; what was not is said to be unknown, never guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from checks.records.tablets.facts import TabletFacts
from checks.unseen import Unseen
from controller.wording.entries import name_of
from controller.wording.moments import local
from controller.wording.shown import shown
from inventory.assets.kinds import kind_of
from inventory.disposal.events import Missing
from inventory.disposal.media import Reported
from inventory.disposal.now import BREACH_SECONDS

UNKNOWN: Final = "unknown: not reported"
_HOUR: Final = 3_600
_ENCRYPTION: Final = {
    "on": "on",
    "off": "off: whoever has it can read its drive",
    "partial": "only in part",
    "unknown": UNKNOWN,
}
_ICO: Final = (
    "Tell the data protection officer today: they decide with the head whether the ICO has to be"
    " told within the 72 hours."
)
_LOCK: Final = (
    "iPad, phone or Chromebook: switch lost mode on or disable it where it is managed, and keep"
    " the page that says so."
)
STEPS: Final = (
    "Ask whoever had it last, and look where it was last seen.",
    "Stolen: tell the police and write down the crime number.",
    _LOCK,
    "Change the passwords of whoever used it, and sign their sessions out.",
    _ICO,
    "Tell the insurer, with this paper.",
    "Tell the lessor, where it is leased.",
    "Write down what became of each of these, and keep it with this paper.",
)


@dataclass(frozen=True, slots=True)
class Clock:
    """The 72 hours (I14). `hours`: left, or over where `over`."""

    discovered_at: int
    due_at: int
    hours: int
    over: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What is gathered of it; `holder` by name, `heard_at` when it last spoke, `list_title` whose
    management lists it."""

    entry: Mapping[str, Any]
    told: Missing
    holder: str
    heard_at: int | None
    reported: Reported | None
    listed: TabletFacts | None
    list_title: str
    timezone: str


def clock(told: Missing, now: int) -> Clock:
    """How the 72 hours stand."""
    due = told.discovered_at + BREACH_SECONDS
    left = due - now
    return Clock(told.discovered_at, due, abs(left) // _HOUR, left < 0)


def rows(known: Known) -> list[tuple[str, str]]:
    """(what, value) in the order the police and insurers ask."""
    entry = known.entry
    cost = entry["cost_pence"]
    made = " ".join(one for one in (entry["make"], entry["model"]) if one)
    owner = "" if entry["ownership"] == "owned" else f", {entry['ownership']} {entry['owner']}"
    found = [
        ("What it is", f"{kind_of(entry['kind']).title}{owner}"),
        ("Called", name_of(entry)),
        ("Maker and model", made),
        ("Serial number", entry["serial"]),
        ("IMEI", entry["imei"]),
        ("Property number", entry["tag"]),
        ("Security mark", entry["security_mark"]),
        ("Bought, cost", f"{entry['bought_on'] or 'day not entered'}, {money(cost)}"),
        ("Number in the accounts", entry["finance_number"]),
        ("Who had it", known.holder or "nobody, by the register"),
        ("Discovered", _moment(known.told.discovered_at, known)),
        ("If the ICO has to be told, by", _moment(clock(known.told, 0).due_at, known)),
        ("Last heard from", _moment(known.heard_at, known) if known.heard_at else "never"),
        ("Drive encryption", encryption(known)),
        ("Passcode", passcode(known)),
        ("Management (MDM)", management(known)),
        ("Personal data", _PERSONAL.get(entry["personal_data"], _PERSONAL[""])),
        ("What happened", known.told.reason),
    ]
    return [(name, shown(value, 400) or "not entered") for name, value in found]


_PERSONAL: Final = {
    "yes": "yes",
    "no": "no, by the register",
    "": "nobody has said, so it counts as yes",
}


def encryption(known: Known) -> str:
    """As last reported by its own agent or a management, with the day; else unknown (I14)."""
    if known.reported is not None and known.reported.encryption != "unknown":
        said = _ENCRYPTION[known.reported.encryption]
        return f"{said}, as it last reported on {_day(known.reported.heard_at, known)}"
    told = known.listed.encrypted if known.listed else None
    if known.listed and not isinstance(told, Unseen) and told is not None:
        return f"{'on' if told else 'off'}, by {_list(known)}"
    return UNKNOWN


def passcode(known: Known) -> str:
    """As its management last listed it."""
    told = known.listed.passcode if known.listed else None
    if known.listed is None or isinstance(told, Unseen) or told is None:
        return UNKNOWN
    return f"{'set' if told else 'not set'}, by {_list(known)}"


def management(known: Known) -> str:
    """Whether something can lock it from afar."""
    if known.listed is None:
        return UNKNOWN
    if not known.listed.listed:
        return f"not listed, by {_list(known)}"
    managed = known.listed.managed
    said = "listed" if isinstance(managed, Unseen) else "managed" if managed else "not managed"
    at = known.listed.synced_at
    contact = f"; last in contact {_day(at, known)}" if isinstance(at, int) else ""
    return f"{said}, by {_list(known)}{contact}"


def money(pence: int | None) -> str:
    """Pounds and pence, or that nobody knows."""
    return "cost not entered" if pence is None else f"£{pence / 100:,.2f}"


def _list(known: Known) -> str:
    at = known.listed.imported_at if known.listed else 0
    return f"the list of {known.list_title} of {_day(at, known)}"


def _day(at: int, known: Known) -> str:
    return f"{local(at, known.timezone):%-d %B %Y}"


def _moment(at: int | None, known: Known) -> str:
    return f"{local(at, known.timezone):%-d %B %Y, %H:%M}" if at else ""
