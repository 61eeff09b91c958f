"""What an invented computer's agent would send on one night: a section for each domain.

The numbers are believable, not measured; every fault of the roster shows in the facts a real agent
would have read, so that the real judges find it. `look` is when the agent looked, epoch seconds.
"""

from collections.abc import Callable, Mapping
from typing import Final

from checks.antivirus.facts import AntivirusFacts, AntivirusNow, Freshness, Product
from checks.backups.facts import BackupsFacts, BackupsNow, Job
from checks.capacity.facts import Battery, CapacityFacts
from checks.encryption.facts import EncryptionFacts, State
from checks.encryption.facts import Volume as Drive
from checks.facts import Facts
from checks.filtering.facts import FilteringFacts
from checks.hardware.facts import Disk, HardwareFacts, HardwareNow, NetworkCard, Volume
from checks.judging import Body
from checks.locking.facts import Locker, LockingFacts, LockingNow, Rule, Session
from checks.logging.facts import Banner, LoggingFacts, Trail
from checks.logging.facts import Kind as LogKind
from checks.management.facts import Enrolment, ManagementFacts
from checks.online import Stretch
from checks.operating_system.facts import (
    Automatic,
    OperatingSystemFacts,
    OperatingSystemNow,
    Update,
)
from checks.peripherals.facts import PeripheralsFacts, Radio
from checks.power.facts import PowerFacts
from checks.unseen import Maybe, NotHere, Unseen
from checks.wireless.facts import Keeper, Link, Profile, Source, WirelessFacts, WirelessNow
from controller.simulation import programs
from controller.simulation.accounts import accounts
from controller.simulation.air import air
from controller.simulation.network import network
from controller.simulation.roster import Machine

DAY: Final = 86_400
HOUR: Final = 3_600
GB: Final = 1_000_000_000
GIB: Final = 1 << 30
MIB: Final = 1 << 20

Sections = dict[type[Facts], Body]


def sections(machine: Machine, night: int, look: int) -> Sections:
    """Every section of one computer on one night."""
    found: Sections = {}
    for part in PARTS:
        found.update(part(machine, night, look))
    return found


def _hardware(machine: Machine, night: int, look: int) -> Sections:
    kind = machine.kind
    junk = machine.has("placeholder-serial", night)
    serial = None if junk else machine.serial
    mac = kind.platform == "macos"
    steady = HardwareFacts(
        make=kind.make,
        model=machine.model,
        model_code=None,
        serial=serial,
        board_serial=None if junk else f"PF{machine.serial}",
        chassis_serial=serial,
        uuid=machine.uuid,
        asset_tag=None,
        refused=["serial", "board_serial", "chassis_serial"] if junk else [],
        firmware_version=f"1.{machine.random('firmware').randrange(10, 40)}",
        firmware_date="03/14/2025",
        chassis="laptop" if kind.portable else "server" if kind.id == "server" else "desktop",
        portable=kind.portable,
        virtual=None,
        cpu="Apple M2" if mac else "11th Gen Intel(R) Core(TM) i5-1135G7",
        cpu_threads=8,
        memory_bytes=kind.memory_gb * GIB,
        memory_usable_bytes=kind.memory_gb * GIB - 256 * MIB,
        tpm=None if mac else "2.0",
        secure_boot=None if mac else True,
        host_name=machine.name,
        install_id=f"{machine.number:032x}",
        cards=[_card(machine)],
        disks=[_disk(machine)],
    )
    size = kind.disk_gb * GB
    free = int(size * (0.35 + 0.4 * machine.random("free").random())) - night * 200 * MIB
    volumes = [Volume("system", size, free)]
    now = HardwareNow(volumes=volumes, attached_disks=[], attached_cards=[], full_in=None)
    return {HardwareFacts: steady, HardwareNow: now}


def _card(machine: Machine) -> NetworkCard:
    if machine.kind.portable:
        return NetworkCard("wlan0", "wireless", machine.mac, permanent=True)
    return NetworkCard("eth0", "wired", machine.mac, permanent=True)


def _disk(machine: Machine) -> Disk:
    models = ["SAMSUNG MZVL2256HCHQ", "KBG40ZNT256G", "WDC PC SN530"]
    return Disk(
        name="nvme0n1",
        serial=machine.disk_serial,
        wwn=None,
        make=None,
        model=machine.random("disk").choice(models),
        size_bytes=machine.kind.disk_gb * GB,
        rotational=False,
        transport="nvme",
        removable=False,
    )


def _locking(machine: Machine, night: int, look: int) -> Sections:
    kind = machine.kind
    if kind.id == "server":
        nothing = NotHere("no desktop is installed")
        return {LockingFacts: nothing, LockingNow: nothing}
    limit = 600 if kind.profile == "office" else 900
    locker: Locker = "gnome" if kind.platform == "linux" else "other"
    late = machine.has("lock-late", night)
    rule = Rule(
        user="5f0c2a9d41b7e836",
        locker=locker,
        idle_seconds=1_800 if late else limit - 300,
        locks=not machine.has("lock-never", night),
        grace_seconds=0,
        on_resume=True,
        changeable=machine.has("lock-changeable", night),
    )
    steady = LockingFacts(rules=[rule], machine_idle_seconds=None)
    return {LockingFacts: steady, LockingNow: LockingNow(sessions=_sessions(machine, night, look))}


