"""A computer as the controller meets it: a key, a chain of reports, and HTTP without a socket."""

import asyncio
import io
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from checks.catalogue import catalogue
from checks.policy import DEFAULT_POLICY, policy_hash
from controller.intake.app import Intake
from controller.intake.reading import Request
from wire import dsse, enrolment, keys, problem, receipt, report, sections
from wire.packing import gzip_bytes

NOW = 1_795_400_000
"""The tests' time; the clock stands there unless a test moves it."""


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes
    public: bytes

    @property
    def receipt(self) -> receipt.Receipt:
        """The signed receipt; fails on anything else."""
        return receipt.open_receipt(dsse.parse(self.body), self.public)

    @property
    def problem(self) -> problem.Problem:
        """The signed problem; fails on anything else."""
        return problem.open_problem(dsse.parse(self.body), self.public)

    @property
    def enrolment(self) -> enrolment.Enrolment:
        """The signed enrolment; fails on anything else."""
        return enrolment.open_enrolment(dsse.parse(self.body), self.public)


class Chunks:
    """A body that comes in small pieces, and counts what was taken."""

    def __init__(self, data: bytes, piece: int = 4096) -> None:
        """`piece` is the most that one read gives."""
        self._source = io.BytesIO(data)
        self._piece = piece
        self.taken = 0

    def read(self) -> bytes:
        """The next piece."""
        data = self._source.read(self._piece)
        self.taken += len(data)
        return data

    async def part(self) -> tuple[bytes, bool]:
        """The next piece, and whether anything is left."""
        return self.read(), self._source.tell() < self._source.getbuffer().nbytes


@dataclass
class Door:
    """The controller's `/v1`, without a socket."""

    intake: Intake
    public: bytes
    address: str = "192.0.2.7"

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Chunks = b"",
        *,
        length: int | str | None = None,
        **headers: str,
    ) -> Reply:
        """One request. `length` None says the true length; "" says none (chunked)."""
        said = len(body) if isinstance(body, bytes) else ""
        said = said if length is None else length
        head = {"content-length": str(said)} if said != "" else {}
        head |= {name.replace("_", "-"): value for name, value in headers.items()}
        source = Chunks(body) if isinstance(body, bytes) else body
        head = {n: v.encode("latin-1", "replace").decode("latin-1") for n, v in head.items()}
        place, _, query = path.partition("?")
        request = Request(method, place, head, f"{self.address}:40000", source, query)
        answer = asyncio.run(self.intake.answer(request))
        got = {name.title(): value for name, value in answer.headers}
        return Reply(answer.status, got, answer.body, self.public)

    def post(self, envelope: bytes, *, path: str = "/v1/reports", gzip: bool = False) -> Reply:
        """A signed envelope."""
        if gzip:
            return self.ask("POST", path, gzip_bytes(envelope), content_encoding="gzip")
        return self.ask("POST", path, envelope)


@dataclass
class Machine:
    """One computer."""

    door: Door
    name: str = "lab-1"
    factors: dict[str, str] = field(default_factory=dict)
    key: Ed25519PrivateKey = field(default_factory=keys.generate)
    device: str = ""
    seq: int = 0
    prev: str = ""
    bodies: dict[str, bytes] = field(default_factory=dict)

    @property
    def public(self) -> bytes:
        """The raw public key."""
        return keys.public_bytes(self.key)

    def introduction(self, code: enrolment.JoinCode, *, nonce: str | None = None) -> bytes:
        """A signed request to join."""
        hello = enrolment.open_hello(
            dsse.parse(self.door.ask("GET", "/v1/hello").body), [self.door.public]
        )
        fresh = hello.nonce if nonce is None else nonce
        return enrolment.sign_enrol(
            enrolment.Enrol(
                token=code.token,
                public_key=keys.to_text(self.public),
                nonce=fresh,
                proof=enrolment.enrol_proof(code.secret, fresh, self.public),
                created_at=NOW,
                agent="0.1.0",
                host_name=self.name,
                platform="linux",
                factors=[enrolment.Factor(kind=k, value=v) for k, v in self.factors.items()],
            ),
            self.key,
        )

    def join(self, code: enrolment.JoinCode) -> Reply:
        """Ask to join."""
        reply = self.door.post(self.introduction(code), path="/v1/enrol")
        if reply.status == 202:
            self.device = reply.enrolment.device
        return reply

    def content(
        self, bodies: dict[str, bytes] | None = None, *, results: int = 0
    ) -> report.Content:
        """What it found: section name → body."""
        self.bodies = {"locking": b'{"unseen":"denied"}'} if bodies is None else bodies
        return report.Content(
            policy=policy_hash(DEFAULT_POLICY),
            catalogue=catalogue().hash,
            sections=[sections.ref(name, 1, body) for name, body in self.bodies.items()],
            results=[
                report.Result(check=f"check-{n}", status="pass", severity="low", says="fine")
                for n in range(results)
            ],
        )

    def draft(self, content: report.Content | str | None = None, **changes: Any) -> report.Report:
        """The next report of its chain, unsigned."""
        fields: dict[str, Any] = {
            "device": self.device,
            "agent": "0.1.0",
            "seq": self.seq + 1,
            "prev": self.prev,
            "boot": "boot-1",
            "uptime_seconds": 60,
            "created_at": NOW,
            "nonce": secrets.token_hex(16),
            "echo": "",
            "binding": dsse.digest(self.name.encode()),
            "content": self.content() if content is None else content,
            "now": [],
        }
        return report.Report(**(fields | changes))

    def sign(self, draft: report.Report, *, advance: bool = True) -> bytes:
        """Sign a report; with `advance` the chain goes on from it."""
        envelope = report.sign_report(draft, self.key)
        if advance:
            self.seq, self.prev = draft.seq, dsse.digest(envelope)
        return envelope

    def report(self, content: report.Content | str | None = None, **changes: Any) -> bytes:
        """The next signed report."""
        return self.sign(self.draft(content, **changes))

    def supply(self, need: Iterable[str], bodies: Iterable[bytes] = ()) -> list[Reply]:
        """Send every body that was asked for."""
        known = {dsse.digest(body): body for body in [*self.bodies.values(), *bodies]}
        return [self.put(known[digest], digest) for digest in need]

    def put(self, body: bytes, digest: str | None = None, *, device: str | None = None) -> Reply:
        """Send one body."""
        name = (digest or dsse.digest(body)).removeprefix("sha256:")
        return self.door.ask(
            "PUT", f"/v1/sections/{name}", body, caretaker_device=device or self.device
        )
