"""BitLocker's and FileVault's answers, each combination of them."""

import itertools
import plistlib
from collections.abc import Sequence

import pytest

from checks.encryption import macos, windows
from checks.encryption.facts import Volume
from checks.formats import diskutil_apfs
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, Ran
from checks.unseen import Unseen, known

APFS: dict[str, object] = {"Content": "Apple_APFS"}


class Answering:
    """A door with one answer to each question it knows."""

    def __init__(
        self,
        *,
        rows: list[dict[str, object]] | CannotLook | None = None,
        volumes: list[dict[str, object]] | None = None,
        diskutil: bytes | int = 1,
        fdesetup: str = "",
        drives: dict[str, tuple[bool, list[dict[str, object]]]] | None = None,
    ) -> None:
        self.rows, self.diskutil, self.fdesetup = rows, diskutil, fdesetup
        self.drives = {"disk0": (True, [APFS])} if drives is None else drives
        self.volumes = volumes or []

    def wmi(self, cls: str, namespace: str, properties: Sequence[str]) -> list[dict[str, object]]:
        if cls == "Win32_Volume":
            return self.volumes
        assert (cls, namespace) == ("Win32_EncryptableVolume", windows.NAMESPACE)
        if isinstance(self.rows, CannotLook):
            raise self.rows
        return self.rows or []

    def run(self, argv: Sequence[str], timeout: int = 20, as_user: str | None = None) -> Ran:
        if argv[0] == "fdesetup":
            return Ran(0, self.fdesetup.encode())
        if list(argv[:3]) == ["diskutil", "list", "-plist"]:
            return Ran(0, plistlib.dumps(self.listed()))
        if list(argv[:3]) == ["diskutil", "info", "-plist"]:
            own = {"Internal": self.drives[argv[3]][0], "Size": 1}
            return Ran(0, plistlib.dumps(own))
        assert list(argv) == list(diskutil_apfs.ARGV)
        if isinstance(self.diskutil, int):
            return Ran(self.diskutil, b"")
        return Ran(0, self.diskutil)

    def listed(self) -> dict[str, object]:
        if not self.drives:
            return {}
        whole = [
            {
                "DeviceIdentifier": name,
                "Partitions": [
                    {"DeviceIdentifier": f"{name}s{at}", **part} for at, part in enumerate(parts)
                ],
            }
            for name, (_, parts) in self.drives.items()
        ]
        return {"WholeDisks": list(self.drives), "AllDisksAndPartitions": whole}


def bitlocker(**row: object) -> list[Volume]:
    row = {"DriveLetter": "C:", "VolumeType": 0, "EncryptionMethod": 7, **row}
    host: Host = Answering(rows=[row])  # type: ignore[assignment]  # the part of a door that is asked
    return known(windows.read(host).volumes)


EXPECTED = {(1, 1): "on", (1, 0): "open", (2, 0): "converting", (2, 1): "converting"}


@pytest.mark.parametrize(("conversion", "protection"), list(itertools.product(range(6), (0, 1))))
def test_each_state_of_a_volume(conversion: int, protection: int) -> None:
    same = {4: 2}.get(conversion, conversion)
    wanted = EXPECTED.get((same, protection), "off")
    (volume,) = bitlocker(ConversionStatus=conversion, ProtectionStatus=protection)
    assert volume == Volume("system", wanted)  # type: ignore[arg-type]  # one of the states


def test_a_protection_that_only_the_property_remembers_is_none() -> None:
    (volume,) = bitlocker(ConversionStatus=1, ProtectionStatus=1, EncryptionMethod=0)
    assert volume.state == "off"


def test_numbers_that_come_as_text_are_numbers() -> None:
    (volume,) = bitlocker(
        VolumeType="0", ConversionStatus="0", ProtectionStatus="1", EncryptionMethod="7"
    )
    assert volume == Volume("system", "off")


def test_a_locked_drive_is_encrypted() -> None:
    (volume,) = bitlocker(ConversionStatus=None, ProtectionStatus=2)
    assert volume == Volume("system", "on")


def test_a_machine_that_lists_no_volume_it_runs_from_does_not_count_as_encrypted() -> None:
    found = bitlocker(VolumeType=1, ConversionStatus=1, ProtectionStatus=1)
    assert found == [Volume("system", Unseen("unsupported")), Volume("other", "on")]


