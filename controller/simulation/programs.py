"""Programs and removable media of an invented computer, as its agent would have read them."""

from typing import Final, Literal, get_args

from checks.facts import Facts
from checks.judging import Body
from checks.removable_media.facts import (
    Autorun,
    Driver,
    RemovableMediaFacts,
    RemovableMediaNow,
    UsbGuard,
    Volume,
)
from checks.software.facts import (
    Browser,
    BrowserPolicy,
    Place,
    SoftwareFacts,
    SoftwareNow,
    Source,
    Starting,
    Title,
)
from controller.simulation.roster import Machine, school

DAY: Final = 86_400
SETTLED_DAYS: Final = 200
_SOURCES: Final[dict[str, Source]] = {
    "windows": "registry",
    "macos": "application",
    "linux": "dpkg",
}
_STARTING: Final[dict[str, list[Starting]]] = {
    "windows": [Starting("applocker", "enforcing", "group-policy")],
    "macos": [Starting("gatekeeper", "enforcing", "mdm")],
    "linux": [],
}
Sections = dict[type[Facts], Body]


def software(machine: Machine, night: int, look: int) -> Sections:
    """Installed and running programs."""
    platform = machine.kind.platform
    source = _SOURCES[platform]
    titles = [
        Title(
            name, version, source, publisher=publisher, system=system, installed_at=_settled(look)
        )
        for name, version, publisher, system in school().programs[platform]
    ]
    running = ["explorer", "msedge"] if platform == "windows" else ["finder", "gnome-shell"]
    for fault, (name, version, publisher, program) in school().extras.items():
        if machine.has(fault, night):
            since = look - DAY * (night - machine.faults[fault].start) - 6 * 3_600
            titles.append(
                Title(name, version, source, publisher=publisher, installed_at=_day(since))
            )
            running.append(program)
    pupil_can_start = machine.has("sticks-allowed", night)
    steady = SoftwareFacts(
        titles=titles,
        cut=0,
        blind=[],
        dns=[],
        proxies=[],
        extensions=[],
        places=[Place("/home", not pupil_can_start), Place("/tmp", noexec=True)],  # noqa: S108  (a fact)
        allow_list=None,
        starting=[] if pupil_can_start else _STARTING[platform],
        installs_elevated=False,
        browsers=[
            BrowserPolicy(browser, safe_search=True, extensions="listed")
            for browser in get_args(Browser)
        ],
    )
    return {
        SoftwareFacts: steady,
        SoftwareNow: SoftwareNow(running=running, hidden=0, listening=[]),
    }


def media(machine: Machine, night: int, look: int) -> Sections:
    """What may be plugged in, and what was."""
    allowed = machine.has("sticks-allowed", night)
    stops: Literal["no", "refused"] = "no" if allowed else "refused"
    guard = (
        []
        if allowed
        else [UsbGuard(running=True, stick="block", phone="block", approved=2, models=0)]
    )
    steady = RemovableMediaFacts(
        kinds=["usb-storage", "phone"],
        drivers=[
            Driver("usb_storage", "module", stops, loaded=allowed),
            Driver("uas", "module", stops, loaded=False),
        ],
        usb_default="allow",
        usbguard=guard,
        udev=None,
        phone_programs=False,
        autorun=[Autorun("5f0c2a9d41b7e836", "other", starts=False, changeable=False)],
    )
    now = RemovableMediaNow(
        attached=[],
        logged=_sticks(machine, night, look),
        log_since=look - 3 * DAY,
        watching_since=look - 400 * DAY,
        scans=[],
    )
    return {RemovableMediaFacts: steady, RemovableMediaNow: now}


def _sticks(machine: Machine, night: int, look: int) -> list[Volume]:
    if not machine.has("stick-seen", night):
        return []
    return [
        Volume(
            id="c41d0b7e9f2a6853",
            kind="usb-storage",
            usb="0781:5581",
            name="SanDisk Ultra",
            serial=True,
            size_bytes=32_000_000_000,
            first_at=look - 7_200,
            last_at=look - 3_600,
        )
    ]


def _settled(look: int) -> int:
    """A day long before the first night, the same for every night of one run."""
    return _day(look - look % (SETTLED_DAYS * DAY)) - SETTLED_DAYS * DAY


def _day(at: int) -> int:
    return at - at % DAY
