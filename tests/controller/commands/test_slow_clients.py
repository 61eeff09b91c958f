"""Clients that keep quiet: however many, pages and intake go on answering (T9)."""

import resource
import shutil
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.commands import serve
from controller.serving import patience
from controller.serving.pages import AT_ONCE
from tests.controller.commands.served import TLS, connection, free_port, serving

_BEGINNING = b"only the beginning"
_SILENT_UPLOAD = (
    b"POST /v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n" + _BEGINNING
)
_SILENT_PAGE = _SILENT_UPLOAD.replace(b"/v1/reports", b"/sign-in/")


@pytest.fixture(scope="module")
def port(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server that is running, the same for all here."""
    data = Path(shutil.copytree(template, tmp_path_factory.mktemp("slow") / "data"))
    chosen = free_port()
    with serving(data, chosen, PYTHONPATH=str(Path(__file__).with_name("impatient"))):
        yield chosen


def _begin(port: int, first: bytes) -> ssl.SSLSocket:
    line = TLS.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=30))
    line.sendall(first)
    return line


def _hello(port: int) -> int:
    return _ask(port, "/v1/hello")


def _ask(port: int, path: str) -> int:
    door = connection(port)
    try:
        door.request("GET", path)
        return door.getresponse().status
    finally:
        door.close()


def test_a_hundred_silent_uploads_do_not_stop_the_server(port: int) -> None:
    lines = [_begin(port, _SILENT_UPLOAD) for _ in range(100)]
    try:
        assert _hello(port) == 200
    finally:
        for line in lines:
            line.close()


def test_silent_uploads_to_pages_do_not_stop_pages(port: int) -> None:
    lines = [_begin(port, _SILENT_PAGE) for _ in range(AT_ONCE + 8)]
    try:
        assert _ask(port, "/") in (200, 302)
    finally:
        for line in lines:
            line.close()


def test_a_page_is_not_sent_more_than_any_page_takes(port: int) -> None:
    door = connection(port)
    size = patience.BODY_BYTES + 64 * 1024
    try:
        door.request("POST", "/sign-in/", b"x" * size)
        assert door.getresponse().status == 413
    except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
        pass  # hung up on while it was still sending
    finally:
        door.close()
    assert _hello(port) == 200


def test_silent_uploads_are_hung_up_on_and_a_body_in_good_time_is_waited_for(port: int) -> None:
    with (
        _begin(port, _SILENT_UPLOAD) as report,
        _begin(port, _SILENT_PAGE) as page,
        _begin(port, _SILENT_UPLOAD) as slow,
    ):
        time.sleep(patience.CROWDED_SECONDS * 2)
        slow.sendall(b"x" * (5000 - len(_BEGINNING)))
        assert slow.recv(64).startswith(b"HTTP/1.1 400")
        for line in (report, page):
            line.settimeout(patience.BODY_SECONDS * 3)
            assert line.recv(4096).startswith(b"HTTP/1.1 408")
            while line.recv(4096):  # the end of it is the end of the line
                pass


_CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("path", ["/v1/reports", "/sign-in/"])
@pytest.mark.parametrize(
    "body",
    [
        _CHUNKED + b"5\r\nhello\r\n",
        _CHUNKED + b"5\r\nhello\r\n3\r\na",
        _CHUNKED + b"5\r\nhello\r\n0\r\n",
        _CHUNKED,
        _CHUNKED + b"5\r\nhello\r\nno size\r\n",
        b"Content-Length: 9\r\n\r\nhello",
        b"Content-Length: %d\r\n\r\nhello" % (patience.WHOLE_BYTES + 1),
    ],
    ids=["between", "in a chunk", "in the end", "at once", "no chunk", "short", "long"],
)
def test_a_body_that_ends_before_its_end_is_refused_unread(
    port: int, path: str, body: bytes
) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\n".encode()
    with _begin(port, head + body) as line:
        # The end of the connection itself: a polite end of TLS would end our reading as well.
        socket.socket.shutdown(line, socket.SHUT_WR)
        answer = b""
        while more := line.recv(4096):
            answer += more
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"connection: close" in answer.lower()
    assert answer.endswith(b"\r\n\r\n"), "nobody looked at what came of it"


@pytest.mark.parametrize("path", ["/v1/reports", "/sign-in/"])
def test_a_body_in_chunks_is_taken_once_its_last_one_is_here(port: int, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".encode()
    with _begin(port, head + _CHUNKED + b"5\r\nhello\r\n0\r\n\r\n") as line:
        answer = b""
        while more := line.recv(4096):
            answer += more
    # It was read and judged: no envelope, and no form of ours.
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 403"))
    assert not answer.endswith(b"\r\n\r\n")


def test_a_head_is_held_only_up_to_what_any_browser_sends(port: int) -> None:
    head = b"GET /v1/hello HTTP/1.1\r\nX: " + b"a" * (3 * serve.HEAD_BYTES) + b"\r\n\r\n"
    with TLS.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=30)) as line:
        try:
            line.sendall(head)
            answer = line.recv(64)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            answer = b""  # hung up on while it was still sending
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431")
    assert _hello(port) == 200


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system cannot be told")
def test_who_takes_nothing_of_its_answers_is_let_go(port: int) -> None:
    request = b"GET /static/vendor/tabler.min.css HTTP/1.1\r\nHost: localhost\r\n\r\n"
    plain = socket.socket()
    # So little room that the server is left with most of what it has to send.
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.settimeout(30)
    plain.connect(("127.0.0.1", port))
    with TLS.wrap_socket(plain) as line:
        line.sendall(request * 16)
        ours = line.getsockname()[1]
        time.sleep(0.5)
        assert _is_held(port, ours)
        deadline = time.monotonic() + 60
        while _is_held(port, ours):
            assert time.monotonic() < deadline, "the connection is held for ever"
            time.sleep(0.2)
    assert _hello(port) == 200


def _is_held(port: int, theirs: int) -> bool:
    """Whether the system has a connection from `theirs` to `port` on the server's side."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    established = "01"
    ends = (f":{port:04X}", f":{theirs:04X}")
    return any(
        row[1].endswith(ends[0]) and row[2].endswith(ends[1]) and row[3] == established
        for row in rows
    )


def test_the_server_asks_for_as_many_open_files_as_it_takes_connections(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1_024, 1 << 20))
    monkeypatch.setattr(resource, "setrlimit", lambda _, both: asked.append(both))
    serve._allow_files()
    assert asked == [(serve.FILES, 1 << 20)]
