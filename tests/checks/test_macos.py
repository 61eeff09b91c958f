"""What readers on macOS share: layers of settings, and values as property lists write them."""

import plistlib

import pytest

from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer, Recording
from checks import macos
from checks.host import CannotLook, User

MAYA = User("maya", "502", "a" * 16, "/Users/maya/", "/bin/zsh", "human")
NOBODY = User("lp", "503", "b" * 16, "/var/empty", "", "service")
HOMELESS = User("guest", "504", "c" * 16, "", "", "human")
MANAGED = "/Library/Managed Preferences"
OWN = "/Library/Preferences"
UUID = "00000000-0000-4000-8000-000000000001"
PLACES = {
    "account's profile": f"{MANAGED}/maya/x.y.plist",
    "Mac's profile": f"{MANAGED}/x.y.plist",
    "by host": f"/Users/maya{OWN}/ByHost/x.y.{UUID}.plist",
    "own": f"/Users/maya{OWN}/x.y.plist",
    "Mac's": f"{OWN}/x.y.plist",
}


def machine(*answers: Answer) -> RecordedHost:
    return RecordedHost(
        Recording(
            schema="caretaker.recording/1",
            provenance="constructed",
            source="written by hand",
            platform="macos",
            os="macOS 26.1",
            build="25B78",
            date="2026-11-22",
            at=1_795_336_200,
            privileged=True,
            answers=list(answers),
        )
    )


def file(path: str, **keys: object) -> Answer:
    return Answer(ask=["read", path], gives=plistlib.dumps(keys).decode())


def absent(*paths: str) -> Answer:
    return Answer(asks=[["read", path] for path in paths], absent=True)


@pytest.mark.parametrize(
    ("where", "by"),
    [
        ("account's profile", "mdm"),
        ("Mac's profile", "mdm"),
        ("by host", "user"),
        ("own", "user"),
        ("Mac's", "local-policy"),
    ],
)
def test_the_strongest_layer_that_has_the_key_decides(where: str, by: str) -> None:
    names = list(PLACES)
    place = names.index(where)
    stronger = [file(PLACES[name], other=1) for name in names[:place]]
    weaker = [file(PLACES[name], wanted=2) for name in names[place + 1 :]]
    host = machine(*stronger, file(PLACES[where], wanted=1), *weaker)
    found = macos.deciding(macos.of_person(host, "x.y", MAYA, UUID), "wanted")
    assert found is not None
    assert (found.by, found.settings["wanted"]) == (by, 1)


def test_a_key_that_nobody_set_is_decided_by_nobody() -> None:
    host = machine(absent(*PLACES.values()))
    assert macos.deciding(macos.of_person(host, "x.y", MAYA, UUID), "wanted") is None
    assert macos.deciding(macos.of_mac(host, "x.y"), "wanted") is None


def test_a_layer_nobody_may_read_hides_the_weaker_ones() -> None:
    denied = Answer(ask=["read", PLACES["account's profile"]], cannot="denied")
    with pytest.raises(CannotLook, match="denied"):
        macos.of_person(machine(denied), "x.y", MAYA)


@pytest.mark.parametrize("data", ["", "no list", "<plist><array/></plist>"])
def test_a_file_that_is_no_dictionary_is_no_setting(data: str) -> None:
    host = machine(Answer(ask=["read", "/x.plist"], gives=data))
    with pytest.raises(CannotLook, match="parse-error"):
        macos.settings(host, "/x.plist")


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        *((True, True), (False, False), (1, True), (0, False), (0.0, False), ("YES", True)),
        *((" true", True), (" 0", False), ("No", False), (None, None)),
    ],
)
def test_a_yes_or_no(value: object, wanted: bool | None) -> None:
    assert macos.flag({"key": value}, "key") is wanted


@pytest.mark.parametrize(
    ("value", "wanted"),
    [(300, 300), (4.2, 5), (0.0, 0), ("900", 900), (-1, -1), (None, None)],
)
def test_a_whole_number(value: object, wanted: int | None) -> None:
    assert macos.number({"key": value}, "key") == wanted


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (macos.flag, "maybe"),
        (macos.flag, []),
        (macos.number, True),
        (macos.number, "soon"),
        (macos.number, "9" * 30),
        (macos.number, "²"),
        (macos.text, 1),
        (macos.moment, "yesterday"),
        (macos.moment, 5),
    ],
)
def test_a_value_of_another_kind_is_never_guessed(read: object, value: object) -> None:
    with pytest.raises(CannotLook, match="parse-error"):
        read({"key": value}, "key")  # type: ignore[operator]  # each of them takes these two


def test_a_date_before_1970_is_never() -> None:
    found = {"key": "2026-11-20T03:12:09Z", "never": "0001-01-01T00:00:00Z", "none": " "}
    assert macos.moment(found, "key") == 1_795_144_329
    assert macos.moment(found, "never") is None
    assert macos.moment(found, "none") is None


