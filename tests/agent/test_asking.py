"""One question at each address in turn: what looks like an envelope is the answer."""

from collections.abc import Sequence

import pytest

from agent.deliver import asking
from agent.deliver.answers import Answer, DeliveryError
from agent.deliver.connection import Trust
from agent.state import Identity
from tests.wire import samples

US = Identity(
    device="dev_01JD9ZK3V5N8Q2R4T6W8Y0A1B2",
    controller="a key",
    addresses=["https://first.example", "https://second.example", "https://third.example"],
    trust="pins",
    spki=["a pin"],
    enrolled="00" * 32,
    words="",
    enrolled_at=0,
)
ENVELOPE = Answer(202, "application/json", samples.FIRST_SIGNED, "https://second.example")
PAGE = Answer(200, "text/html", b"<title>Sign in</title>", "https://first.example")
OUTAGE = DeliveryError("unreachable", "Nobody answers.")


class Lines:
    """Connections that answer as they are told to, and note what happens to them."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self._answers = list(answers)
        self.done: list[tuple[object, ...]] = []

    def __call__(self, address: str, trust: Trust, pins: Sequence[str]) -> "Lines":
        self.done.append(("open", address, trust, pins))
        return self

    def post(self, path: str, body: bytes, *, packed: bool = True) -> Answer:
        self.done.append(("post", path, body, packed))
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        self.done.append(("close",))


def ask(monkeypatch: pytest.MonkeyPatch, lines: Lines) -> Answer | None:
    """Ask over connections of our own."""
    monkeypatch.setattr(asking, "Connection", lines)
    return asking.ask(US, "system", "/v1/rekey", b"a request")


@pytest.mark.parametrize("first", [OUTAGE, PAGE], ids=["an-outage", "a-page"])
def test_the_next_address_is_asked_where_one_gives_no_envelope_and_every_line_is_hung_up(
    monkeypatch: pytest.MonkeyPatch, first: Answer | Exception
) -> None:
    lines = Lines(first, ENVELOPE)
    assert ask(monkeypatch, lines) is ENVELOPE
    assert lines.done == [
        step
        for address in US.addresses[:2]
        for step in (
            ("open", address, "system", US.spki),
            ("post", "/v1/rekey", b"a request", False),
            ("close",),
        )
    ]


def test_where_no_address_gives_an_envelope_there_is_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = Lines(OUTAGE, PAGE, OUTAGE)
    assert ask(monkeypatch, lines) is None
    assert [step[0] for step in lines.done] == ["open", "post", "close"] * 3


def test_a_fault_of_our_own_is_no_silence_of_theirs_and_leaves_no_line_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = Lines(RuntimeError("a defect"))
    with pytest.raises(RuntimeError):
        ask(monkeypatch, lines)
    assert [step[0] for step in lines.done] == ["open", "post", "close"]