def test_a_volume_that_tells_too_little_is_unseen() -> None:
    (volume,) = bitlocker(ConversionStatus=None, ProtectionStatus=1)
    assert isinstance(volume.state, Unseen)


def test_a_recovery_volume_is_not_held_against_anybody() -> None:
    windows_itself = {"DriveLetter": "C:", "VolumeType": 0, "ConversionStatus": 1}
    rows: list[dict[str, object]] = [
        {**windows_itself, "ProtectionStatus": 1, "EncryptionMethod": 7},
        {"DriveLetter": None, "VolumeType": 1, "ConversionStatus": 0, "ProtectionStatus": 0},
        {"DriveLetter": "D:", "VolumeType": 1, "ConversionStatus": 0, "ProtectionStatus": 0},
    ]
    host: Host = Answering(rows=rows)  # type: ignore[assignment]  # as above
    assert known(windows.read(host).volumes) == [Volume("system", "on"), Volume("other", "off")]


@pytest.mark.parametrize(
    ("mounted", "counts"),
    [("C:\\Work\\", True), ("\\\\?\\Volume{2}\\", False), (None, False)],
    ids=["in-a-folder", "nowhere", "untold"],
)
def test_a_volume_without_a_letter_counts_where_a_folder_leads_to_it(
    mounted: str | None, counts: bool
) -> None:
    bare = {"VolumeType": 1, "ConversionStatus": 0, "ProtectionStatus": 0}
    host: Host = Answering(  # type: ignore[assignment]  # as above
        rows=[{**bare, "VolumeType": 0, "DriveLetter": "C:"}, {**bare, "DeviceID": "2"}],
        volumes=[
            {"DeviceID": "1", "DriveLetter": "C:", "Name": "C:\\"},
            {"DeviceID": "2", "DriveLetter": None, "Name": mounted},
        ],
    )
    places = [volume.place for volume in known(windows.read(host).volumes)]
    assert places == (["system", "other"] if counts else ["system"])


def test_a_drive_from_outside_is_no_business_of_this_check() -> None:
    assert bitlocker(VolumeType=2, ConversionStatus=0, ProtectionStatus=0) == []


@pytest.mark.parametrize("reason", ["denied", "tool-missing", "timeout"])
def test_where_windows_does_not_answer_nothing_is_known(reason: str) -> None:
    host: Host = Answering(rows=CannotLook(reason))  # type: ignore[assignment, arg-type]  # as above; a reason
    assert isinstance(windows.read(host).volumes, Unseen)


def test_a_kind_of_volume_nobody_knows_is_not_left_out() -> None:
    host: Host = Answering(rows=[{"VolumeType": 9}])  # type: ignore[assignment]  # as above
    assert isinstance(windows.read(host).volumes, Unseen)


def apfs(*volumes: dict[str, object]) -> bytes:
    container = {"PhysicalStores": [{"DeviceIdentifier": "disk0s2"}], "Volumes": list(volumes)}
    return plistlib.dumps({"Containers": [container]})


def filevault(answer: bytes | int, fdesetup: str = "") -> list[Volume]:
    host: Host = Answering(diskutil=answer, fdesetup=fdesetup)  # type: ignore[assignment]  # as above
    return known(macos.read(host).volumes)


def vol(*roles: str, **more: object) -> dict[str, object]:
    return {"Name": "a name", "Roles": list(roles), "Encryption": True, **more}


def test_filevault_on_and_off_whatever_the_chip_does() -> None:
    system = vol("System", FileVault=False)
    assert filevault(
        apfs(system, vol("Data", FileVault=True), vol("Preboot", FileVault=False))
    ) == [Volume("system", "on")]
    assert filevault(apfs(system, vol("Data", FileVault=False))) == [Volume("system", "off")]


def test_a_volume_that_somebody_made_counts() -> None:
    assert filevault(apfs(vol("Data", FileVault=True), vol(FileVault=False))) == [
        Volume("system", "on"),
        Volume("other", "off"),
    ]


