"""`caretaker-agent survey host-key`, as somebody types it who has never seen it."""

from pathlib import Path

import pytest

from agent.commands.main import main
from agent.survey import held

PIN, OTHER = "SHA256:" + "a" * 43, "SHA256:" + "b" * 43


def typed(folder: Path, *words: str) -> int:
    verb, *rest = words
    return main(["survey", "host-key", verb, "--data", str(folder), *rest])


def test_a_key_is_pinned_changed_listed_and_forgotten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(tmp_path, "list") == 0
    assert "no device is asked over SSH" in capsys.readouterr().out
    assert typed(tmp_path, "pin", "10.20.0.2", PIN) == 0
    assert typed(tmp_path, "pin", "10.20.0.2", OTHER) == 0
    assert f"Until now it was {PIN}." in capsys.readouterr().out
    assert typed(tmp_path, "list") == 0
    assert capsys.readouterr().out == f"10.20.0.2  {OTHER}\n"
    assert list(held.pins(next(tmp_path.rglob(held.PINS)).parent)) == ["10.20.0.2"]
    assert typed(tmp_path, "forget", "10.20.0.2") == 0
    assert typed(tmp_path, "forget", "10.20.0.2") == 1
    assert "no host key is pinned" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("pin", "switch-1", PIN), 64, "not a name"),
        (("pin", "10.20.0.2", "aa:bb:cc"), 1, "A fingerprint looks like SHA256:"),
    ],
)
def test_what_is_no_address_or_no_fingerprint_is_said(
    words: tuple[str, ...],
    code: int,
    sentence: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert typed(tmp_path, *words) == code
    assert sentence in capsys.readouterr().err
