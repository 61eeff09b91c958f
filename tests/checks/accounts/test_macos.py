"""macOS accounts where recordings do not reach: pwpolicy's forms, dscl's chatter, sudo's rules."""

import plistlib
from typing import Any

import pytest

from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer, Recording
from checks.accounts import macos
from checks.accounts.macos_people import read_accounts, read_sources
from checks.accounts.macos_rules import local_policy, lockout_seconds
from checks.formats import pwpolicy
from checks.formats.errors import ParseError
from checks.host import CannotLook, attempt
from checks.unseen import Unseen, known

HEAD = b"Getting global account policies\n"
ADMIN = ["run", "/usr/bin/dscl", "-plist", ".", "-read", "/Groups/admin"]


def policies(category: str, *found: dict[str, Any]) -> bytes:
    return HEAD + plistlib.dumps({f"policyCategory{category}": list(found)})


def content(text: str, **parameters: int) -> dict[str, Any]:
    return {"policyContent": text, "policyParameters": parameters}


def host(*answers: Answer, privileged: bool = True) -> RecordedHost:
    return RecordedHost(
        Recording(
            schema="caretaker.recording/1",
            provenance="constructed",
            source="this test",
            platform="macos",
            os="macOS 26",
            build="25B78",
            date="2026-11-22",
            at=1_795_336_200,
            privileged=privileged,
            answers=list(answers),
        )
    )


@pytest.mark.parametrize(
    ("text", "parameters", "length"),
    [
        ("policyAttributePassword matches '.{15,}+'", {}, 15),
        ("policyAttributePassword matches '^.{8,}$'", {}, 8),
        ("policyAttributePassword  matches '.{4,}+'", {"minimumLength": 9}, 4),
        ("something new", {"minimumLength": 9}, 9),
        ("policyAttributePassword matches '(.*[A-Z].*){1,}+'", {}, None),
        ("policyAttributePassword matches '.{99999,}+'", {}, None),
    ],
)
def test_the_length_of_a_password(text: str, parameters: dict[str, int], length: int) -> None:
    found = pwpolicy.parse(policies("PasswordContent", content(text, **parameters)))
    assert found.min_length == length


def test_the_strictest_of_several_policies_holds() -> None:
    both = (
        content("policyAttributePassword matches '.{4,}+'"),
        content("policyAttributePassword matches '.{12,}+'"),
    )
    assert pwpolicy.parse(policies("PasswordContent", *both)).min_length == 12
    tries = (
        content("policyAttributeFailedAuthentications < 20"),
        content("x", policyAttributeMaximumFailedAuthentications=5, autoEnableInSeconds=60),
    )
    found = pwpolicy.parse(policies("Authentication", *tries))
    assert (found.attempts, found.opens_after_seconds) == (5, 60)


def test_an_account_that_shuts_for_good_opens_by_an_administrator() -> None:
    shut = pwpolicy.parse(
        policies("Authentication", content("policyAttributeFailedAuthentications < 5"))
    )
    assert lockout_seconds(shut) == 0
    assert lockout_seconds(pwpolicy.parse(HEAD)) is None


def test_passwords_that_must_be_changed() -> None:
    aged = policies("PasswordChange", content("x", policyAttributeExpiresEveryNDays=90))
    assert pwpolicy.parse(aged).expires_days == 90


@pytest.mark.parametrize(
    "data",
    [b"<?xml broken", b"\0" * 20, b"x" * 20_000, HEAD + plistlib.dumps([1])],
    ids=["cut", "binary", "long", "list"],
)
def test_what_is_no_policy_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        pwpolicy.parse(data)


@pytest.mark.parametrize(("privileged", "reason"), [(True, "parse-error"), (False, "denied")])
def test_a_policy_nobody_gives_is_not_none(privileged: bool, reason: str) -> None:
    refused = Answer(
        ask=["run", "/usr/bin/pwpolicy", "-getaccountpolicies"], gives={"code": 1, "out": ""}
    )
    with pytest.raises(CannotLook) as blind:
        local_policy(host(refused, privileged=privileged))
    assert blind.value.reason == reason


def test_apples_own_members_and_chatter_around_the_list_are_nobody() -> None:
    group = {"dsAttrTypeStandard:GroupMembership": ["root", "_mbsetupuser", "jo", "jo"]}
    out = "No such key: NestedGroups\n" + plistlib.dumps(group).decode() + "\n"
    rules = "root ALL=(ALL) ALL\n%admin ALL=(ALL) ALL\n%wheel ALL=(ALL) ALL\n"
    door = host(
        Answer(ask=ADMIN, gives={"code": 0, "out": out}),
        Answer(ask=["read", "/etc/sudoers"], gives=rules),
    )
    people, sudo = read_sources(door)
    assert [one.label for one in known(people.members)] == ["person"]
    assert [one.label for one in known(sudo.members)] == ["group"]


def test_a_group_nobody_gives_is_unseen() -> None:
    door = host(
        Answer(ask=ADMIN, gives={"code": 56, "out": ""}),
        Answer(ask=["read", "/etc/sudoers"], absent=True),
    )
    people, sudo = read_sources(door)
    assert str(people.members) == "Unseen(unseen='parse-error')"
    assert sudo.members == []


