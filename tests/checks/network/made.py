"""Facts of a computer that is closed to everybody, to change one thing in."""

from typing import Any

import msgspec

from checks.network.facts import Guard, NetworkFacts

CLOSED = NetworkFacts(
    guards=[Guard("all", on=True, inbound="block", by="default")],
    keepers=[],
    others=[],
    services=[],
    unnamed=0,
    nla=None,
    smb1=False,
    uplinks=[],
    resolvers=[],
    modems=0,
)


def facts(**changes: Any) -> NetworkFacts:
    """The closed one with other values."""
    return msgspec.structs.replace(CLOSED, **changes)
