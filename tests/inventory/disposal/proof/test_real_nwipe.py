"""What the real nwipe writes today, run here, is taken or refused as it deserves."""

import time
from pathlib import Path

import pytest

from inventory.disposal.proof import reading
from inventory.disposal.proof.judging import Accepted, Refused, Verdict, Window, judged
from tests import nwiped
from tests.inventory.disposal.proof.cases import RULES, medium
from tests.needs import IMPOSSIBLE
from tests.nwiped import MIB, Run

ZERO = ("--method=zero", "--noblank")
WHOLE = {
    "zeros": Run((*ZERO, "--verify=last"), drives=2),
    "ones": Run(("--method=one", "--verify=all")),
    "chance": Run(("--method=random", "--verify=last")),
    "short": Run(("--method=dodshort", "--verify=all", "-r", "2"), drives=2, filled=True),
    "dod": Run(("--method=dod", "--verify=last", "--noblank", "-v")),
    "gutmann": Run(("--method=gutmann", "--verify=last", "--noblank"), size=MIB),
    "ops2": Run(("--method=ops2", "--verify=all")),
    "odd size": Run((*ZERO, "--verify=last"), size=MIB + 512),
}
REFUSED = {
    "unverified": (Run((*ZERO, "--verify=off")), "not_verified", "verify   = 0 (off)"),
    "quiet": (Run((*ZERO, "--verify=last", "-q")), "serial_hidden", "S/N=XXXXX"),
    "dirty": (Run(("--method=verify_zero",), filled=True), "failed", "|-FAILED-|"),
    "only read": (Run(("--method=verify_zero",)), "only_verified", "Verify Zeros"),
    "aborted": (
        Run(("--method=gutmann", "--verify=all", "-r", "9"), size=32 * MIB, stop=2),
        "aborted",
        "|UABORTED|",
    ),
    "full": (Run((*ZERO, "--verify=last"), size=4 * MIB, room=MIB), "failed", "|-FAILED-|"),
}
CORPUS = Path("/work/shared/corpus/nwipe")


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """All runs at once: nwipe mostly waits."""
    runs = WHOLE | {name: run for name, (run, _, _) in REFUSED.items()}
    return nwiped.logs(runs, tmp_path_factory.mktemp("nwipe"))


def verdicts(data: bytes, run: Run) -> list[Verdict]:
    now = int(time.time())
    window = Window(now - 3_600, now + 3_600, "UTC")
    found = reading.read(data)
    assert isinstance(found, reading.Reading)
    assert len(found.claims) == run.drives
    drives = {
        nwiped.serial(number): medium(nwiped.serial(number).replace("-", ""), size_bytes=run.size)
        for number in range(run.drives)
    }
    return [
        judged(one, drives.get(one.serial, drives["BENCH-0"]), RULES, window)
        for one in found.claims
    ]


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_run_is_taken_for_each_of_its_drives(logs: dict[str, bytes], name: str) -> None:
    for found in verdicts(logs[name], WHOLE[name]):
        assert isinstance(found, Accepted), found
        assert found.level == "clear"


@pytest.mark.parametrize("name", REFUSED)
def test_any_other_run_is_refused_with_its_line(logs: dict[str, bytes], name: str) -> None:
    run, code, words = REFUSED[name]
    for found in verdicts(logs[name], run):
        assert isinstance(found, Refused), found
        assert (found.code, words in found.line) == (code, True)
        assert logs[name].decode().split("\n")[found.line_number - 1] == found.line


@pytest.mark.skipif(not CORPUS.exists(), reason=f"{IMPOSSIBLE}the logs of a bench are not here")
@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("nwipe.log", "serial_missing", "S/N="),
        ("nw42.log", "serial_missing", "S/N="),
        ("nwipe_ab.log", "aborted", "|UABORTED|"),
        ("nwipe_bad.log", "failed", "|-FAILED-|"),
    ],
)
def test_logs_of_a_bench_are_refused_with_their_line(name: str, code: str, words: str) -> None:
    data = (CORPUS / name).read_bytes()
    found = reading.read(data)
    assert isinstance(found, reading.Reading)
    (claim,) = found.claims
    said = judged(claim, medium(size_bytes=67_108_864), RULES, Window(0, 2_000_000_000))
    assert isinstance(said, Refused)
    assert (said.code, words in said.line) == (code, True)


@pytest.mark.skipif(not CORPUS.exists(), reason=f"{IMPOSSIBLE}the logs of a bench are not here")
@pytest.mark.parametrize("name", ["nwipe.log", "nw42.log"])
def test_logs_of_a_bench_would_be_taken_had_their_drive_a_serial(name: str) -> None:
    text = (CORPUS / name).read_text().replace("S/N=", "S/N=WX1234567")
    text = text.replace("Loopback device/", "Loopback device/WX1234567")
    found = reading.read(text.encode())
    assert isinstance(found, reading.Reading)
    drive = medium("WX1234567", size_bytes=67_108_864)
    said = judged(found.claims[0], drive, RULES, Window(0, 2_000_000_000))
    assert isinstance(said, Accepted), said
