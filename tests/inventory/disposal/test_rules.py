"""The school's rules: who approves what, what a drive needs, and one name for one content."""

from typing import Any, get_args

import msgspec
import pytest

from inventory.disposal.rules import (
    Band,
    Rules,
    at_least,
    check,
    decode,
    default,
    encode,
    rulebook,
    version_of,
)
from inventory.disposal.states import CLASS_OF, MEDIUM_KINDS, MediumClass, Technique
from tests.inventory.disposal.telling import SSD, approved, changed_rules
from wire.errors import WireError


def test_the_defaults_are_sound_and_are_read_back_as_they_were() -> None:
    check(default())
    assert decode(encode(default())) == default()
    assert default().version == version_of(encode(default()))


def test_one_changed_setting_is_another_version() -> None:
    other = changed_rules(wiping={"certificate_days": 31})
    assert other.version != default().version
    assert set(rulebook(other)) == {default().version, other.version}


@pytest.mark.parametrize(
    ("pence", "roles"),
    [
        (0, {"slt", "business_manager", "admin", "governors"}),
        (250_000, {"slt", "business_manager", "admin", "governors"}),
        (250_001, {"governors"}),
        (10**11, {"governors"}),
    ],
)
def test_who_approves_the_dearer_approves_the_cheaper_too(pence: int, roles: set[str]) -> None:
    assert set(default().approvers(pence)) == roles


def test_every_class_needs_some_level_whether_it_leaves_or_stays() -> None:
    classes = set(get_args(MediumClass))
    least = default().least
    assert set(least.leaving) == set(least.staying) == classes == set(CLASS_OF.values())
    assert set(CLASS_OF) == set(MEDIUM_KINDS)


def test_what_leaves_never_needs_less_than_what_stays() -> None:
    least = default().least
    assert all(at_least(level, least.staying[kind]) for kind, level in least.leaving.items())


def test_every_technique_but_other_is_known_and_can_be_verified() -> None:
    techniques = default().techniques
    assert set(techniques) == set(get_args(Technique)) - {"other"}
    assert all(how.verify and how.reaches for how in techniques.values())


@pytest.mark.parametrize(
    ("technique", "kind", "level"),
    [
        ("overwrite", "hdd_ata", "clear"),
        ("overwrite", "ssd_nvme", "clear"),
        ("block_erase", "ssd_nvme", "purge"),
        ("secure_erase", "ssd_sata", "clear"),
        ("secure_erase_enhanced", "hdd_ata", "purge"),
        ("degauss", "ssd_sata", ""),
        ("degauss", "tape", "purge"),
        ("other", "hdd_ata", ""),
        ("overwrite", "unknown", ""),
        ("overwrite", "floppy", ""),
        ("prayer", "hdd_ata", ""),
    ],
)
def test_a_technique_reaches_what_the_standard_says(technique: str, kind: str, level: str) -> None:
    assert default().level_of(technique, kind) == level


def _with_bands(*bands: Band) -> Rules:
    return msgspec.structs.replace(default(), bands=bands)


@pytest.mark.parametrize(
    "rules",
    [
        _with_bands(),
        _with_bands(Band(up_to_pence=5, roles=("slt",))),
        _with_bands(Band(roles=("slt",)), Band(roles=("slt",))),
        _with_bands(
            Band(up_to_pence=5, roles=("slt",)),
            Band(up_to_pence=5, roles=("slt",)),
            Band(roles=("slt",)),
        ),
        _with_bands(
            Band(up_to_pence=6, roles=("slt",)),
            Band(up_to_pence=5, roles=("slt",)),
            Band(roles=("slt",)),
        ),
        _with_bands(Band(up_to_pence=-1, roles=("slt",)), Band(roles=("slt",))),
        _with_bands(Band(roles=())),
        changed_rules(wiping={"certificate_days": 0}),
        changed_rules(wiping={"certificate_days": 366}),
        changed_rules(approving={"min_offers": 11}),
        changed_rules(verifying={"sample_bound_ppb": 10**8 + 1}),
    ],
)
def test_rules_that_contradict_themselves_are_refused(rules: Rules) -> None:
    with pytest.raises(WireError, match="contradict"):
        decode(encode(rules))


@pytest.mark.parametrize("edit", [b'"bonds":', b'"bands": '])
def test_what_this_release_does_not_know_is_refused(edit: bytes) -> None:
    with pytest.raises(WireError):
        decode(encode(default()).replace(b'"bands":', edit))


def test_an_overwrite_of_flash_is_enough_only_where_the_rules_say_so() -> None:
    weak: dict[str, Any] = {"level": "clear", "technique": "overwrite"}
    rules = changed_rules(wiping={"overwrite_on_flash": True})
    assert approved(SSD, rules=rules).wiped(SSD, **weak).now.state == "ready"
