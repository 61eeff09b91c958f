"""A computer between two identities: it gave one up and asks, by itself, to be let in as a new one.

`newcomer.json` says whom it asks, and lies beside `identity.json`, which is missing meanwhile. The
request itself is signed once and kept in `key/`, so that the same bytes go out however often;
`spool/enrol.json` is the sender's copy.
"""

from typing import Final

import msgspec

from agent import files
from agent.state import Identity, State, StateError

NAME: Final = "newcomer.json"
REQUEST: Final = "enrol.json"
JOINED: Final = "joined.json"
"""In `key/`: the request that was granted, for a controller that forgets us (O5)."""
_LIMIT: Final = 64 * 1024


class Newcomer(msgspec.Struct, frozen=True, kw_only=True):
    """`identity` is the one to be, as far as it is known: whom to ask, and no device id yet.

    `former` is the device given up, `grave` the name of its folder in `orphan/`, `own` the binding
    of this hardware: reports made here are this computer's and are signed again.
    """

    identity: Identity
    former: str
    grave: str
    own: str


def load(state: State) -> Newcomer | None:
    """The newcomer this computer is, or None. Raises StateError if the file is damaged."""
    data = files.read_or_none(state.root / NAME, _LIMIT)
    if data is None:
        return None
    try:
        return msgspec.json.decode(data, type=Newcomer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StateError(
            f"{state.root / NAME} is damaged; enrol this computer with a join code."
        ) from error


def save(state: State, newcomer: Newcomer) -> None:
    """Write it, whole or not at all."""
    files.replace(state.root / NAME, msgspec.json.encode(newcomer))


def request(state: State) -> bytes | None:
    """The signed request as the sender has it; None when it is not there (yet)."""
    return files.read_or_none(state.spool / REQUEST, _LIMIT)


def forget(state: State) -> None:
    """It has an identity again."""
    if (state.key / REQUEST).exists():
        files.move(state.key / REQUEST, state.key / JOINED)
    for path in (state.spool / REQUEST, state.root / NAME):
        path.unlink(missing_ok=True)
