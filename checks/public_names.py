"""What is a public host name: the only thing a policy may have a computer call on (O21).

By its spelling alone, so that a school's router, a neighbour's printer and an address are refused
before anybody asks for them; where a name leads is looked at by who calls (`agent.deliver.trying`).
"""

import re
from typing import Final

_LABEL: Final = re.compile(r"\A[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_PRIVATE: Final = frozenset(
    {
        *("local", "localhost", "localdomain", "internal", "intranet", "private", "corp", "home"),
        *("lan", "arpa", "onion", "test", "invalid", "example", "alt"),
    }
)
"""Top-level names that lead nowhere public (RFC 6761, 6762, 7686, 8375, 9476) or are in use at
home."""
_LONGEST: Final = 253


def is_public_name(name: str) -> bool:
    """Lower case, two labels or more, none of the names that stay in a house; no address."""
    labels = name.split(".")
    return (
        len(name) <= _LONGEST
        and len(labels) >= 2
        and all(_LABEL.match(label) for label in labels)
        and not labels[-1].isdigit()
        and labels[-1] not in _PRIVATE
    )
