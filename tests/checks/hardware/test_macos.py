"""macOS hardware: what its tools tell, in the odd cases that recordings do not show."""

import json
import plistlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from agent.hosts.recorded import RecordedHost
from checks.hardware import macos
from checks.hardware.facts import Disk, HardwareFacts, HardwareNow, NetworkCard, Volume
from checks.hardware.macos_asked import LONGEST
from checks.hardware.macos_parts import INTERFACES
from checks.host import READ_LIMIT, RUN_TIMEOUT, CannotLook, Host, Ran, Rooms
from checks.unseen import Unseen, known

RECORDINGS = Path(__file__).parents[1] / "recordings" / "hardware"
OWN = "00:00:5e:00:53:01"
IOREG = "/usr/sbin/ioreg"
PROFILER = "/usr/sbin/system_profiler -json"
Plist = dict[str, Any] | list[Any]


class MacHost:
    """Constructed: answers by the words of the command that tell questions apart."""

    privileged = True

    def __init__(self, programs: dict[str, Plist | str | Ran], files: dict[str, Plist]) -> None:
        self.programs = programs
        self.files = files

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        del timeout, as_user
        said = self.programs.get(" ".join(argv[:2]), self.programs.get(f"{argv[0]} {argv[-1]}"))
        if said is None:
            raise CannotLook("tool-missing", argv[0])
        if isinstance(said, Ran):
            return said
        return Ran(0, said.encode() if isinstance(said, str) else plistlib.dumps(said))

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        del limit
        return plistlib.dumps(self.files[path]) if path in self.files else None

    def room(self) -> Rooms:
        return []

    def clock(self) -> int:
        return 1_795_336_200


def host(programs: dict[str, Plist | str | Ran], files: dict[str, Plist] | None = None) -> Host:
    return cast("Host", MacHost(programs, files or {}))


def recorded(name: str) -> tuple[HardwareFacts, HardwareNow]:
    with RecordedHost.open(RECORDINGS / f"macos-{name}.json") as mac:
        return macos.read(mac), macos.read_now(mac)


def machine(name: str | None = "MacBook Air", code: str = "Mac14,2", **more: str) -> HardwareFacts:
    entry = {"manufacturer": b"Apple Inc.\0", "model": code.encode() + b"\0", **more}
    overview = {} if name is None else {"machine_name": name}
    kinds = json.dumps({"SPHardwareDataType": [{"_name": "overview", **overview}]})
    return macos.read(host({f"{IOREG} -rd1": [entry], PROFILER: kinds}))


def kernel(said: str, code: int = 0) -> HardwareFacts:
    return macos.read(host({"sysctl hw.memsize": Ran(code, said.encode())}))


def cards(*rows: dict[str, Any]) -> tuple[list[NetworkCard], list[NetworkCard]]:
    mac = host({}, {INTERFACES: {"Interfaces": list(rows)}})
    return known(macos.read(mac).cards), known(macos.read_now(mac).attached_cards)


def card(**changes: Any) -> dict[str, Any]:
    sound = {"BSD Name": "en0", "IOBuiltin": True, "SCNetworkInterfaceType": "Ethernet"}
    return {**sound, "IOMACAddress": bytes.fromhex(OWN.replace(":", "")), **changes}


def drives(info: dict[str, Any], *, sata: bool = False) -> Host:
    told = [{"_items": [{"bsd_name": "disk0", "device_serial": "XFAKE001"}]}]
    kind = "SPSerialATADataType" if sata else "SPNVMeDataType"
    return host(
        {
            "diskutil list": {"WholeDisks": ["disk0"]},
            "diskutil info": {"Internal": True, "Size": 500, **info},
            PROFILER: json.dumps({kind: told}),
        }
    )


def test_a_laptop_with_apples_chip_is_read_to_the_last_field() -> None:
    facts, now = recorded("laptop-apple-chip-good")
    assert (facts.make, facts.model, facts.model_code) == ("Apple Inc.", "MacBook Air", "Mac14,2")
    assert (facts.serial, facts.chassis, facts.portable) == ("XFAKE00LAP", "laptop", True)
    assert (facts.virtual, facts.secure_boot, facts.cpu_threads) == (None, True, 8)
    assert facts.memory_bytes == 16 << 30
    assert facts.host_name == "Staff-Air-07"
    assert facts.cards == [NetworkCard("en0", "wireless", OWN, permanent=True)]
    (disk,) = known(facts.disks)
    assert (disk.serial, disk.transport, disk.rotational) == ("0ba0123456789c00", "nvme", False)
    assert [one.name for one in known(now.attached_cards)] == ["en7"]
    assert [one.name for one in known(now.attached_disks)] == ["disk4"]
    assert now.volumes == [Volume("system", 494_384_795_648, 201_234_567_168)]


