"""The schedule waits for a better moment, but not for ever;
a person who asks is never told to wait (S10)."""

from pathlib import Path

import pytest

from agent.collect.manners import put_off
from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer
from tests.agent.conftest import machine
from tests.agent.simulator import NOW


def laptop(at: int = NOW, *, charge: str = "20", mains: str = "0", scope: str = "") -> RecordedHost:
    host = machine(at)
    leaves = {
        "AC/type": "Mains",
        "AC/online": mains,
        "BAT0/type": "Battery",
        "BAT0/capacity": charge,
        "BAT0/scope": scope,
    }
    power = "/sys/class/power_supply"
    host.recording.answers = [
        Answer(ask=["list", power], gives=["AC", "BAT0"]),
        *(
            Answer(ask=["read", f"{power}/{leaf}"], gives=f"{said}\n")
            for leaf, said in leaves.items()
        ),
    ]
    return RecordedHost(host.recording, strict=False)


def test_a_low_battery_puts_a_round_off(tmp_path: Path) -> None:
    assert "20 %" in put_off(tmp_path, laptop())


@pytest.mark.parametrize(
    "moment",
    [
        laptop(mains="1"),
        laptop(charge="30"),
        laptop(charge="nonsense"),
        laptop(scope="Device"),
        machine(),
    ],
    ids=["charging", "enough", "unreadable", "a mouse's battery", "no battery"],
)
def test_nothing_else_does(tmp_path: Path, moment: RecordedHost) -> None:
    assert put_off(tmp_path, moment) == ""


def test_after_a_day_of_bad_moments_it_looks_anyway(tmp_path: Path) -> None:
    assert put_off(tmp_path, laptop())
    assert put_off(tmp_path, laptop(NOW + 23 * 3_600))
    assert put_off(tmp_path, laptop(NOW + 25 * 3_600)) == ""
    assert put_off(tmp_path, laptop(NOW + 26 * 3_600))


def test_a_clock_set_back_does_not_put_rounds_off_for_ever(tmp_path: Path) -> None:
    assert put_off(tmp_path, laptop())
    assert put_off(tmp_path, laptop(NOW - 10**8)) == ""
