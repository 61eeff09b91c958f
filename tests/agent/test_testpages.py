"""The school's test pages: laid out by who reads the policy, tried by who may open a connection,
believed as far as they are one (O13, O21)."""

import os
import ssl
import threading
from pathlib import Path

import msgspec
import pytest

from agent import files, testpages
from agent.collect.introducing import give_up
from agent.collect.round import collect
from agent.deliver import trying
from agent.deliver.testpage import OUT, Ways
from agent.hosts.local import LocalHost
from agent.state import State
from agent.testpages import Asked, Found, Page
from checks.filtering.facts import FilteringFacts
from checks.filtering.facts import Page as SeenPage
from checks.policy import Ask, Policy
from checks.tried import Answered, Tried, Try
from tests.agent.cli import agent_here
from tests.agent.conftest import machine
from tests.agent.doors import Door
from tests.agent.simulator import NOW, Controller

HOUR = 3_600
ASKED = Asked(["games.example.com", "www.example.org"], ["hill school"])


def policy(**lists: list[str]) -> Policy:
    return Policy(
        decisions=[Ask("filter-effective", name, given, "head") for name, given in lists.items()]
    )


SCHOOLS = policy(
    blocked=["games.example.com"],
    open=["www.example.org"],
    illegal=["test.example.net"],
    block_page=["Hill  School Filter"],
)


def client_side() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def found(at: int = NOW, came: Answered = "open", asked: Asked = ASKED) -> Found:
    return Found(at, asked.digest(), [Page(name, came) for name in asked.names])


def test_collect_lays_out_what_the_policy_names_and_takes_it_away_again(enrolled: State) -> None:
    collect(enrolled, machine(), SCHOOLS)
    assert testpages.asked(enrolled) == Asked(
        ["games.example.com", "test.example.net", "www.example.org"], ["hill school filter"]
    )
    testpages.leave(enrolled, found())
    collect(enrolled, machine(), Policy())
    assert testpages.asked(enrolled) is None
    assert testpages.found(enrolled) is None


def test_a_request_is_bounded_whatever_a_policy_says() -> None:
    many = [f"page{number}.example.com" for number in range(50)]
    asked = testpages.request(
        [*many, "192.168.1.1", "router.lan", "A.example.com"], ["ab", "x" * 9]
    )
    assert len(asked.names) == testpages.MOST
    assert set(asked.names) <= set(many)
    assert asked.block_page == ["x" * 9], "two letters stand on every page"


@pytest.mark.parametrize(
    ("later", "came", "due"),
    [
        (0, "open", False),
        (trying.DAY_SECONDS - 1, "open", False),
        (trying.DAY_SECONDS, "open", True),
        (trying.AGAIN_SECONDS - 1, "silent", False),
        (trying.AGAIN_SECONDS, "silent", True),
        (trying.AGAIN_SECONDS, "no-line", True),
        (trying.AGAIN_SECONDS, "no-name", True),
        (trying.AGAIN_SECONDS, "reset", False),
        (-1, "open", True),
    ],
)
def test_pages_are_tried_once_a_day_and_sooner_only_when_nothing_answered(
    enrolled: State, later: int, came: Answered, due: bool
) -> None:
    assert trying.due(enrolled, ASKED, NOW)
    testpages.leave(enrolled, found(came=came))
    assert trying.due(enrolled, ASKED, NOW + later) is due
    assert trying.due(enrolled, Asked(["new.example.com"], []), NOW)


def test_all_names_are_tried_each_once_and_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"page{number:02}.example.com" for number in range(20)]
    lock, now, most, called = threading.Lock(), [0], [0], []
    gate = threading.Event()

    def answer(name: str, *_: object) -> Answered:
        with lock:
            called.append(name)
            now[0] += 1
            most[0] = max(most[0], now[0])
            if now[0] == 4:
                gate.set()
        gate.wait(5)
        with lock:
            now[0] -= 1
        return "open"

    monkeypatch.setattr(trying, "answer", answer)
    came = trying.tried(Asked(names, []), OUT._replace(trusts=client_side))
    assert came == dict.fromkeys(names, "open")
    assert sorted(called) == names
    assert most[0] == 4


def test_a_name_server_that_hangs_costs_its_names_and_not_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hang = threading.Event()

    def answer(name: str, *_: object) -> Answered:
        if name == "a.example.com":
            hang.wait(5)
        return "open"

    monkeypatch.setattr(trying, "answer", answer)
    asked = Asked(["a.example.com", "b.example.com"], [])
    came = trying.tried(asked, OUT._replace(trusts=client_side), seconds=0.2)
    hang.set()
    assert came == {"a.example.com": "silent", "b.example.com": "open"}


def nowhere() -> Ways:
    def connect(_: tuple[str, int]) -> object:
        raise ConnectionRefusedError

    return OUT._replace(
        resolve=lambda _: ["93.184.215.14"],
        connect=connect,  # type: ignore[arg-type]  # it never answers
        proxy=lambda _: None,
        trusts=client_side,
    )


