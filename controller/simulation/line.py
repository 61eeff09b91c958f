"""The wire between an invented computer and the controller: real HTTPS on loopback.

Trust is the certificate in the demonstration's own data folder; every answer is verified against
the controller's signing key as a real agent does.
"""

import gzip
import http.client
import ssl
import time
from pathlib import Path
from typing import Final

import msgspec

from controller.data.certificate import paths
from controller.simulation.device import Sent, Speaker
from wire import dsse, types
from wire.enrolment import Hello, JoinCode, open_enrolment, open_hello
from wire.receipt import Receipt, open_receipt

TRIES: Final = 5
PATIENCE: Final = 30


class LineError(Exception):
    """The controller answered something a real agent would not go on from."""


class Line:
    """One kept-open connection. Not safe for two threads at once."""

    def __init__(self, data: Path, port: int, public: bytes) -> None:
        """`public` is the controller's signing key."""
        self._context = ssl.create_default_context(cafile=str(paths(data)[0]))
        self._context.check_hostname = False
        self._port = port
        self._public = public
        self._open: http.client.HTTPSConnection | None = None

    def hello(self, code: JoinCode) -> Hello:
        """Ask the controller to introduce itself. Raises LineError, WireError."""
        answer = self._ask("GET", f"/v1/hello?token={code.token}")
        return open_hello(dsse.parse(answer), [self._public])

    def enrol(self, speaker: Speaker, code: JoinCode, at: int) -> str:
        """Ask to be let in; returns the device's id."""
        envelope = speaker.enrol(self.hello(code), code, at)
        answer = self._ask("POST", "/v1/enrol", envelope)
        speaker.device = open_enrolment(dsse.parse(answer), self._public).device
        return speaker.device

    def deliver(self, speaker: Speaker, sent: Sent) -> Receipt:
        """Send a report and every body the receipt asks for, until it needs nothing."""
        for _ in range(TRIES):
            answer = self._ask("POST", "/v1/reports", sent.envelope)
            receipt = open_receipt(dsse.parse(answer), self._public)
            if not receipt.need:
                speaker.received(sent, receipt)
                return receipt
            for digest in receipt.need:
                path = f"/v1/sections/{digest.removeprefix('sha256:')}"
                self._ask("PUT", path, sent.bodies[digest], device=speaker.device)
        raise LineError(f"{speaker.machine.name}: the controller keeps asking for more.")

    def close(self) -> None:
        """Hang up."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _ask(self, method: str, path: str, body: bytes = b"", device: str = "") -> bytes:
        headers = {"Content-Type": types.SECTION_TYPE if device else types.CONTENT_TYPE}
        if body:
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, mtime=0)
        if device:
            headers[types.DEVICE_HEADER] = device
        for attempt in range(PATIENCE):
            try:
                status, answer = self._exchange(method, path, body, headers)
            except (OSError, http.client.HTTPException):
                self.close()
                time.sleep(0.2 * (attempt + 1))
                continue
            if status < 300:
                return answer
            if status not in (429, 503):
                problem = msgspec.json.decode(dsse.parse(answer).payload)
                raise LineError(f"{method} {path}: {status} {problem['code']}")
            time.sleep(0.2 * (attempt + 1))
        raise LineError(f"{method} {path}: no answer from the controller.")

    def _exchange(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        if self._open is None:
            self._open = http.client.HTTPSConnection(
                "127.0.0.1", self._port, timeout=60, context=self._context
            )
        self._open.request(method, path, body or None, headers)
        answer = self._open.getresponse()
        return answer.status, answer.read()
