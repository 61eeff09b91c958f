"""Log lines are lines: a hostile message stays on its own, and errors say where they came from."""

import json
import logging
import sys
from typing import Any

import pytest
from django.test import Client

from controller import logs
from controller.people.models import User
from tests.controller.web.conftest import SignedIn


def record(message: str, *, level: int = logging.ERROR, broken: bool = False) -> logging.LogRecord:
    """A log record, perhaps of an exception."""
    info = None
    if broken:
        try:
            raise ValueError("first\nsecond\x1b[31m")
        except ValueError:
            info = sys.exc_info()
    return logging.LogRecord("controller.x", level, "x.py", 1, message, (), info)


@pytest.mark.parametrize("formatter", [logs.OneLine(), logs.OneJsonLine()])
@pytest.mark.parametrize("message", ["a\nb\r\nc", "\x1b]52;c;x\x07", "\u202ered", "x" * 5000])
def test_a_message_is_one_harmless_line(formatter: logging.Formatter, message: str) -> None:
    for broken in (False, True):
        line = formatter.format(record(message, broken=broken))
        assert "\n" not in line
        assert "\x1b" not in line
        assert "\u202e" not in line
        assert len(line) < 1200


def test_an_exception_says_its_type_and_place() -> None:
    line = logs.OneLine().format(record("failed", broken=True))
    assert "ValueError: first second" in line
    assert "test_logs.py:" in line


def test_a_json_line_has_seconds_level_and_logger() -> None:
    found = json.loads(logs.OneJsonLine().format(record("hello")))
    assert found["level"] == "error"
    assert found["logger"] == "controller.x"
    assert found["message"] == "hello"
    assert isinstance(found["at"], int)


def test_only_verbose_shows_the_trace() -> None:
    shown = logs.OneLine().format(record("failed", level=logging.DEBUG, broken=True))
    assert "Traceback" in shown


def test_pages_refused_or_not_found_fill_no_log(
    technician: User, signed_in: SignedIn, caplog: pytest.LogCaptureFixture
) -> None:
    signed_in(technician).get("/nowhere/")
    Client().get("/also-nowhere/")
    assert [entry for entry in caplog.records if entry.name == "django.request"] == []


def test_whoever_asks_under_wrong_names_without_end_gets_a_line_a_minute(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    root, now, made = logging.getLogger(), [0.0], logging.getLogRecordFactory()

    def at_that_time(*words: Any, **named: Any) -> logging.LogRecord:
        entry = made(*words, **named)
        entry.created = now[0]
        return entry

    request.addfinalizer(lambda: logging.setLogRecordFactory(made))
    logging.setLogRecordFactory(at_that_time)
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    logs.to_stderr(json_lines=False, level=logging.WARNING)
    for second in (0, 1, 59, 59.9, 60, 61, -3_600):
        now[0] = 1_795_310_100.0 + second
        assert Client().get("/", headers={"host": f"rebound-{second}.example"}).status_code == 400
    lines = [line for line in capsys.readouterr().err.splitlines() if "rebound" in line]
    assert [line.partition("rebound-")[2].partition(".example")[0] for line in lines] == [
        "0",
        "60",
        "-3600",  # a clock that was set back silences nobody
    ]
    assert ["not written" in line for line in lines] == [False, True, True]
    assert "3 refusals before this one" in lines[1]


def test_what_is_no_refusal_is_written_each_time() -> None:
    seldom = logs.Seldom()
    assert all(seldom.filter(record("disk full")) for _ in range(3))


def test_no_password_reaches_a_log(technician: User, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    canary = "canary-7Qx-in-the-mine"
    Client().post("/sign-in/", {"login": technician.username, "password": canary})
    Client().post("/sign-in/", {"login": canary, "password": canary})
    assert canary not in caplog.text
