"""Scenes for `exploring` in which a disposal is stopped, or the thing is lost."""

from typing import Final

from inventory.disposal.values import FoundMedium
from tests.inventory.disposal.exploring import NEXT, Scene, Stage, T
from tests.inventory.disposal.telling import (
    FILE,
    HDD,
    HEAD,
    OFFICE,
    OTHER_FILE,
    STICK,
    TECHNICIAN,
    approved,
)

BAD_SERIAL: Final = FoundMedium(serial="0123456789", kind="usb")


def holding_back() -> Scene:
    """Holds, exceptions, and drives that come and go."""
    stage = Stage("holding back", approved(HDD))
    stage.tries("held").tries("held", hold="hold_2", reason=" ")
    stage.tries("hold_released").tries("hold_released", role="technician")
    stage.tries("hold_released", actor=TECHNICIAN, role="admin").tries("hold_released", reason="")
    stage.tries("medium_missing", medium=HDD).tries("medium_missing", medium=STICK)
    stage.tries("medium_appeared", medium=STICK).tries("medium_appeared", medium=BAD_SERIAL)
    stage.tries("medium_appeared", medium=HDD)
    never = {"outcome": "never_there", "reason": "The dock told it"}
    for who in (HEAD, TECHNICIAN):
        stage.tries("exception_closed", **never, actor=who)
    stage.tries("exception_closed", **never, role="technician")
    stage.tries("exception_opened").tries("exception_opened", kind="medium_missing", medium="X1")
    stage.tries("exception_opened", exception="exc_3", actor="system")
    for who in (HEAD, TECHNICIAN):
        for outcome in ("found", "elsewhere", "lost", "mistaken"):
            stage.tries("exception_closed", actor=who, outcome=outcome, entry="asset_9")
        stage.tries("exception_closed", actor=who, exception="exc_2", outcome="resolved")
        stage.tries("exception_closed", actor=who, exception="exc_3", outcome="resolved")
    stage.tries("exception_closed", outcome="lost", evidence=(FILE,))
    stage.tries("exception_closed", outcome="lost", evidence=(FILE,), role="")
    gives_up = {"actor": TECHNICIAN, "outcome": "lost", "exception": "exc_4"}
    stage.tries("medium_missing", medium=HDD, exception="exc_4", actor=OFFICE)
    stage.tries("exception_closed", **gives_up, evidence=(FILE,))
    stage.tries("exception_closed", outcome="elsewhere", entry="asset_1")
    stage.tries("exception_closed", exception="exc_2", outcome="found")
    stage.tries("destroyed", medium=HDD).tries("witnessed", medium=HDD, destruction=NEXT)
    stage.tries("collected", manifest=()).tries("collected", manifest=(HDD.serial,))
    stage.tries("reinstated").tries("retained", medium=HDD, actor=HEAD)
    return stage.scene()


def losing() -> Scene:
    """Lost, found again, or written off."""
    stage = Stage("losing", approved(HDD, value_pence=250_000))
    stage.tries("missing", discovered_at=T).tries("missing", discovered_at=T + 1)
    stage.tries("missing", actor=OFFICE, discovered_at=T).tries("missing", encryption=())
    stage.tries("found").tries("found", reason="").tries("destroyed", medium=HDD)
    stage.tries("witnessed", medium=HDD, destruction=NEXT)
    for who in (HEAD, OFFICE, TECHNICIAN, "system"):
        stage.tries("written_off", actor=who)
    stage.tries("written_off", value_pence=250_001).tries("written_off", breach="no_personal_data")
    stage.tries("written_off", reason=" ").tries("written_off", role="governors")
    stage.tries("written_off", role="governors", minute="FGB 2", evidence=(OTHER_FILE,))
    stage.tries("held").tries("exception_opened").tries("seen").tries("inspected")
    stage.tries("requested").tries("medium_missing", medium=HDD)
    return stage.scene()
