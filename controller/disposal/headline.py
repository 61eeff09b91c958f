"""What is first said of a thing that leaves: where it stands, what comes next, who may do it. Pure.

No rule is cited by number here; those stand small beside what cannot be done.
"""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from controller.disposal.saying import HANDS, OFFICE, PROVED, STOPS, Names, listed
from controller.disposal.words import words
from controller.wording import moments
from controller.wording.words import Label, count
from inventory.disposal.now import Medium, Now


class Moment(msgspec.Struct, frozen=True):
    """When, and where, somebody reads."""

    now: int
    timezone: str

    def day(self, at: int | None) -> str:
        """A day in words."""
        return moments.day(at, self.now, self.timezone) if at is not None else "a day not known"

    def hour(self, at: int) -> str:
        """A day and the time."""
        return moments.long_moment(at, self.timezone)

    def short(self, at: int) -> str:
        """`21 Sep 2026, 16:02`: for a column of a paper."""
        local = moments.local(at, self.timezone)
        return f"{local.day} {local:%b %Y, %H:%M}"


class Headline(msgspec.Struct, frozen=True):
    """`said`: where it is; `next`: what comes now, "" where nothing does; `who`: who may do it;
    `step`: which step that is; `proof`: how much of its data is accounted for."""

    label: Label
    said: str
    next: str
    who: str
    step: str
    proof: str


def headline(now: Now, names: Names, moment: Moment) -> Headline:
    """For the top of the page and for its line on the board."""
    state = now.state or "withdrawn"
    said, then, who, step = _stopped(now, names, moment) or _SAID[state](now, names, moment)
    held = now.holds and not now.ended
    label = words().events["held"] if held else words().states[state]
    return Headline(label, said, then, who, step, proof(now))


def proof(now: Now) -> str:
    """How much of its data is accounted for."""
    if not now.media:
        return "There is no drive in it." if now.none_confirmed else "Its drives are not known yet."
    done = sum(one.state in PROVED for one in now.media.values())
    every = len(now.media)
    if done == every:
        return (
            "Its drive is accounted for."
            if every == 1
            else f"All {every} drives are accounted for."
        )
    return f"{done} of {count(every, 'drive', 'drives')} accounted for."


Told = tuple[str, str, str, str]
"""What is said, what comes next, who may, the step."""


def _stopped(now: Now, names: Names, moment: Moment) -> Told | None:
    """What stands before everything else."""
    if now.ended:
        return None
    if now.holds:
        hold = next(iter(now.holds.values()))
        said = f"Stopped {moment.day(hold.at)} for {words().holds[hold.kind]}."
        then = "Nothing may be wiped, destroyed or leave until the stop is ended."
        barred = names.who(now.requester or now.withdrawn_by)
        who = f"{STOPS}; not {barred}, who wants it gone"
        return said, then, who, "release_hold"
    # A late certificate is settled by entering it, which is what comes next anyway.
    odd = [one for one in now.exceptions.values() if one.kind != "certificate_overdue"]
    if odd and now.state != "missing":
        first = min(odd, key=lambda one: one.due)
        what = words().differences[first.kind].lower()
        several = len(odd)
        said = f"{count(several, 'thing does', 'things do')} not fit: {what}."
        owner = names.who(first.owner) if first.owner else OFFICE
        if first.owner and first.owner == first.by:
            owner = f"{OFFICE}; not {owner}, who reported it"
        return said, f"Clear it up by {moment.day(first.due)}.", owner, "close_exception"
    return None


def _withdrawn(now: Now, names: Names, moment: Moment) -> Told:
    said = (
        f"Out of use since {moment.day(now.withdrawn_at)}. Nobody has said yet where it should go."
    )
    return said, "Ask for its disposal: where it goes, and what it is worth.", HANDS, "request"


def _requested(now: Now, names: Names, moment: Moment) -> Told:
    asker = names.who(now.requester)
    route = words().routes[now.route or "waste"].lower()
    said = f"{asker} asks that it goes: {route}."
    who = f"{OFFICE}; not {asker}, who asked"
    if now.approvers:
        who += f", nor {listed([names.who(one) for one in now.approvers])}, who approved already"
    if not now.media and not now.none_confirmed and now.personal_data != "no":
        return said, "Look inside first, and write down its drives.", HANDS, "inspect"
    return said, "Look at what is asked, and approve or refuse it.", who, "approve"