WINDOW = "/Library/Preferences/com.apple.loginwindow.plist"
PROFILES = "/Library/Managed Preferences"


def files(**found: dict[str, object]) -> RecordedHost:
    """`window`, `mcx`, `login`: what those property lists hold."""
    paths = {
        "window": WINDOW,
        "mcx": f"{PROFILES}/com.apple.MCX.plist",
        "login": f"{PROFILES}/com.apple.loginwindow.plist",
        "client": f"{PROFILES}/com.apple.login.mcx.DisableAutoLoginClient.plist",
    }
    given = [
        Answer(ask=["read", path], gives=plistlib.dumps(found[name]).decode())
        if name in found
        else Answer(ask=["read", path], absent=True)
        for name, path in paths.items()
    ]
    kept = {"kind": "file", "size": 24, "mode": 384, "uid": 0, "gid": 0, "mtime": 1_790_000_000}
    return host(*given, Answer(ask=["stat", "/etc/kcpassword"], gives=kept))


@pytest.mark.parametrize(
    ("window", "mcx", "on"),
    [
        ({}, {}, False),
        ({"GuestEnabled": True}, {}, True),
        ({"GuestEnabled": "YES"}, {}, True),
        ({"GuestEnabled": "NO"}, {}, False),
        ({"GuestEnabled": True}, {"DisableGuestAccount": True, "EnableGuestAccount": False}, False),
        ({"GuestEnabled": True}, {"DisableGuestAccount": "NO"}, True),
        ({"GuestEnabled": True}, {"DisableGuestAccount": False}, True),
        ({}, {"EnableGuestAccount": True}, True),
        ({}, {"EnableGuestAccount": False}, False),
        ({"GuestEnabled": True}, {"EnableGuestAccount": False}, None),
        ({}, {"DisableGuestAccount": True, "EnableGuestAccount": True}, None),
        ({"GuestEnabled": "perhaps"}, {}, None),
    ],
)
def test_guests_are_off_only_where_something_says_so(
    window: dict[str, object], mcx: dict[str, object], on: bool | None
) -> None:
    found = attempt(macos._guest, files(window=window, mcx=mcx))
    assert isinstance(found, Unseen) if on is None else found is on


@pytest.mark.parametrize(
    ("profile", "ways"),
    [({}, 1), ({"DisableAutoLoginClient": "NO"}, 1), ({"DisableAutoLoginClient": 1}, 0)],
)
def test_a_profile_that_allows_signing_in_unasked_forbids_nothing(
    profile: dict[str, object], ways: int
) -> None:
    found = macos._autologon(files(window={"autoLoginUser": "maya"}, login=profile))
    assert len(found) == ways


def test_a_name_that_is_none_is_not_nobody() -> None:
    found = attempt(macos._autologon, files(window={"autoLoginUser": 501}))
    assert isinstance(found, Unseen)


PEOPLE = ["run", "/usr/bin/dscl", "-plist", ".", "-readall", "/Users"]
WAYS = [*PEOPLE, "RecordName", "AuthenticationAuthority"]
MAYA = {
    "name": "maya",
    "uid": "501",
    "alias": "6" * 16,
    "home": "/Users/maya",
    "shell": "/bin/zsh",
    "kind": "human",
}


@pytest.mark.parametrize(
    ("rows", "enabled"),
    [
        ([{"RecordName": ["maya"], "AuthenticationAuthority": [";ShadowHash;"]}], True),
        (
            [
                {"RecordName": ["root"], "AuthenticationAuthority": [";ShadowHash;"]},
                {"RecordName": ["maya"]},
            ],
            False,
        ),
        ([{"RecordName": ["maya"]}], None),
        ([{"RecordName": ["root"], "AuthenticationAuthority": [";ShadowHash;"]}], None),
        ([], None),
    ],
    ids=["on", "off", "nobody has one", "not told of", "nobody"],
)
def test_an_account_that_is_not_told_of_is_not_off(
    rows: list[dict[str, list[str]]], enabled: bool | None
) -> None:
    out = plistlib.dumps([{f"dsAttrTypeStandard:{k}": v for k, v in row.items()} for row in rows])
    seat = {"kind": "other", "size": 0, "mode": 384, "uid": 501, "gid": 0, "mtime": 1_790_000_000}
    home = {"kind": "folder", "size": 0, "mode": 448, "uid": 501, "gid": 20, "mtime": 1_790_000_000}
    machine = host(
        Answer(ask=["users"], gives=[MAYA]),
        Answer(ask=WAYS, gives={"code": 0, "out": out.decode()}),
        Answer(ask=["stat", "/dev/console"], gives=seat),
        Answer(ask=["stat", "/Users/maya"], gives=home),
    )
    found = attempt(read_accounts, machine)
    if enabled is None:
        assert isinstance(found, Unseen)
    else:
        assert [one.enabled for one in known(found)] == [enabled]
