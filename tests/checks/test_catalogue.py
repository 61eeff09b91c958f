"""The validator of checks.toml refuses a catalogue that contradicts itself."""

import shutil
from pathlib import Path

import msgspec
import pytest

from checks import shipped
from checks.catalogue import CatalogueError, Check, _Declared, _paired, _threshold, catalogue
from checks.words import sentence


def declared(**changes: object) -> _Declared:
    table = {"default": 15, "unit": "minutes", "source": "test", "min": 1, "max": 60} | changes
    return msgspec.convert(table, _Declared)


def test_minutes_become_seconds_with_their_bounds_and_profiles() -> None:
    made = _threshold("c", "limit", declared(profiles={"office": 10}, stricter="lower"))
    assert (made.unit, made.default, made.min, made.max) == ("seconds", 900, 60, 3600)
    assert made.profiles == {"office": 600}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"unit": "fortnights"}, "unknown unit"),
        ({"default": 0}, "outside"),
        ({"default": 61}, "outside"),
        ({"profiles": {"office": 61}}, "outside"),
        ({"default": "x", "choices": ["y"], "unit": "choice"}, "not a choice"),
    ],
    ids=["unit", "low", "high", "profile", "choice"],
)
def test_a_threshold_that_contradicts_itself_is_refused(
    changes: dict[str, object], words: str
) -> None:
    with pytest.raises(CatalogueError, match=words):
        _threshold("c", "limit", declared(**changes))


@pytest.mark.parametrize("unknown", ["defualt", "warn", "stricter_than"])
def test_an_unknown_key_in_a_threshold_is_refused(unknown: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        declared(**{unknown: 1})


def test_a_check_without_a_judge_and_a_judge_without_words_are_named() -> None:
    with pytest.raises(CatalogueError, match="lonely"):
        _paired("checks and judges", {"shared", "lonely"}, {"shared"})


def test_the_hash_covers_words_numbers_and_judges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed threshold is another catalogue, or two ends would compare different questions."""
    before = catalogue().hash
    copy = Path(shutil.copytree(shipped.FOLDER, tmp_path / "checks"))
    words = copy / "locking" / "checks.toml"
    words.write_bytes(words.read_bytes().replace(b"default = 15", b"default = 14"))
    monkeypatch.setattr(shipped, "FOLDER", copy)
    assert catalogue.__wrapped__().hash != before


def test_a_sentence_nobody_wrote_says_so_rather_than_inventing() -> None:
    check = next(iter(catalogue().judged()))[2]
    assert isinstance(check, Check)
    assert "newer Caretaker" in sentence(check, "from-the-future", {})
