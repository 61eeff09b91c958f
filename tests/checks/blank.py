"""A machine of which nothing is known but what a test says."""

import msgspec

from checks.hardware.facts import HardwareFacts
from checks.unseen import Unseen


def blank_hardware(**known: object) -> HardwareFacts:
    """Every other field is unseen."""
    fields: dict[str, object] = dict.fromkeys(
        (field.name for field in msgspec.structs.fields(HardwareFacts)), Unseen("unsupported")
    )
    return HardwareFacts(**{**fields, "refused": [], **known})  # type: ignore[arg-type]  # as the struct has them
