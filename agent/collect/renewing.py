"""Changes this computer's key once a year by itself (trust §4.3).

A key that was read off a disk, a backup or an image that nobody remembers is then good for a year
at most. How old it is counts in trusted time, the controller's receipts, from when one was first
held under it (O20): a local clock that is wrong changes nothing. Computers that joined on one day
do not change on one night: each is due up to two months early, by its own key.
"""

import hashlib
import logging
from typing import Final

import msgspec

from agent import chain, files, keyfile
from agent.collect import rekeying
from agent.state import State
from wire import keys

log = logging.getLogger("agent.collect")

NAME: Final = "renewal.json"
YEAR_SECONDS: Final = 365 * 86_400
EARLY_SECONDS: Final = 60 * 86_400


class Renewal(msgspec.Struct, frozen=True):
    """Since when (epoch seconds, as a receipt said) the key with this id is in use."""

    key: str = ""
    since: int = 0


def consider(state: State) -> bool:
    """Prepare the change if it is due and nothing waits; True if the sender has it now.

    Raises StateError for a damaged key.
    """
    key = keyfile.load(state.key)
    trusted = chain.load(state.key).received_at
    if key is None or not trusted:
        return False
    mine = keys.key_id(keys.public_bytes(key))
    held = _held(state)
    if held.key != mine or held.since > trusted:
        files.replace(state.key / NAME, msgspec.json.encode(Renewal(mine, trusted)))
        return False
    if trusted - held.since < YEAR_SECONDS - early(mine):
        return False
    again = rekeying.is_going_on(state)
    if rekeying.propose(state) and not again:
        log.warning("the key of this computer is a year old; it changes it")
    return rekeying.is_going_on(state)


def early(key_id: str) -> int:
    """Seconds before the year is over: the same each time for one key, as if by chance."""
    drawn = int.from_bytes(hashlib.sha256(key_id.encode()).digest()[:4])
    return drawn % EARLY_SECONDS


def _held(state: State) -> Renewal:
    data = files.read_or_none(state.key / NAME, 4096)
    try:
        return Renewal() if data is None else msgspec.json.decode(data, type=Renewal)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Renewal()
