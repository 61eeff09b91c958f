"""What may start on a Mac: Gatekeeper by what it takes to get past it, Santa by its mode."""

import json
from pathlib import Path

import msgspec
import pytest

from checks.host import Ran
from checks.judging import Device
from checks.software import macos, macos_control
from checks.software.facts import Control, SoftwareNow, Starting, Strength
from checks.software.judges import exec_control
from checks.unseen import BlindError, Unseen
from tests.checks.software.mac import MANAGED, RELEASE, SANTACTL, SPCTL, Mac


@pytest.fixture
def mac(tmp_path: Path) -> Mac:
    return Mac(tmp_path)


@pytest.mark.parametrize(
    ("on", "release", "forbidden", "told"),
    [
        (True, "26.1", None, ("enforcing", "default")),
        (True, "15.0", None, ("enforcing", "default")),
        (True, "14.7.4", None, ("asks", "default")),
        (True, "10.15.7", None, ("asks", "default")),
        (True, "14.7.4", False, ("asks", "default")),
        (True, "14.7.4", True, ("enforcing", "mdm")),
        (False, "26.1", None, ("off", "local-policy")),
        (False, "26.1", True, ("off", "local-policy")),
    ],
    ids=str,
)
def test_gatekeeper_is_as_strong_as_what_it_takes_to_get_past_it(
    mac: Mac, on: bool, release: str, forbidden: bool | None, told: tuple[Strength, str]
) -> None:
    mac.answers[SPCTL] = Ran(0, b"assessments enabled") if on else Ran(1, b"assessments disabled")
    mac.answers[RELEASE] = Ran(0, release.encode() + b"\n")
    if forbidden is not None:
        managed = {"DisableOverride": forbidden}
        mac.list_of(f"{MANAGED}/com.apple.systempolicy.managed.plist", managed)
    found = macos_control.starting(mac)
    assert [(one.control, one.strength, one.by) for one in found] == [("gatekeeper", *told)]


@pytest.mark.parametrize(
    ("said", "release"),
    [("", "26.1"), ("Bewertungen aktiviert", "26.1"), ("assessments enabled", "eight")],
)
def test_other_words_are_unseen(mac: Mac, said: str, release: str) -> None:
    mac.answers[SPCTL] = Ran(0, said.encode())
    mac.answers[RELEASE] = Ran(0, release.encode())
    assert isinstance(macos_control.starting(mac)[0].strength, Unseen)


@pytest.mark.parametrize(
    ("mode", "strength"),
    [("Lockdown", "enforcing"), ("Monitor", "watching"), ("Standalone", "asks"), ("New", None)],
)
def test_santa_counts_by_its_mode(mac: Mac, mode: str, strength: Strength | None) -> None:
    mac.app("/Applications/Santa.app", "com.northpolesec.santa")
    mac.answers[SANTACTL] = Ran(0, json.dumps({"daemon": {"mode": mode}}).encode())
    santa = next(one for one in macos_control.starting(mac) if one.control == "santa")
    assert isinstance(santa.strength, Unseen) if strength is None else santa.strength == strength


def test_santa_that_does_not_answer_is_unseen_and_leaves_gatekeeper(mac: Mac) -> None:
    mac.app("/Applications/Santa.app", "com.northpolesec.santa")
    found = macos_control.starting(mac)
    assert [one.control for one in found] == ["gatekeeper", "santa"]
    assert isinstance(found[1].strength, Unseen)


NOW = SoftwareNow(running=[], hidden=0, listening=[])


@pytest.mark.parametrize(
    ("controls", "said"),
    [
        ([("gatekeeper", "enforcing")], ("pass", "known-developers")),
        ([("santa", "enforcing"), ("gatekeeper", "enforcing")], ("pass", "controlled")),
        ([("gatekeeper", "enforcing"), ("santa", "watching")], ("pass", "known-developers")),
        ([("gatekeeper", "asks")], ("warn", "opens-anyway")),
        ([("gatekeeper", "asks"), ("santa", "watching")], ("warn", "opens-anyway")),
        ([("gatekeeper", "off")], ("fail", "uncontrolled")),
        ([("santa", "watching"), ("gatekeeper", "off")], ("fail", "only-watched")),
        ([("santa", "asks"), ("gatekeeper", "off")], ("fail", "uncontrolled")),
    ],
    ids=str,
)
def test_a_pupils_mac_passes_where_something_holds(
    mac: Mac, controls: list[tuple[Control, Strength]], said: tuple[str, str]
) -> None:
    starting = [Starting(control, strength, "mdm") for control, strength in controls]
    facts = msgspec.structs.replace(macos.read(mac), starting=starting)
    finding = exec_control(facts, NOW, Device("macos", "pupil"))
    assert (finding.status, finding.says) == said


def test_a_gatekeeper_nobody_could_ask_is_no_pass(mac: Mac) -> None:
    del mac.answers[SPCTL]
    with pytest.raises(BlindError):
        exec_control(macos.read(mac), NOW, Device("macos", "pupil"))
