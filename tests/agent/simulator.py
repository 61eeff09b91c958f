"""A controller in a hundred lines: real TLS, real
signatures, and every fault an agent must survive.

It keeps the protocol's promises (chain, needs, duplicates) and breaks them on demand: each
of `faults` is given the next request and its honest answer, and returns what is sent
instead. `refusals` are honest.
"""

import contextlib
import http.server
import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.deliver.connection import spki
from tests.agent.certificate import certified
from wire import (
    canonical,
    dsse,
    enrolment,
    frame,
    keys,
    packing,
    problem,
    readmit,
    receipt,
    rekey,
    report,
    roots,
    types,
)
from wire.errors import WireError
from wire.join_code import JoinCode

NOW = 1_795_320_000
SECRET = bytes(range(16))
TOKEN = "tok_01JD9ZK3V5N8Q2R4T6W8Y0A1B2"


@dataclass
class Reply:
    """What goes back over HTTP."""

    status: int
    body: bytes
    kind: str = types.CONTENT_TYPE
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0

    def write(self, out: io.BufferedIOBase) -> None:
        """All at once, or one byte at a time."""
        if not self.pause:
            out.write(self.body)
            return
        for at in range(len(self.body)):
            out.write(self.body[at : at + 1])
            out.flush()
            time.sleep(self.pause)


@dataclass
class Request:
    """What came in; `body` already inflated."""

    method: str
    path: str
    body: bytes
    headers: dict[str, str]


Fault = Callable[[Request, Reply], Reply]


