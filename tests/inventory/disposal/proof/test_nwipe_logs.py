"""An nwipe log is taken where it says everything and nothing against it; else its line is named."""

import functools
import random
import re
from collections.abc import Callable

import msgspec
import pytest

from inventory.disposal.proof.judging import Accepted, NeedsPerson, Refused, Window, judged_file
from tests.checks.formats.nwipe_logs import LATER, SIZE, log
from tests.inventory.disposal.proof.cases import (
    DAY,
    NOON,
    RULES,
    WINDOW,
    accepts,
    claims,
    medium,
    verdict,
)

GOOD = ("zero", "three", "blanked", "ops2", "rounds", "verbose")
LATER_DRIVE = medium(serial="WX123456", size_bytes=67_108_864)
FLUSHED = medium(size_bytes=8_388_608)


@pytest.mark.parametrize("name", GOOD)
def test_a_whole_verified_wipe_is_taken(name: str) -> None:
    found = verdict(log(name))
    assert isinstance(found, Accepted)
    assert (found.level, found.technique) == ("clear", "overwrite")
    assert NOON - DAY < found.finished < NOON + DAY


def test_a_log_of_a_later_nwipe_is_taken() -> None:
    assert accepts(LATER.encode(), LATER_DRIVE)


REFUSED = {
    "aborted": ("one-aborted", "!    loop1 |UABORTED|", medium("CT24K7A1")),
    "failed": ("one-failed", "!    loop1 |-FAILED-|", medium("CT24K7A1")),
    "failed flush": ("flush-failed", "!    loop0 |-FAILED-|", FLUSHED),
    "dirty": ("dirty", "!    loop0 |-FAILED-|", medium()),
    "only read": ("only-checked", "method   = Verify Zeros (0x00)", medium()),
    "unverified": ("unverified", "verify   = 0 (off)", medium()),
    "blotted out": ("quiet", "S/N=XXXXXXXXXXXXXXX", medium()),
    "wrong serial": ("zero", "S/N=CT24K7A0", medium("CT24K7A9")),
    "wrong size": ("zero", "S/N=CT24K7A0", medium(size_bytes=SIZE + 512)),
    "failed medium": ("zero", "S/N=CT24K7A0", medium(failed=True)),
    "not allowed": ("zero", "S/N=CT24K7A0", medium(kind="optical")),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_names_the_line_that_says_why(case: str) -> None:
    name, words, drive = REFUSED[case]
    found = verdict(log(name), drive)
    assert isinstance(found, Refused)
    assert words in found.line
    assert log(name).decode().split("\n")[found.line_number - 1] == found.line
    assert found.sentence.endswith(".")


@pytest.mark.parametrize("name", ["one-failed", "one-aborted"])
def test_the_drive_beside_a_failed_one_is_taken(name: str) -> None:
    assert isinstance(verdict(log(name)), Accepted)


def replaced(old: str, new: str, name: str = "zero") -> bytes:
    text = log(name).decode()
    assert old in text
    return text.replace(old, new).encode()


STAMPED = b"\n[2026/11/22 22:57:54]   error: Partial write on '/dev/loop0'\n"
SPOILT: dict[str, tuple[bytes, str]] = {
    "no serial": (replaced("CT24K7A0", ""), "serial_missing"),
    "question marks": (replaced("CT24K7A0", "??????"), "serial_unreadable"),
    "memory": (
        log("zero").replace(b"CT24K7A0", b" P\xb8\xa1\x7f"),
        "serial_unreadable",
    ),
    "placeholder": (replaced("CT24K7A0", "0123456789"), "serial_placeholder"),
    "unknown method": (replaced("Fill With Zeros", "Quick Look"), "method_unknown"),
    "short write": (replaced("4194304 bytes written", "4194303 bytes written"), "short"),
    "short read": (replaced("4194304 bytes read", "4193792 bytes read"), "short"),
    "counted": (replaced("               0 |", "               1 |"), "errors_counted"),
    "insane": (replaced("| Erased |", "|INSANITY|"), "status_unknown"),
    "two runs": (log("zero") + log("zero"), "several_runs"),
    "a run before": (log("one-aborted") + log("zero"), "several_runs"),
    "other footer": (replaced("1R+NB+VL", "1R+NB+NV"), "differs"),
    "no verification": (
        re.sub(rb".*(bytes read|Verif[a-z]* pass).*\n", b"", log("zero")),
        "not_read_back",
    ),
    "end missing": (log("zero").rpartition(b"[")[0], "missing"),
    "error line": (
        log("zero").replace(b"\n\n", STAMPED, 1),
        "error_said",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SPOILT)
def test_what_must_not_be_is_refused(case: str) -> None:
    data, code = SPOILT[case]
    found = verdict(data)
    assert isinstance(found, Refused)
    assert found.code == code


def after(line: str, level: str) -> Callable[[bytes], bytes]:
    stamp = f"[2026/11/22 22:57:54] {level:>7}: {line}\n".encode()
    return lambda data: data.replace(b"\n\n", b"\n" + stamp + b"\n", 1)


DOUBTFUL: dict[str, Callable[[bytes], bytes]] = {
    "an unknown line": lambda data: data + b"something else\n",
    "an unknown warning": after("/dev/loop0 smells of smoke", "warning"),
    "an error of no drive": after("nwipe_static_pass: write: Input/output error", "error"),
    "a clock set back": lambda data: data.replace(b" 22:5", b" 23:5", 20),
    "a day that there is not": lambda data: data.replace(b"2026/11/22", b"2026/11/31"),
}


@pytest.mark.parametrize("case", DOUBTFUL)
def test_what_is_not_understood_waits_for_a_person(case: str) -> None:
    data = DOUBTFUL[case](log("zero"))
    found = verdict(data)
    assert isinstance(found, NeedsPerson)


def test_the_serial_of_a_drive_is_the_one_it_was_found_with() -> None:
    assert isinstance(verdict(replaced("device/CT24K7A0", "device/")), Accepted)
    other = verdict(replaced("device/CT24K7A0", "device/CT24K7A1"))
    assert isinstance(other, Refused)
    assert other.code == "serial_differs"


def test_hidden_sectors_are_refused_and_unknown_ones_wait() -> None:
    none = "info: No hidden sectors on /dev/sda"
    found = verdict(LATER.replace(none, "info: all is well").encode(), LATER_DRIVE)
    assert isinstance(found, NeedsPerson)
    assert found.code == "hidden_unknown"
    hidden = LATER.replace(f"   {none}", "warning:  *** HIDDEN SECTORS DETECTED ! *** on /dev/sda")
    found = verdict(hidden.encode(), LATER_DRIVE)
    assert isinstance(found, Refused)
    assert (found.code, "HIDDEN SECTORS" in found.line) == ("hidden", True)


def test_serials_are_compared_without_spaces_and_dashes_and_swapped_ones_wait() -> None:
    found = verdict(log("zero"), medium(serial="TC427K0A"))
    assert isinstance(found, NeedsPerson)
    assert found.code == "swapped"


@pytest.mark.parametrize(
    ("window", "code"),
    [
        (Window(NOON + DAY, NOON + 2 * DAY), "too_early"),
        (Window(NOON - 2 * DAY, NOON - DAY), "too_late"),
    ],
)
def test_a_wipe_outside_the_job_is_refused(window: Window, code: str) -> None:
    found = verdict(log("zero"), window=window)
    assert isinstance(found, Refused)
    assert found.code == code


def test_times_may_be_the_schools_or_utc() -> None:
    summer = log("zero").replace(b"2026/11/22", b"2026/07/22")
    ends = verdict(summer, window=Window(0, 2_000_000_000))
    assert isinstance(ends, Accepted)
    for off in (0, 3_600):
        at = ends.finished + off
        assert isinstance(verdict(summer, window=Window(at - 300, at + 60)), Accepted)
    assert not isinstance(
        verdict(summer, window=Window(ends.finished + 5_000, ends.finished + 9_000)), Accepted
    )


def test_a_size_that_nobody_knows_waits() -> None:
    assert isinstance(verdict(log("zero"), medium(size_bytes=0)), NeedsPerson)


OPTIONAL: tuple[bytes, ...] = (
    b"",
    b"autonuke",
    b"autopoweroff",
    b"do not wait",
    b"do not show",
    b"prng ",
    b"quiet ",
)
OPTIONAL += (b"sync ", b"warning:", b"entropy", b"has serial number", b"Initialising", b"****")
OPTIONAL += (b"----", b"!   Device", b"debug:")


@pytest.mark.parametrize("name", ["zero", "blanked", "ops2", "rounds"])
def test_without_any_one_line_that_counts_a_log_is_refused(name: str) -> None:
    lines = log(name).split(b"\n")
    for number, line in enumerate(lines):
        left = b"\n".join(lines[:number] + lines[number + 1 :])
        if any(words in line for words in OPTIONAL if words) or not line.strip():
            continue
        if b"stream is active" in line or b"/dev/loop1" in line or b"/dev/loop2" in line:
            continue
        if line.startswith(b"     loop") and b"loop0" not in line:
            continue
        assert not accepts(left), line


BAD = {
    "one-aborted": medium("CT24K7A1", size_bytes=600 << 20),
    "one-failed": medium("CT24K7A1", size_bytes=8_388_608),
    "flush-failed": FLUSHED,
    "dirty": medium(),
    "only-checked": medium(),
    "unverified": medium(),
    "quiet": medium(),
}
SIGNS = bytes(range(32, 127)) + b"\n\0\xff"


@pytest.mark.parametrize("name", BAD)
def test_no_edit_of_one_byte_makes_a_bad_log_good(name: str) -> None:
    data, drive = log(name), BAD[name]
    assert not accepts(data, drive)
    dice = random.Random(name)
    for _ in range(250):
        at = dice.randrange(len(data))
        sign = dice.choice((b"", bytes([dice.choice(SIGNS)])))
        rest = data[at:] if dice.random() < 0.2 else data[at + 1 :]
        assert not accepts(data[:at] + sign + rest, drive), at


@pytest.mark.parametrize("name", ["zero", "blanked", "one-failed"])
def test_a_log_that_was_cut_anywhere_is_not_taken(name: str) -> None:
    data = log(name).rstrip(b"\n")
    for at in range(0, len(data), 37):
        assert not accepts(data[:at]), at
    assert not accepts(data[:-1])


def test_the_drives_of_a_run_may_stand_in_any_order() -> None:
    """The lines of the drives are mixed as threads happen to run; those of each stay in order."""
    lines = log("three").split(b"\n")
    dice = random.Random(1)
    taken = functools.partial(accepts, of=medium("CT24K7A1"))
    for _ in range(10):
        places = [n for n, line in enumerate(lines) if b"/dev/loop" in line and b"S/N" not in line]
        places = [
            n for n in places if b"serial number" not in lines[n] and b"sect/" not in lines[n]
        ]
        drives = [re.search(rb"/dev/loop\d", lines[n]) for n in places]
        names = [found[0] for found in drives if found]
        queues = {one: [lines[n] for n in places if one in lines[n]] for one in set(names)}
        dice.shuffle(names)
        mixed = list(lines)
        for place, name in zip(places, names, strict=True):
            stamp = lines[place][:22]
            mixed[place] = stamp + queues[name].pop(0)[22:]
        assert taken(b"\n".join(mixed))


def test_a_file_is_judged_by_what_it_says_of_the_medium() -> None:
    three = claims(log("three"))
    for drive in ("CT24K7A0", "CT24K7A2"):
        assert isinstance(judged_file(three, medium(drive), RULES, WINDOW), Accepted)
    for found, code in ((three, "not_named"), ([], "not_named"), (three[:1], "wrong_serial")):
        said = judged_file(found, medium("CT24K7A9"), RULES, WINDOW)
        assert isinstance(said, Refused)
        assert said.code == code
    twice = judged_file([*three, three[0]], medium(), RULES, WINDOW)
    assert isinstance(twice, Refused)
    assert twice.code == "serial_twice"


def test_a_claim_says_what_the_record_of_a_wipe_needs() -> None:
    (claim,) = claims(log("rounds"))[:1]
    said = msgspec.structs.asdict(claim)
    assert {name: said[name] for name in ("tool", "tool_version", "method", "passes")} == {
        "tool": "nwipe",
        "tool_version": "0.33",
        "method": "DoD Short",
        "passes": 7,
    }
    assert (claim.verified, claim.hidden, claim.result) == ("full", "not-applicable", "erased")
    assert claim.started < claim.finished


def test_a_run_without_an_end_that_claims_a_million_rounds_costs_nothing() -> None:
    data = replaced("rounds   = 1\n", "rounds   = 999999\n")
    assert isinstance(verdict(data, window=WINDOW), Refused)
