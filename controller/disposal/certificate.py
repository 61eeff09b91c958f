"""The certificate of disposal: what stands on it. Pure; `certificate.typ` draws it.

It has every field of NIST SP 800-88's minimum record (r1 §4.8, r2 §4.6) that is known, and says of
each reading how much it proves. It never claims to conform to a standard: what was done stands
there, with whoever did it and the digest of each paper that shows it. While something is missing,
it is a statement of how far things are, and says that instead.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import segno

from controller.disposal.drives import Drive, drives
from controller.disposal.happened import digests, happened
from controller.disposal.headline import Moment
from controller.disposal.saying import File, Names, capital, size
from controller.disposal.story import Story, Told, facts
from controller.disposal.words import words
from controller.wording.shown import shown
from inventory.disposal import events as told_events
from inventory.disposal.now import Medium

TEMPLATE: Final = Path(__file__).with_name("certificate.typ")
_OF_DRIVES: Final = (told_events.Sanitised, told_events.Verified, told_events.Destroyed)
_LEFT_OUT: Final = frozenset({"sanitised", "verified", "validated", "destroyed", "witnessed"})
"""Steps that stand with their drive."""


def document(
    told: Told, page: Story, names: Names, moment: Moment, about: Mapping[str, Any]
) -> dict[str, Any]:
    """Everything the template needs. `about`: `school`, `address` (of its page), `demo`."""
    ended = page.ended and page.state not in ("reinstated", "reused", "written_off")
    media = list(told.now.media.values())
    found = {one.serial: one for one in drives(told.now, told.events, names)}
    return {
        "title": "Certificate of disposal" if ended else "Disposal, as far as it is",
        "demo": about["demo"],
        "school": shown(about["school"], 120),
        "number": told.id,
        "printed": moment.short(moment.now),
        "qr": code(about["address"], told.chain.last),
        "proved": page.proved and page.chain.whole,
        "verdict": _verdict(page),
        "summary": _summary(page, media),
        "thing": _thing(told, names, page),
        "steps": _steps(told, names, moment),
        "media_head": _media_head(media),
        "media": [_medium(one, found[one.serial], told, names, moment) for one in media],
        "no_media": _no_media(page),
        "papers": _papers(told, names),
        "honest": _honest(media, page),
        "chain": _chain(told, about["address"]),
    }


def code(address: str, last: str) -> str:
    """The page's address and, behind it, the digest the record ends in: a phone opens the page,
    and whoever compares needs no other paper. Level M: a photocopy still reads."""
    return segno.make_qr(f"{address}#{last}", error="m").svg_inline(border=2, omitsize=True)


def _verdict(page: Story) -> str:
    if not page.chain.whole:
        return "The record does not hold together"
    if not page.proved:
        return "Not everything is accounted for"
    if not page.drives:
        return "There was no drive in it"
    every = len(page.drives)
    return "Its drive is accounted for" if every == 1 else f"All {every} drives are accounted for"


def _summary(page: Story, media: Sequence[Medium]) -> str:
    if not page.chain.whole:
        return "Somebody has to find out why before this paper is worth anything."
    said = summary_of(media)
    missing = sum(not one.proved and one.state != "lost" for one in page.drives)
    if missing:
        said.append(f"{missing} not accounted for")
    return f"{', '.join(said)}." if said else page.headline.proof


_WAYS: Final[Mapping[str, str]] = {
    "done": "wiped, checked and accepted",
    "certified_wiped": "wiped, as the waste company certified",
    "destroyed": "destroyed",
    "certified_destroyed": "destroyed, as the waste company certified",
    "retained": "kept by the school",
    "gone": "accounted for elsewhere",
    "lost": "given up as lost",
    "never_there": "reported and never found in it, as two people say",
}
"""What the school did, what a company says it did, and what is merely known, each apart."""


def summary_of(media: Sequence[Medium]) -> list[str]:
    """How many drives ended which way; what is not ended is not counted."""
    counted = Counter(_way(one) for one in media)
    return [f"{counted[way]} {said}" for way, said in _WAYS.items() if counted[way]]


def _way(medium: Medium) -> str:
    line = medium.certified
    if medium.state != "certified" or line is None:
        return medium.state
    return "certified_destroyed" if line.level == "destroy" else "certified_wiped"


def _thing(told: Told, names: Names, page: Story) -> dict[str, Any]:
    entry = told.entry
    rows = [list(pair) for pair in facts(told.now, names, entry)]
    rows.insert(0, ["Property number", shown(entry["tag"]) or "none"])
    recipient = [
        line.said[0]
        for line in (happened(one, names) for one in told.events)
        if line.said and line.label is words().events["handed_over"]
    ]
    rows += [["Went to", one] for one in recipient]
    line = " · ".join(one for one in (page.kind, page.tag) if one)
    return {"name": page.name, "line": line, "rows": rows}


def _steps(told: Told, names: Names, moment: Moment) -> list[dict[str, str]]:
    found = []
    for event in told.events:
        line = happened(event, names)
        if line.label in _of_drives():
            continue
        found.append(
            {
                "what": line.label.label,
                "who": line.who,
                "note": "; ".join(line.said)[:300],
                "at": moment.short(line.at),
            }
        )
    return found


def _of_drives() -> list[object]:
    return [words().events[name] for name in sorted(_LEFT_OUT)]


def _media_head(media: Sequence[Medium]) -> str:
    if len(media) == 1:
        return "Its drive, by serial number"
    return f"Its {len(media)} drives, by serial number" if media else "Its drives"


def _no_media(page: Story) -> str:
    if page.none_confirmed:
        return (
            "Somebody opened it and confirmed that there is no drive in it; who and when is above."
        )
    return "Nobody has looked inside yet, so nothing is said about drives."


def _medium(
    medium: Medium, drive: Drive, told: Told, names: Names, moment: Moment
) -> dict[str, Any]:
    kind = " · ".join(
        one for one in (capital(words().media[medium.kind]), size(medium.size_bytes)) if one
    )
    rows = [
        [
            "Make, model",
            " ".join(one for one in (shown(medium.make), shown(medium.model)) if one)
            or "not known",
        ],
        ["Serial number", f"{drive.written} (compared as {medium.serial})"],
        ["Type and size", kind],
        ["Came from", shown(told.entry["tag"]) or "the thing above"],
    ]
    for proof in drive.proofs:
        who = f" · {proof.who}" if proof.who else ""
        at = f", {moment.short(proof.at)}" if proof.at is not None else ""
        rows.append([proof.title, capital(proof.said) + who + at])
    if medium.encrypted_since is not None:
        rows.append(
            [
                "Encrypted",
                f"as far as it was reported, since {moment.short(medium.encrypted_since)}",
            ]
        )
    return {
        "name": drive.name,
        "serial": drive.written,
        "state": drive.standing.label,
        "good": drive.proved,
        "rows": rows,
        "evidence": [_file(one) for one in _evidence(medium, told, names)],
    }


def _evidence(medium: Medium, told: Told, names: Names) -> list[File]:
    """The files of the steps that count for a drive, and no earlier ones."""
    counted = {one.seq for one in (medium.wipe, medium.check, medium.destroyed) if one}
    found = [
        digest
        for event in told.events
        if event.seq in counted
        or (isinstance(event, told_events.MediumFailed) and event.medium == medium.serial)
        for digest in digests(event)
    ]
    return [names.file(one) for one in dict.fromkeys(found)]


def _papers(told: Told, names: Names) -> list[dict[str, str]]:
    """What belongs to the whole: offers, receipts, certificates, minutes."""
    found = [
        digest
        for event in told.events
        if not isinstance(event, (*_OF_DRIVES, told_events.MediumFailed))
        for digest in digests(event)
    ]
    return [_file(names.file(one)) for one in dict.fromkeys(found)]


def _file(file: File) -> dict[str, str]:
    name = shown(file.name, 120) or "A file whose content is not kept any more"
    return {"name": name, "kind": file.kind or "paper", "sha256": file.sha256}


def _honest(media: Sequence[Medium], page: Story) -> list[str]:
    methods = {one.check.method for one in media if one.check}
    levels = {one.wipe.level for one in media if one.wipe}
    said = {
        "always": True,
        "full": "full" in methods,
        "sample": "sample" in methods,
        "before_after": "before_after" in methods,
        "weak": bool(methods & {"device_log", "visual"}),
        "certified": any(one.certified for one in media),
        "clear": "clear" in levels,
        "standards": True,
        "unfinished": not page.ended,
    }
    return [words().honest[name] for name, applies in said.items() if applies]


def _chain(told: Told, address: str) -> dict[str, Any]:
    chain = told.chain
    rows = [
        ["Lines", f"{chain.lines}, each with the digest of the one before and a signature"],
        ["Checked", chain.said],
        ["Ends in", chain.last, "digest"],
        ["Signed by", chain.signer or "not known", "key"],
        ["Its page", address],
    ]
    note = (
        "The square code holds the page’s address and the digest above. If the page shows another "
        "digest for this line later, the record was changed after this was printed."
    )
    return {"rows": rows, "note": note}


def file_name(page: Story) -> str:
    """What the file is called: letters, digits and dashes only."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in page.tag or page.id)
    return f"disposal-{plain.strip('-') or page.id}.pdf"
