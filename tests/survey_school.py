"""A small school's network, made of namespaces: what a survey of it should find, and what not.

    with opened(folder) as school:
        school.agent("survey", "--scope", …)     the agent, on the scanner, within the school
        school.sent()                            every frame that the scanner put on the wire
        school.elsewhere()                       every frame on a network outside the scope

Real programs answer: dnsmasq as the gateway's DHCP server and as a rogue one, snmpd on the switch
(`SNMP`), and the kernel of each namespace for ARP, ICMP and ports that are closed. A thread plays
what no package brings: a games console that starts up, a printer that announces itself.
"""

import contextlib
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from agent import keyfile
from agent.state import State
from agent.survey import held
from tests import needs
from tests.agent.cli import agent_here
from tests.agent.school import joined
from tests.agent.simulator import Controller
from tests.frames import udp
from tests.namespaces import Ear, available, batch, entered, made
from tests.wire import samples
from wire import credentials, scope
from wire.scope import Credential
from wire.secret import Secret

SUBNET: Final = "10.77.0.0/24"
CARD: Final = "eth0"
ADDRESSES: Final = {
    "gateway": "10.77.0.1",
    "switch": "10.77.0.2",
    "printer": "10.77.0.3",
    "scanner": "10.77.0.5",
    "till": "10.77.0.9",
    "laptop": "10.77.0.50",
    "phone": "10.77.0.51",
    "rogue": "10.77.0.66",
    "console": "",
}
"""The till belongs to the caterer and must never be asked; the phone has made its address up."""
MACS: Final = {
    "gateway": "00:0d:b9:00:00:01",
    "switch": "00:1b:3f:00:00:02",
    "printer": "00:1b:a9:00:00:03",
    "scanner": "00:23:24:00:00:05",
    "till": "00:11:32:00:00:09",
    "laptop": "3c:2e:f9:00:00:50",
    "phone": "da:a1:19:00:00:51",
    "rogue": "c0:25:e9:00:00:66",
    "console": "00:d9:d1:00:00:77",
}
ELSEWHERE: Final = "10.88.0.0/24"
"""On the scanner's second card, and in no scope."""
CONSOLE_SAYS: Final = "PS5"
PRINTER_SAYS: Final = "HP LaserJet 4250"


@dataclass(frozen=True)
class Snmp:
    """How the switch is asked."""

    address: str = ADDRESSES["switch"]
    community: str = "public"
    user: str = "audit"
    password: str = "canary-auth-9f2b"
    privacy: str = "canary-priv-51cd"
    """SHA and AES."""
    name: str = "sw-hall"
    description: str = "Schoolwide S24 switch, firmware 4.2.1"
    object_id: str = "1.3.6.1.4.1.99999.24"


SNMP: Final = Snmp()


