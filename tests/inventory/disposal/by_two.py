"""Steps that are refused because somebody else has to speak: code, what it says, the step (I2)."""

from collections.abc import Callable
from typing import Final

from tests.inventory.disposal.telling import (
    HDD,
    OFFICE,
    TECHNICIAN,
    Story,
    approved,
    changed_rules,
    ready,
)

BY_TWO: Final[tuple[tuple[str, str, Callable[[], Story]], ...]] = (
    (
        "was_there",
        HDD.serial,
        lambda: (
            approved(HDD)
            .does("medium_missing", medium=HDD)
            .does("exception_closed", outcome="never_there")
        ),
    ),
    (
        "outsider_unsaid",
        "neither asked for this",
        lambda: ready(HDD, route="donate").does("handed_over", outsider=False),
    ),
    (
        "may_not_lessen",
        "the head or a senior leader",
        lambda: approved(HDD).does("retained", medium=HDD, actor=OFFICE, role="technician"),
    ),
    (
        "may_not_lessen",
        "the governors",
        lambda: (
            approved(HDD, value_pence=250_000)
            .does("medium_missing", medium=HDD)
            .does("exception_closed", outcome="elsewhere", entry="asset_7", role="")
        ),
    ),
    (
        "witness_unasked",
        "witness has to say it",
        lambda: approved(HDD).does("destroyed", medium=HDD, awaits_witness=False),
    ),
    (
        "other_witness",
        "Only the witness",
        lambda: (
            approved(HDD)
            .does("destroyed", medium=HDD)
            .does("witnessed", medium=HDD, actor=TECHNICIAN)
        ),
    ),
    (
        "not_this_destruction",
        HDD.serial,
        lambda: approved(HDD).does("witnessed", medium=HDD),
    ),
    (
        "unconfirmed",
        HDD.serial,
        lambda: (
            approved(HDD, rules=changed_rules(wiping={"offsite": True}))
            .does("destroyed", medium=HDD)
            .does("collected")
        ),
    ),
    (
        "no_reason",
        "Say why",
        lambda: (
            approved(HDD).does("destroyed", medium=HDD).does("witnessed", medium=HDD, seen=False)
        ),
    ),
)
