"""Section bodies: facts as bytes, named by their hash and stored before anyone reads them.

`pack` is the agent's way in, `check` the controller's: hash and size first, meaning later, when
judged.
"""

import msgspec

from wire import canonical, dsse, limits
from wire.errors import WireError
from wire.report import SectionRef
from wire.text import clean


def pack(facts: object) -> bytes:
    """Write facts as the bytes that travel: canonical JSON in which every string is clean.

    Most facts are clean and are encoded once. Else each string is repaired (`text.clean`), because
    facts from a machine with a hostile name, or a file name that is not UTF-8, must arrive, not
    fail. Raises WireError `too_large` over `limits.SECTION` bytes or `limits.ROWS` items in a list
    (the collector cuts lists with a marker before that) or `schema` for numbers that are not whole
    or too long.
    """
    try:
        return _checked(facts)
    except WireError:
        return _checked(_cleaned(msgspec.to_builtins(facts)))


def _checked(facts: object) -> bytes:
    body = canonical.encode(facts)
    value = canonical.decode(body, object, limit=limits.SECTION)
    # So many items need so many commas: most sections are not walked through at all.
    if body.count(b",") >= limits.ROWS and _longest_list(value) > limits.ROWS:
        raise WireError("too_large", f"A list in a section may hold {limits.ROWS} items.")
    return body


def _longest_list(value: object) -> int:
    if isinstance(value, dict):
        return max(map(_longest_list, value.values()), default=0)
    if isinstance(value, list):
        return max(len(value), max(map(_longest_list, value), default=0))
    return 0


def ref(section: str, schema: int, body: bytes) -> SectionRef:
    """Name `body` as it stands in a report."""
    return SectionRef(section=section, schema=schema, sha256=dsse.digest(body), size=len(body))


def check(sha256: str, body: bytes) -> None:
    """Check that `body` may be stored under `sha256`; raises WireError `too_large` or
    `bad_digest`.
    """
    if len(body) > limits.SECTION:
        raise WireError("too_large", f"A section may hold {limits.SECTION} bytes.")
    if dsse.digest(body) != sha256:
        raise WireError("bad_digest", "The section is not the one its name says.")


def _cleaned(value: object) -> object:
    """Repair every string in plain JSON values; keys are ours and stay."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {key: _cleaned(one) for key, one in value.items()}
    return value
