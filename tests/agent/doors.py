"""Every door there is, to be asked the same question."""

from collections.abc import Callable

from checks.host import CannotLook, Host

Ask = Callable[[Host], object]
Door = Callable[[Ask], object]
"""Ask one question of a host; gives the answer, or the reason it could not look."""


def outcome(ask: Ask, host: Host) -> object:
    try:
        return ask(host)
    except CannotLook as blind:
        return f"cannot: {blind.reason}"
