"""`audit --try-pages`: the filter tried by hand, by whoever writes the policy, never as root."""

import json
from pathlib import Path

import msgspec
import pytest

from agent.commands.main import main
from agent.deliver import trying
from agent.hosts.local import LocalHost
from checks.policy import Ask, Policy
from checks.tried import Answered

POLICY = Policy(
    name="Hill School",
    decisions=[
        Ask("filter-effective", "blocked", ["games.example.com"], "DSL"),
        Ask("filter-effective", "open", ["www.example.org"], "DSL"),
    ],
)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    (tmp_path / "hill.json").write_bytes(msgspec.json.encode(POLICY))
    return tmp_path / "hill.json"


def audit(policy: Path, *more: str) -> int:
    words = ["audit", "--data", str(policy.parent / "data"), "--check", "filter-effective"]
    return main([*words, "--format", "json", "--policy", str(policy), *more])


@pytest.mark.parametrize(
    ("came", "told"),
    [("block-page", (0, "pass")), ("open", (2, "fail")), ("reset", (0, "unknown"))],
)
def test_an_ordinary_person_sees_at_once_what_comes(
    written: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    came: Answered,
    told: tuple[int, str],
) -> None:
    monkeypatch.setattr(LocalHost, "privileged", False)
    tried: dict[str, Answered] = {"games.example.com": came, "www.example.org": "open"}
    monkeypatch.setattr(trying, "tried", lambda _: tried)
    code = audit(written, "--try-pages")
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (code, finding["status"]) == told


def test_without_being_asked_to_an_audit_tries_nothing(
    written: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(trying, "tried", lambda _: pytest.fail("tried"))
    assert audit(written) == 0
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["status"] == "unknown"


def test_root_fetches_no_strangers_page(
    written: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(LocalHost, "privileged", True)
    monkeypatch.setattr(trying, "tried", lambda _: pytest.fail("tried"))
    assert audit(written, "--try-pages") == 64
    assert "ordinary user" in capsys.readouterr().err


def test_what_cannot_be_tried_is_said_in_a_sentence(
    written: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit(written, "--try-pages", "--replay", "x.json") == 64
    assert "computer that this runs on" in capsys.readouterr().err
    monkeypatch.setattr(LocalHost, "privileged", False)
    written.write_bytes(msgspec.json.encode(Policy()))
    assert audit(written, "--try-pages") == 64
    assert "names no test pages" in capsys.readouterr().err
