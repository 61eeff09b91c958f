"""Whatever the description of /v1 allows, and much that it does not, a running controller answers
with something signed: 2xx, 4xx or 503, and never a 500.

The description is hand-written (docs/intake-openapi.yaml); schemathesis makes requests from it.
"""

import functools
import http.client
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller import keyfiles
from tests.controller.commands.served import connection, free_port, serving
from wire import dsse, keys, note, types
from wire.errors import WireError
from wire.problem import CODES

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "intake-openapi.yaml"
DESCRIBED: dict[str, Any] = yaml.safe_load(PAGE.read_text("utf-8"))
OPERATIONS = [
    (path, method.upper()) for path, item in DESCRIBED["paths"].items() for method in item
]
ANSWERS = {types.HELLO, types.RECEIPT, types.PROBLEM, types.ENROLMENT}
PATIENT = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@functools.cache
def schema() -> Any:
    """What schemathesis makes of it, when a test first asks and not while tests are collected."""
    return schemathesis.openapi.from_dict(DESCRIBED)


class Reply(NamedTuple):
    """What came back."""

    status: int
    kind: str
    body: bytes


class Controller:
    """A served controller and the key its answers must be signed with."""

    def __init__(self, folder: Path, port: int) -> None:
        """`folder` is its data."""
        self.public = keys.public_bytes(keyfiles.signing_key(folder))
        self.log = keys.public_bytes(keyfiles.log_key(folder))
        self._line = connection(port)

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """One request, on the connection of the last unless that was ended."""
        for _ in range(2):
            try:
                self._line.request(method, path, body, dict(headers))
                answer = self._line.getresponse()
                return Reply(answer.status, answer.getheader("content-type", ""), answer.read())
            except (OSError, http.client.HTTPException):
                self._line.close()  # the server ended it after the answer before
        raise AssertionError("the server does not answer")

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def check(self, answer: Reply) -> None:
        """The invariant."""
        status = answer.status
        assert 200 <= status < 300 or 400 <= status < 500 or status == 503, status
        if status == 204:
            assert answer.body == b""
            return
        if answer.kind == "text/plain; charset=utf-8":  # a checkpoint, signed by the log's key
            name = answer.body.decode().partition("\n")[0]
            note.open_note(answer.body, name, self.log)
            return
        assert answer.kind == types.CONTENT_TYPE
        parsed = dsse.parse(answer.body)
        signer = self.public
        if parsed.payload_type == types.ROOTS:  # signed by the key on paper, which is inside
            signer = keys.from_text(json.loads(parsed.payload)["recovery"])
        else:
            assert parsed.payload_type in ANSWERS
        payload = json.loads(dsse.verify(parsed, parsed.payload_type, signer))
        if parsed.payload_type == types.PROBLEM:
            assert CODES[payload["code"]].status == status


@pytest.fixture(scope="module")
def controller(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Controller]:
    """A real server on the loopback."""
    folder = Path(shutil.copytree(template, tmp_path_factory.mktemp("served") / "data"))
    port = free_port()
    with serving(folder, port):
        made = Controller(folder, port)
        yield made
        made.close()


def _send(controller: Controller, case: Any) -> Reply:
    """Send a case as `requests` would spell it."""
    wanted: Any = requests.Request(
        **case.as_transport_kwargs(base_url="https://127.0.0.1")
    ).prepare()
    body = wanted.body or b""
    body = body.encode() if isinstance(body, str) else body
    return controller.ask(wanted.method, wanted.path_url, body, wanted.headers)


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=str)
def test_every_request_that_fits_the_description_gets_a_signed_answer(
    controller: Controller, path: str, method: str
) -> None:
    operation = schema()[path][method]
    allowed = set(DESCRIBED["paths"][path][method.lower()]["responses"])

    @PATIENT
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        answer = _send(controller, case)
        controller.check(answer)
        assert str(answer.status) in allowed or "default" in allowed

    ask()


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=str)
def test_any_bytes_whatever_they_say_they_are_get_a_signed_answer(
    controller: Controller, path: str, method: str
) -> None:
    @PATIENT
    @given(
        body=st.binary(max_size=2_000),
        kind=st.sampled_from([types.CONTENT_TYPE, types.PACKED_TYPE, "text/html", ""]),
        coding=st.sampled_from(["gzip", "identity", "br", ""]),
        name=st.sampled_from(["0" * 64, "dev_" + "0" * 26, "..", "%00", "1", "-1", "x" * 300]),
    )
    def ask(body: bytes, kind: str, coding: str, name: str) -> None:
        headers = {"Content-Type": kind, "Content-Encoding": coding, "Caretaker-Device": name}
        controller.check(controller.ask(method, re.sub(r"{\w+}", name, path), body, headers))

    ask()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_every_path_answers_every_method(controller: Controller, method: str) -> None:
    for path in [*DESCRIBED["paths"], "/v1/", "/v1/nothing", "/v1/reports/more", "/v1/../v1/hello"]:
        controller.check(controller.ask(method, re.sub(r"{\w+}", "0" * 64, path), b"", {}))


def test_the_description_lists_the_endpoints_of_the_wire_formats_page() -> None:
    page = (ROOT / "docs" / "wire-format.md").read_text("utf-8")
    rows = re.findall(r"^\| `(GET|POST|PUT) (/v1/[^`?]+)", page, re.MULTILINE)
    told = {(re.sub(r"<[^>]+>", "{}", path), method) for method, path in rows}
    assert told == {(re.sub(r"{\w+}", "{}", path), method) for path, method in OPERATIONS}


def test_the_description_lists_every_status_a_problem_may_have() -> None:
    listed = {
        int(status)
        for item in DESCRIBED["paths"].values()
        for operation in item.values()
        for status in operation["responses"]
        if status.isdigit()
    }
    assert {code.status for code in CODES.values()} <= listed


def test_an_answer_of_somebody_else_would_be_noticed(controller: Controller) -> None:
    """The invariant can fail: an answer altered by one bit is not accepted."""
    answer = controller.ask("GET", "/v1/hello", b"", {})
    controller.check(answer)
    for spoilt in (
        answer._replace(body=answer.body.replace(b'"sig":"', b'"sig":"A', 1)),
        answer._replace(body=b"<html>blocked</html>"),
        answer._replace(kind="text/html"),
        answer._replace(status=500),
    ):
        with pytest.raises((AssertionError, WireError)):
            controller.check(spoilt)
