"""Which layer of settings decided a fact: part of the fact, because "set by a user" is weaker.

Readers look the layers through in their true precedence and keep the first that says anything.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

Layer = Literal["group-policy", "mdm", "local-policy", "user", "default"]
"""`group-policy`: a policy key of Windows, written by Group Policy (the school's or the machine's
own); `mdm`: Intune or another manager, a profile on macOS; `local-policy`: an administrator on this
machine, also a locked setting of a Linux desktop; `user`: whoever uses it; `default`: nobody."""

LOOSE: frozenset[Layer] = frozenset({"user", "default"})
"""Layers that whoever uses the machine can overrule."""


class Decided(msgspec.Struct, frozen=True):
    """A number in force and who decided it."""

    value: int
    by: Layer


def decide(default: int, layers: Iterable[tuple[Layer, int | None]]) -> Decided:
    """The first layer that says anything, else the system's default. None: the layer is silent."""
    for layer, value in layers:
        if value is not None:
            return Decided(value, layer)
    return Decided(default, "default")
