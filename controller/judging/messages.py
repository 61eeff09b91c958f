"""What goes to the judging process and comes back.

A process of its own keeps 70 judges a device off the thread that answers agents, and a section that
kills it takes nothing else along (A5).
"""

from typing import Final

import msgspec

from wire.report import Result

TOGETHER: Final = 8 * 1024 * 1024
"""Bytes of sections that travel in one frame, unless one device alone has more."""


class SectionBody(msgspec.Struct, frozen=True, array_like=True):
    """One stored section, unread."""

    name: str
    schema: int
    body: bytes


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One device to judge. `seen` is when the agent looked (epoch seconds), `today` the ISO date at
    the school. `agent_ruled` is why the agent judged by another policy than the one in force, or by
    part of it (`wire.policy.RULED`), "" for no reason."""

    device: str
    turn: int
    seq: int
    platform: str
    profile: str
    goes_home: bool
    agent: str
    policy: bytes
    policy_digest: str
    sections: list[SectionBody]
    seen: int
    today: str
    zone: str
    agent_policy: str
    agent_catalogue: str
    agent_profile: str
    agent_ruled: str
    agent_results: list[Result]


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """One verdict; `args` is JSON. `agent_status` as in `fleet.Verdict`."""

    check: str
    status: str
    severity: str
    says: str
    args: str
    agent_status: str


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """All verdicts of a device, and what it says it is. `failed` names why it could not be judged,
    else "". `ruled` is as in `fleet.Device`."""

    device: str
    turn: int
    seq: int
    agent: str
    policy: str
    catalogue: str
    verdicts: list[Answer]
    looks: dict[str, str]
    factors: dict[str, list[str]]
    malformed: list[str]
    failed: str = ""
    ruled: str = ""
    drives: list[str] = []
    """Serial numbers of the drives in it."""
    cards: list[str] = []
    """Addresses of the network cards in it and on its dock."""
    told: list[SectionBody] = []
    """What it says of the network (`checks.surveys`), whole and unread."""


def failed(device: str, turn: int, seq: int, why: str) -> Judged:
    """A device that could not be judged: its verdicts become unknown."""
    return Judged(
        device=device,
        turn=turn,
        seq=seq,
        agent="",
        policy="",
        catalogue="",
        verdicts=[],
        looks={},
        factors={},
        malformed=[],
        failed=why,
    )