@dataclass
class School:
    """The network while it stands."""

    folder: Path
    prefix: str
    state: State
    controller: Controller
    _ears: dict[str, Ear] = field(default_factory=dict)

    def namespace(self, who: str) -> str:
        """Of one of `ADDRESSES`, or `elsewhere`."""
        return f"{self.prefix}{who}"

    def scope(self, **changes: Any) -> Path:
        """A file with a signed scope for the scanner: the whole school, without the till."""
        now = int(time.time())
        plain: dict[str, Any] = {
            "site": self.controller.site,
            "issued_at": now - 60,
            "expires_at": now + 86_400,
            "scanner": self.controller.device,
            "subnets": [SUBNET],
            "exclude": [],
            "hours": scope.Hours(begins_minute=0, ends_minute=1_440, timezone="Europe/London"),
            "arp_per_second": 1_000,
            "dhcp": True,
            "listens": True,
            "services": [],
            "credentials": [],
            "air": "",
            "equipment_of_others": [
                scope.Others(
                    what="Till",
                    by="Caterer",
                    statement_on="2026-09-01",
                    addresses=[ADDRESSES["till"]],
                )
            ],
        }
        one = msgspec.structs.replace(samples.SCOPE, **{**plain, **changes})
        path = self.folder / "school.scope"
        path.write_bytes(scope.sign_scope(one, self.controller.key))
        return path

    def agent(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """The agent on the scanner, in this process: what it starts is in the school too."""
        with entered(self.namespace("scanner")):
            return agent_here(*words, data=self.state.root.parent)

    def credential(self) -> Credential:
        """SNMP v3 for the switch, typed on the scanner; what a scope says of it."""
        opened = credentials.SnmpV3(
            user=SNMP.user,
            authentication="sha1",
            authentication_password=Secret(SNMP.password),
            privacy="aes128",
            privacy_password=Secret(SNMP.privacy),
        )
        held.typed(self.state.key, self.controller.device, "switches", opened)
        return Credential(id="switches", kind="snmp-v3", addresses=[SNMP.address])

    @contextlib.contextmanager
    def listening(self, who: str, port: int) -> Iterator[socket.socket]:
        """A port that is open there."""
        with entered(self.namespace(who)):
            server = socket.create_server((ADDRESSES[who], port))
        with server:
            server.settimeout(0.05)
            yield server

    def sent(self) -> list[bytes]:
        """Frames of the scanner's that reached the wire since the last time."""
        ours = bytes.fromhex(MACS["scanner"].replace(":", ""))
        return [one for one in self._ears["wire"].frames() if one[6:12] == ours]

    def elsewhere(self) -> list[bytes]:
        """All frames on the far side of the other network since the last time."""
        return self._ears["elsewhere"].frames()


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[School]:
    """Build it all, and take it down. Skips where a part cannot run."""
    tool = available()
    dnsmasq = needs.program("dnsmasq", package="dnsmasq-base")
    snmpd = needs.program("snmpd", package="snmpd")
    state = State(folder / "data")
    state.prepare()
    computer = joined(state)
    keyfile.create(state.key)
    prefix = f"ct{threading.get_native_id()}"
    school = School(folder, prefix, state, computer.controller)
    names = [school.namespace(who) for who in (*ADDRESSES, "wire", "elsewhere")]
    with contextlib.ExitStack() as open_:
        open_.enter_context(made(tool, names))
        _wired(tool, school)
        _hear(school, open_)
        for who in ("gateway", "rogue"):
            open_.enter_context(_running(school, who, _dnsmasq(dnsmasq, who), b"DHCP"))
        open_.enter_context(_running(school, "switch", _snmpd(snmpd, folder), b"NET-SNMP version"))
        open_.enter_context(_announcing(school))
        yield school


def _wired(tool: str, school: School) -> None:
    """One bridge, a cable to each, and one cable that leads elsewhere. No address of IPv6 makes
    itself: whatever is heard was sent by somebody."""
    wire = school.namespace("wire")
    batch(tool, [
        "link add bridge type bridge forward_delay 0 mcast_snooping 0",
        "link set bridge addrgenmode none up",
        *[f"link add {one} type veth peer {CARD} netns {school.namespace(one)}" for one in MACS],
        *[f"link set {who} master bridge addrgenmode none up" for who in ADDRESSES],
    ], wire)  # fmt: skip
    for who, address in ADDRESSES.items():
        last = MACS[who][-2:]
        batch(tool, [
            f"link set {CARD} addrgenmode none address {MACS[who]}",
            f"link set {CARD} up",
            "link set lo up",
            *([f"addr add {address}/24 brd + dev {CARD}"] if address else []),
            f"addr add fe80::{last}/64 dev {CARD} nodad",
        ], school.namespace(who))  # fmt: skip
    far = school.namespace("elsewhere")
    batch(tool, [
        f"link add eth1 type veth peer far netns {far}",
        "link set eth1 addrgenmode none up",
        "addr add 10.88.0.5/24 dev eth1",
        f"route add default via {ADDRESSES['gateway']}",
    ], school.namespace("scanner"))  # fmt: skip
    batch(tool, ["link set far addrgenmode none up", "addr add 10.88.0.1/24 dev far"], far)


def _hear(school: School, open_: contextlib.ExitStack) -> None:
    school._ears["wire"] = Ear(school.namespace("wire"), "scanner")
    school._ears["elsewhere"] = Ear(school.namespace("elsewhere"), "far")
    for ear in school._ears.values():
        open_.callback(ear.close)


def _dnsmasq(program: str, who: str) -> list[str]:
    first = 100 if who == "gateway" else 200
    own = ADDRESSES[who]
    return [
        *(program, "--no-daemon", "--conf-file=/dev/null", "--user=root", "--leasefile-ro"),
        *("--port=0", "--no-ping", "--bind-interfaces", f"--interface={CARD}"),
        f"--dhcp-range=10.77.0.{first},10.77.0.{first + 50},1h",
        *(f"--dhcp-option=3,{own}", f"--dhcp-option=6,{own}", "--dhcp-authoritative"),
    ]


def _snmpd(program: str, folder: Path) -> list[str]:
    kept = folder / "snmp"
    kept.mkdir()
    config = kept / "snmpd.conf"
    config.write_text(
        f"agentAddress udp:{SNMP.address}:161\n"
        f"[snmp] persistentDir {kept}\n"
        f"createUser {SNMP.user} SHA {SNMP.password} AES {SNMP.privacy}\n"
        f"rouser {SNMP.user} priv\n"
        f"rocommunity {SNMP.community} {SUBNET}\n"
        f"sysDescr {SNMP.description}\n"
        f"sysObjectID {SNMP.object_id}\n"
        f"sysName {SNMP.name}\n"
        "sysLocation Hall cupboard\n",
        encoding="utf-8",
    )
    return [program, "-f", "-Lo", "-C", "-c", str(config), "-I", "-smux", "-p", str(kept / "pid")]


@contextlib.contextmanager
def _running(school: School, who: str, argv: list[str], ready: bytes) -> Iterator[None]:
    """A program in a namespace, once it has said that it is ready."""
    child = subprocess.Popen(
        ["ip", "netns", "exec", school.namespace(who), *argv],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    )
    assert child.stdout is not None
    try:
        said = b""
        for line in child.stdout:
            said += line
            if ready in line:
                break
        else:
            raise AssertionError(f"{argv[0]} ended: {said.decode(errors='replace')}")
        yield
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


@contextlib.contextmanager
def _announcing(school: School) -> Iterator[None]:
    """The console starts up and the printer says what it is, again and again."""
    from scapy.layers.dhcp import BOOTP, DHCP
    from scapy.layers.dns import DNS, DNSRR

    mac = bytes.fromhex(MACS["console"].replace(":", ""))
    asks = [
        ("message-type", "discover"),
        ("vendor_class_id", CONSOLE_SAYS),
        ("param_req_list", [1, 3, 15, 6]),
        ("hostname", "canary-mayas-console"),
        "end",
    ]
    hello = bytes(BOOTP(chaddr=mac, xid=77, flags=0x8000) / DHCP(options=asks))
    name = "canary-printer of the office._ipp._tcp.local"
    record = DNSRR(rrname=name, type="TXT", rdata=[f"ty={PRINTER_SAYS}".encode()])
    printer = bytes(DNS(qr=1, qd=[], an=[record]))
    nobody = "0.0.0.0"  # noqa: S104  (an address field, no socket)
    frames = [
        ("console", udp(MACS["console"], nobody, (68, 67), hello, "255.255.255.255")),
        ("printer", udp(MACS["printer"], ADDRESSES["printer"], (5353, 5353), printer)),
    ]
    ears = {who: Ear(school.namespace(who), CARD) for who, _ in frames}
    done = threading.Event()

    def speak() -> None:
        while not done.wait(0.3):
            for who, frame in frames:
                ears[who].send(frame)

    thread = threading.Thread(target=speak)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        for ear in ears.values():
            ear.close()