@pytest.mark.parametrize(
    ("part", "state"),
    [
        ({"Content": "Microsoft Basic Data", "VolumeName": "BOOTCAMP"}, "off"),
        ({"Content": "Apple_HFS", "MountPoint": "/Volumes/old"}, "off"),
        ({"Content": "Microsoft Basic Data"}, Unseen("unsupported")),
        ({"Content": "Apple_CoreStorage", "VolumeName": "old"}, Unseen("unsupported")),
        ({"Content": "EFI", "VolumeName": "EFI"}, None),
        ({"Content": "Windows Recovery", "VolumeName": "WinRE"}, None),
        (APFS, None),
    ],
)
def test_what_is_not_apples_newest_counts_too(part: dict[str, object], state: object) -> None:
    host: Host = Answering(  # type: ignore[assignment]  # as above
        diskutil=apfs(vol("Data", FileVault=True)), drives={"disk0": (True, [APFS, part])}
    )
    others = [] if state is None else [Volume("other", state)]  # type: ignore[arg-type]  # as above
    assert known(macos.read(host).volumes) == [Volume("system", "on"), *others]


def test_a_macs_drives_from_outside_are_another_checks() -> None:
    stick = {"PhysicalStores": [{"DeviceIdentifier": "disk4s2"}], "Volumes": [vol(FileVault=False)]}
    own = plistlib.loads(apfs(vol("Data", FileVault=True)))["Containers"]
    host: Host = Answering(  # type: ignore[assignment]  # as above
        diskutil=plistlib.dumps({"Containers": [*own, stick]}),
        drives={
            "disk0": (True, [APFS]),
            "disk4": (False, [APFS, {"Content": "Windows_NTFS", "VolumeName": "S"}]),
        },
    )
    assert known(macos.read(host).volumes) == [Volume("system", "on")]


def test_drives_that_cannot_be_listed_are_not_encrypted_ones() -> None:
    host: Host = Answering(diskutil=apfs(vol("Data", FileVault=True)), drives={})  # type: ignore[assignment]  # as above
    system, other = known(macos.read(host).volumes)
    assert (system.state, other.state) == ("on", Unseen("parse-error"))


def test_an_older_system_that_is_encrypted_stands_once() -> None:
    old: dict[str, object] = {"Content": "Apple_CoreStorage"}
    host: Host = Answering(  # type: ignore[assignment]  # as above
        fdesetup="FileVault is On.\n", drives={"disk0": (True, [old, {"Content": "Apple_Boot"}])}
    )
    assert known(macos.read(host).volumes) == [Volume("system", "on")]


def test_turning_on_is_not_on_and_turning_off_is_off() -> None:
    on, off = vol("Data", FileVault=True), vol("Data", FileVault=False)
    assert filevault(apfs({**on, "CryptoMigrationOn": True})) == [Volume("system", "converting")]
    assert filevault(apfs({**off, "CryptoMigrationOn": True})) == [Volume("system", "off")]


def test_a_volume_that_does_not_say_is_unseen() -> None:
    (volume,) = filevault(apfs(vol("Data")))
    assert isinstance(volume.state, Unseen)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("FileVault is On.\n", "on"),
        ("FileVault is Off.\n", "off"),
        ("FileVault is On.\nEncryption in progress: Percent completed = 42\n", "converting"),
        ("FileVault is On.\nDecryption in progress: Percent completed = 42\n", "off"),
        ("FileVault is Off, but will be enabled after the next restart.\n", "off"),
        ("FileVault master keychain appears to be installed.\n", None),
        ("", None),
    ],
)
def test_an_older_drive_is_asked_in_the_older_way(said: str, wanted: str | None) -> None:
    (volume,) = filevault(1, said)
    if wanted is None:
        assert isinstance(volume.state, Unseen)
    else:
        assert volume.state == wanted


def test_an_answer_that_is_no_property_list_is_unseen() -> None:
    host: Host = Answering(diskutil=b"Error")  # type: ignore[assignment]  # as above
    assert isinstance(macos.read(host).volumes, Unseen)


@pytest.mark.parametrize(
    "data", [b"", b"bplist00", b"<plist/>", b"\x00" * 100, plistlib.dumps({"Containers": "x"})]
)
def test_nonsense_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        diskutil_apfs.parse(data)
