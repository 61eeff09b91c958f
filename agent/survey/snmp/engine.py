"""pysnmp behind three questions: these scalars, the next one, the next so many.

One loop in one thread for a whole round, since an engine dies with the loop it was made in; one
engine for each credential, so that two of the same user name never meet (network §2.1). pysnmp
tells by a value what went wrong and raises nothing; it reads its MIB files when first used, so an
engine is made before anybody waits for it. Nothing here sets anything on a device: a test holds the
import to these commands.

Traps: a wrong community, a wrong privacy password and a device that is off are one silence. A
device that knows v3 says so even to a stranger (`speaks`), which tells the second from the third.
"""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import TimeoutError as LateError
from typing import Any, Final, Self, TypeVar

import msgspec
from pyasn1.type.univ import ObjectIdentifier
from pysnmp.error import PySnmpError
from pysnmp.hlapi.v3arch import asyncio as pysnmp
from pysnmp.proto import errind, rfc1905
from pysnmp.proto.rfc1902 import OctetString

from checks.formats.snmp_values import Oid, Value
from wire.credentials import Authentication, Privacy, SnmpV2, SnmpV3

TIMEOUT: Final = 2.0
RETRIES: Final = 1
PORT: Final = 161
_PATIENCE: Final = 2.0
"""Seconds beyond its own time-outs after which pysnmp is taken for broken."""
T = TypeVar("T")

_AUTHENTICATIONS: Final[dict[Authentication, Any]] = {
    "md5": pysnmp.USM_AUTH_HMAC96_MD5,
    "sha1": pysnmp.USM_AUTH_HMAC96_SHA,
    "sha224": pysnmp.USM_AUTH_HMAC128_SHA224,
    "sha256": pysnmp.USM_AUTH_HMAC192_SHA256,
    "sha384": pysnmp.USM_AUTH_HMAC256_SHA384,
    "sha512": pysnmp.USM_AUTH_HMAC384_SHA512,
}
_PRIVACIES: Final[dict[Privacy, Any]] = {
    "des": pysnmp.USM_PRIV_CBC56_DES,
    "aes128": pysnmp.USM_PRIV_CFB128_AES,
    "aes192": pysnmp.USM_PRIV_CFB192_AES,
    "aes256": pysnmp.USM_PRIV_CFB256_AES,
}
STRETCHED: Final[dict[Privacy, Any]] = {
    "aes192": pysnmp.USM_PRIV_CFB192_AES_BLUMENTHAL,
    "aes256": pysnmp.USM_PRIV_CFB256_AES_BLUMENTHAL,
}
"""A long key is stretched from a short password in two ways, and no standard says which: Cisco and
those above one way, net-snmp this one. So both are tried."""
_CODES: Final[tuple[tuple[type[errind.ErrorIndication], str], ...]] = (
    (errind.RequestTimedOut, "no-answer"),
    (errind.UnknownUserName, "wrong-user"),
    (errind.UnknownSecurityName, "wrong-user"),
    (errind.WrongDigest, "wrong-password"),
    (errind.AuthenticationFailure, "wrong-password"),
    (errind.AuthenticationError, "wrong-password"),
    (errind.UnsupportedSecurityLevel, "wrong-level"),
    (errind.UnsupportedAuthProtocol, "no-cipher"),
    (errind.UnsupportedPrivProtocol, "no-cipher"),
    (errind.EncryptionError, "no-cipher"),
    (errind.DecryptionError, "wrong-privacy-key"),
    (errind.OidNotIncreasing, "never-ends"),
)
TOO_BIG: Final = 1
_DENIED: Final = frozenset({6, 16})
"""errorStatus noAccess, authorizationError."""
_MISSING: Final = frozenset({2, 5})
"""noSuchName, genErr."""


class Reply(msgspec.Struct, frozen=True):
    """What came back: a code of `checks.snmp.asking` or "", or rows. A row without a value is an
    identifier that the device does not have, or the end of what it has."""

    code: str = ""
    too_big: bool = False
    missing: bool = False
    """Refused for one of the identifiers, nobody says which: older devices do that instead of
    leaving it out."""
    rows: list[tuple[Oid, Value | None]] = []


class Engine:
    """For one credential: what it is known by on the other end."""

    def __init__(self, opened: SnmpV2 | SnmpV3, *, otherwise: bool = False) -> None:
        """Inside the loop's thread: it belongs to that loop. `otherwise`: with `STRETCHED` keys."""
        self.engine = pysnmp.SnmpEngine()
        if isinstance(opened, SnmpV2):
            self._word = opened.community.reveal()
            self.auth: Any = pysnmp.CommunityData(self._word, mpModel=1)  # noqa: S508 - the school's own choice
        else:
            self.auth = pysnmp.UsmUserData(
                opened.user,
                opened.authentication_password.reveal(),
                opened.privacy_password.reveal(),
                authProtocol=_AUTHENTICATIONS[opened.authentication],
                privProtocol=(STRETCHED if otherwise else _PRIVACIES)[opened.privacy],
            )
        self.stranger = pysnmp.UsmUserData("stranger")  # noqa: S509 - it is nobody, and gets nothing

    def of_vlan(self, vlan: int) -> Any:
        """Whom to be for one VLAN: a community of its name."""
        if not vlan or not isinstance(self.auth, pysnmp.CommunityData):
            return self.auth
        word = f"{self._word}@{vlan}"
        return pysnmp.CommunityData(word, mpModel=1)  # noqa: S508 - as above

    def context(self, vlan: int) -> Any:
        """What to ask about for one VLAN: a context of its name."""
        of_community = isinstance(self.auth, pysnmp.CommunityData)
        named = b"" if of_community or not vlan else b"vlan-%d" % vlan
        return pysnmp.ContextData(contextName=named)