def _sessions(machine: Machine, night: int, look: int) -> list[Session]:
    since = look - HOUR
    if machine.has("left-signed-in", night):
        since = look - DAY * (1 + night) - HOUR
    if machine.has("left-open", night):
        return [Session("5f0c2a9d41b7e836", False, False, 2 * HOUR, look - 5 * HOUR)]
    if machine.has("left-signed-in", night) or machine.random("session", night).random() < 0.5:
        return [Session("5f0c2a9d41b7e836", False, True, 40 * 60, since)]
    return []


_LOGS: Final[Mapping[str, LogKind]] = {
    "windows": "windows",
    "macos": "audit",
    "linux": "journal",
}
_NAMES: Final = {
    "windows": ("windows-defender", "Microsoft Defender Antivirus", "4.18.25100.9"),
    "macos": ("defender", "Microsoft Defender for Endpoint", "101.25092.0006"),
    "linux": ("clamav", "ClamAV", "1.4.6"),
}


def _antivirus(machine: Machine, night: int, look: int) -> Sections:
    if machine.has("antivirus-unseen", night):
        return {AntivirusFacts: Unseen("timeout"), AntivirusNow: Unseen("timeout")}
    product_id, name, version = _NAMES[machine.kind.platform]
    off = machine.has("antivirus-off", night)
    product = Product(
        id=product_id,
        name=name,
        version=version,
        definitions="dated",
        running=not off,
        realtime="off" if off else "on",
        removable="on-insert",
        updating=True,
        managed=True,
        tamper=True,
    )
    chance = machine.random("antivirus", night)
    made = look - chance.randrange(2 * HOUR, 20 * HOUR)
    if machine.has("definitions-old", night):
        made = look - DAY * chance.randrange(4, 12)
    freshness = Freshness(
        product=product_id,
        definitions_version=f"1.421.{(look // DAY) % 10_000}.0",
        definitions_at=made,
        checked_at=look - 2 * HOUR,
        quick_scan_at=look - DAY * chance.randrange(0, 3) - HOUR,
        full_scan_at=look - DAY * chance.randrange(3, 20),
    )
    now = AntivirusNow(
        times=[freshness],
        up_seconds=9 * HOUR,
        awake_seconds=9 * HOUR,
        online=[Stretch(look - DAY, look, DAY)],
    )
    return {AntivirusFacts: AntivirusFacts(products=[product]), AntivirusNow: now}


def _wireless(machine: Machine, night: int, look: int) -> Sections:
    kind = machine.kind
    if not kind.portable:
        nothing = NotHere("no wireless card")
        return {WirelessFacts: nothing, WirelessNow: nothing}
    school = Profile("9b1f6e4402c7a35d", "wpa2-enterprise", False, True, "machine", False, "name")
    saved = [school]
    if machine.has("open-wifi", night):
        saved.append(Profile("03ddc18a7e5f2b46", "open", False, True, "user", False, None))
    keeper: Keeper = "windows" if kind.platform == "windows" else "macos"
    steady = WirelessFacts(radios=1, sources=[Source(keeper, saved)])
    links = [Link("wlan0", "9b1f6e4402c7a35d", "wpa2-enterprise")]
    return {WirelessFacts: steady, WirelessNow: WirelessNow(links=links)}


def _encryption(machine: Machine, night: int, look: int) -> Sections:
    state: State = "off" if machine.has("disk-readable", night) else "on"
    return {EncryptionFacts: EncryptionFacts(volumes=[Drive("system", state)])}


def _capacity(machine: Machine, night: int, look: int) -> Sections:
    if not machine.kind.portable:
        return {CapacityFacts: NotHere("no battery")}
    worn = machine.has("battery-worn", night)
    holds = machine.random("battery").randrange(30, 58) if worn else 88
    return {CapacityFacts: CapacityFacts(batteries=[Battery(holds)])}


def _logging(machine: Machine, night: int, look: int) -> Sections:
    kind: LogKind = _LOGS[machine.kind.platform]
    size = 20 * MIB if machine.has("log-short", night) else 192 * MIB
    trail = Trail(kind, success=True, failure=True, log_bytes=size, oldest_at=None)
    shown = not machine.has("no-notice", night)
    banner = Banner("graphical", shown, f"{7:064x}" if shown else None)
    return {LoggingFacts: LoggingFacts(trails=[trail], clock_kept=True, banners=[banner])}


def _peripherals(machine: Machine, night: int, look: int) -> Sections:
    if not machine.kind.portable:
        return {PeripheralsFacts: NotHere("it has neither Bluetooth nor a camera")}
    shown = machine.has("bluetooth-shown", night)
    pupils = machine.kind.profile == "pupil" and not machine.has("camera-allowed", night)
    facts = PeripheralsFacts(
        radios=[Radio(powered=shown or not pupils, discoverable=shown)],
        takes_files="nothing",
        camera="denied" if pupils else "open",
        camera_held=False,
        held_since=None,
    )
    return {PeripheralsFacts: facts}


