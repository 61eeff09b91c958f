"""One invented computer as a speaker of the protocol: its key, its chain, its signed reports.

It judges with the same judges as a real agent, so that its results are what an agent of this
release would have sent.
"""

import hashlib
from collections.abc import Mapping

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from checks.catalogue import catalogue
from checks.device import judge_device
from checks.facts import Facts, encode_section, parted, seldom_name
from checks.judging import Body, Device, Moment
from checks.policy import DEFAULT_POLICY, Policy, policy_hash
from checks.verdicts import Verdict
from controller.simulation import facts
from controller.simulation.roster import Machine
from wire import dsse, keys
from wire.enrolment import Enrol, Factor, Hello, JoinCode, enrol_proof, sign_enrol
from wire.itself import Clock, Cost, Itself, Leaving, say
from wire.receipt import Receipt
from wire.report import (
    Content,
    NowSection,
    Report,
    Result,
    SectionRef,
    content_bytes,
    content_digest,
    sign_report,
)
from wire.sections import ref

AGENT = "0.1.0"


class Sent(msgspec.Struct, frozen=True):
    """A signed report, its content's digest, and the bodies the controller may ask for."""

    envelope: bytes
    content: str
    bodies: dict[str, bytes]


class Speaker:
    """A key and the end of its chain. Not safe for two threads at once."""

    def __init__(self, machine: Machine, seed: int, policy: Policy = DEFAULT_POLICY) -> None:
        """`policy` is what the school put in force before it joined. The same seed and number give
        the same key: a demonstration holds no secret."""
        material = hashlib.sha256(f"demo {seed} {machine.number}".encode()).digest()
        self.machine = machine
        self._policy = policy
        self.device = ""
        self._key = Ed25519PrivateKey.from_private_bytes(material)
        self._seq = 0
        self._prev = ""
        self._nonce = ""
        self._content = ""

    def enrol(self, hello: Hello, code: JoinCode, at: int) -> bytes:
        """The signed request to be let in."""
        public = keys.public_bytes(self._key)
        machine = self.machine
        factors = [
            Factor(kind="uuid", value=machine.uuid),
            Factor(kind="mac", value=machine.mac),
            Factor(kind="disk_serial", value=machine.disk_serial),
        ]
        if "placeholder-serial" not in machine.faults:
            factors.append(Factor(kind="serial", value=machine.serial))
        enrol = Enrol(
            token=code.token,
            public_key=keys.to_text(public),
            nonce=hello.nonce,
            proof=enrol_proof(code.secret, hello.nonce, public),
            created_at=at,
            agent=AGENT,
            host_name=machine.name,
            platform=machine.kind.platform,
            factors=factors,
        )
        return sign_enrol(enrol, self._key)

    def report(self, night: int, at: int) -> Sent:
        """What this computer's agent sends on one night, `at` by its own clock; the chain moves on
        when it is received."""
        machine = self.machine
        found = facts.sections(machine, night, at)
        device = Device(machine.kind.platform, machine.kind.profile, machine.kind.portable)
        verdicts = judge_device(catalogue(), found, self._policy, device, Moment.at(at))
        steady, now, bodies = _packed(found)
        now += [say(said) for said in _of_itself(machine, night)]
        content = Content(
            policy=policy_hash(self._policy),
            profile=machine.kind.profile,
            catalogue=catalogue().hash,
            sections=steady,
            results=[_result(verdict) for verdict in verdicts],
        )
        digest = content_digest(content)
        bodies[digest] = content_bytes(content)
        report = Report(
            device=self.device,
            agent=AGENT,
            seq=self._seq + 1,
            prev=self._prev,
            boot=hashlib.sha256(f"{machine.serial} {night}".encode()).hexdigest()[:32],
            uptime_seconds=9 * facts.HOUR,
            created_at=at,
            nonce=hashlib.sha256(f"{machine.serial} {night} {at}".encode()).hexdigest()[:32],
            echo=self._nonce,
            binding="",
            content=digest if digest == self._content else content,
            now=now,
        )
        return Sent(sign_report(report, self._key), digest, bodies)

    def received(self, sent: Sent, receipt: Receipt) -> None:
        """Move on: the controller signed for this report and needs nothing more."""
        self._seq = receipt.seq
        self._prev = dsse.digest(sent.envelope)
        self._nonce = receipt.nonce
        self._content = sent.content


def _packed(
    found: Mapping[type[Facts], Body],
) -> tuple[list[SectionRef], list[NowSection], dict[str, bytes]]:
    """Sections as an agent sends them: by reference, drifting ones inline, and bodies by digest."""
    steady: list[SectionRef] = []
    now: list[NowSection] = []
    bodies: dict[str, bytes] = {}
    for kind, body in found.items():
        name = kind.section
        data, seldom = parted(encode_section(body), kind)
        if name.endswith("_now"):
            now.append(NowSection(section=name, schema=kind.schema, body=data.decode()))
            name, data = seldom_name(name), seldom
        if data:
            named = ref(name, kind.schema, data)
            bodies[named.sha256] = data
            steady.append(named)
    return steady, now, bodies


def wrong_by(machine: Machine, night: int) -> int:
    """Seconds a computer's clock is ahead, or behind below 0."""
    if not machine.has("wrong-clock", night):
        return 0
    return machine.random("clock").choice((26, -49, 8_760)) * facts.HOUR


def _of_itself(machine: Machine, night: int) -> list[Itself]:
    """What a look costs it, how far off its clock is, and that it was taken off."""
    chance = machine.random("cost", night)
    cpu = chance.randrange(280, 620)
    cost = Cost(cpu_ms=cpu, wall_ms=cpu * chance.randrange(3, 9), peak_mb=chance.randrange(38, 52))
    off = wrong_by(machine, night) if night else 0
    said: list[Itself] = [cost, Clock(ahead_seconds=off)] if off else [cost]
    leaves = machine.faults.get("taken-off", range(0))[:1]
    return [*said, Leaving(how="uninstalled")] if night in leaves else said


def _result(verdict: Verdict) -> Result:
    return Result(
        check=verdict.check, status=verdict.status, severity=verdict.severity, says=verdict.says
    )
