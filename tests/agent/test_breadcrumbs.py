"""A reader that took the agent down rests for three nights, and nobody innocent does (O18)."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agent.collect.breadcrumbs import REST_SECONDS, Watch
from agent.release import RELEASE
from tests.agent.reader_lab import NOW

CHECKOUT = Path(__file__).parents[2]


def a_round(how: str, folder: Path, boot: str = "one") -> "subprocess.CompletedProcess[str]":
    words = [sys.executable, "-m", "tests.agent.reader_lab", how, str(folder), boot]
    return subprocess.run(
        words, capture_output=True, text=True, check=False, cwd=CHECKOUT, timeout=60
    )


@pytest.mark.parametrize(("how", "code"), [("exits", 3), ("killed", -signal.SIGKILL), ("hangs", 1)])
def test_a_reader_that_ended_the_agent_is_skipped_next_time_and_the_rest_is_read(
    tmp_path: Path, how: str, code: int
) -> None:
    assert a_round(how, tmp_path).returncode == code
    said = json.loads(a_round("well", tmp_path).stdout)
    assert (said["locking"], said["locking_now"]) == ("crashed", "crashed")
    assert said["hardware"] == "seen"


def test_a_reader_that_hangs_says_in_the_log_where(tmp_path: Path) -> None:
    assert "in hangs" in a_round("hangs", tmp_path).stderr


def test_switching_off_in_the_middle_accuses_nobody(tmp_path: Path) -> None:
    assert a_round("stopped", tmp_path).returncode == 128 + signal.SIGTERM
    assert not Watch(tmp_path, NOW, "one").crashed("locking")


def test_a_power_cut_in_the_middle_accuses_nobody_until_it_is_the_same_reader_twice(
    tmp_path: Path,
) -> None:
    Watch(tmp_path, NOW, "one").enter("locking")
    second = Watch(tmp_path, NOW, "two")
    assert not second.crashed("locking")
    second.enter("locking")
    assert Watch(tmp_path, NOW, "three").crashed("locking")


def test_a_round_that_went_well_ends_a_suspicion(tmp_path: Path) -> None:
    Watch(tmp_path, NOW, "one").enter("locking")
    assert json.loads(a_round("well", tmp_path, "two").stdout)["locking"] == "denied"
    Watch(tmp_path, NOW, "two").enter("locking")
    assert not Watch(tmp_path, NOW, "three").crashed("locking")


def fallen(folder: Path) -> None:
    Watch(folder, NOW).enter("locking")
    watch = Watch(folder, NOW)
    assert watch.crashed("locking")
    watch.finish()


@pytest.mark.parametrize(
    ("later", "release", "rests"),
    [
        (0, RELEASE, True),
        (REST_SECONDS - 1, RELEASE, True),
        (REST_SECONDS, RELEASE, False),
        (0, "99.0.0", False),
        (-1, RELEASE, False),
    ],
    ids=["at once", "within three nights", "after them", "after an upgrade", "a clock set back"],
)
def test_how_long_a_reader_rests(tmp_path: Path, later: int, release: str, rests: bool) -> None:
    fallen(tmp_path)
    assert Watch(tmp_path, NOW + later, release=release).crashed("locking") is rests


def test_others_that_rest_are_remembered_over_rounds(tmp_path: Path) -> None:
    fallen(tmp_path)
    Watch(tmp_path, NOW).enter("software")
    watch = Watch(tmp_path, NOW)
    assert (watch.crashed("locking"), watch.crashed("software")) == (True, True)


@pytest.mark.parametrize("left", [b'{"running":"lock', b"\xff", b'{"running":1}', b"[]", b""])
def test_half_a_breadcrumb_accuses_nobody(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "breadcrumb.json").write_bytes(left)
    assert not Watch(tmp_path, NOW).crashed("locking")
