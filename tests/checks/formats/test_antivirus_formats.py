"""What antivirus products write and answer, as they write it, cut short, and as nonsense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats import (
    bduitool,
    clamav_database,
    clamd_conf,
    clamscan_log,
    mdatp,
    sentinelctl,
)
from checks.formats.errors import ParseError

HEAD = b"ClamAV-VDB:20 Nov 2026 08-24 +0000:28188:2077000:90:md5:dsig:builder:1795163040"


def test_a_database_head_tells_version_and_build_time_and_may_be_padded() -> None:
    head = clamav_database.parse(HEAD.ljust(512) + b"\x1f\x8brest of the file")
    assert (head.version, head.built_at, head.signatures) == (28188, 1_795_163_040, 2_077_000)


def test_a_database_head_without_an_epoch_is_dated_by_its_build_time() -> None:
    assert clamav_database.parse(HEAD.rpartition(b":")[0]).built_at == 1_795_163_040


@pytest.mark.parametrize(
    "head",
    [b"", b"ClamAV-VDB", HEAD[:40], HEAD.replace(b"28188", b"x"), HEAD.replace(b"ClamAV", b"clam")],
)
def test_a_head_that_is_not_one_is_refused(head: bytes) -> None:
    with pytest.raises(ParseError):
        clamav_database.parse(head)


def test_options_repeat_are_quoted_and_ignore_case() -> None:
    options = clamd_conf.parse(
        b'# a comment\nOnAccessIncludePath /home\nonaccessincludepath "/srv/a b"\n'
        b"OnAccessPrevention Yes\nExample\nLogTime no\n"
    )
    assert options["onaccessincludepath"] == ["/home", "/srv/a b"]
    assert clamd_conf.flag(options, "OnAccessPrevention")
    assert not clamd_conf.flag(options, "LogTime", default=True)
    assert clamd_conf.flag(options, "Absent", default=True)
    assert options["example"] == [""]


SUMMARY = (
    b"----------- SCAN SUMMARY -----------\nKnown viruses: 1\nScanned files: 7\n"
    b"Infected files: 2\nTime: 0.006 sec (0 m 0 s)\n"
    b"Start Date: 2026:11:20 03:00:00\nEnd Date:   2026:11:20 03:09:00\n"
)


def test_a_scan_log_has_one_summary_a_finished_scan() -> None:
    log = clamscan_log.parse(b"/home/a: OK\n\n" + SUMMARY + b"\n" + SUMMARY)
    assert log.finished
    assert [(scan.infected, scan.scanned) for scan in log.scans] == [(2, 7), (2, 7)]
    assert log.scans[0].end == "2026:11:20 03:09:00"


def test_a_log_that_goes_on_after_its_summary_is_not_finished() -> None:
    log = clamscan_log.parse(SUMMARY + b"-------\n/home/b: OK\n")
    assert not log.finished
    assert len(log.scans) == 1


def test_defender_is_judged_by_its_realtime_value_and_not_by_healthy() -> None:
    said = mdatp.parse(
        b'{"healthy":true,"realTimeProtectionEnabled":{"value":false},"passiveModeEnabled":'
        b'{"value":true},"definitionsUpdated":"1691587153787","appVersion":"101.23062.0010"}'
    )
    assert (said.realtime, said.passive, said.definitions_at) == (False, True, 1_691_587_153)
    assert mdatp.parse(b'{"realTimeProtectionEnabled":true}').realtime is True
    assert mdatp.parse(b"{}").realtime is None


@pytest.mark.parametrize("data", [b"", b"[]", b'{"definitionsUpdated":"soon"}', b"\xff"])
def test_an_answer_of_another_form_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        mdatp.parse(data)


@pytest.mark.parametrize(
    ("text", "epoch"),
    [
        ("2023-08-24 at 11:44:37 GMT+2", 1_692_870_277),
        ("2023-08-24 at 11:44:37 GMT+0", 1_692_877_477),
        ("2023-08-24 at 11:44:37 GMT", 1_692_877_477),
        ("2023-08-24 at 11:44:37 GMT-03:30", 1_692_890_077),
    ],
)
def test_bitdefender_tells_its_update_in_its_own_offset(text: str, epoch: int) -> None:
    said = bduitool.parse(
        f"Product version: 7.0\n - Antimalware status: On\n"
        f" - Last security content update: {text}\n".encode()
    )
    assert (said.version, said.antimalware, said.updated_at) == ("7.0", True, epoch)


@pytest.mark.parametrize(
    "data",
    [b"", b"Something: else\n", b"Product version: 7\nLast security content update: never\n"],
)
def test_bitdefender_answers_of_another_form_are_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        bduitool.parse(data)


def test_sentinelone_tells_its_state_in_columns() -> None:
    said = sentinelctl.parse(b"Agent version: 24.2\nAgent state      Disabled\n")
    assert (said.version, said.enabled) == ("24.2", False)
    with pytest.raises(ParseError):
        sentinelctl.parse(b"Error: not allowed\n")


PARSERS = (bduitool, clamav_database, clamd_conf, clamscan_log, mdatp, sentinelctl)
PIECES = st.sampled_from(
    [
        HEAD,
        SUMMARY,
        b":",
        b"\n",
        b"Agent state  ",
        b"Product version: 1\n",
        b'{"a":',
        b"\0",
        b"[" * 99,
    ]
)


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.__name__)
@given(data=st.binary(max_size=600) | st.lists(PIECES | st.binary(max_size=20)).map(b"".join))
def test_no_bytes_make_a_parser_crash(parser: object, data: bytes) -> None:
    try:
        parser.parse(data)  # type: ignore[attr-defined]  # each of these modules has one
    except ParseError:
        return
