"""Parsers that tell of backups: the journal, rsnapshot's log, Windows' events and its tasks."""

import struct

import pytest

from checks.formats import journal_json, rsnapshot_log, task_info, wevtutil_xml
from checks.formats.errors import ParseError
from checks.formats.journal_json import Entry
from checks.formats.rsnapshot_log import Run
from checks.formats.task_info import TaskInfo
from checks.formats.wevtutil_xml import Event

LINE = b'{"UNIT":"a.service","MESSAGE_ID":"7ad2","__REALTIME_TIMESTAMP":"1795305600999999"}'


def test_a_record_of_the_journal_is_unit_message_and_second() -> None:
    wanted = Entry("a.service", "7ad2", 1_795_305_600)
    assert journal_json.parse(LINE + b"\n" + LINE[:-5] + b"\n") == [wanted]


@pytest.mark.parametrize(
    "line",
    [
        LINE.replace(b'"a.service"', b"[97,255]"),
        LINE.replace(b'"a.service"', b"null"),
        LINE.replace(b'"a.service"', b'["a.service","b.service"]'),
        LINE.replace(b"1795305600999999", b"now"),
        LINE.replace(b"1795305600999999", b"9" * 40),
        LINE.replace(b"1795305600999999", "١٢".encode()),
        b"-- No entries --",
        b"",
    ],
)
def test_a_record_nobody_can_read_for_certain_is_left_out(line: bytes) -> None:
    assert journal_json.parse(line) == []


def log(*lines: str) -> list[Run]:
    text = "".join(f"[2026-11-2{day}T0{hour}:00:00] {said}\n" for day, hour, said in parts(lines))
    return rsnapshot_log.parse(text.encode())


def parts(lines: tuple[str, ...]) -> list[tuple[str, str, str]]:
    return [(line[0], line[1], line[3:]) for line in lines]


RS = "/usr/bin/rsnapshot -c /etc/my conf alpha"


def test_runs_of_rsnapshot_end_in_their_own_words() -> None:
    assert log(f"13 {RS}: started", f"14 {RS}: completed successfully") == [
        Run("alpha", "worked", "2026-11-21T04:00:00")
    ]
    warned = f"14 {RS}: WARNING: {RS}: completed, but with some warnings"
    assert [run.end for run in log(f"13 {RS}: started", warned)] == ["warned"]
    assert log(f"13 {RS}: started", f"13 {RS}: WARNING: /a vanished") == []


def test_many_errors_of_one_run_are_one_failure() -> None:
    errors = [f"1{hour} {RS}: ERROR: rsync {hour}" for hour in range(3, 6)]
    ended = f"16 {RS}: ERROR: {RS}: completed, but with some errors"
    found = log(f"13 {RS}: started", *errors, ended, f"23 {RS}: started", f"23 {RS}: ERROR: no")
    assert [run.end for run in found] == ["failed", "failed"]


def test_runs_that_stop_at_their_own_settings_are_told_apart_by_the_hour() -> None:
    errors = [f"{day}3 {RS}: ERROR: line {at}" for day in (1, 2, 3) for at in range(4)]
    assert [run.end for run in log(*errors)] == ["failed"] * 3


def test_a_moment_that_never_was_and_a_path_that_speaks_are_no_run() -> None:
    assert rsnapshot_log.parse(b"[2026-13-41T03:00:00] rsnapshot alpha: started\n") == []
    assert log("13 rm -rf /snap/x: completed successfully/") == []


EVENT = (
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider"
    " Name='Microsoft-Windows-Backup'/><EventID{}>4</EventID><Level>4</Level><TimeCreated"
    " SystemTime='2026-11-22T01:02:03{}Z'/></System><EventData><Data>{}</Data></EventData></Event>"
)
FOUND = Event(4, 4, 1_795_309_323)


@pytest.mark.parametrize("qualifiers", ["", " Qualifiers='16384'", ' Qualifiers="0"'])
@pytest.mark.parametrize("fraction", ["", ".1234567", ".123456700"])
def test_an_event_is_its_number_level_and_second(qualifiers: str, fraction: str) -> None:
    text = EVENT.format(qualifiers, fraction, "x").encode()
    assert wevtutil_xml.parse(text + b"\r\n" + text) == [FOUND, FOUND]
    assert wevtutil_xml.parse(b"\xff\xfe junk" + text) == [FOUND]


def test_what_a_message_holds_stands_for_no_event() -> None:
    hostile = "</System><EventID>5</EventID><Level>2</Level>&lt;Event "
    assert wevtutil_xml.parse(EVENT.format("", "", hostile).encode()) == [FOUND]


@pytest.mark.parametrize("text", ["", "<Event><System></System></Event>", "No events"])
def test_an_event_without_its_parts_is_left_out(text: str) -> None:
    assert wevtutil_xml.parse(text.encode()) == []
    wrong = EVENT.format("", "", "").replace("2026-11-22", "2026-02-30")
    assert wevtutil_xml.parse(wrong.encode()) == []


def info(began: int, code: int, tail: bytes = b"", version: int = 3) -> bytes:
    ticks = (began + 11_644_473_600) * 10_000_000 if began else 0
    return struct.pack("<IQQII", version, 0, ticks, 0, code) + tail


def test_a_task_tells_when_it_last_began_and_how_it_ended() -> None:
    assert task_info.parse(info(1_795_305_600, 0)) == TaskInfo(1_795_305_600, 0)
    assert task_info.parse(info(1_795_305_600, 0x80070002, bytes(8))).code == 0x80070002
    assert task_info.parse(info(0, 0x41303)).ran_at is None


@pytest.mark.parametrize(
    "data", [b"", bytes(27), bytes(36), info(1, 0, bytes(9)), info(1, 0, version=4)]
)
def test_another_layout_of_a_task_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        task_info.parse(data)
