"""Through a school's proxy and filter reports arrive, or one sentence says whom to ask for what
(S16, O4)."""

import socket
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent.deliver import connection, proxy
from agent.deliver.answers import DeliveryError
from agent.deliver.connection import Trust
from agent.state import State
from tests.agent import proxies
from tests.agent.cli import agent, enrol, one_line, printed
from tests.agent.nights import kept, night, round_trip, waiting
from tests.agent.proxies import ADDRESS, NAME, PAGE, Authority, Proxy, http, listening, serving
from tests.agent.simulator import Controller

CANARY = "canary-Pa55:w0rd"
LOGIN = f"lib-12:{CANARY}"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CARETAKER_PROXY", "https_proxy", "no_proxy", "all_proxy"):
        for one in (name, name.upper()):
            monkeypatch.setenv(one, "")  # so that whatever a test leaves there is undone
            monkeypatch.delenv(one)


@pytest.fixture
def upstream(controller: Controller) -> int:
    return int(controller.url.rpartition(":")[2])


@pytest.fixture
def school(upstream: int) -> Iterator[Proxy]:
    with listening(Proxy(upstream)) as running:
        yield running


@pytest.fixture
def outside(enrolled: State) -> State:
    """A computer whose controller has a name that only the proxy can resolve."""
    identity = enrolled.identity()
    assert identity is not None
    enrolled.remember(msgspec.structs.replace(identity, addresses=[ADDRESS]))
    night(enrolled)
    return enrolled


def trust(state: State, how: Trust) -> None:
    identity = state.identity()
    assert identity is not None
    state.remember(msgspec.structs.replace(identity, trust=how))


