"""Devices typed by hand from the MIBs' own enums, for what no recording shows. All constructed."""

from collections.abc import Mapping, Sequence

from checks.formats.snmp_values import Oid, Recording, Value
from checks.snmp.asking import CannotAsk, Row
from checks.snmp.recorded import Recorded

SYSTEM = "1.3.6.1.2.1.1"
CISCO = "1.3.6.1.4.1.9.1.516"
HP = "1.3.6.1.4.1.11.2.3.7.11.107"


def numbers(oid: str) -> Oid:
    """A dotted identifier as numbers."""
    return tuple(map(int, oid.split(".")))


def recording(*answers: Mapping[str, Value]) -> Recording:
    """One device from its answers."""
    values = {numbers(oid): value for some in answers for oid, value in some.items()}
    return Recording(values=values, skipped=0)


def column(oid: str, rows: Mapping[str, Value] | Sequence[Value]) -> dict[str, Value]:
    """Rows by index, or numbered from 1."""
    named = rows if isinstance(rows, Mapping) else {str(at): v for at, v in enumerate(rows, 1)}
    return {f"{oid}.{index}": value for index, value in named.items()}


def system(descr: bytes = b"", object_id: str = HP, name: bytes = b"hall") -> dict[str, Value]:
    """The system group."""
    return {
        f"{SYSTEM}.1.0": descr,
        f"{SYSTEM}.2.0": object_id,
        f"{SYSTEM}.3.0": 8_640_000,
        f"{SYSTEM}.5.0": name,
    }


def sockets(count: int, *, names: Sequence[bytes] = (), first: int = 1) -> dict[str, Value]:
    """Ethernet interfaces `first`, `first`+1, …, each with a MAC of its own, up."""
    indexes = range(first, first + count)
    table = "1.3.6.1.2.1.2.2.1"
    made = column(f"{table}.3", {str(at): 6 for at in indexes})
    made |= column(f"{table}.2", {str(at): b"Port %d" % at for at in indexes})
    made |= column(f"{table}.6", {str(at): own(at) for at in indexes})
    made |= column(f"{table}.8", {str(at): 1 for at in indexes})
    named = dict(zip(map(str, indexes), names, strict=False))
    return made | column("1.3.6.1.2.1.31.1.1.1.1", named)


def own(index: int) -> bytes:
    """The MAC of an interface."""
    return bytes.fromhex("00005e00fe") + bytes([index % 256])


def stranger(number: int) -> bytes:
    """A MAC of something that hangs on a port."""
    return bytes.fromhex("00005e0053") + bytes([number])


def mac(raw: bytes) -> str:
    """As facts spell it."""
    return raw.hex(":")


def dots(raw: bytes) -> str:
    """As an index spells it."""
    return ".".join(map(str, raw))


class Failing(Recorded):
    """A device that goes silent, or refuses, when one column or scalar is asked for."""

    def __init__(self, recording: Recording, at: str, code: str) -> None:
        """`at`: the beginning of what is not answered."""
        super().__init__(recording)
        self._at, self._code = at, code

    def get(self, oids: Sequence[str]) -> dict[str, Value]:
        """Answers, unless it is asked for what it fails at."""
        if any(oid.startswith(self._at) for oid in oids):
            raise CannotAsk(self._code)
        return super().get(oids)

    def walk(self, column: str) -> list[Row]:
        """The same; of a column that fails two rows come."""
        rows = super().walk(column)
        if column.startswith(self._at):
            raise CannotAsk(self._code, rows[:2])
        return rows


class Watched(Recorded):
    """A device that remembers what it was asked."""

    def __init__(self, recording: Recording) -> None:
        """Nothing yet."""
        super().__init__(recording)
        self.asked = list[str]()
        self.walked = list[str]()

    def get(self, oids: Sequence[str]) -> dict[str, Value]:
        """Answers."""
        self.asked += oids
        return super().get(oids)

    def walk(self, column: str) -> list[Row]:
        """Answers."""
        self.walked.append(column)
        return super().walk(column)
