"""The sweep: how often and whom it asks, by a clock that the test holds."""

import pytest

from agent.survey.worker.pacing import Bucket
from agent.survey.worker.sweep import Sweep
from agent.survey.worker.table import MOST_ADDRESSES, MOST_THINGS, Table
from agent.survey.worker.task import Task
from agent.survey.worker.walk import Walk
from tests.frames import arp, packed, task_of, udp

PRINTER = "00:1b:a9:00:00:01"


def swept(task: Task, answers: dict[str, str], *, late: float = 0.0) -> tuple[list[str], float]:
    """Addresses in the order they were asked for, and when the sweep was over."""
    walk, now, asked, coming = Walk(task, None), 0.0, [], []
    while not walk.over(now):
        for frame in walk.due(now):
            target = ".".join(map(str, frame[38:42]))
            asked.append(target)
            if target in answers:
                coming.append((now + late, arp(answers[target], target)))
        for one in [one for one in coming if one[0] <= now]:
            coming.remove(one)
            walk.take(one[1])
        now += max(0.001, min(0.05, walk.wait(now)))
        assert now < 100, "the sweep never ends"
    return asked, now


def test_who_answers_is_asked_once_and_who_does_not_once_more() -> None:
    asked, _ = swept(task_of(), {"10.20.0.2": PRINTER})
    assert sorted(asked) == ["10.20.0.1"] * 2 + ["10.20.0.2"] + ["10.20.0.3"] * 2


def test_one_try_is_one_frame_each() -> None:
    asked, _ = swept(task_of(tries=1), {})
    assert asked == ["10.20.0.1", "10.20.0.2", "10.20.0.3"]


@pytest.mark.parametrize("rate", [1, 7, 100, 1_000])
def test_no_second_ever_sees_more_frames_than_the_scope_allows(rate: int) -> None:
    task = task_of(targets=[f"10.20.0.{n}" for n in range(10, 60)], per_second=rate, tries=1)
    walk, now, sent = Walk(task, None), 0.0, []
    while not walk.over(now):
        sent += [now for _ in walk.due(now)]
        now += max(0.0005, walk.wait(now))
    assert len(sent) == 50
    most = max(sum(one <= at < one + 1 for at in sent) for one in sent)
    assert most <= rate + max(1, rate // 20)


def test_a_late_answer_still_counts_and_saves_the_second_question() -> None:
    asked, _ = swept(task_of(targets=["10.20.0.1"]), {"10.20.0.1": PRINTER}, late=0.4)
    assert asked == ["10.20.0.1"]


def test_a_sweep_in_which_all_answer_does_not_wait_on() -> None:
    _, took = swept(task_of(targets=["10.20.0.1"]), {"10.20.0.1": PRINTER})
    assert took < 0.3
    _, silent = swept(task_of(targets=["10.20.0.1"]), {})
    assert silent == pytest.approx(0.5 + 0.5, abs=0.1)


def test_it_is_over_at_once_where_nothing_is_asked() -> None:
    asked, took = swept(task_of(targets=[], source=""), {})
    assert (asked, took < 0.3) == ([], True)


def things(table: Table) -> dict[str, list[str]]:
    return {line["mac"]: line["addresses"] for line in table.lines()}


def told(*frames: bytes) -> dict[str, list[str]]:
    table = Table()
    sweep = Sweep(task_of(), table)
    for frame in frames:
        sweep.take(frame)
    return things(table)


def test_whoever_says_an_address_is_heard_in_questions_too() -> None:
    question = arp("3c:2e:f9:00:00:07", "10.20.0.7", op=1, target="10.20.0.1")
    assert told(question) == {"3c:2e:f9:00:00:07": ["10.20.0.7"]}


def test_a_thing_set_up_for_another_network_is_heard_but_nothing_of_the_internet() -> None:
    assert told(arp(PRINTER, "192.168.1.50")) == {PRINTER: ["192.168.1.50"]}
    assert told(arp(PRINTER, "8.8.8.8"), arp(PRINTER, "0.0.0.0")) == {}  # noqa: S104  (an address field)


def test_two_that_say_one_address_are_both_told() -> None:
    assert len(told(arp(PRINTER, "10.20.0.1"), arp("3c:2e:f9:00:00:07", "10.20.0.1"))) == 2


@pytest.mark.parametrize("mac", ["ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01", "00:00:00:00:00:00"])
def test_no_group_is_taken_for_a_thing(mac: str) -> None:
    assert told(arp(mac, "10.20.0.1")) == {}


@pytest.mark.parametrize("length", range(14, 42))
def test_a_frame_that_is_cut_anywhere_tells_nothing(length: int) -> None:
    assert told(arp(PRINTER, "10.20.0.1")[:length]) == {}


@pytest.mark.parametrize("at", range(14, 22))
def test_arp_of_another_kind_tells_nothing(at: int) -> None:
    frame = bytearray(arp(PRINTER, "10.20.0.1"))
    frame[at] ^= 0x40
    assert told(bytes(frame)) == {}


def test_a_flood_of_made_up_things_fills_a_table_and_no_more() -> None:
    table = Table()
    sweep = Sweep(task_of(), table)
    for number in range(MOST_THINGS + 1):
        mac = f"00:1b:a9:00:{number >> 8:02x}:{number & 255:02x}"
        assert not table.cut
        sweep.take(arp(mac, "10.20.0.9"))
    assert table.cut
    assert len(things(table)) == MOST_THINGS


def test_one_that_claims_every_address_is_told_with_so_many_of_them() -> None:
    table = Table()
    sweep = Sweep(task_of(), table)
    for number in range(MOST_ADDRESSES + 1):
        sweep.take(arp(PRINTER, f"10.20.1.{number}"))
    assert table.cut
    assert len(things(table)[PRINTER]) == MOST_ADDRESSES


def test_a_walk_without_scapy_passes_over_what_it_cannot_take_apart() -> None:
    walk = Walk(task_of(), None)
    walk.take(udp(PRINTER, "10.20.0.9", (5353, 5353), bytes(40)))
    walk.take(b"\x33\x33" + packed(PRINTER) + bytes(60))
    walk.take(b"")
    assert [*walk.lines()] == [
        {"done": {"frames": 0, "asked": 0, "cut": False, "passed_over": False}}
    ]


def test_a_bucket_gives_no_more_after_a_clock_that_went_back() -> None:
    bucket = Bucket(10, 1)
    assert bucket.take(100.0)
    assert not bucket.take(50.0)
    assert bucket.wait(50.0) == pytest.approx(0.1)
    assert bucket.take(50.11)


def test_a_bucket_holds_no_more_than_its_burst_however_long_nobody_came() -> None:
    bucket = Bucket(100, 3)
    assert [bucket.take(9_999.0) for _ in range(4)] == [True, True, True, False]


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (1, 0.5)])
def test_a_bucket_that_could_never_give_is_refused(rate: float, burst: float) -> None:
    with pytest.raises(ValueError, match="bucket"):
        Bucket(rate, burst)
