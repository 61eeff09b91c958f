"""Replay is strict in both directions, and a broken recording says where it is broken."""

from pathlib import Path

import pytest

from agent.hosts.recorded import NotRecordedError, RecordedHost, UnaskedError
from agent.hosts.recording import RecordingError, load
from checks.host import CannotLook, attempt

HEAD = """{"schema": "caretaker.recording/1", "provenance": "constructed", "source": "test",
 "platform": "linux", "os": "none", "build": "none", "date": "2026-11-22", "at": 1,
 "privileged": true, "answers": [%s]}"""


def recorded(tmp_path: Path, answers: str) -> RecordedHost:
    path = tmp_path / "r.json"
    path.write_text(HEAD % answers)
    return RecordedHost.open(path)


def test_an_unanswered_question_fails_and_is_never_taken_for_blindness(tmp_path: Path) -> None:
    host = recorded(tmp_path, "")
    with pytest.raises(NotRecordedError, match="/etc/x"):
        attempt(host.read, "/etc/x")


def test_an_answer_nobody_asked_for_fails(tmp_path: Path) -> None:
    answers = '{"ask": ["read", "/a"], "gives": "x"}, {"ask": ["read", "/b"], "absent": true}'
    with pytest.raises(UnaskedError, match="/b"), recorded(tmp_path, answers) as host:
        assert host.read("/a") == b"x"


def test_a_failure_while_asking_is_not_hidden_by_what_was_not_asked(tmp_path: Path) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        recorded(tmp_path, '{"ask": ["read", "/a"], "gives": "x"}'),
    ):
        _ = 1 // 0


def test_blindness_is_raised_with_its_reason(tmp_path: Path) -> None:
    host = recorded(tmp_path, '{"ask": ["users"], "cannot": "denied"}')
    with pytest.raises(CannotLook) as blind:
        host.users()
    assert blind.value.reason == "denied"


def test_one_answer_may_serve_many_questions(tmp_path: Path) -> None:
    answers = '{"asks": [["read", "/a"], ["run", "nmcli"]], "absent": true}'
    with recorded(tmp_path, answers) as host:
        assert host.read("/a") is None
        with pytest.raises(CannotLook, match="tool-missing"):
            host.run(["nmcli"])


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [
        ('{"ask": ["read", "/a"]}', "exactly one|needs a question"),
        ('{"ask": ["read", "/a"], "gives": "x", "absent": true}', "needs a question"),
        ('{"gives": "x"}', "needs a question"),
        ('{"ask": ["peek", "/a"], "gives": "x"}', "not a question"),
        ('{"ask": ["read", "/a"], "cannot": "tired"}', "tired"),
        ('{"ask": ["read", "/a"], "give": "x"}', "give"),
        (
            '{"ask": ["read", "/a"], "gives": "x"}, {"ask": ["read", "/a"], "absent": true}',
            "answered twice",
        ),
    ],
)
def test_a_broken_recording_says_what_is_wrong(
    tmp_path: Path, answers: str, complaint: str
) -> None:
    with pytest.raises(RecordingError, match=complaint):
        recorded(tmp_path, answers)


def test_a_recording_that_is_not_one_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_bytes(b"\xff{")
    with pytest.raises(RecordingError, match=r"r\.json"):
        load(tmp_path / "r.json")
