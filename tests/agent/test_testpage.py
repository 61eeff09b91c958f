"""Trying one test page over real connections: what a filter does, and what is none."""

import errno
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from agent.deliver import testpage
from agent.deliver.answers import DeliveryError
from agent.deliver.proxy import Proxy as Via
from agent.deliver.testpage import Ways, answer, told
from checks.public_names import is_public_name
from checks.tried import Answered
from tests.agent.proxies import Authority, Proxy, _head, http, listening, serving

NAME = "games.example.com"
WORDS = ["hill school web filter"]
BLOCKED = b"<html><h1>Hill School\n  Web Filter</h1>This page is not for school.</html>"
Serve = Callable[[socket.socket], None]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs every site's certificate."""
    return Authority(tmp_path_factory.mktemp("world"))


def trusting(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority.file))


def ways(
    port: int, *, addresses: Sequence[str] = ("93.184.215.14",), via: Via | None = None
) -> Ways:
    """Wherever a name leads, it leads to a port of this test's."""
    return Ways(
        resolve=lambda _: [*addresses],
        public=testpage.public,
        connect=lambda _: socket.create_connection(("127.0.0.1", port), 5),
        proxy=lambda _: via,
        trusts=ssl.create_default_context,
    )


@pytest.fixture
def tried(world: Authority) -> Callable[..., Answered]:
    """Try the page against a server that does what it is told."""

    def over(serve: Serve, name: str = NAME, **more: object) -> Answered:
        with serving(serve) as port:
            return answer(name, WORDS, ways(port, **more), trusting(world))  # type: ignore[arg-type]  # as `ways` has them

    return over


def saying(
    world: Authority, reply: bytes, host: str = NAME, heard: list[bytes] | None = None
) -> Serve:
    def serve(client: socket.socket) -> None:
        with world.context(host).wrap_socket(client, server_side=True) as line:
            head = _head(line)
            if heard is not None:
                heard.append(head)
            line.sendall(reply)
            line.unwrap()

    return serve


def test_a_site_that_answers_itself_is_open(
    tried: Callable[..., Answered], world: Authority
) -> None:
    heard: list[bytes] = []
    assert tried(saying(world, http("200 OK", b"<h1>Games</h1>"), heard=heard)) == "open"
    (asked,) = heard
    assert asked.startswith(b"GET / HTTP/1.1\r\nHost: games.example.com\r\n")
    assert b"Cookie" not in asked


@pytest.mark.parametrize("status", ["200 OK", "403 Forbidden", "404 Not Found", "503 Busy"])
def test_the_filters_own_page_is_known_by_its_words_whatever_its_status(
    tried: Callable[..., Answered], world: Authority, status: str
) -> None:
    assert tried(saying(world, http(status, BLOCKED))) == "block-page"


@pytest.mark.parametrize(
    ("status", "where", "came"),
    [
        (302, "https://filter.hill-school-web-filter.example/blocked?u=games", "elsewhere"),
        (302, "https://signin.hotel.example/", "elsewhere"),
        (301, "https://www.games.example.com/", "open"),
        (301, "/home", "open"),
        (302, "https://games.example.com.evil.example/", "elsewhere"),
        (302, "https://[", "elsewhere"),
        (302, "", "refusal"),
        (304, "/x", "refusal"),
        (403, "", "refusal"),
        (451, "", "refusal"),
        (404, "", "refusal"),
        (502, "", "refusal"),
        (204, "", "open"),
        (100, "", "refusal"),
    ],
)
def test_being_sent_elsewhere_or_refused_is_neither_open_nor_stopped(
    status: int, where: str, came: str
) -> None:
    assert told(NAME, status, where, b"", WORDS) == came


def test_being_sent_to_the_filters_own_name_is_being_stopped() -> None:
    words = ["filter.hill.example"]
    assert told(NAME, 302, "https://filter.hill.example:8080/b", b"", words) == "block-page"
    assert told(NAME, 302, "https://other.example/?from=filter.hill.example", b"", words) == (
        "elsewhere"
    ), "only the name it leads to counts, not what a page writes behind it"


