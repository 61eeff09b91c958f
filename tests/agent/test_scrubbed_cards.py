"""A network card's address leaves no recording, however its system writes it."""

import pytest

from agent.hosts.recorded import RecordedHost
from agent.hosts.scrubbing import Scrubber
from tests.agent.conftest import machine


@pytest.fixture
def scrubber() -> Scrubber:
    return Scrubber(RecordedHost(machine().recording, strict=False))


def test_a_card_written_without_zeros_is_the_same_card(scrubber: Scrubber) -> None:
    said = "? (10.0.0.1) at 0:1b:2:3:4:f on en0, 00:1b:02:03:04:0f or 00-1B-02-03-04-0F"
    told = scrubber.text(said)
    first, second, _ = (
        word for word in told.replace(",", "").split() if word[2:3] in "-:" and len(word) == 17
    )
    assert first == second
    assert "1b" not in told.lower()
    assert scrubber.text(told) == told


@pytest.mark.parametrize("text", ["10:41:07", "ff02::1:2:3:4:5:6", "1:2:3:4:5:6:7:8", "a:b:c:d:e"])
def test_what_is_no_card_stays(scrubber: Scrubber, text: str) -> None:
    assert scrubber.text(text) == text