def test_a_mac_tells_nothing_of_what_it_has_no_field_for() -> None:
    facts, _ = recorded("laptop-apple-chip-good")
    for field in (facts.tpm, facts.asset_tag, facts.install_id, facts.firmware_date):
        assert isinstance(field, Unseen)
    assert isinstance(facts.board_serial, Unseen)
    assert isinstance(facts.chassis_serial, Unseen)


def test_a_board_without_its_serial_is_named() -> None:
    facts, _ = recorded("board-changed-bad")
    assert (facts.serial, facts.uuid, sorted(facts.refused)) == (None, None, ["serial", "uuid"])


def test_one_container_on_two_drives_is_one_volume() -> None:
    facts, now = recorded("imac-two-drives-good")
    assert [(d.name, d.transport, d.rotational) for d in known(facts.disks)] == [
        ("disk0", "nvme", False),
        ("disk1", "sata", True),
    ]
    assert len(known(now.volumes)) == 1
    assert [(d.transport, d.serial) for d in known(now.attached_disks)] == [("mmc", None)]


def test_without_system_profiler_no_drive_is_said_to_have_no_serial() -> None:
    facts, now = recorded("ordinary-user-blind")
    assert isinstance(facts.disks, Unseen)
    assert isinstance(now.attached_disks, Unseen)
    assert (facts.serial, facts.model_code) == ("XFAKE00ORD", "Mac15,12")
    assert isinstance(facts.portable, Unseen)


@pytest.mark.parametrize(
    ("name", "code", "chassis"),
    [
        ("MacBook Pro", "Mac16,1", "laptop"),
        ("iMac Pro", "iMacPro1,1", "all-in-one"),
        ("Mac mini", "Mac14,3", "mini"),
        ("Mac Studio", "Mac13,1", "desktop"),
        ("Mac Pro", "MacPro7,1", "desktop"),
        (None, "Macmini8,1", "mini"),
        (None, "Mac14,2", None),
        ("Something new", "Mac99,1", None),
    ],
)
def test_the_name_says_what_it_is_or_an_older_identifier(
    name: str | None, code: str, chassis: str | None
) -> None:
    assert machine(name, code).chassis == chassis


def test_a_mac_of_no_known_family_is_not_said_to_stand_on_a_desk() -> None:
    assert isinstance(machine("Something new", "Mac99,1").portable, Unseen)


def test_a_mac_without_a_name_is_called_by_its_identifier() -> None:
    facts = machine(None, "Mac14,2")
    assert (facts.model, facts.model_code) == ("Mac14,2", None)


@pytest.mark.parametrize(("code", "wanted"), [("VMware7,1", "vmware"), ("VirtualMac2,1", "apple")])
def test_a_virtual_machine_is_known_by_its_model(code: str, wanted: str) -> None:
    facts = machine("Mac", code)
    assert (facts.virtual, facts.chassis, facts.portable) == (wanted, "virtual", False)


def test_a_serial_that_looks_like_hexadecimal_stays_as_it_is() -> None:
    assert machine(IOPlatformSerialNumber="4D61633134322C00").serial == "4D61633134322C00"


def test_a_name_without_end_is_cut() -> None:
    assert len(str(machine("MacBook" * 100).model)) == LONGEST


def test_what_the_kernel_does_not_know_is_unseen_and_the_rest_is_read() -> None:
    facts = kernel("hw.memsize: 8589934592\nhw.logicalcpu_max: 4\n", code=1)
    assert (facts.memory_bytes, facts.cpu_threads) == (8 << 30, 4)
    assert isinstance(facts.memory_usable_bytes, Unseen)
    assert isinstance(facts.virtual, Unseen)
    assert isinstance(facts.cpu, Unseen)


@pytest.mark.parametrize(("said", "wanted"), [("0", None), ("1", "other")])
def test_the_kernel_says_whether_it_runs_under_a_hypervisor(said: str, wanted: str | None) -> None:
    assert kernel(f"kern.hv_vmm_present: {said}\n").virtual == wanted


def test_a_number_that_is_none_is_unseen() -> None:
    assert isinstance(kernel("hw.memsize: lots\n").memory_bytes, Unseen)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("SecureBootLevel = full;", True),
        ("SecureBootLevel = medium;", True),
        ("SecureBootLevel = off;", False),
        ("'SecureBootLevel': 'full',", True),
        ('SecureBootLevel = "not supported";', None),
    ],
)
def test_the_level_of_secure_start_up(said: str, wanted: bool | None) -> None:
    facts = macos.read(host({"/usr/libexec/mdmclient QuerySecurityInfo": said}))
    assert facts.secure_boot is wanted