def test_words_that_stand_in_the_pages_own_name_are_no_filters() -> None:
    supplier = "adult.test.filterhouse.example"
    body = b"<h1>FilterHouse test page</h1> If you see this, nothing stopped it."
    assert told(supplier, 200, "", body, ["filterhouse"]) == "open"
    assert told(supplier, 302, f"https://{supplier}/en", b"", ["filterhouse"]) == "open"
    assert told(supplier, 200, "", b"stopped for Hill School", ["hill school"]) == "block-page"


def test_words_are_found_through_case_and_line_ends_and_junk_bytes() -> None:
    assert told(NAME, 200, "", b"\xff\xfe" + BLOCKED, WORDS) == "block-page"
    assert told(NAME, 200, "", BLOCKED, []) == "open", "without words no page is a filter's"


def test_a_name_that_leads_into_a_house_is_never_called_on(tried: Callable[..., Answered]) -> None:
    called = threading.Event()

    def serve(client: socket.socket) -> None:
        called.set()

    for address in (
        *("127.0.0.1", "0.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("::", "::1", "fe80::1%2", "fd00::1", "::ffff:192.168.1.1", "not an address"),
    ):
        assert tried(serve, addresses=[address]) == "sinkhole"
    assert tried(serve, addresses=[]) == "sinkhole"
    assert not called.is_set()


@pytest.mark.parametrize(
    ("code", "came"),
    [(socket.EAI_NONAME, "no-name"), (socket.EAI_NODATA, "no-name"), (socket.EAI_AGAIN, "no-line")],
)
def test_no_such_name_is_told_from_no_name_server(world: Authority, code: int, came: str) -> None:
    def resolve(_: str) -> list[str]:
        raise socket.gaierror(code, "made up")

    assert answer(NAME, WORDS, ways(1)._replace(resolve=resolve), trusting(world)) == came


@pytest.mark.parametrize(
    ("error", "came"),
    [
        (ConnectionRefusedError(), "refused"),
        (TimeoutError(), "silent"),
        (ConnectionResetError(), "reset"),
        (OSError(errno.ENETUNREACH, "no network"), "no-line"),
    ],
)
def test_what_a_line_breaks_by_is_told_apart(world: Authority, error: OSError, came: str) -> None:
    def connect(_: tuple[str, int]) -> socket.socket:
        raise error

    assert answer(NAME, WORDS, ways(1)._replace(connect=connect), trusting(world)) == came


def test_hanging_up_before_or_amid_the_handshake_or_the_answer_is_a_reset(
    tried: Callable[..., Answered], world: Authority
) -> None:
    def at_once(client: socket.socket) -> None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def after_hello(client: socket.socket) -> None:
        client.recv(4096)

    def after_asking(client: socket.socket) -> None:
        with world.context(NAME).wrap_socket(client, server_side=True) as line:
            _head(line)

    for serve in (at_once, after_hello, after_asking):
        assert tried(serve) == "reset", serve.__name__


def test_a_page_that_is_cut_off_is_not_open_for_it_may_have_been_the_filters(
    tried: Callable[..., Answered], world: Authority
) -> None:
    half = http("200 OK", BLOCKED).replace(b"Web Filter", b"Web")
    assert tried(saying(world, half)) == "reset"
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nHill School"
    assert tried(saying(world, chunked)) == "reset"


def test_a_certificate_that_is_not_the_sites_is_a_stranger(
    tried: Callable[..., Answered], world: Authority, tmp_path: Path
) -> None:
    assert tried(saying(world, http("200 OK"), host="other.example.com")) == "stranger"
    assert tried(saying(Authority(tmp_path), http("200 OK", BLOCKED))) == "stranger"


def test_whoever_speaks_no_tls_or_no_http_is_a_stranger(
    tried: Callable[..., Answered], world: Authority
) -> None:
    def plain(client: socket.socket) -> None:
        client.recv(4096)
        client.sendall(http("200 OK", BLOCKED))

    assert tried(plain) == "stranger"
    assert tried(saying(world, b"220 mail.example.com ESMTP\r\n")) == "stranger"


def test_an_endless_page_is_read_no_further_than_its_bound(
    tried: Callable[..., Answered], world: Authority
) -> None:
    def serve(client: socket.socket) -> None:
        with world.context(NAME).wrap_socket(client, server_side=True) as line:
            _head(line)
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
            while True:
                line.sendall(b"x" * 16_384)

    assert tried(serve) == "open"


def test_somebody_who_talks_for_ever_is_hung_up_on_and_is_no_filter(
    tried: Callable[..., Answered], world: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testpage, "SECONDS", 0.2)
    stop = threading.Event()

    def serve(client: socket.socket) -> None:
        with world.context(NAME).wrap_socket(client, server_side=True) as line:
            _head(line)
            line.sendall(b"HTTP/1.1 200 OK\r\n")
            while not stop.wait(0.02):
                line.sendall(b"X-More: 1\r\n")

    assert tried(serve) == "silent"
    stop.set()


def test_a_proxy_that_refuses_the_name_is_a_filter_and_one_that_is_down_is_none(
    world: Authority, tmp_path: Path
) -> None:
    with serving(saying(world, http("200 OK"))) as site:
        for instead, came in (
            (None, "open"),
            (http("403 Forbidden", BLOCKED), "proxy-refused"),
            (http("407 Proxy Authentication Required"), "no-line"),
            (http("302 Found", b"", "Location: http://signin/"), "elsewhere"),
            (http("503 Service Unavailable"), "silent"),
            (b"junk\r\n\r\n", "no-line"),
        ):
            with listening(Proxy(site, instead=instead)) as school:
                via = Via("127.0.0.1", school.port)
                found = answer(NAME, WORDS, ways(school.port, via=via), trusting(world))
                assert found == came
                assert school.asked == [f"{NAME}:443"]
    filtering = Authority(tmp_path)
    with listening(Proxy(1, authority=filtering, page=http("200 OK", BLOCKED))) as school:
        via = Via("127.0.0.1", school.port)
        opened = answer(NAME, WORDS, ways(school.port, via=via), trusting(filtering))
        assert opened == "block-page", "an inspecting filter whose CA is installed"
        assert answer(NAME, WORDS, ways(school.port, via=via), trusting(world)) == "stranger"
    gone = answer(NAME, WORDS, ways(1, via=Via("127.0.0.1", 1)), trusting(world))
    assert gone == "no-line"


def test_a_proxy_that_cannot_be_read_is_no_line(world: Authority) -> None:
    def bad(_: str) -> Via:
        raise DeliveryError("bad_proxy", "a PAC file")

    assert answer(NAME, WORDS, ways(1)._replace(proxy=bad), trusting(world)) == "no-line"


@pytest.mark.parametrize(
    "name", ["example.com", "www.example.org", "xn--bcher-kva.example.com", "a.b.c.co.uk", "1.fm"]
)
def test_public_names_are_names(name: str) -> None:
    assert is_public_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("", "com", "localhost", "printer.local", "nas.lan", "router.home", "x.internal"),
        *("127.0.0.1", "10.1", "[::1]", "::1", "1.2.3.4.5", "example.com.", "Example.com"),
        *("exa mple.com", "example.com/x", "user@example.com", "example.com:8080", "https://a.b"),
        *("-a.com", "a-.com", "a..com", ".com", "a_b.com", "ex\n.com", "bücher.example.com"),
        *("a" * 64 + ".com", "a." * 126 + "com", "x.onion", "x.test", "1.in-addr.arpa"),
    ],
)
def test_addresses_and_names_of_a_house_are_none(name: str) -> None:
    assert not is_public_name(name)
