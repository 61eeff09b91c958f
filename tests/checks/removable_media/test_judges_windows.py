"""Removable media on Windows: which kinds stay out, who said so, what is encrypted."""

import datetime

import msgspec
import pytest

from checks.judging import Moment
from checks.removable_media.facts import (
    Autorun,
    Kind,
    RemovableMediaFacts,
    RemovableMediaNow,
    Rule,
    Volume,
)
from checks.removable_media.judges import autorun, encrypted, storage_control
from checks.unseen import BlindError, Maybe, Unseen
from checks.verdicts import Finding

SEEN = 1_795_336_200
MOMENT = Moment.at(SEEN, datetime.date(2026, 11, 22))
BLIND = Unseen("unsupported")
DENIED = Unseen("denied")
STICK = Volume(
    *("a", "usb-storage", "0781:5581", "SanDisk Ultra", True, 1, None, SEEN), encrypted=False
)


def rule(kind: Kind, use: str, by: str = "group-policy") -> Rule:
    return Rule(kind, use, by)  # type: ignore[arg-type]  # names of the closed sets


def media(*rules: Rule, **changes: object) -> RemovableMediaFacts:
    bare = RemovableMediaFacts(
        *([one.kind for one in rules], BLIND, BLIND, BLIND, BLIND, BLIND, []),
        rules=list(rules),
        only_encrypted=False,
    )
    return msgspec.structs.replace(bare, **changes)


def now(*attached: Volume) -> RemovableMediaNow:
    return RemovableMediaNow(list(attached), [], 0, SEEN)


def said(finding: Finding) -> tuple[str, str]:
    return finding.status, finding.says


@pytest.mark.parametrize(
    ("uses", "expected"),
    [
        (("deny", "deny"), ("pass", "blocked-by")),
        (("approved", "approved"), ("pass", "approved-by")),
        (("read-only", "deny"), ("fail", "read-only")),
        (("deny", "allow"), ("fail", "phones-open")),
        (("allow", "deny"), ("fail", "sticks-open")),
    ],
)
def test_every_kind_of_media_is_kept_out_or_approved(
    uses: tuple[str, str], expected: tuple[str, str]
) -> None:
    found = media(rule("usb-storage", uses[0]), rule("phone", uses[1]))
    assert said(storage_control(found)) == expected


def test_the_finding_says_which_layer_decided() -> None:
    assert storage_control(media(rule("usb-storage", "deny", "mdm"))).args == {"by": "mdm"}


def test_a_kind_nobody_could_look_at_is_unknown_unless_another_one_is_open() -> None:
    unseen = Rule("phone", DENIED, DENIED)
    with pytest.raises(BlindError):
        storage_control(media(rule("usb-storage", "deny"), unseen))
    assert said(storage_control(media(rule("sd", "allow"), unseen))) == ("fail", "cards-open")
    with pytest.raises(BlindError):
        storage_control(media(rules=DENIED, kinds=["phone"]))
    for rules in ([], [rule("usb-storage", "deny")]):
        with pytest.raises(BlindError):
            storage_control(media(*rules, kinds=["usb-storage", "phone"]))
    assert said(storage_control(media(kinds=[]))) == ("not-applicable", "nothing-to-plug-in")


@pytest.mark.parametrize(
    ("starts", "changeable", "commands", "expected"),
    [
        (False, False, False, ("pass", "never")),
        (False, False, True, ("warn", "commands")),
        (False, True, False, ("warn", "user-can-change")),
        (True, False, False, ("fail", "offers")),
        (False, False, BLIND, ("pass", "never")),
    ],
)
def test_nothing_starts_and_no_command_of_a_disc_runs(
    starts: bool, changeable: bool, commands: Maybe[bool], expected: tuple[str, str]
) -> None:
    own = Autorun("", "windows", starts, changeable, commands)
    assert said(autorun(media(autorun=[own]))) == expected
    with pytest.raises(BlindError):
        autorun(media(autorun=[Autorun("", "windows", False, False, DENIED)]))


def with_(**changes: object) -> Volume:
    return msgspec.structs.replace(STICK, **changes)


@pytest.mark.parametrize(
    ("attached", "expected"),
    [
        ([], ("pass", "none-attached")),
        ([STICK], ("fail", "bare")),
        ([with_(encrypted=True)], ("pass", "encrypted")),
        ([with_(encrypted=True), STICK], ("fail", "bare")),
        ([with_(kind="sd")], ("fail", "bare")),
        ([with_(kind="phone")], ("pass", "none-attached")),
        ([with_(usb="0d28:0204")], ("pass", "none-attached")),
    ],
)
def test_what_carries_data_is_encrypted_and_lesson_equipment_is_not_asked(
    attached: list[Volume], expected: tuple[str, str]
) -> None:
    assert said(encrypted(media(rule("usb-storage", "allow")), now(*attached))) == expected


def test_where_only_encrypted_drives_take_data_nothing_else_is_asked() -> None:
    assert said(encrypted(media(only_encrypted=True), now(STICK))) == ("pass", "only-encrypted")
    with pytest.raises(BlindError):
        encrypted(media(only_encrypted=DENIED), now())


def test_a_stick_that_cannot_be_used_needs_no_lock() -> None:
    found = media(rule("usb-storage", "deny"), rule("sd", "deny"), rule("phone", "allow"))
    assert said(encrypted(found, now())) == ("pass", "no-drives")


def test_a_drive_nobody_could_look_into_is_unknown() -> None:
    for unseen in (BLIND, DENIED):
        with pytest.raises(BlindError):
            encrypted(media(), now(with_(encrypted=unseen)))
