"""A policy on a terminal: one line a wish, every string made harmless."""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from checks.words import clean
from controller import logs
from controller.commands import shared

if TYPE_CHECKING:
    from controller.policy.standing import Standing, Version
    from controller.policy.wording import Said
    from wire.policy import Rules


def standing(found: "Standing") -> Iterator[str]:
    """What is in force, by whose word, until when."""
    if found.version is None:
        yield "No policy was put in force; the defaults of the checks are."
    else:
        one = found.version
        yield f"{one.name}, version {one.version}, in force since {day(one.since)}"
        yield f"Signed by {_who(found, one.signer)}"
        ended = {"over": "EXPIRED on", "soon": "Expires soon, on", "good": "Good until"}
        yield f"{ended[found.ends]} {day(one.expires_at)}"
        if not found.counts:
            yield "Computers do not believe it: its signer is not in the list of keys. Sign again."
        yield from said(found.said)


def said(policy: "Said") -> Iterator[str]:
    """All it asks."""
    if policy.empty:
        yield "It asks for nothing beyond the defaults."
    for text in policy.quiet:
        yield f"Quiet: {text}"
    if policy.gateways:
        yield f"At school is where the way out is one of: {', '.join(policy.gateways)}"
    for network in policy.ssids:
        yield f"Wireless network {network.role}: {network.ssid}"
    if policy.settings:
        head = ("CHECK", "SETTING", "VALUE", "DEFAULT", "FOR", "ASKED BY", "REASON")
        rows = [
            (one.check, one.name, one.value, one.default, one.profile or "all", one.by, one.reason)
            for one in policy.settings
        ]
        yield shared.table(head, rows)
    if policy.urgencies:
        yield shared.table(
            ("CHECK", "SEVERITY", "DEFAULT", "ASKED BY", "REASON"),
            [
                (one.check, one.severity, one.default, one.by, one.reason)
                for one in policy.urgencies
            ],
        )


def history(found: Sequence["Version"]) -> str:
    """What was in force, newest first."""
    rows = [
        (
            one.version,
            one.name,
            day(one.since),
            day(one.until) if one.until is not None else "in force",
            "a person" if one.separate else "the controller",
            one.signer,
        )
        for one in found
    ]
    return shared.table(("VERSION", "NAME", "SINCE", "UNTIL", "SIGNED BY", "KEY"), rows)


def payload(rules: "Rules") -> str:
    """What a file to sign is for."""
    return (
        f"For {rules.site}, version {rules.version}, made {day(rules.issued_at)}, good until "
        f"{day(rules.expires_at)}."
    )


def in_force(version: int, expires_at: int) -> str:
    """It worked."""
    return (
        f"Version {version} is in force, good until {day(expires_at)}. Every computer is judged "
        "again, and takes it at its next report."
    )


def to_sign(path: Path, people: Sequence[str]) -> Iterator[str]:
    """What the signer does."""
    yield f"Written: {path}. Whoever may sign reads it and signs it, on a computer of their own:"
    yield f"  caretaker policy check {path.name}"
    yield f"  ssh-keygen -Y sign -n policy@caretaker -f KEY {path.name}"
    yield f"Bring {path.name} and {path.name}.sig back; then: caretaker policy import {path.name}"
    for one in people:
        yield f"May sign: {one}"


def to_check(folder: Path, names: Sequence[str]) -> Iterator[str]:
    """What somebody does who believes nobody here."""
    payload = names[0]
    if len(names) == 1:
        yield f"Written: {folder / payload}. The controller itself signed it (not separated);"
        yield "docs/wire-format.md says how openssl checks such an envelope."
        return
    yield f"Written to {folder}. Whoever has ssh-keygen checks it there:"
    yield (
        f"  ssh-keygen -Y verify -f allowed_signers -I signer -n policy@caretaker "
        f"-s {payload}.sig < {payload}"
    )
    yield "Compare the fingerprint it prints with the signer's own: ssh-keygen -l -f KEY.pub"


def line(text: str) -> str:
    """A sentence that may quote what somebody wrote."""
    return clean(text, logs.LONGEST_LINE)


def day(at: int) -> str:
    """`23 Nov 2026`, UTC."""
    return f"{datetime.datetime.fromtimestamp(at, datetime.UTC):%-d %b %Y}"


def _who(found: "Standing", signer: str) -> str:
    if found.separate:
        return f"a person, {signer}"
    return f"the controller itself (not separated), {signer}"