_WANTED: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("missing", "Find {drive}, or say where it is.", HANDS, "close_exception"),
    ("unconfirmed", "Say whether {drive} was destroyed as recorded.", "", "witness"),
    ("failed", "Have {drive} destroyed, before a witness.", HANDS, "destroy"),
    ("untouched", "Wipe {drive}, and add the wipe’s record.", HANDS, "sanitise"),
    (
        "wiped",
        "Read {drive} back: let a computer do it, or somebody who did not wipe it.",
        HANDS,
        "verify",
    ),
    ("verified", "Accept or refuse the wipe of {drive}.", OFFICE, "validate"),
)
"""What a drive asks for by its state, in the order in which it is named."""


def _wiping(now: Now, names: Names, moment: Moment) -> Told:
    done = sum(one.state in PROVED for one in now.media.values())
    said = f"Approved {moment.day(now.approved_at)}. {proof(now)}"
    for state, sentence, who, step in _WANTED:
        found = [one for one in now.media.values() if one.state == state]
        if found:
            return (
                said,
                sentence.format(drive=names.drive(found[0].serial)),
                _but(found[0], who, names),
                step,
            )
    if done < len(now.media):
        return said, "See what its drives still need.", HANDS, ""
    return _ready(now, names, moment)


def _but(medium: Medium, who: str, names: Names) -> str:
    """Who may, without those who may not by what they did; a witness speaks for themselves."""
    if medium.unconfirmed:
        return f"{names.who(medium.unconfirmed.witness)}, named as the one who saw it"
    performer = medium.wipe.performer if medium.wipe else ""
    if medium.state in ("wiped", "verified") and performer:
        return f"{who}; not {names.who(performer)}, who wiped it"
    return who


def _ready(now: Now, names: Names, moment: Moment) -> Told:
    said = f"{proof(now)} It may leave."
    if now.route == "waste":
        return (
            said,
            "Put it on a collection of a waste company whose papers are in order.",
            HANDS,
            "collect",
        )
    return said, "Hand it over, and keep the recipient’s receipt.", HANDS, "hand_over"


def _collected(now: Now, names: Names, moment: Moment) -> Told:
    said = f"{names.company(now.contractor)} took it along {moment.day(now.collected_at)}."
    who = f"{OFFICE}; not {names.who(now.requester)}, who asked for the disposal"
    return said, "Enter their written receipt, with every serial number on it.", who, "receive"


def _received(now: Now, names: Names, moment: Moment) -> Told:
    signed = moment.day(now.received_at)
    said = f"{names.company(now.contractor)} has it, and signed for the data on it {signed}."
    due = now.certificate_due_at
    by = f" by {moment.day(due)}" if due is not None else ""
    late = due is not None and due < moment.now
    then = f"Enter their certificate, drive by drive{'' if late else by}."
    if late:
        said += f" Their certificate was due{by}."
    return said, then, "one person types it, somebody else compares it", "certify"


def _gone(now: Now, names: Names, moment: Moment) -> Told:
    state = words().states[now.state or "disposed"].label
    return f"{state} {moment.day(now.ended_at)}. {proof(now)}", "", "", ""


def _back(now: Now, names: Names, moment: Moment) -> Told:
    said = f"In use here again since {moment.day(now.ended_at)}."
    return said, "", "", ""


def _missing(now: Now, names: Names, moment: Moment) -> Told:
    loss = now.loss
    if loss is None:
        return "It is missing.", "", OFFICE, ""
    what = words().routes[loss.kind]
    said = f"{what}: noticed {moment.hour(loss.discovered_at)}."
    over = loss.due_at < moment.now
    then = "The 72 hours for telling the ICO are over" if over else "Tell the ICO"
    then += f" (until {moment.hour(loss.due_at)}), or write down why it need not be told."
    return said, then, OFFICE, "write_off"


_SAID: Final[Mapping[str, Callable[[Now, Names, Moment], Told]]] = {
    "withdrawn": _withdrawn,
    "requested": _requested,
    "approved": _wiping,
    "sanitising": _wiping,
    "ready": _ready,
    "collected": _collected,
    "received": _received,
    "missing": _missing,
    "reinstated": _back,
    "reused": _back,
    **dict.fromkeys(
        ("disposed", "donated", "sold", "transferred", "returned", "written_off"), _gone
    ),
}