def test_what_a_program_prints() -> None:
    asked = ["run", "/usr/sbin/ioreg", "-rd1", "-c", "IOPlatformExpertDevice", "-a"]
    rows = plistlib.dumps([{"IOPlatformUUID": UUID, "model": b"Mac14,2\0"}]).decode()
    assert macos.hardware_uuid(machine(Answer(ask=asked, gives={"code": 0, "out": rows}))) == UUID
    for gives in ({"code": 1}, {"code": 0, "out": ""}, {"code": 0, "out": "x"}):
        with pytest.raises(CannotLook, match="parse-error"):
            macos.hardware_uuid(machine(Answer(ask=asked, gives=gives)))


def test_people_are_those_with_a_home() -> None:
    users = [
        {"name": one.name, "uid": one.uid, "home": one.home, "shell": "", "kind": one.kind}
        for one in (MAYA, NOBODY, HOMELESS)
    ]
    host = machine(Answer(ask=["users"], gives=users))
    assert [user.name for user in macos.people(host)] == ["maya"]


def test_the_login_window_is_nobodys_session() -> None:
    users = [{"kCGSSessionUserNameKey": name} for name in ("loginwindow", "maya", "")]
    out = plistlib.dumps({"IOConsoleUsers": users}).decode()
    asked = ["run", "/usr/sbin/ioreg", "-n", "Root", "-d1", "-a"]
    host = machine(Answer(ask=asked, gives={"code": 0, "out": out}))
    assert macos.sessions(host) == [{"kCGSSessionUserNameKey": "maya"}]


@pytest.mark.parametrize("root", [{}, {"IOConsoleLocked": False}, {"IOConsoleUsers": "x"}])
def test_a_registry_that_lists_no_sessions_is_not_an_empty_room(root: dict[str, object]) -> None:
    asked = ["run", "/usr/sbin/ioreg", "-n", "Root", "-d1", "-a"]
    out = plistlib.dumps(root).decode()
    with pytest.raises(CannotLook):
        macos.sessions(machine(Answer(ask=asked, gives={"code": 0, "out": out})))


def profiles(out: object, code: int = 0) -> Answer:
    said = out if isinstance(out, str) else plistlib.dumps(out).decode()  # type: ignore[arg-type]  # whatever a test says
    ask = ["run", "/usr/bin/profiles", "-P", "-o", "stdout-xml"]
    return Answer(ask=ask, gives={"code": code, "out": said})


def test_parts_of_profiles_are_found_for_the_mac_and_for_accounts() -> None:
    def owner(locked: object, **content: object) -> list[dict[str, object]]:
        items = [
            {"PayloadType": "a.b", "PayloadContent": content},
            {"PayloadType": "c.d", "PayloadContent": {}},
        ]
        return [{"ProfileRemovalDisallowed": locked, "ProfileItems": items}]

    told = {"_computerlevel": owner("true", x=1), "maya": owner(False, x=2)}
    found = macos.payloads(machine(profiles(told)), "a.b")
    assert [(one.content, one.locked) for one in found] == [({"x": 1}, True), ({"x": 2}, False)]


@pytest.mark.parametrize("said", ["", "There are no configuration profiles installed\n"])
def test_a_mac_without_profiles_has_no_part_of_one(said: str) -> None:
    assert macos.payloads(machine(profiles(said)), "a.b") == []
    assert macos.payloads(machine(profiles({})), "a.b") == []


@pytest.mark.parametrize(
    "said",
    ["profiles: this needs root", {"_computerlevel": 1}, {"_computerlevel": [{"ProfileItems": 1}]}],
    ids=["words", "no list", "no items"],
)
def test_profiles_of_another_form_are_unseen(said: object) -> None:
    with pytest.raises(CannotLook, match="parse-error"):
        macos.payloads(machine(profiles(said)), "a.b")


def test_an_answer_that_failed_is_no_empty_one() -> None:
    with pytest.raises(CannotLook, match="parse-error"):
        macos.payloads(machine(profiles("", code=1)), "a.b")


def test_an_accounts_own_profile_is_laid_over_the_macs() -> None:
    places = [PLACES["account's profile"], PLACES["Mac's profile"]]
    host = machine(file(places[0], a=1), file(places[1], a=2, b=3))
    assert macos.managed_for(host, "x.y", [MAYA]) == [{"a": 1, "b": 3}]
    assert macos.managed_for(host, "x.y", []) == [{"a": 2, "b": 3}]


@pytest.mark.parametrize(
    ("said", "code", "enrolled"),
    [
        ("MDM enrollment: No\n", 0, False),
        ("MDM enrollment: Yes (User Approved)\n", 0, True),
        ("", 0, None),
        ("MDM enrollment: No\n", 1, None),
    ],
)
def test_a_mac_is_enrolled_or_not_only_where_it_says_so(
    said: str, code: int, enrolled: bool | None
) -> None:
    ask = ["run", "/usr/bin/profiles", "status", "-type", "enrollment"]
    host = machine(Answer(ask=ask, gives={"code": code, "out": said}))
    if enrolled is None:
        with pytest.raises(CannotLook, match="parse-error"):
            macos.enrolment(host)
    else:
        assert macos.enrolment(host).enrolled is enrolled
