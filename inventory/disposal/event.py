"""What every step of a disposal holds, and how a step is called (I1)."""

import re
from typing import Final

import msgspec

from inventory.disposal.values import Actor, At, Id, Seq

_CAPITAL: Final = re.compile(r"(?<!^)(?=[A-Z])")


def tag(name: str) -> str:
    """`MediumFailed` as `medium_failed`."""
    return _CAPITAL.sub("_", name).lower()


class Step(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="type",
    tag=tag,
):
    """What every event holds (I1). The tag is the class's name in snake_case."""

    seq: Seq
    at: At
    actor: Actor
    rules: Id
