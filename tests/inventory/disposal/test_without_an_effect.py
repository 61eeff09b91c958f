"""Each effect of a step is needed: where a step would leave things as they were, or what proves a
medium were counted wrongly, a named property breaks in some scene."""

from typing import Any, Final

import pytest

from inventory.disposal import evolving, media_set, proving
from inventory.disposal.events import Event
from inventory.disposal.now import Medium, Now
from inventory.disposal.rules import Rules
from inventory.disposal.spelling import KINDS
from tests.inventory.disposal.exploring import ANY, explore
from tests.inventory.disposal.scenes import scenes

WITHOUT_ANY: Final = {"corrected", "seen"}
"""A correction is a remark, and a sighting only counts up, which stands still in a scene."""
SCENES: Final = scenes()[:-1]
"""All but the largest, made before anything is taken out."""
EFFECTS: Final = sorted(set(KINDS) - WITHOUT_ANY)


def _broken() -> set[str]:
    """What breaks first in any scene."""
    for scene in SCENES:
        found = explore(scene, until=ANY).broken
        if found:
            return set(found)
    return set()


def _stays(now: Now, event: Event, rules: Rules) -> Now:
    return now


@pytest.mark.parametrize("tag", EFFECTS)
def test_a_step_without_its_effect_is_noticed(tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(evolving._EVOLVE, KINDS[tag], _stays)
    assert _broken()


@pytest.mark.parametrize("kept", ["wipe", "check", "certified"])
def test_proof_that_outlives_what_undoes_it_is_noticed(
    kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(media_set.UNPROVEN, kept)
    assert _broken()


def test_an_acceptance_is_forgotten_twice_and_either_would_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verified = evolving._EVOLVE[KINDS["verified"]]

    def keeps(now: Now, event: Any, rules: Rules) -> Now:
        before = now.media.get(event.medium)
        accepted = before.validated_by if before else ""
        return media_set.with_medium(
            verified(now, event, rules), event.medium, validated_by=accepted
        )

    monkeypatch.delitem(media_set.UNPROVEN, "validated_by")
    assert not _broken()
    monkeypatch.setitem(evolving._EVOLVE, KINDS["verified"], keeps)
    assert _broken()


def _none(now: Now, rules: Rules) -> list[str]:
    return []


def _anything_wiped(medium: Medium, *_: Any) -> bool:
    return medium.wipe is not None


def _anything_read(medium: Medium, *_: Any) -> bool:
    return medium.wipe is not None and medium.check is not None


@pytest.mark.parametrize("counted", [_anything_wiped, _anything_read])
def test_counting_half_a_proof_as_whole_is_noticed(
    counted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "_wiped", counted)
    assert _broken()


def test_counting_nothing_as_unproven_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evolving, "unproven", _none)
    assert _broken()


def test_forgetting_that_a_medium_failed_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def failed(now: Now, event: Any, rules: Rules) -> Now:
        return media_set.with_medium(now, event.medium, **media_set.UNPROVEN)

    monkeypatch.setitem(evolving._EVOLVE, KINDS["medium_failed"], failed)
    assert _broken()