def test_what_the_sender_found_is_judged_in_the_next_round(enrolled: State) -> None:
    host = LocalHost(b"k" * 32, enrolled)
    first = collect(enrolled, host, SCHOOLS).look
    assert _verdict(first) == ("unknown", "not-tried")
    trying.go(enrolled, host.clock(), nowhere())
    second = collect(enrolled, host, SCHOOLS).look
    facts = second.sections[FilteringFacts]
    assert isinstance(facts, FilteringFacts)
    assert facts.pages == [
        SeenPage("games.example.com", "refused"),
        SeenPage("test.example.net", "refused"),
        SeenPage("www.example.org", "refused"),
    ]
    assert _verdict(second) == ("unknown", "no-line"), "a dead line is no filter"
    asked = testpages.asked(enrolled)
    assert asked is not None
    good: dict[str, Answered] = {"www.example.org": "open"}
    pages = [Page(name, good.get(name, "block-page")) for name in asked.names]
    testpages.leave(enrolled, Found(host.clock(), asked.digest(), pages))
    assert _verdict(collect(enrolled, host, SCHOOLS).look) == ("pass", "stops")
    testpages.leave(enrolled, Found(host.clock() - 49 * HOUR, asked.digest(), pages))
    assert _verdict(collect(enrolled, host, SCHOOLS).look) == ("unknown", "could-not-look")


def _verdict(look: object) -> tuple[str, str]:
    verdicts = look.verdicts  # type: ignore[attr-defined]  # a Look
    (one,) = (verdict for verdict in verdicts if verdict.check == "filter-effective")
    return one.status, one.says


OWN = pytest.mark.parametrize("door", ["local", "taped", "recorded"], indirect=True)


@OWN
def test_every_door_with_a_memory_tells_what_was_tried(door: Door, memory: State) -> None:
    assert door(lambda host: host.tried()) is None
    testpages.leave(memory, found())
    assert door(lambda host: host.tried()) == Tried(
        NOW, [Try("games.example.com", "open"), Try("www.example.org", "open")]
    )
    files.replace(memory.spool / testpages.FOUND, b"{")
    assert door(lambda host: host.tried()) == "cannot: parse-error"


@pytest.mark.parametrize("door", ["ssh"], indirect=True)
def test_over_ssh_nobody_tried_any(door: Door) -> None:
    assert door(lambda host: host.tried()) == "cannot: unsupported"


@pytest.mark.parametrize("part", [(), ("--part", "deliver")], ids=["whole", "sender"])
def test_a_round_tries_them_after_delivering_and_no_failure_of_theirs_fails_it(
    enrolled: State,
    controller: Controller,
    monkeypatch: pytest.MonkeyPatch,
    part: tuple[str, ...],
) -> None:
    called: list[int] = []

    def go(_: State, now: int) -> None:
        called.append(now)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(trying, "go", go)
    assert agent_here("run", *part, data=enrolled.root.parent).returncode == 0
    assert called == [], "nothing was laid out"
    testpages.hand_out(enrolled, ASKED)
    monkeypatch.setattr(testpages, "hand_out", lambda *_: None)  # there is no policy to lay it out
    assert agent_here("run", *part, data=enrolled.root.parent).returncode == 0
    assert len(called) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"at":"x","asked":"","pages":[]}',
        b'{"at":1,"asked":"","pages":[{"name":"x","found":"blocked, honestly"}]}',
        b'{"at":1,"asked":"","pages":[' + b",".join([b'{"name":"x","found":"open"}'] * 21) + b"]}",
        b'{"at":1,"asked":"","pages":[{"name":"' + b"x" * 254 + b'","found":"open"}]}',
        b'{"at":1,"asked":"","pages":[{"name":"\xff","found":"open"}]}',
    ],
)
def test_a_sender_gone_bad_is_not_believed_beyond_a_word(enrolled: State, data: bytes) -> None:
    (enrolled.spool / testpages.FOUND).write_bytes(data)
    with pytest.raises(testpages.DamagedError):
        testpages.found(enrolled)
    assert trying.due(enrolled, ASKED, NOW), "and it mends itself"


def test_a_link_or_a_pipe_in_their_place_leads_nowhere(enrolled: State, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(msgspec.json.encode(found()))
    (enrolled.spool / testpages.FOUND).symlink_to(secret)
    assert testpages.found(enrolled) is None
    (enrolled.spool / testpages.ASKED).symlink_to(secret)
    testpages.hand_out(enrolled, ASKED)
    assert secret.read_bytes() == msgspec.json.encode(found())
    assert testpages.asked(enrolled) == ASKED
    (enrolled.spool / testpages.FOUND).unlink()
    os.mkfifo(enrolled.spool / testpages.FOUND)
    assert testpages.found(enrolled) is None


def test_a_copied_disk_does_not_tell_what_another_computer_tried(enrolled: State) -> None:
    testpages.hand_out(enrolled, ASKED)
    testpages.leave(enrolled, found())
    give_up(enrolled, NOW)
    assert testpages.asked(enrolled) is None
    assert testpages.found(enrolled) is None