@dataclass
class Controller:
    """The simulated controller's mind; `answer` is a pure function of it and a request."""

    key: Ed25519PrivateKey = field(default_factory=keys.generate)
    recovery: Ed25519PrivateKey = field(default_factory=keys.generate)
    listed: list[bytes] = field(default_factory=list)
    """Signed roots, oldest first; the first are made when they are first asked for."""
    url: str = ""
    spki: str = ""
    status: str = "active"
    device: str = "dev_01JD9ZK3V5N8Q2R4T6W8Y0A1B2"
    device_key: bytes = b""
    enrolled: str = ""
    heads: list[str] = field(default_factory=list)
    reports: list[report.Report] = field(default_factory=list)
    contents: dict[str, report.Content] = field(default_factory=dict)
    sections: dict[str, bytes] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    restored: bool = False
    next_after: int | None = None
    release: str = ""
    frames: int | msgspec.UnsetType = msgspec.UNSET
    """The newest version it takes, and says so; a controller from before said nothing."""
    came_as: list[int] = field(default_factory=list)
    """Versions of the frames that came."""
    site: str = "site_01JD9YBXRZ8QK2M4N6P8R0S2T4"
    profile: str = ""
    policy: bytes = b""
    """The envelope in force."""
    refusals: list[Callable[[Request], Reply]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def public(self) -> bytes:
        return keys.public_bytes(self.key)

    @property
    def pin(self) -> bytes:
        return keys.pin(keys.public_bytes(self.recovery))

    def roots(self) -> bytes:
        """The list in force."""
        return self.listed[-1] if self.listed else self.list_keys()

    def roots_after(self, held: str) -> Reply:
        """The newest, but a handover of the recovery key that lies in between first."""
        newest = self.roots()
        if not held:
            return self.signed(200, newest)
        later = [one for one in self.listed if roots.open_held(one).version > int(held)]
        steps = [one for one in later[:-1] if roots.open_held(one).next_recovery]
        return self.signed(200, (steps or [newest])[0]) if later else Reply(204, b"")

    def list_keys(self, by: Ed25519PrivateKey | None = None, **changes: object) -> bytes:
        """Sign the next version, which lists the key we sign with now."""
        signer = by or self.recovery
        fields = {
            "version": len(self.listed) + 1,
            "at": NOW,
            "recovery": keys.to_text(keys.public_bytes(signer)),
            "controllers": [keys.to_text(self.public)],
            "logs": [],
            "policy_signers": [],
            "scope_signers": [],
            "delegated": True,
            "tls_spki": [self.spki],
            "addresses": [],
        }
        made = roots.Roots(**(fields | changes))  # type: ignore[arg-type]  # as Roots has them
        self.listed.append(roots.sign_roots(made, signer))
        return self.listed[-1]

    def code(self, **changes: bytes) -> JoinCode:
        """The join code a technician would be given."""
        return JoinCode(TOKEN, **{"secret": SECRET, "pin": self.pin, **changes})

    def handle(self, request: Request) -> Reply:
        self.requests.append(request)
        if self.refusals:
            return self.refusals.pop(0)(request)
        asks_policy = request.path.startswith("/v1/policy")
        reply = self.ruling() if asks_policy else self.answer(request)
        return self.faults.pop(0)(request, reply) if self.faults else reply

    def unpacks(self, framed: bytes) -> bool:
        """Whether it takes a frame of this version."""
        self.came_as.append(framed[0])
        return framed[0] <= (self.frames or frame.FIRST)

    def ruling(self) -> Reply:
        """The policy in force, if there is one."""
        return self.signed(200, self.policy) if self.policy else Reply(204, b"")

    def answer(self, request: Request) -> Reply:
        if request.path.startswith("/v1/roots"):
            return self.roots_after(request.path.removeprefix("/v1/roots").strip("/"))
        if request.path.startswith("/v1/hello"):
            return self.signed(
                200,
                enrolment.sign_hello(
                    enrolment.Hello(
                        controller=keys.to_text(self.public),
                        nonce="n" * 32,
                        at=NOW,
                        addresses=[self.url],
                        tls_spki=[self.spki],
                        roots=dsse.digest(self.roots()),
                    ),
                    self.key,
                ),
            )
        if request.path == "/v1/rekey":
            return self.rekey(request.body)
        if request.path == "/v1/readmit":
            return self.readmit(request.body)
        if request.path == "/v1/enrol":
            return self.enrol(request.body)
        if request.path.startswith("/v1/enrol/"):
            return self.standing(200)
        if request.path.startswith("/v1/sections/"):
            return self.section(request)
        return self.take_report(request.body)

    def enrol(self, body: bytes) -> Reply:
        found = enrolment.open_enrol(dsse.parse(body))
        enrolment.check_proof(found, SECRET)
        self.device_key = keys.from_text(found.public_key)
        self.enrolled = dsse.digest(body)
        self.heads.clear()
        return self.standing(202)

    def rekey(self, body: bytes) -> Reply:
        found = rekey.open_rekey(dsse.parse(body))
        new = keys.from_text(found.public_key)
        if new != self.device_key:  # else the same request again
            try:
                rekey.check_handover(found, self.device_key or self.public)
            except WireError:
                return self.refuse("unknown_key", dsse.digest(body))
            if found.seq > len(self.heads) + 1:
                head = problem.Head(seq=len(self.heads), hash=self.heads[-1] if self.heads else "")
                return self.refuse("gap", dsse.digest(body), head)
            self.device_key = new
        return self.standing(200, dsse.digest(body))

    def readmit(self, body: bytes) -> Reply:
        """A controller that lost everything but its keys believes what it once signed."""
        found = readmit.open_readmit(dsse.parse(body))
        try:
            proven = readmit.prove(found, [self.public])
        except WireError:
            return self.refuse("unknown_key", dsse.digest(body))
        if not self.restored and proven.digest != self.enrolled:
            return self.refuse("unknown_key", dsse.digest(body))
        self.status = "active"
        if not self.device_key:
            self.device, self.enrolled = found.device, proven.digest
            self.device_key = keys.from_text(proven.enrol.public_key)
        return self.standing(200)

    def lose(self) -> None:
        """Its disk died, and an old backup knows nothing of this computer."""
        self.restored, self.device_key, self.enrolled = True, b"", ""
        self.heads.clear()
        self.reports.clear()

    def standing(self, status: int, request: str = "") -> Reply:
        said = enrolment.Enrolment(
            request=request or self.enrolled,
            device=self.device,
            status=self.status,  # type: ignore[arg-type]  # tests set one of the three
            at=NOW,
            words=keys.words(self.device_key),
        )
        return self.signed(status, enrolment.sign_enrolment(said, self.key))

    def section(self, request: Request) -> Reply:
        digest = "sha256:" + request.path.rpartition("/")[2]
        if dsse.digest(request.body) != digest:
            return self.refuse("bad_digest", digest)
        self.sections[digest] = request.body
        return Reply(204, b"")

    def take_report(self, body: bytes) -> Reply:
        request = dsse.digest(body)
        if self.status != "active":
            return self.refuse("pending", request)
        try:
            found = report.open_report(dsse.parse(body), self.device_key or self.public)
        except WireError:
            return self.refuse("unknown_key", request)
        if request in self.heads:
            return self.give_receipt(request, found, "duplicate")
        head = self.heads[-1] if self.heads else ""
        if found.seq != len(self.heads) + 1 or found.prev != head:
            code = "gap" if found.seq > len(self.heads) + 1 else "fork"
            return self.refuse(code, request, problem.Head(seq=len(self.heads), hash=head))
        self.heads.append(request)
        self.reports.append(found)
        return self.give_receipt(request, found, "accepted")

    def needed(self, found: report.Report) -> list[str]:
        content = found.content
        if isinstance(content, str):
            if content not in self.contents and content in self.sections:
                self.contents[content] = canonical.decode(self.sections[content], report.Content)
            if content not in self.contents:
                return [content]
            content = self.contents[content]
        self.contents[report.content_digest(content)] = content
        return [ref.sha256 for ref in content.sections if ref.sha256 not in self.sections]

    def give_receipt(self, request: str, found: report.Report, status: str) -> Reply:
        made = receipt.Receipt(
            device=self.device,
            request=request,
            seq=found.seq,
            status="accepted" if status == "accepted" else "duplicate",
            received_at=NOW,
            need=self.needed(found),
            policy=dsse.digest(self.policy) if self.policy else "",
            site=self.site,
            profile=self.profile,
            nonce=f"{found.seq:032x}",
            next_after_seconds=self.next_after,
            release=self.release,
            frames=self.frames,
        )
        code = 202 if status == "accepted" else 200
        return self.signed(code, receipt.sign_receipt(made, self.key))

    def refuse(
        self, code: str, request: str, head: problem.Head | None = None, retry: int | None = None
    ) -> Reply:
        made = problem.Problem(
            code=code,
            request=request,
            sentence=problem.SENTENCES.get(code, code),
            at=NOW,
            head=head,
            retry_after_seconds=retry,
        )
        return self.signed(
            problem.CODES[code].status if code in problem.CODES else 400,
            problem.sign_problem(made, self.key),
        )

    @staticmethod
    def signed(status: int, body: bytes) -> Reply:
        return Reply(status, body)

    def refuse_next(self, code: str, retry: int | None = None) -> None:
        """A genuine, signed refusal of whatever comes next, which is not stored."""
        self.refusals.append(
            lambda request: self.refuse(code, dsse.digest(request.body), retry=retry)
        )


def html(status: int) -> Fault:
    """What a school filter says."""
    page = b"<html><head><title>Access blocked</title></head><body>Category: unknown</body></html>"
    return lambda _request, _reply: Reply(status, page, "text/html; charset=utf-8")


@contextlib.contextmanager
def serving(controller: Controller, folder: Path) -> Iterator[Controller]:
    """Serve on loopback over TLS 1.3 with a certificate of its own."""
    context, der = certified(folder)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body go in two writes: 40 ms between them

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Content-Encoding") == "gzip":
                body = packing.gunzip_limited(body, 1 << 20)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, body, headers)
            if headers.get("content-type") != types.PACKED_TYPE:
                reply = controller.handle(request)
            elif controller.unpacks(body):
                reply = controller.handle(replace(request, body=frame.unpack(body)))
            else:
                reply = controller.refuse("malformed", "")
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in reply.headers and reply.status != 204:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            with contextlib.suppress(OSError):  # the agent may hang up on us
                reply.write(self.wfile)

        do_GET = do_POST = do_PUT = _do  # noqa: N815  (names that http.server asks for)

        def log_message(self, *args: object) -> None:
            """Tests speak for themselves."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    controller.url = f"https://127.0.0.1:{server.server_address[1]}"
    controller.spki = spki(der)
    try:
        yield controller
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def shown(body: bytes) -> object:
    """A JSON body, for assertions."""
    return json.loads(body)
