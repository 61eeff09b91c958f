"""What long work that a person started shares: how it ends, and how the school hears of it."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from agent.commands import shared
from agent.state import State, StateError

_ENDS: Final = ("SIGTERM", "SIGHUP", "SIGBREAK")


@contextmanager
def stopped_by_all() -> Iterator[None]:
    """A closed window and a shutdown end the work as Ctrl-C does: what it started ends with it."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    known = [getattr(signal, name) for name in _ENDS if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in known}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def at_once(state: State, keep: Callable[[], None], done: str) -> tuple[int, str]:
    """Keep what came of it and make the report that tells it: its number, 0 for none, and what
    became of it. `done`: what an administrator does here, such as `scans`."""
    from agent.commands import run
    from agent.turns import turn

    try:
        if state.identity() is None:
            return 0, "This computer belongs to no school, so nothing is kept or sent."
        with turn(state.key):
            keep()
        # A door that has not looked yet: one sees one round.
        made = run.at_once(state, shared.this_machine(state))
    except PermissionError:
        return 0, f"Only what an administrator {done} is kept and told to the school."
    except (StateError, OSError) as error:
        return 0, f"It could not be told to the school: {error}"
    if not made.seq:
        return 0, f"It is kept and goes with the next report. {made.sentence or made.summary}"
    if made.waiting or made.code:
        return made.seq, f"Report {made.seq} tells it and is sent as soon as that is possible."
    return made.seq, f"Report {made.seq} has told the school."
