"""`hdparm -I`, `-N`, `--dco-identify` and `--sanitize-status`: what an ATA drive is, whether its
erase commands can be given, and whether it hides sectors (hdparm 9.4 to 9.65).

Traps: a leading `not` turns a line round and is parted from it by a tab, in copies by spaces; the
same word means security in one part and a feature in another; `-N` may print a second number in
brackets after a wrong one; a drive behind a USB bridge answers with the bridge's own data or
nothing. The parts may stand in one file one after the other, of one drive.
"""

import re
from typing import Final, Literal

import msgspec

from checks.formats.errors import ParseError

LARGEST: Final = 256 << 10
_DEVICE: Final = re.compile(r"^(/dev/[A-Za-z0-9._/+:-]{1,64}):$")
_FIELD: Final = re.compile(r"^\s{1,16}(Model Number|Serial Number|Firmware Revision):\s{0,40}(.*)$")
_SECTORS: Final = re.compile(r"^\s{1,16}LBA(48)? {1,6}user addressable sectors:\s{1,20}(\d{1,15})$")
_SECTOR: Final = re.compile(
    r"^\s{1,16}Logical(?:/Physical)? {1,4}Sector size:\s{1,40}(\d{2,6}) bytes"
)
_FLAG: Final = re.compile(
    r"^\s{1,24}(not\s{1,24})?(supported|enabled|locked|frozen|expired: security count"
    r"|supported: enhanced erase)$"
)
_LEVEL: Final = re.compile(r"^\s{1,16}Security level (high|maximum)$")
_FEATURE: Final = re.compile(
    r"^\s{1,16}(\*)?\s{1,16}(SANITIZE feature set|CRYPTO_SCRAMBLE_EXT command"
    r"|OVERWRITE_EXT command|BLOCK_ERASE_EXT command)$"
)
_HPA: Final = re.compile(
    r"^\s{1,16}max sectors {1,8}= (\d{1,15})/(\d{1,15})(?:\((\d{1,15})\??\))?, (.{1,60})$"
)
_DCO: Final = re.compile(r"^\s{0,16}Real max sectors: (\d{1,15})$")
_STATE: Final = re.compile(r"^\s{0,16}(?:State:\s{1,16})?SD([0-3]) {1,4}Sanitize [A-Za-z ]{2,40}$")
_DONE: Final = "Last Sanitize Operation Completed Without Error"
_UNDONE: Final = "Last Sanitize Command completed unsuccessfully"
SanitizeState = Literal["", "idle", "frozen", "in_progress", "failed"]
STATES: Final[tuple[SanitizeState, ...]] = ("idle", "frozen", "in_progress", "failed")


class Drive(msgspec.Struct, frozen=True):
    """One drive. None: not said."""

    device: str
    model: str
    serial: str
    firmware: str
    size_bytes: int | None
    security: dict[str, bool]
    """`supported`, `enabled`, `locked`, `frozen`, `expired`, `enhanced_erase`."""
    level: str
    """`high` or `maximum` while a password is set."""
    features: dict[str, bool]
    """Of sanitizing, by hdparm's words: whether the drive has it switched on."""
    hidden: bool | None
    """Whether sectors are hidden (HPA, DCO)."""
    sanitize_state: SanitizeState
    sanitize_done: bool | None
    """The last operation ended without error, or with one."""
    places: dict[str, int]
    """The line of `serial`, `hidden`, `sanitize`; the first is 1."""


def parse(data: bytes) -> Drive:
    """Read an answer, or several about one drive. Raises ParseError."""
    if len(data) > LARGEST:
        raise ParseError("hdparm: too long")
    reader = _Reader()
    for place, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        reader.take(place, line.rstrip())
    return reader.drive()


class _Reader:
    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.places: dict[str, int] = {}
        self.numbers: dict[str, int] = {}
        self.security: dict[str, bool] = {}
        self.features: dict[str, bool] = {}
        self.hpa: tuple[int, int] | None = None
        self.hpa_odd = False
        self.state: SanitizeState = ""
        self.done: bool | None = None
        self.of_security = False
        self.known = False

    def take(self, place: int, line: str) -> None:
        if device := _DEVICE.match(line):
            self._once("device", device[1])
        elif field := _FIELD.match(line):
            self._once(field[1], field[2].strip())
            if field[1] == "Serial Number":
                self.places["serial"] = place
        elif sectors := _SECTORS.match(line):
            self.numbers["lba48" if sectors[1] else "lba"] = int(sectors[2])
        elif sector := _SECTOR.match(line):
            self.numbers["sector"] = int(sector[1])
        elif line.rstrip(": ") == "Security":
            self.of_security = self.known = True
        elif self.of_security and line[:1].strip():
            self.of_security = False
        else:
            self._rest(place, line)

    def _rest(self, place: int, line: str) -> None:
        flag = _FLAG.match(line) if self.of_security else None
        if flag:
            name = {"expired: security count": "expired"}.get(flag[2], flag[2])
            name = {"supported: enhanced erase": "enhanced_erase"}.get(name, name)
            self.security[name] = flag[1] is None
        elif level := _LEVEL.match(line):
            self.texts["level"] = level[1]
        elif feature := _FEATURE.match(line):
            self.features[feature[2]] = feature[1] is not None
        elif hpa := _HPA.match(line):
            self.hpa = (int(hpa[1]), int(hpa[3] or hpa[2]))
            self.hpa_odd = hpa[4].strip() not in ("HPA is disabled", "HPA is enabled")
            self.places["hidden"], self.known = place, True
        elif dco := _DCO.match(line):
            self.numbers["dco"] = int(dco[1])
            self.places.setdefault("hidden", place)
            self.known = True
        elif state := _STATE.match(line):
            self.state = STATES[int(state[1])]
            self.places["sanitize"], self.known = place, True
        elif line.strip() in (_DONE, _UNDONE):
            self.done = line.strip() == _DONE and self.done is not False
            self.places["sanitize"] = place

    def _once(self, name: str, value: str) -> None:
        if self.texts.setdefault(name, value) != value:
            raise ParseError("hdparm: more than one drive")

    def drive(self) -> Drive:
        serial = self.texts.get("Serial Number", "")
        if not self.known and not serial:
            raise ParseError("hdparm: nothing of a drive")
        sectors = self.numbers.get("lba48", self.numbers.get("lba"))
        size = self.numbers.get("sector", 512)
        return Drive(
            device=self.texts.get("device", ""),
            model=self.texts.get("Model Number", ""),
            serial=serial,
            firmware=self.texts.get("Firmware Revision", ""),
            size_bytes=sectors * size if sectors else None,
            security=self.security,
            level=self.texts.get("level", ""),
            features=self.features,
            hidden=self._hidden(),
            sanitize_state=self.state,
            sanitize_done=self.done,
            places=self.places,
        )

    def _hidden(self) -> bool | None:
        """Both numbers must be there and equal, and the factory's too where it is told."""
        if self.hpa is None or self.hpa_odd or 0 in self.hpa:
            return None
        return len({*self.hpa, self.numbers.get("dco", self.hpa[0])}) > 1
