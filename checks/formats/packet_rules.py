"""What the parsers of packet filters have in common: chains of rules, each with conditions.

Only what decides about a packet that arrives is kept. A condition that no parser understands is
`unknown`, so that whoever follows a packet takes both ways.
"""

from typing import Literal

import msgspec

About = Literal[
    "interface",
    "protocol",
    "port",
    "source_port",
    "source",
    "destination",
    "family",
    "state",
    "cast",
    "never",
    "unknown",
]
"""`port`: of the destination; `state`: of the connection; `cast`: to whom the packet is addressed
(`local`, `broadcast`, `multicast`)."""
Does = Literal["accept", "drop", "jump", "goto", "return", "next", "unknown"]
"""`drop`: also with an answer that refuses; `next`: only counted, marked or written down."""


class Match(msgspec.Struct, frozen=True):
    """One condition: any of these values, or with `negated` none of them.

    Numbers are text, ranges `1000-2000`, networks `10.0.0.0/8`, names end in `*` for any ending.
    """

    about: About
    values: list[str] = []
    negated: bool = False


class Rule(msgspec.Struct, frozen=True):
    """All conditions must hold. `target`: the chain of a jump."""

    matches: list[Match]
    does: Does
    target: str = ""


class Chain(msgspec.Struct, frozen=True):
    """`hook` None: only other chains lead here. `policy`: what becomes of a packet at its end."""

    family: Literal["ip", "ip6", "inet"]
    table: str
    name: str
    hook: str | None
    policy: Literal["accept", "drop"]
    rules: list[Rule]


UNKNOWN = Match("unknown")
