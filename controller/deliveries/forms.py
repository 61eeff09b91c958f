"""What people type of a delivery, and what all its things have in common."""

from collections.abc import Mapping
from typing import Final

import msgspec

from inventory.assets.fields import Value
from inventory.assets.kinds import kinds
from inventory.deliveries.services import FIELDS
from inventory.imports.values import understood

TYPED: Final = (
    *("name", "serials", "tags", "kind", "make", "model", "supplier", "order", "bought_on"),
    *("cost_pence", "warranty_until", "funding", "room", "pool"),
)
_AS_IT_IS: Final = frozenset({"kind", "room", "pool"})
_LONGEST: Final = 60_001
"""Characters of one field; one more than a list of serial numbers may have."""


class Typed(msgspec.Struct, frozen=True):
    """The form as it was sent, so that nothing typed is lost."""

    name: str = ""
    serials: str = ""
    tags: str = ""
    kind: str = "laptop"
    make: str = ""
    model: str = ""
    supplier: str = ""
    order: str = ""
    bought_on: str = ""
    cost_pence: str = ""
    warranty_until: str = ""
    funding: str = ""
    room: str = ""
    pool: str = ""


def read(sent: Mapping[str, str]) -> Typed:
    """From a form."""
    return Typed(**{name: sent.get(name, "")[:_LONGEST] for name in TYPED})


def common(typed: Typed) -> dict[str, Value]:
    """Values all things of the delivery get. Raises RegisterError that names the field."""
    found: dict[str, Value] = {}
    for name in FIELDS:
        text = getattr(typed, name, "")
        if text:
            found[name] = text if name in _AS_IT_IS else understood(name, text)
    return found


def kind_choices() -> list[tuple[str, str]]:
    """Kinds to pick from."""
    return [(name, kind.title) for name, kind in kinds().items()]
