"""Whatever the description allows, and much that it does not, a running controller answers as the
description says, and never with a 500; and files come in to disk, bounded.

The description is hand-written (controller/api/openapi.yaml); schemathesis makes requests from it.
"""

import functools
import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.serving.uploads import PAPERS
from inventory.assets.fields import FIELDS
from inventory.assets.queries import DUES, GAPS, SORTS
from inventory.assets.states import STATES
from tests.controller.api.served import Served, served
from tests.controller.commands.served import TLS, connection
from tests.inventory.documents import files

ROOT = Path(__file__).parents[3]
DESCRIBED: dict[str, Any] = yaml.safe_load(
    (ROOT / "controller" / "api" / "openapi.yaml").read_text("utf-8")
)
OPERATIONS = [
    (path, method.upper())
    for path, item in DESCRIBED["paths"].items()
    for method in item
    if method != "parameters"
]
PATIENT = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@functools.cache
def schema() -> Any:
    """What schemathesis makes of it; half a second, which no collecting of tests should cost."""
    return schemathesis.openapi.from_dict(DESCRIBED)


class Reply(NamedTuple):
    """What came back."""

    status: int
    kind: str
    body: bytes


class Program:
    """A program with a token, on one connection."""

    def __init__(self, where: Served) -> None:
        """Of one controller."""
        self.where = where
        self.line = connection(where.port)

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """One request, on the connection of the last unless that was ended."""
        told = {**headers, "Authorization": f"Bearer {self.where.secret}"}
        for _ in range(2):
            try:
                self.line.request(method, path, body, told)
                answer = self.line.getresponse()
                return Reply(answer.status, answer.getheader("content-type", ""), answer.read())
            except (OSError, http.client.HTTPException):
                self.line.close()  # the server ended it after the answer before
        raise AssertionError("the server does not answer")


