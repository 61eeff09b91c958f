"""The receipt that whoever gets a thing signs: what stands on it. Pure; `receipt.typ` draws it.

For what is given, sold, transferred or returned to its lessor. It is printed when the thing is
ready, signed by both, and its scan is the evidence of the hand-over (T4); afterwards it names
the recipient where they are of the school. A stranger is named by their own hand only.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from controller.disposal.certificate import code
from controller.disposal.drives import Drive, drives
from controller.disposal.headline import Moment
from controller.disposal.saying import Names, capital, pounds
from controller.disposal.story import Story, Told
from controller.wording.shown import shown
from inventory.disposal.events import HandedOver
from inventory.disposal.now import Now
from inventory.disposal.states import OUTCOMES

TEMPLATE: Final = Path(__file__).with_name("receipt.typ")
TITLES: Final[Mapping[str, str]] = {
    "donate": "Receipt for a donation",
    "sale": "Receipt for a sale",
    "transfer": "Receipt for a transfer",
    "return_lessor": "Receipt for a return to the lessor",
}
NOT_YET: Final = (
    "A receipt is printed once it may be handed over as a donation, a sale, a transfer or a return "
    "to the lessor. Do first what this page says comes next."
)
_ALWAYS: Final = (
    "I have received the thing above, and compared its serial number with this paper.",
    "If I find anything of the school on it, I do not look at it and tell the school at once.",
)
_ACCEPTS: Final[Mapping[str, str]] = {
    "donate": "It is a gift. From today I answer for it, also for its disposal one day as "
    "waste electrical equipment.",
    "sale": "The price above is paid. From today I answer for it, also for its disposal one day as "
    "waste electrical equipment.",
    "transfer": "From today it stands in our own register of equipment, and we answer for it.",
    "return_lessor": "It is returned under its lease with what belongs to it; what is missing or "
    "damaged is written below.",
}


def printable(now: Now) -> bool:
    """Whether there is something to sign: ready to be handed over and not stopped, or handed
    over."""
    route = now.route
    if now.holds and not now.ended:
        return False
    return route is not None and route in TITLES and now.state in ("ready", OUTCOMES.get(route))


def document(
    told: Told, page: Story, names: Names, moment: Moment, about: Mapping[str, Any]
) -> dict[str, Any]:
    """Everything the template needs, of what is `printable`. `about`: as for the certificate."""
    route = told.now.route or ""
    found = drives(told.now, told.events, names)
    return {
        "title": TITLES[route],
        "demo": about["demo"],
        "school": shown(about["school"], 120),
        "number": told.id,
        "printed": moment.short(moment.now),
        "qr": code(about["address"], told.chain.last),
        "name": page.name,
        "line": " · ".join(one for one in (page.kind, page.tag) if one),
        "rows": _rows(told, names, moment),
        "media": [_medium(one, moment) for one in found],
        "no_media": "Somebody of the school opened it: there is no drive in it.",
        "proved": page.proved and page.chain.whole,
        "accepts": [*_ALWAYS, _ACCEPTS[route]],
    }


def _rows(told: Told, names: Names, moment: Moment) -> list[list[str]]:
    entry = told.entry
    made = shown(f"{entry['make']} {entry['model']}".strip())
    rows = [
        ["Property number", shown(entry["tag"]) or "none"],
        ["Make and model", made or "not known"],
        ["Serial number", shown(entry["serial"]) or "not known"],
    ]
    ended = next((one for one in told.events if isinstance(one, HandedOver)), None)
    sold = told.now.route == "sale"
    if ended is None:
        return [*rows, *([["Price paid, £", ""]] if sold else [])]
    known = {**names.entries, **names.people}
    recipient = shown(known.get(ended.recipient, ""), 120)
    rows += [["Recipient", recipient]] if recipient else []
    rows += [["Price paid", pounds(ended.price_pence)]] if sold else []
    return [*rows, ["Handed over, as recorded", moment.short(ended.at)]]


def _medium(drive: Drive, moment: Moment) -> dict[str, Any]:
    rows = []
    for proof in drive.proofs:
        at = f", {moment.short(proof.at)}" if proof.at is not None else ""
        who = f" · {proof.who}" if proof.who else ""
        rows.append([proof.title, capital(proof.said) + who + at])
    return {
        "name": drive.name,
        "serial": drive.written,
        "about": drive.about,
        "state": drive.standing.label,
        "good": drive.proved,
        "rows": rows,
    }


def file_name(page: Story) -> str:
    """What the file is called: letters, digits and dashes only."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in page.tag or page.id)
    return f"receipt-{plain.strip('-') or page.id}.pdf"
