"""The one digest under which several hardware facts travel in each report (trust §4.3).

Equal digests mean equal hardware; unequal ones mean only that something differs, perhaps a network
card in a dock. Which factors differ only the machine itself can tell.
"""

import hashlib
from collections.abc import Mapping


def digest(factors: Mapping[str, str]) -> str:
    """The digest of factors by kind; "" when there are none, which equals nothing."""
    if not factors:
        return ""
    lines = "\n".join(f"{kind}={value}" for kind, value in sorted(factors.items()))
    return "sha256:" + hashlib.sha256(lines.encode()).hexdigest()
