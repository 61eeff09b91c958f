"""The school's test pages, on their way to the sender and back (O13, O21, ADR 22).

`collect` reads the policy and opens no connection; the sender opens connections and judges nothing.
Between them lie two files beside the reports:

    spool/pages.json         what to try, written by `collect` by the policy in force
    spool/pages.found.json   what came of it, written by the sender

The sender's word is believed as far as it is one: it is bounded, and names what it was asked for. A
sender gone bad can say that a filter works; it cannot have a page opened by who holds the key.
"""

import hashlib
from typing import Annotated, Final, Literal

import msgspec

from agent import files
from agent.state import State
from checks.public_names import is_public_name
from checks.tried import Tried, Try

ASKED: Final = "pages.json"
FOUND: Final = "pages.found.json"
MOST: Final = 20
"""Names in all, one request each per day (O21)."""
SHORTEST_WORDS: Final = 5
"""Characters: fewer stand on any page."""
MOST_WORDS: Final = 20
_LARGEST: Final = 64 * 1024

_Name = Annotated[str, msgspec.Meta(max_length=253)]


class DamagedError(Exception):
    """What the sender left cannot be read."""


class Asked(msgspec.Struct, frozen=True):
    """Host names to try, in order, and words by which the filter's own page is known."""

    names: list[str]
    block_page: list[str]
    v: Literal[1] = 1

    def digest(self) -> str:
        """Which request an answer belongs to."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()


class Page(Try, frozen=True):
    """One of them."""

    name: _Name


class Found(msgspec.Struct, frozen=True):
    """What came of a request: `asked` is its digest, `at` epoch seconds UTC."""

    at: int
    asked: str
    pages: Annotated[list[Page], msgspec.Meta(max_length=MOST)]
    v: Literal[1] = 1


def request(names: list[str], block_page: list[str]) -> Asked:
    """What may be asked for of all that a policy says: the rest is left out, and so never tried."""
    words = {" ".join(one.split()).casefold() for one in block_page}
    return Asked(
        sorted({name for name in names if is_public_name(name)})[:MOST],
        sorted(one for one in words if len(one) >= SHORTEST_WORDS)[:MOST_WORDS],
    )


def hand_out(state: State, asked: Asked) -> None:
    """Lay the request out for the sender, or take it away where there is nothing to try."""
    if not asked.names:
        forget(state)
        return
    data = msgspec.json.encode(asked)
    if files.read_or_none(state.spool / ASKED, _LARGEST) != data:
        files.replace(state.spool / ASKED, data)


def forget(state: State) -> None:
    """Nothing is to be tried, and nothing was."""
    for name in (ASKED, FOUND):
        (state.spool / name).unlink(missing_ok=True)


def asked(state: State) -> Asked | None:
    """The request that lies there; None for none, and for one that cannot be read."""
    try:
        data = files.read_or_none(state.spool / ASKED, _LARGEST)
        return None if data is None else msgspec.json.decode(data, type=Asked)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def found(state: State) -> Found | None:
    """What the sender last left. Raises DamagedError, OSError."""
    data = files.read_or_none(state.spool / FOUND, _LARGEST)
    try:
        return None if data is None else msgspec.json.decode(data, type=Found)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DamagedError(str(state.spool / FOUND)) from error


def leave(state: State, found: Found) -> None:
    """Lay down what came of a request."""
    files.replace(state.spool / FOUND, msgspec.json.encode(found))


def tried(state: State) -> Tried | None:
    """What a reader sees of it. Raises DamagedError, OSError."""
    last = found(state)
    return None if last is None else Tried(last.at, [Try(p.name, p.found) for p in last.pages])
