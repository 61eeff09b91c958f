"""What leaves the school."""

from controller.people.roles import Role
from inventory.assets import services as register
from inventory.assets.writing import By
from inventory.disposal import services
from inventory.disposal.proof import storing
from inventory.disposal.values import FoundMedium
from inventory.models import Asset, Disposal, DisposalEvidence
from tests.controller.web import school
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import EVERYBODY, KEEPERS, READERS, Door

DECIDERS = frozenset({Role.SLT, Role.BUSINESS_MANAGER, Role.ADMIN})
DRIVE = FoundMedium(serial="WDWXM1A7654321", kind="hdd_sas", size_bytes=512)
BY = By("user_1", school.NOW)


def disposal(place: Place) -> str:
    """A thing that was taken out of use and looked into, with a failed drive."""
    held = Disposal.objects.filter(site=place.site).first()
    if held:
        return held.id
    asset = register.add(place.site.id, {"tag": "DOOR-9", "kind": "laptop"}, by=BY)
    [made] = services.withdraw(place.site.id, [asset], reason="old", by=BY)
    services.inspect(place.site.id, made.disposal, media=[DRIVE], by=BY, seen=1)
    return made.disposal


def started(place: Place) -> str:
    """An entry that may be taken out of use."""
    found = Asset.objects.filter(site=place.site, tag="DOOR-8").first()
    return found.id if found else register.add(place.site.id, {"tag": "DOOR-8"}, by=BY)


def file(place: Place) -> str:
    """A file of its story."""
    held = DisposalEvidence.objects.filter(site=place.site).first()
    if held:
        return held.id
    kept = storing.keep(place.site.id, "photo", "clicks.txt", b"It clicks.\n", by=BY)
    services.fail(
        place.site.id,
        disposal(place),
        medium=DRIVE.serial,
        evidence=[kept.sha256],
        reason="it clicks",
        by=BY,
        seen=None,
    )
    return kept.id


_ONE = "/register/disposal/{disposal}/"
_DRIVE = f"{_ONE}drives/{DRIVE.serial}/"
DOORS = {
    "disposals": Door("/register/disposal/", READERS),
    "disposal_register": Door("/register/disposal/all/", READERS),
    "disposal_sheet": Door("/register/disposal/all/sheet/csv/", READERS),
    "disposal_governors": Door("/register/disposal/governors/", EVERYBODY),
    "disposal_approve_many": Door("/register/disposal/approve/", DECIDERS, "post"),
    "disposal_start": Door("/register/disposal/start/{started}/", KEEPERS, names_a_thing=True),
    "disposal": Door(_ONE, READERS, names_a_thing=True),
    "disposal_certificate": Door(f"{_ONE}certificate/", READERS, names_a_thing=True),
    "disposal_receipt": Door(f"{_ONE}hand-over-receipt/", READERS, names_a_thing=True),
    "disposal_file": Door(f"{_ONE}files/{{file}}/", READERS, names_a_thing=True),
    "disposal_work": Door(f"{_ONE}request/", KEEPERS, names_a_thing=True),
    "disposal_decide": Door(f"{_ONE}approve/", DECIDERS, names_a_thing=True),
    "disposal_stop": Door(f"{_ONE}hold/", DECIDERS | {Role.DSL}, names_a_thing=True),
    "disposal_clear_up": Door(f"{_ONE}close_exception/", KEEPERS | DECIDERS, names_a_thing=True),
    "disposal_drive_retain": Door(f"{_DRIVE}retain/", KEEPERS | DECIDERS, names_a_thing=True),
    "disposal_drive_witness": Door(
        f"{_DRIVE}witness/", KEEPERS | DECIDERS | {Role.DSL}, names_a_thing=True
    ),
    "disposal_drive_work": Door(f"{_DRIVE}fail/", KEEPERS, names_a_thing=True),
    "disposal_drive_verify": Door(f"{_DRIVE}verify/", KEEPERS | DECIDERS, names_a_thing=True),
    "disposal_drive_decide": Door(f"{_DRIVE}validate/", DECIDERS, names_a_thing=True),
}
NAMES = {"disposal": disposal, "started": started, "file": file}
