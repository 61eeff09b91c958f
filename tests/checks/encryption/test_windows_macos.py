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


class Answering:
    """A door with one answer to each question it knows."""

    def __init__(
        self,
        *,
        rows: list[dict[str, object]] | CannotLook | None = None,
        volumes: list[dict[str, object]] | None = None,
        diskutil: bytes | int = 1,
        fdesetup: str = "",
    ) -> None:
        self.rows, self.diskutil, self.fdesetup = rows, diskutil, fdesetup
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
        assert list(argv) == list(diskutil_apfs.ARGV)
        if isinstance(self.diskutil, int):
            return Ran(self.diskutil, b"")
        return Ran(0, self.diskutil)


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