def _management(machine: Machine, night: int, look: int) -> Sections:
    if machine.kind.platform == "linux":
        why = "management from afar (MDM) is asked of Windows, macOS and tablets"
        return {ManagementFacts: NotHere(why)}
    one = Enrolment("intune", None, "recent", None, None)
    if machine.kind.platform == "macos":
        one = Enrolment("jamf", True, "recent", None, None)
    elif machine.has("management-silent", night):
        one = Enrolment("intune", None, "past", look - 20 * DAY, DAY)
    enrolments = [] if machine.has("not-managed", night) else [one]
    return {ManagementFacts: ManagementFacts(enrolments=enrolments, domain=False)}


def _power(machine: Machine, night: int, look: int) -> Sections:
    today = look // DAY
    left = machine.kind.id == "server" or machine.has("left-on", night)
    evenings = list(range(today - 7, today)) if left else []
    return {PowerFacts: PowerFacts(evenings_on=evenings, watched_since=1_700_000_000)}


def _backups(machine: Machine, night: int, look: int) -> Sections:
    del night
    job = Job("restic", "nightly-backup.service", "result", look - 5 * HOUR, 0)
    jobs = [job] if machine.kind.id == "server" else []
    now = BackupsNow(jobs=jobs, online=[], everywhere=True)
    return {BackupsFacts: BackupsFacts(products=[]), BackupsNow: now}


def _filtering(machine: Machine, night: int, look: int) -> Sections:
    """The invented school's policy names neither programs nor test pages."""
    del machine, night, look
    return {FilteringFacts: FilteringFacts(agents=[], pages=[])}


def _system(machine: Machine, night: int, look: int) -> Sections:
    steady = _SYSTEMS[machine.kind.platform](machine, night)
    late, due = machine.has("patches-late", night), machine.has("restart-due", night)
    chance = machine.random("system", night)
    pending: Maybe[list[Update]] = []
    if late:
        released = look - DAY * chance.randrange(16, 50)
        pending = [Update("KB5068861", "2026-10", "critical", released)]
    now = OperatingSystemNow(
        lists_at=look - 6 * HOUR,
        pending=pending,
        pending_count=1 if late else 0,
        security_at=look - DAY * (45 if late else chance.randrange(2, 20)),
        memory_at=look - 300 * DAY,
        restart_since=look - 9 * DAY if due else None,
        up_since=look - 9 * HOUR,
        automatic_at=look - DAY,
    )
    return {OperatingSystemFacts: steady, OperatingSystemNow: now}


def _windows(machine: Machine, night: int) -> OperatingSystemFacts:
    old = machine.has("old-system", night)
    return OperatingSystemFacts(
        product="windows-10" if old else "windows-11",
        name="Windows 10 Education" if old else "Windows 11 Education",
        release="22H2" if old else "25H2",
        point="19045.5965" if old else "26200.7171",
        build="19045" if old else "26200",
        edition="E",
        support_end=None,
        extended=[],
        kernel=None,
        architecture="x86_64",
        automatic=[Automatic("windows-update", True, True, None, "mdm")],
        managed_by="intune" if machine.kind.portable else None,
    )


def _macos(machine: Machine, night: int) -> OperatingSystemFacts:
    del machine, night
    return OperatingSystemFacts(
        product="macos",
        name="macOS 26",
        release="26",
        point="26.1",
        build=None,
        edition=None,
        support_end=None,
        extended=[],
        kernel=None,
        architecture="arm64",
        automatic=[Automatic("macos", True, True)],
        managed_by="mdm",
    )


def _linux(machine: Machine, night: int) -> OperatingSystemFacts:
    ubuntu = machine.kind.id != "server"
    del night
    return OperatingSystemFacts(
        product="ubuntu" if ubuntu else "debian",
        name="Ubuntu 24.04.3 LTS" if ubuntu else "Debian GNU/Linux 13 (trixie)",
        release="24.04" if ubuntu else "13",
        point="24.04.3" if ubuntu else "13.2",
        build=None,
        edition=None,
        support_end=None,
        extended=[],
        kernel="6.12.48",
        architecture="x86_64",
        automatic=[Automatic("unattended-upgrades", True, True)],
        managed_by=None,
    )


_SYSTEMS: Final[Mapping[str, Callable[[Machine, int], OperatingSystemFacts]]] = {
    "windows": _windows,
    "macos": _macos,
    "linux": _linux,
}

PARTS: Final[tuple[Callable[[Machine, int, int], Sections], ...]] = (
    _hardware,
    _system,
    _locking,
    _antivirus,
    programs.media,
    programs.software,
    _wireless,
    air,
    _encryption,
    accounts,
    _capacity,
    _logging,
    _power,
    _peripherals,
    _management,
    network,
    _filtering,
    _backups,
)