@pytest.mark.parametrize("said", ["", "SecureBootLevel = sideways;", "ExternalBootLevel = full;"])
def test_a_level_nobody_knows_is_unseen(said: str) -> None:
    facts = macos.read(host({"/usr/libexec/mdmclient QuerySecurityInfo": said}))
    assert isinstance(facts.secure_boot, Unseen)


def test_cards_that_are_gone_and_ports_that_are_no_cards_are_left_out() -> None:
    own, outside = cards(
        card(Active=True),
        card(**{"BSD Name": "en4"}),
        card(**{"BSD Name": "bridge0"}, Active=True, SCNetworkInterfaceType="Bridge"),
        card(Active=True, IOPathMatch="IOService:/AppleThunderboltIPPort"),
        card(**{"BSD Name": "en9"}, Active=True, IOBuiltin=False),
    )
    assert [one.name for one in own] == ["en0"]
    assert [one.name for one in outside] == ["en9"]


def test_an_older_list_without_word_of_presence_shows_what_is_built_in() -> None:
    own, outside = cards(card(), card(**{"BSD Name": "en9"}, IOBuiltin=False))
    assert ([one.name for one in own], outside) == (["en0"], [])


def test_a_private_address_is_never_a_cards_own() -> None:
    private = bytes.fromhex("0200000000aa")
    own, _ = cards(card(IOMACAddress=private, SCNetworkInterfaceType="IEEE80211"))
    assert isinstance(own[0].mac, Unseen)
    assert not own[0].permanent


@pytest.mark.parametrize(
    ("info", "removable"),
    [
        ({}, False),
        ({"Internal": False}, True),
        ({"RemovableMediaOrExternalDevice": True}, True),
        ({"BusProtocol": "USB"}, True),
        ({"BusProtocol": "Secure Digital"}, True),
        ({"BusProtocol": "PCI-Express"}, False),
    ],
)
def test_which_drives_come_from_outside(info: dict[str, Any], removable: bool) -> None:
    mac = drives(info)
    own, outside = known(macos.read(mac).disks), known(macos.read_now(mac).attached_disks)
    (disk,) = [*own, *outside]
    assert (disk.removable, bool(outside)) == (removable, removable)
    assert disk.serial == (None if removable else "XFAKE001")


@pytest.mark.parametrize("info", [{"Size": 0}, {"BusProtocol": "Disk Image"}])
def test_an_empty_slot_and_a_file_are_no_drives(info: dict[str, Any]) -> None:
    assert known(macos.read(drives(info)).disks) == []


def test_a_drive_on_the_fast_bus_is_of_the_kind_that_lists_it() -> None:
    def kind(*, sata: bool) -> Disk:
        mac = drives({"BusProtocol": "PCI-Express"}, sata=sata)
        return known(macos.read(mac).disks)[0]

    assert kind(sata=False).transport == "nvme"
    assert kind(sata=True).transport == "sata"


def container(*roles: str, part: str = "disk0s2", free: int | None = 40) -> dict[str, Any]:
    volumes = [{"Roles": [role] if role else []} for role in roles]
    held = {"CapacityCeiling": 100, "PhysicalStores": [{"DeviceIdentifier": part}]}
    return {**held, "Volumes": volumes, **({} if free is None else {"CapacityFree": free})}


def space(*containers: dict[str, Any]) -> HardwareNow:
    mac = cast("MacHost", drives({}))
    mac.programs["diskutil apfs"] = {"Containers": list(containers)}
    return macos.read_now(cast("Host", mac))


def test_only_what_people_fill_counts_as_space() -> None:
    now = space(
        container("Recovery", "Preboot"),
        container("", free=3),
        container("System", "Data"),
        container("Data", part="disk7s2"),
    )
    assert now.volumes == [Volume("system", 100, 40), Volume("other", 100, 3)]


@pytest.mark.parametrize(
    "containers",
    [
        [],
        [container("Data", part="disk7s2")],
        [container("Data", free=None)],
        [container("")],
    ],
    ids=["no-apfs", "started-from-outside", "no-number", "no-system"],
)
def test_space_that_cannot_be_told_is_unseen(containers: list[dict[str, Any]]) -> None:
    assert isinstance(space(*containers).volumes, Unseen)


def test_where_nothing_answers_nothing_is_known() -> None:
    facts, now = macos.read(host({})), macos.read_now(host({}))
    asked = (facts.make, facts.serial, facts.cpu, facts.cards, facts.disks, facts.host_name)
    assert all(isinstance(one, Unseen) for one in (*asked, now.volumes, now.attached_cards))
    assert facts.refused == []