def use(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("CARETAKER_PROXY", url)


def test_reports_arrive_through_a_proxy_that_only_tunnels(
    outside: State, school: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, school.url)
    assert round_trip(outside).code == ""
    assert kept(outside) == [1]
    assert set(school.asked) == {f"{NAME}:8443"}


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_environment_of_the_service_names_the_proxy(
    outside: State, school: Proxy, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, school.url)
    assert round_trip(outside).code == ""
    assert school.asked


def test_what_is_excepted_from_the_proxy_is_reached_without_it(
    enrolled: State, school: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", school.url)
    night(enrolled)
    assert round_trip(enrolled).code == ""
    monkeypatch.setenv("NO_PROXY", f".{NAME.partition('.')[2]}")
    assert proxy.route(NAME) is None
    assert proxy.route("elsewhere.example") is not None
    assert school.asked == []


def test_a_proxy_that_a_person_set_comes_before_the_one_that_is_found(
    outside: State, school: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    proxy.remember(outside.spool, school.url)
    proxy.settle(outside.spool)
    assert round_trip(outside).code == ""
    proxy.remember(outside.spool, proxy.NONE)
    use(monkeypatch, proxy.setting(outside.spool))
    assert proxy.route(NAME) is None
    proxy.remember(outside.spool, proxy.AUTO)
    assert proxy.setting(outside.spool) == ""


def test_a_proxy_that_asks_for_a_name_and_password_gets_them(
    outside: State, school: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.login = LOGIN
    use(monkeypatch, school.url.replace("//", "//lib-12:canary-Pa55%3Aw0rd@"))
    assert round_trip(outside).code == ""
    assert kept(outside) == [1]


SAID: dict[str, tuple[dict[str, object], str, str]] = {
    "wants a name and password": (
        {"login": LOGIN},
        "proxy_sign_in",
        "--proxy -",
    ),
    "wants a Windows sign-in": (
        {"login": LOGIN, "schemes": "NTLM"},
        "proxy_sign_in",
        f"Ask for {NAME}:8443 to be allowed",
    ),
    "refuses the host": (
        {"instead": http("403 Forbidden", PAGE)},
        "proxy_refused",
        f"Ask for {NAME}:8443 to be allowed",
    ),
    "sends to a sign-in page": (
        {"instead": http("302 Found", b"", "Location: http://portal.test/")},
        "sign_in_page",
        "Sign in to the network",
    ),
    "answers with a sign-in page": (
        {"instead": http("200 OK", PAGE)},
        "sign_in_page",
        "Sign in to the network",
    ),
    "requires network sign-in": (
        {"instead": http("511 Network Authentication Required", PAGE)},
        "sign_in_page",
        "Sign in to the network",
    ),
    "cannot reach it": (
        {"instead": http("502 Bad Gateway", PAGE)},
        "controller_down",
        "does not reach the controller",
    ),
    "is no proxy": (
        {"instead": b"SSH-2.0-OpenSSH_9.2\r\n\r\n"},
        "bad_proxy",
        "is no proxy",
    ),
    "hangs up": ({"instead": b""}, "bad_proxy", "is no proxy"),
    "talks without end": (
        {"instead": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 90_000},
        "bad_proxy",
        "is no proxy",
    ),
    "opens a tunnel that leads nowhere": (
        {"instead": b"HTTP/1.1 200 OK\r\n\r\n"},
        "tls_failed controller_down",
        ADDRESS,
    ),
}


@pytest.mark.parametrize("case", SAID)
def test_a_proxy_that_does_not_let_us_through_is_told_in_one_sentence_and_the_report_waits(
    outside: State, school: Proxy, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    changes, codes, part = SAID[case]
    for name, value in changes.items():
        setattr(school, name, value)
    use(monkeypatch, school.url)
    outcome = round_trip(outside)
    assert outcome.code in codes.split()
    assert part in outcome.sentence
    assert "Hill School" not in outcome.sentence
    assert "\n" not in outcome.sentence
    assert waiting(outside) == [1]
    school.login, school.instead = "", None
    assert round_trip(outside).code == ""


def test_a_wrong_password_is_said_to_be_one(
    outside: State, school: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.login = LOGIN
    use(monkeypatch, school.url.replace("//", "//lib-12:wrong@"))
    outcome = round_trip(outside)
    assert outcome.code == "proxy_sign_in"
    assert "does not take the name and password" in outcome.sentence
    assert "wrong@" not in outcome.sentence


def test_a_proxy_that_is_not_there_is_named(
    outside: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, "http://127.0.0.1:9")
    outcome = round_trip(outside)
    assert outcome.code == "proxy_down"
    assert "127.0.0.1:9" in outcome.sentence
    assert waiting(outside) == [1]


def test_a_proxy_that_says_nothing_at_all_is_hung_up_on(
    outside: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "WHOLE_EXCHANGE", 0.2)

    def silent(client: socket.socket) -> None:
        while client.recv(4096):
            pass

    with serving(silent) as port:
        use(monkeypatch, f"http://127.0.0.1:{port}")
        assert round_trip(outside).code in ("bad_proxy", "controller_down")
    assert waiting(outside) == [1]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("http://wpad.school.example/proxy.pac", "PAC file is a program"),
        ("file:///etc/proxy.pac", "PAC file is a program"),
        ("http://wpad/wpad.dat", "PAC file is a program"),
        ("socks5://127.0.0.1:1080", "plain HTTP proxy"),
        ("https://proxy.school.example:443", "plain HTTP proxy"),
        ("http://", "cannot be read"),
        ("http://proxy:99999", "cannot be read"),
        ("http://[::1", "cannot be read"),
        ("http://proxy/path", "cannot be read"),
        ("http://pro xy", "cannot be read"),
        ("http://a%0d%0ab:c@proxy", "cannot be sent"),
        ("http://a%3ab:secret@proxy", "cannot be sent"),
    ],
)
def test_what_is_no_proxy_we_can_use_is_refused_with_the_way_to_set_one(
    text: str, part: str
) -> None:
    with pytest.raises(DeliveryError) as refused:
        proxy.read(text)
    assert refused.value.code == "bad_proxy"
    assert part in refused.value.sentence
    assert "--proxy http://HOST:PORT" in refused.value.sentence
    assert "secret" not in refused.value.sentence


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("proxy", "proxy:8080"),
        ("proxy:3128", "proxy:3128"),
        ("http://Proxy.School.Example:3128/", "proxy.school.example:3128"),
        ("http://[2001:db8::1]:3128", "[2001:db8::1]:3128"),
    ],
)
def test_a_proxy_is_written_as_people_write_it(text: str, where: str) -> None:
    assert proxy.read(text).where == where


def test_a_damaged_setting_sets_nothing(enrolled: State) -> None:
    for data in (b"", b"{", b'{"proxy":1}', b"x" * 9_999):
        (enrolled.spool / "proxy.json").write_bytes(data)
        assert proxy.setting(enrolled.spool) == ""


@pytest.fixture
def inspecting(upstream: int, tmp_path: Path) -> Iterator[Proxy]:
    with listening(Proxy(upstream, authority=Authority(tmp_path))) as running:
        yield running


def test_a_filter_that_opens_tls_may_read_but_reports_arrive_where_its_authority_is_trusted(
    outside: State, inspecting: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who signed the answers decides, whoever holds the connection (O4)."""
    assert inspecting.authority is not None
    trust(outside, "system")
    use(monkeypatch, inspecting.url)
    outcome = round_trip(outside)
    assert outcome.code == "untrusted_certificate"
    assert "install the filter's certificate" in outcome.sentence
    assert waiting(outside) == [1]
    monkeypatch.setenv("SSL_CERT_FILE", str(inspecting.authority.file))
    assert round_trip(outside).code == ""
    assert kept(outside) == [1]


def test_a_filter_that_opens_tls_is_noticed_where_certificates_are_pinned(
    outside: State, inspecting: Proxy, controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert inspecting.authority is not None
    monkeypatch.setenv("SSL_CERT_FILE", str(inspecting.authority.file))
    use(monkeypatch, inspecting.url)
    controller.requests.clear()
    outcome = round_trip(outside)
    assert outcome.code == "wrong_certificate"
    assert "--trust system" in outcome.sentence
    assert waiting(outside) == [1]
    assert [one.method for one in controller.requests if one.body] == []


PORTALS = {
    "a page as 200": http("200 OK", PAGE),
    "a redirect": http("302 Found", b"", "Location: https://portal.school.example/"),
    "a redirect of the method": http("307 Temporary Redirect", PAGE, "Location: http://x/"),
    "the status made for it": http("511 Network Authentication Required", PAGE),
}


@pytest.mark.parametrize("portal", PORTALS)
def test_a_captive_portal_is_called_a_sign_in_page_and_the_report_waits(
    outside: State, inspecting: Proxy, monkeypatch: pytest.MonkeyPatch, portal: str
) -> None:
    assert inspecting.authority is not None
    trust(outside, "system")
    monkeypatch.setenv("SSL_CERT_FILE", str(inspecting.authority.file))
    use(monkeypatch, inspecting.url)
    inspecting.page = PORTALS[portal]
    outcome = round_trip(outside)
    assert outcome.code == "sign_in_page"
    assert "A sign-in page answered instead of the controller" in outcome.sentence
    assert waiting(outside) == [1]
    inspecting.page = None
    assert round_trip(outside).code == ""


def test_a_portal_without_tls_is_no_secure_connection_and_the_report_waits(
    enrolled: State,
) -> None:
    def portal(client: socket.socket) -> None:
        client.recv(4096)
        client.sendall(http("302 Found", PAGE, "Location: http://portal.test/"))

    with proxies.serving(portal) as port:
        identity = enrolled.identity()
        assert identity is not None
        moved = msgspec.structs.replace(identity, addresses=[f"https://127.0.0.1:{port}"])
        enrolled.remember(moved)
        night(enrolled)
        outcome = round_trip(enrolled)
    assert outcome.code == "tls_failed"
    assert "sign-in page" in outcome.sentence
    assert waiting(enrolled) == [1]


@pytest.mark.parametrize(
    "address",
    [
        f"https://{'a' * 70}.example",
        "https://a..b",
        "https://[::1",
        "https://x:99999",
        "https://x/path",
        "http://x",
    ],
)
def test_an_address_that_is_none_is_refused_and_never_a_crash(address: str) -> None:
    with pytest.raises(DeliveryError) as refused:
        connection.Connection(address, "pins", [])
    assert refused.value.code == "bad_address"


def test_a_person_sets_the_proxy_once_and_its_password_is_never_shown(
    school: Proxy, controller: Controller, tmp_path: Path
) -> None:
    school.login = LOGIN
    controller.url = ADDRESS  # what the proxy alone resolves
    data = tmp_path / "client"
    given = school.url.replace("//", "//lib-12:canary-Pa55%3Aw0rd@")
    silent = enrol(controller, data, "--proxy", given, "--verbose", "--log-format", "json")
    assert silent.returncode == 0, silent.stderr
    ran = agent("run", "--verbose", "--format", "json", data=data)
    assert printed(ran)["code"] == ""
    school.login = "lib-12:changed"
    refused = agent("run", "--verbose", "--log-format", "json", data=data)
    assert "does not take the name and password" in refused.stderr
    shown = [silent.stdout, silent.stderr, ran.stdout, ran.stderr, refused.stdout, refused.stderr]
    shown.append(agent("status", "--format", "json", data=data).stdout)
    for one in shown:
        assert "canary" not in one
        assert "Y2FuYXJ5" not in one
    holders = [p for p in data.rglob("*") if p.is_file() and b"canary" in p.read_bytes()]
    assert [holder.name for holder in holders] == ["proxy.json"]
    assert holders[0].stat().st_mode & 0o077 == 0


def test_a_pac_file_is_refused_in_one_line_and_nothing_is_remembered(
    school: Proxy, controller: Controller, tmp_path: Path
) -> None:
    ran = enrol(controller, tmp_path / "client", "--proxy", "http://wpad/proxy.pac")
    assert ran.returncode == 64
    assert "this agent runs nothing that it is sent" in one_line(ran)
    assert not (tmp_path / "client" / "agent" / "spool" / "proxy.json").exists()
