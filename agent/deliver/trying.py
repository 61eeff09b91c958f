"""Tries the school's test pages once a day, a few at once, and leaves word for `collect` (O21).

What `collect` laid out is tried again a day later, or three hours later when nothing answered at
all. A thread that hangs in a name server is left behind: it ends with the process.
"""

import threading
import time
from typing import Final

from agent import testpages
from agent.deliver.testpage import OUT, Ways, answer
from agent.state import State
from agent.testpages import Asked, Found, Page
from checks.tried import Answered

DAY_SECONDS: Final = 20 * 3_600
"""Less than a day: the hour of a round wanders, and no day should be left out."""
AGAIN_SECONDS: Final = 3 * 3_600
ALL_SECONDS: Final = 90.0
_AT_ONCE: Final = 4
_NOTHING: Final[frozenset[Answered]] = frozenset({"no-name", "no-line", "silent"})
"""Then nobody was asked for anything."""


def go(state: State, now: int, ways: Ways = OUT) -> None:
    """Try what was laid out, if it is time."""
    asked = testpages.asked(state)
    if asked is None or not asked.names or not due(state, asked, now):
        return
    found = tried(asked, ways)
    pages = [Page(name, found[name]) for name in asked.names]
    testpages.leave(state, Found(now, asked.digest(), pages))


def due(state: State, asked: Asked, now: int) -> bool:
    """Whether another request was made since, or the last time is long enough ago."""
    try:
        last = testpages.found(state)
    except testpages.DamagedError:
        return True
    if last is None or last.asked != asked.digest() or last.at > now:
        return True
    nothing = all(page.found in _NOTHING for page in last.pages)
    return now - last.at >= (AGAIN_SECONDS if nothing else DAY_SECONDS)


def tried(asked: Asked, ways: Ways = OUT, seconds: float = ALL_SECONDS) -> dict[str, Answered]:
    """What came of each name; one that took too long is silent."""
    found: dict[str, Answered] = {}
    left = list(reversed(asked.names))
    trusts = ways.trusts()

    def work() -> None:
        while left:
            try:
                name = left.pop()
            except IndexError:
                return  # another thread was quicker
            found[name] = answer(name, asked.block_page, ways, trusts)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(_AT_ONCE)]
    until = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    left.clear()
    return {name: found.get(name, "silent") for name in asked.names}
