"""A key given up before it was named leaves a folder, and no former identity to speak of."""

from pathlib import Path

from agent import wipes
from agent.collect.introducing import former, give_up
from agent.state import State
from tests.checks.read_back import WIPE


def test_a_key_that_was_never_named_is_no_former_identity(tmp_path: Path) -> None:
    """Else its placeholder would stand in the next enrolment, which no controller accepts."""
    state = State(tmp_path)
    state.prepare()
    give_up(state, 1_795_320_000)
    assert [path.name for path in state.orphan.iterdir()] == ["001795320000-unknown"]
    assert former(state) == ""
    (state.orphan / "001795310000-dev_01JD9ZK3V5N8Q2R4T6W8Y0A1B2").mkdir()
    assert former(state) == "dev_01JD9ZK3V5N8Q2R4T6W8Y0A1B2"


def test_what_another_computer_read_back_is_never_signed_by_this_one(tmp_path: Path) -> None:
    """A disk that was copied brings along what waited to be told."""
    state = State(tmp_path)
    state.prepare()
    wipes.keep(state.key, WIPE)
    give_up(state, 1_795_320_000)
    assert wipes.waiting(state.key) == []
    (grave,) = state.orphan.iterdir()
    assert wipes.load(grave) == [WIPE]