class Round:
    """The loop, and the engines made in it. A context manager; used from any number of threads."""

    def __init__(self) -> None:
        """Start it."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="snmp", daemon=True)
        self._engines = list[Engine]()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.do(self._closed(), _PATIENCE)
        except LateError:
            pass  # what was found stands; a thread that hangs ends with the program
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        if not self._thread.is_alive():
            self._loop.close()

    def engine(self, opened: SnmpV2 | SnmpV3, *, otherwise: bool = False) -> Engine:
        """One more. Raises PySnmpError where it cannot be: a cipher that is not installed."""

        async def make() -> Engine:
            made = Engine(opened, otherwise=otherwise)
            self._engines.append(made)
            return made

        return self.do(make(), 10 * _PATIENCE)

    def do(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """Wait for something of the loop's. Raises LateError."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(seconds)
        except LateError:
            future.cancel()
            raise

    async def _closed(self) -> None:
        for one in self._engines:
            one.engine.close_dispatcher()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


class Line:
    """One device under one credential. One question at a time; each gives a Reply, none raises."""

    def __init__(
        self,
        round_: Round,
        engine: Engine,
        address: str,
        port: int = PORT,
        *,
        retries: int = RETRIES,
        vlan: int = 0,
    ) -> None:
        """Nothing is sent. `vlan`: as `checks.snmp.asking.Snmp.within`."""
        self._round, self._engine, self._vlan = round_, engine, vlan
        self._address, self._port, self._retries = address, port, retries
        self._target: Any = None

    def get(self, oids: Sequence[str]) -> Reply:
        """These."""
        return self._ask(pysnmp.get_cmd, (), oids)

    def next(self, oid: str) -> Reply:
        """The one after this."""
        return self._ask(pysnmp.next_cmd, (), [oid])

    def bulk(self, oid: str, repetitions: int) -> Reply:
        """So many after this."""
        return self._ask(pysnmp.bulk_cmd, (0, repetitions), [oid])

    def within(self, vlan: int) -> "Line":
        """The same device for one VLAN by itself."""
        return Line(
            self._round,
            self._engine,
            self._address,
            self._port,
            retries=self._retries,
            vlan=vlan,
        )

    def speaks(self) -> bool:
        """Whether there is somebody who knows v3 at all, though not us."""
        said = self._ask(pysnmp.get_cmd, (), ["1.3.6.1.2.1.1.2.0"], self._engine.stranger)
        return said.code not in ("no-answer", "crashed")

    def _ask(
        self, command: Any, sizes: tuple[int, ...], oids: Sequence[str], auth: Any = None
    ) -> Reply:
        whole = TIMEOUT * (self._retries + 1) * 2 + _PATIENCE  # v3 asks twice: who, then what
        try:
            return self._round.do(self._asked(command, sizes, oids, auth), whole)
        except LateError:
            return Reply("no-answer")
        except PySnmpError:
            return Reply("malformed")
        except Exception:  # noqa: BLE001 - whatever a device's bytes set off in there costs it alone
            return Reply("crashed")

    async def _asked(
        self, command: Any, sizes: tuple[int, ...], oids: Sequence[str], auth: Any
    ) -> Reply:
        if self._target is None:
            kind = pysnmp.Udp6TransportTarget if ":" in self._address else pysnmp.UdpTransportTarget
            self._target = await kind.create(
                (self._address, self._port), timeout=TIMEOUT, retries=self._retries
            )
        wrong, status, _, rows = await command(
            self._engine.engine,
            auth or self._engine.of_vlan(self._vlan),
            self._target,
            self._engine.context(self._vlan),
            *sizes,
            *(pysnmp.ObjectType(pysnmp.ObjectIdentity(oid)) for oid in oids),
            lookupMib=False,
        )
        if wrong:
            codes = (code for kind, code in _CODES if isinstance(wrong, kind))
            return Reply(next(codes, "malformed"))
        if int(status):
            return _refused(int(status))
        return Reply(rows=[(tuple(name), _value(value)) for name, value in rows])


def _refused(status: int) -> Reply:
    if status == TOO_BIG:
        return Reply(too_big=True)
    if status in _MISSING:
        return Reply(missing=True)
    return Reply("denied" if status in _DENIED else "malformed")


def _value(value: Any) -> Value | None:
    """As `checks.snmp` wants it. Everything else a device can send says nothing."""
    if isinstance(value, rfc1905.NoSuchObject | rfc1905.NoSuchInstance | rfc1905.EndOfMibView):
        return None
    if isinstance(value, ObjectIdentifier):
        return ".".join(map(str, tuple(value)))
    if isinstance(value, OctetString):
        return bytes(value)
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
