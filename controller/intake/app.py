"""`/v1` as a plain callable: no middleware, no session, no template between an agent and its
receipt (A6, ADR 6).

The event loop only reads bytes, hands them over, waits and sends. What an agent may act on is
signed, by the thread that decides it; only what no agent acts on (a wrong path, a full disk before
the body was read) could be said by anybody, and is signed all the same.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Final

from controller import clock
from controller.intake import opening, reading
from controller.intake.answers import Answer, Signer
from controller.intake.jobs import Form, Job, Kind, Waiting
from controller.intake.outcomes import Outcome, Refused, RefusedError
from controller.intake.reading import Request
from controller.intake.writer import BUSY, QueueFullError, Writer
from wire import limits
from wire.enrolment import Hello
from wire.errors import WireError
from wire.problem import code_for

WAIT_SECONDS: Final = 60.0
_POSTED: Final[dict[str, Kind]] = {
    "/v1/reports": "report",
    "/v1/enrol": "enrol",
    "/v1/rekey": "rekey",
    "/v1/readmit": "readmit",
}
_OF_A_SCHOOL: Final[dict[str, Kind]] = {
    "/v1/policy": "policy",
    "/v1/log/checkpoint": "checkpoint",
}
_BY_NAME: Final[dict[str, Kind]] = {"/v1/scope": "scope", "/v1/credentials": "credentials"}
_HEX = re.compile(r"\A[0-9a-f]{64}\Z")
_VERSION = re.compile(r"\A/[0-9]{1,9}\Z")
_SITE = re.compile(r"\Asite=(site_[0-9A-HJKMNP-TV-Z]{26})\Z")
_NAMED = re.compile(r"\Anamed=([0-9a-f]{64})\Z")
_DEVICE = re.compile(r"\Adev_[0-9A-HJKMNP-TV-Z]{26}\Z")


class Intake:
    """The endpoints of trust §4.2 as DESIGN amends them."""

    def __init__(
        self,
        writer: Writer,
        signer: Signer,
        *,
        introduce: Callable[[int], Hello],
        roots: Callable[[int | None], bytes | None],
        full: Callable[[], bool],
        proxies: int = 0,
    ) -> None:
        """`introduce` makes a hello for a moment; `roots` gives the list in force for None, for a
        version held the one to take next, if any; `full` says that the disk has no room for intake
        (O24)."""
        self._writer = writer
        self._signer = signer
        self._introduce = introduce
        self._roots = roots
        self._full = full
        self._proxies = proxies
        self._waiting = Waiting(WAIT_SECONDS)

    async def answer(self, request: Request) -> Answer:
        """Answer one request. Raises what its body raises."""
        method, path = request.method, request.path
        if method == "GET" and path == "/v1/hello":
            return self._signer.hello(self._introduce(clock.now()))
        if method == "GET" and path.startswith("/v1/roots"):
            return self._listed(path.removeprefix("/v1/roots"))
        if method == "GET" and path in _OF_A_SCHOOL:
            return await self._of_a_school(request.query, _OF_A_SCHOOL[path])
        if method == "GET" and path in _BY_NAME:
            return await self._by_name(request.query, _BY_NAME[path])
        if method == "POST" and path in _POSTED:
            return await self._posted(request, _POSTED[path])
        if method == "PUT" and path.startswith("/v1/sections/"):
            return await self._section(request, path.removeprefix("/v1/sections/"))
        if method == "GET" and path.startswith("/v1/enrol/"):
            device = path.removeprefix("/v1/enrol/")
            if _DEVICE.match(device):
                return await self._ask("standing", name=device)
        return self._sign(Refused("not_found"), "")

    def _listed(self, rest: str) -> Answer:
        """The roots in force, or those to take after the version that stands in the path."""
        if rest and not _VERSION.match(rest):
            return self._sign(Refused("not_found"), "")
        return self._signer.listed(self._roots(int(rest[1:] or 0) if rest else None))

    async def _of_a_school(self, query: str, kind: Kind) -> Answer:
        """What anybody may have of one school, as it was signed: its policy in force, or how far
        its evidence log reached (ADR 13)."""
        if (asked := _SITE.match(query)) is None:
            return self._sign(Refused("not_found"), "")
        return await self._ask(kind, name=asked[1])

    async def _by_name(self, query: str, kind: Kind) -> Answer:
        """What only its scanner's receipts name: a scope, or what is sealed for it."""
        if (asked := _NAMED.match(query)) is None:
            return self._sign(Refused("not_found"), "")
        return await self._ask(kind, name=f"sha256:{asked[1]}")

    async def _posted(self, request: Request, kind: Kind) -> Answer:
        """A signed envelope: read within limits, hand over, wait."""
        if self._full():
            return self._sign(BUSY, "")
        try:
            body, form = await reading.envelope(request)
        except RefusedError as error:
            return self._sign(error.refused, "")
        return await self._ask(kind, body=body, form=form, address=self._address(request))

    def _address(self, request: Request) -> str:
        """Where a request came from; a header is believed only from proxies of our own (O28)."""
        if self._proxies:
            lines = [v for name, v in request.headers.items() if name == "x-forwarded-for"]
            forwarded = ",".join(lines).split(",")
            if lines and self._proxies <= len(forwarded):
                return forwarded[-self._proxies].strip()[:64]
        return request.client.rpartition(":")[0].strip("[]")

    async def _section(self, request: Request, name: str) -> Answer:
        device = request.headers.get("caretaker-device", "")
        if not _HEX.match(name):
            return self._sign(Refused("not_found"), "")
        digest = f"sha256:{name}"
        if self._full():
            return self._sign(BUSY, digest)
        try:
            body = await reading.body(request, plain_limit=limits.SECTION)
        except RefusedError as error:
            return self._sign(error.refused, digest)
        except WireError as error:
            return self._sign(_refused(error), digest)
        if not _DEVICE.match(device):
            return self._sign(Refused("not_needed"), digest)
        return await self._ask("section", body=body, digest=digest, name=device)

    async def _ask(
        self,
        kind: Kind,
        *,
        body: bytes = b"",
        form: Form | None = None,
        digest: str = "",
        name: str = "",
        address: str = "",
    ) -> Answer:
        """Hand over and wait; as `Job` takes them."""
        job = Job(
            kind,
            body=body,
            form=form,
            digest=digest,
            name=name,
            address=address,
            seal=self._sign,
            loop=asyncio.get_running_loop(),
        )
        try:
            self._writer.submit(job)
        except QueueFullError:
            answer = None
        else:
            answer = await self._waiting.answer(job)
        if answer is not None:
            return answer
        opening.open_all([job])  # its digest, for an agent believes only what names its request
        return self._sign(BUSY, job.digest)

    def _sign(self, outcome: Outcome, request: str) -> Answer:
        return self._signer.answer(outcome, request=request, at=clock.now())


def _refused(error: WireError) -> Refused:
    return Refused(code_for(error), error.sentence)
