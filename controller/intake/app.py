"""`/v1` as a plain WSGI callable: no middleware, no session, no template between an agent and its
receipt (A6).

Request threads only read bytes, hand them over, wait, sign and send. What an agent may act on is
signed; only what no agent acts on (a wrong path, a full disk before the body was read) could be
said by anybody, and is signed all the same.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from controller import clock
from controller.intake import reading
from controller.intake.answers import Answer, Signer
from controller.intake.jobs import Job, Kind
from controller.intake.outcomes import Outcome, Refused, RefusedError
from controller.intake.writer import BUSY, QueueFullError, Writer
from wire import dsse, limits
from wire.enrolment import Hello
from wire.errors import WireError
from wire.problem import code_for

StartResponse = Callable[[str, Sequence[tuple[str, str]]], object]
Environ = dict[str, Any]

WAIT_SECONDS: Final = 60.0
_HEX = re.compile(r"\A[0-9a-f]{64}\Z")
_DEVICE = re.compile(r"\Adev_[0-9A-HJKMNP-TV-Z]{26}\Z")


class Intake:
    """The endpoints of trust §4.2 as DESIGN amends them."""

    def __init__(
        self,
        writer: Writer,
        signer: Signer,
        *,
        introduce: Callable[[int], Hello],
        full: Callable[[], bool],
        proxies: int = 0,
    ) -> None:
        """`introduce` makes a hello for a moment; `full` says that the disk has no room for intake
        (O24)."""
        self._writer = writer
        self._signer = signer
        self._introduce = introduce
        self._full = full
        self._proxies = proxies

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        answer = self._answer(environ)
        start_response(answer.status, list(answer.headers))
        return [answer.body]

    def _answer(self, environ: Environ) -> Answer:
        method, path = environ.get("REQUEST_METHOD", ""), environ.get("PATH_INFO", "")
        if method == "GET" and path == "/v1/hello":
            return self._signer.hello(self._introduce(clock.now()))
        if method == "POST" and path == "/v1/reports":
            return self._posted(environ, "report")
        if method == "POST" and path == "/v1/enrol":
            return self._posted(environ, "enrol")
        if method == "PUT" and path.startswith("/v1/sections/"):
            return self._section(environ, path.removeprefix("/v1/sections/"))
        if method == "GET" and path.startswith("/v1/enrol/"):
            device = path.removeprefix("/v1/enrol/")
            if _DEVICE.match(device):
                return self._sign(self._ask(Job("standing", name=device)), "")
        return self._sign(Refused("not_found"), "")

    def _posted(self, environ: Environ, kind: Kind) -> Answer:
        """A signed envelope: read within limits, hand over, wait."""
        if self._full():
            return self._sign(BUSY, "")
        try:
            body = reading.envelope(environ)
        except RefusedError as error:
            return self._sign(error.refused, "")
        except WireError as error:
            return self._sign(Refused(code_for(error), error.sentence), "")
        digest = dsse.digest(body)
        job = Job(kind, body=body, digest=digest, address=self._address(environ))
        return self._sign(self._ask(job), digest)

    def _address(self, environ: Environ) -> str:
        """Where a request came from; a header is believed only from proxies of our own (O28)."""
        forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        if 0 < self._proxies <= len(forwarded):
            return forwarded[-self._proxies].strip()[:64]
        return str(environ.get("REMOTE_ADDR", ""))

    def _section(self, environ: Environ, name: str) -> Answer:
        device = str(environ.get("HTTP_CARETAKER_DEVICE", ""))
        if not _HEX.match(name):
            return self._sign(Refused("not_found"), "")
        digest = f"sha256:{name}"
        if self._full():
            return self._sign(BUSY, digest)
        try:
            body = reading.body(environ, plain_limit=limits.SECTION)
        except RefusedError as error:
            return self._sign(error.refused, digest)
        except WireError as error:
            return self._sign(Refused(code_for(error), error.sentence), digest)
        if not _DEVICE.match(device):
            return self._sign(Refused("not_needed"), digest)
        return self._sign(self._ask(Job("section", body=body, digest=digest, name=device)), digest)

    def _ask(self, job: Job) -> Outcome:
        try:
            self._writer.submit(job)
        except QueueFullError:
            return BUSY
        return job.wait(WAIT_SECONDS)

    def _sign(self, outcome: Outcome, request: str) -> Answer:
        return self._signer.answer(outcome, request=request, at=clock.now())