@pytest.fixture(scope="module")
def where(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A real server on the loopback."""
    with served(template, tmp_path_factory.mktemp("served") / "data") as one:
        yield one


@pytest.fixture(scope="module")
def program(where: Served) -> Iterator[Program]:
    """A program of its school."""
    made = Program(where)
    yield made
    made.line.close()


def check(answer: Reply) -> None:
    """The invariant: JSON, or a problem in one sentence, and never our own fault."""
    assert answer.status < 500, answer
    if answer.status >= 400:
        assert answer.kind == "application/problem+json", answer
        problem = json.loads(answer.body)
        assert problem["status"] == answer.status
        assert problem["detail"]


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=str)
def test_every_request_that_fits_the_description_is_answered_as_it_says(
    program: Program, path: str, method: str
) -> None:
    operation = schema()[path][method]

    @PATIENT
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        wanted: Any = requests.Request(
            **case.as_transport_kwargs(base_url="https://127.0.0.1")
        ).prepare()
        body = wanted.body or b""
        body = body.encode() if isinstance(body, str) else body
        answer = program.ask(wanted.method, wanted.path_url, body, wanted.headers)
        assert answer.status != 429
        check(answer)
        if answer.status < 300 and answer.kind == "application/json":
            headers = {"content-type": [answer.kind]}
            response = schemathesis.Response(
                answer.status, headers, answer.body, wanted, elapsed=0.0, verify=False
            )
            operation.validate_response(response)

    ask()


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=str)
def test_any_bytes_get_a_problem_in_a_sentence(program: Program, path: str, method: str) -> None:
    @settings(PATIENT, max_examples=5)
    @given(
        body=st.binary(max_size=500),
        kind=st.sampled_from(["application/json", "text/html", ""]),
        name=st.sampled_from(["..", "%00", "asset_" + "0" * 26, "x" * 300, "%F0%9F%92%A9"]),
        version=st.sampled_from(['"1"', "*", "", "\u00e9"]),
    )
    def ask(body: bytes, kind: str, name: str, version: str) -> None:
        headers = {"Content-Type": kind, "If-Match": version}
        check(program.ask(method, path.replace("{id}", name), body, headers))

    ask()


def test_an_entry_is_read_changed_and_read_again(program: Program) -> None:
    path = f"/api/v1/entries/{program.where.entry}"
    before = json.loads(program.ask("GET", path, b"", {}).body)
    sent = json.dumps({"fields": {"name": "Head’s laptop"}}).encode()
    headers = {"Content-Type": "application/json", "If-Match": f'"{before["seq"]}"'}
    changed = program.ask("PATCH", path, sent, headers)
    assert (changed.status, json.loads(changed.body)["fields"]["name"]) == (200, "Head’s laptop")
    assert program.ask("PATCH", path, sent, headers).status == 412


def test_the_description_names_every_field_and_every_word_of_the_register(
    program: Program,
) -> None:
    schemas = DESCRIBED["components"]["schemas"]
    assert set(schemas["Fields"]["properties"]) == set(FIELDS)
    for name, field in FIELDS.items():
        told = schemas["Fields"]["properties"][name]
        if "enum" in told:
            assert tuple(told["enum"]) == field.choices
        elif "maxLength" in told:
            assert told["maxLength"] == field.longest
    assert set(schemas["Entry"]["properties"]["state"]["enum"]) == set(STATES)
    listed = DESCRIBED["paths"]["/api/v1/entries"]["get"]["parameters"]
    words = {
        one["name"]: one["schema"]["enum"] for one in listed if "enum" in one.get("schema", {})
    }
    assert words == {"gap": list(GAPS), "due": list(DUES), "sort": list(SORTS)}
    served_text = program.ask("GET", "/api/v1/openapi.yaml", b"", {})
    assert yaml.safe_load(served_text.body) == DESCRIBED


class Line:
    """One connection, byte by byte."""

    def __init__(self, where: Served) -> None:
        """To a controller."""
        plain = socket.create_connection(("127.0.0.1", where.port), timeout=30)
        self.line: ssl.SSLSocket = TLS.wrap_socket(plain, server_hostname="localhost")

    def head(self, where: Served, path: str, length: int, cookie: str) -> None:
        """The head of a form with a file."""
        told = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{where.port}\r\nCookie: {cookie}\r\n"
            f"Content-Type: multipart/form-data; boundary=xx\r\nContent-Length: {length}\r\n\r\n"
        )
        self.line.sendall(told.encode())

    def send(self, size: int) -> None:
        """So many bytes, as far as the other end takes them."""
        try:
            for _ in range(size >> 16):
                self.line.sendall(bytes(1 << 16))
        except OSError:
            pass  # it has answered and hung up, which is what is looked at

    def status(self) -> int:
        """Of the answer; 0 where the connection ended without one that arrived."""
        try:
            first = self.line.recv(200).split(b"\r\n")[0]
        except OSError:
            return 0
        return int(first.split()[1]) if first else 0


def test_only_somebody_signed_in_may_send_a_file_and_none_larger_than_it_may_be(
    where: Served,
) -> None:
    path = f"/register/{where.entry}/papers/add/"
    good = f"__Host-caretaker={where.session}"
    for cookie, size, refused in [
        ("", 5 << 20, True),
        ("__Host-caretaker=" + "a" * 32, 5 << 20, True),
        (good, PAPERS.most_bytes + (1 << 20), True),
        (good, 5 << 20, False),
    ]:
        line = Line(where)
        line.head(where, path, size, cookie)
        line.send(size)
        assert (line.status() in (0, 413)) == refused, cookie
        line.line.close()


def test_a_file_on_its_way_lies_on_the_disk_without_a_name_and_leaves_nothing(
    where: Served,
) -> None:
    incoming, size = where.folder / "incoming", 6 << 20
    line = Line(where)
    path = f"/register/{where.entry}/papers/add/"
    line.head(where, path, size, f"__Host-caretaker={where.session}")
    line.send(size - (1 << 16))
    assert list(incoming.iterdir()) == []
    line.line.close()
    time.sleep(0.05)
    assert list(incoming.iterdir()) == []


def test_a_photograph_goes_in_by_the_form_of_the_page(where: Served) -> None:
    path = f"https://127.0.0.1:{where.port}/register/{where.entry}/"
    cookie = {"Cookie": f"__Host-caretaker={where.session}"}
    line = connection(where.port)
    line.request("GET", f"/register/{where.entry}/", headers=cookie)
    answer = line.getresponse()
    token = (answer.getheader("set-cookie") or "").partition("=")[2].partition(";")[0]
    answer.read()
    data = files.picture("PNG", (1_500, 1_500)) + bytes(4 << 20)
    form = (
        (
            f'--xx\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
            '--xx\r\nContent-Disposition: form-data; name="kind"\r\n\r\nphoto\r\n'
            '--xx\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
            "Content-Type: image/png\r\n\r\n"
        ).encode()
        + data
        + b"\r\n--xx--\r\n"
    )
    headers = {
        "Cookie": f"{cookie['Cookie']}; __Host-caretaker-form={token}",
        "Content-Type": "multipart/form-data; boundary=xx",
        "Referer": path,
        "Origin": f"https://127.0.0.1:{where.port}",
    }
    line.request("POST", f"/register/{where.entry}/papers/add/", form, headers)
    answer = line.getresponse()
    assert (answer.status, answer.getheader("location")) == (
        302,
        f"/register/{where.entry}/#papers",
    )
    kept = [path for path in (where.folder / "documents").rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert kept[0].read_bytes().startswith(b"\xff\xd8\xff")
    line.close()
    assert list((where.folder / "incoming").iterdir()) == []
