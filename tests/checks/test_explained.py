"""What is told of a check: complete, and nothing in it that no reader asks for."""

import json
import re
from pathlib import Path

import pytest

from checks import shipped
from checks.catalogue import catalogue
from checks.explained import PLATFORMS, about, asked, explain, standards
from checks.host import Platform

RECORDINGS = Path(__file__).parent / "recordings"
CHECKS = [check_id for _, check_id, _, _ in catalogue().judged()]
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("check_id", CHECKS)
def test_a_check_says_where_it_is_read_and_how_to_put_it_right(check_id: str) -> None:
    one = explain(check_id)
    assert one is not None
    made_for = {shown for name, shown in PLATFORMS.items() if name in one.words.platforms}
    assert set(one.read) == made_for, "in the domain's reading.toml"
    assert set(one.remedies) == made_for
    assert all(setting.source for setting in one.settings)
    assert "as the school asks" not in "".join(one.remedies.values())


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_is_said_to_be_asked_is_asked_in_the_recordings(platform: Platform) -> None:
    texts = [path.read_text("utf-8") for path in RECORDINGS.glob(f"*/{platform}-*.json")]
    # A command stands there word by word.
    questions = [
        " ".join(question)
        for text in texts
        for answer in json.loads(text)["answers"]
        for question in (*answer.get("asks", ()), answer.get("ask") or ())
    ]
    recorded = "\n".join([*texts, *questions]).lower()
    claimed = {
        (check_id, name)
        for check_id in CHECKS
        if (one := explain(check_id))
        for name in re.findall(r"`([^`]+)`", one.read.get(PLATFORMS[platform], ""))
    }
    unseen = {one for one in claimed if json.dumps(one[1])[1:-1].lower() not in recorded}
    assert claimed
    assert not unseen


def test_nothing_is_told_of_a_check_that_is_none() -> None:
    assert explain("no-such-check") is None
    for domain in catalogue().domains:
        if domain.checks:
            assert set(shipped.toml(f"{domain.name}/reading.toml")) == set(domain.checks)
            assert about(domain.name)


def test_every_ask_names_a_part_that_is_known() -> None:
    known = standards()
    assert set(known.asks) >= set(CHECKS)
    for check_id, asks in known.asks.items():
        keys = [key for key in asks if not re.fullmatch(r"cis-\d{1,2}-\d{1,2}", key)]
        assert all(key in known.parts or key in known.standards for key in keys), check_id
    for part in known.parts:
        assert any(part.startswith(f"{one}-") for one in known.standards)


def test_numbers_of_one_standard_stand_together_and_a_standard_without_parts_alone() -> None:
    patches, encrypted = asked("os-patches"), asked("disk-encrypted")
    assert [one.part for one in patches if one.standard.startswith("CIS")] == [
        "safeguards 7.3, 7.4"
    ]
    assert [(one.standard, one.part) for one in encrypted] == [
        ("DfE laptops, desktops and tablets standard", ""),
        ("DfE data protection in schools", ""),
        ("CIS Controls v8", "safeguard 3.6"),
    ]
    assert asked("battery-health") == []
