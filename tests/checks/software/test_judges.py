"""Programs at the edges: finding is proof, finding nothing is proof only of what was looked at."""

import datetime
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.judging import Device, Judge, Moment
from checks.policy import Profile
from checks.software.facts import (
    Blind,
    BrowserDns,
    Place,
    Port,
    SoftwareFacts,
    SoftwareNow,
    Title,
)
from checks.software.judges import (
    ApprovedSettings,
    SupportSettings,
    UnapprovedSettings,
    exec_control,
    filter_bypass,
    games,
    messaging,
    p2p,
    remote_access,
    supported,
    unapproved,
)
from checks.unseen import BlindError, Unseen
from checks.verdicts import Finding

DAY = 86_400
NOW = int(datetime.datetime(2026, 11, 22, 4, tzinfo=datetime.UTC).timestamp())
MOMENT = Moment.at(NOW)
NOTHING = ApprovedSettings(approved=[])
SOON = SupportSettings(warn_seconds=90 * DAY)
PUPIL = Device("linux", "pupil")
OURS = Title("bash", "5.2", "dpkg", system=True)
SHUT = [Place("/home", True), Place("/tmp", True), Place("/var/tmp", True), Place("/dev/shm", True)]  # noqa: S108  (names of facts)
EMPTY = SoftwareFacts(
    titles=[OURS],
    cut=0,
    blind=[],
    dns=[],
    proxies=[],
    extensions=[],
    places=SHUT,
    allow_list=None,
)
IDLE = SoftwareNow(running=["systemd"], hidden=0, listening=[])
Watching = Callable[..., Finding]


def software(*names: str, **changes: object) -> SoftwareFacts:
    titles = [OURS, *(Title(name, "1.0", "dpkg", publisher="A Shop") for name in names)]
    return msgspec.structs.replace(EMPTY, **{"titles": titles, **changes})


def now(**changes: object) -> SoftwareNow:
    return msgspec.structs.replace(IDLE, **changes)


def agreed(*patterns: str) -> ApprovedSettings:
    return ApprovedSettings(approved=list(patterns))


def list_of(*patterns: str) -> UnapprovedSettings:
    return UnapprovedSettings(approved=list(patterns), new_seconds=28 * DAY)


def since(age: int | None) -> SoftwareFacts:
    when = None if age is None else NOW - age
    return software(titles=[OURS, Title("oddity", "1", "dpkg", installed_at=when)])


@pytest.mark.parametrize(
    ("age", "status", "says"),
    [
        (0, "fail", "new-stranger"),
        (28 * DAY, "fail", "new-stranger"),
        (28 * DAY + 1, "warn", "old-stranger"),
        (None, "warn", "undated-stranger"),
        (-DAY, "fail", "new-stranger"),  # installed by a clock that was ahead
    ],
)
def test_a_stranger_is_new_for_four_weeks(age: int | None, status: str, says: str) -> None:
    finding = unapproved(since(age), list_of(), MOMENT)
    assert (finding.status, finding.says) == (status, says)


@pytest.mark.parametrize(
    "pattern", ["oddity", "ODD*", "odd?ty", "publisher:A Shop", "publisher:a *"]
)
def test_what_the_school_agreed_to_is_no_stranger(pattern: str) -> None:
    assert unapproved(software("oddity"), list_of(pattern), MOMENT).status == "pass"
    assert unapproved(software("other"), list_of("oddity"), MOMENT).status == "warn"


def test_a_flatpak_is_agreed_to_by_its_name_or_its_identifier() -> None:
    vlc = software(titles=[Title("VLC", "3", "flatpak", id="org.videolan.VLC")])
    assert unapproved(vlc, list_of("vlc"), MOMENT).status == "pass"
    assert unapproved(vlc, list_of("org.videolan.*"), MOMENT).status == "pass"


def test_the_systems_own_programs_and_caretakers_are_never_strangers() -> None:
    own = software(titles=[OURS, Title("caretaker", "0.1", "dpkg", installed_at=NOW)])
    finding = unapproved(own, list_of(), MOMENT)
    assert (finding.status, finding.args) == ("pass", {"count": 2})


def test_a_sentence_names_three_strangers_and_counts_the_rest() -> None:
    finding = unapproved(software(*"edcba"), list_of(), MOMENT)
    assert finding.args == {"titles": "a, b, c and 2 more", "count": 5}


INCOMPLETE = [
    {"titles": Unseen("denied")},
    {"cut": 1},
    {"blind": [Blind("homes", "denied")]},
]
WATCHING = [
    pytest.param(lambda facts: unapproved(facts, list_of(), MOMENT), id="unapproved"),
    pytest.param(lambda facts: p2p(facts, IDLE, NOTHING, PUPIL), id="p2p"),
    pytest.param(lambda facts: games(facts, NOTHING, PUPIL), id="games"),
    pytest.param(lambda facts: messaging(facts, NOTHING, PUPIL), id="messaging"),
    pytest.param(lambda facts: filter_bypass(facts, IDLE, NOTHING, PUPIL), id="bypass"),
    pytest.param(lambda facts: remote_access(facts, IDLE, NOTHING, PUPIL), id="remote"),
    pytest.param(lambda facts: supported(facts, SOON, MOMENT), id="supported"),
]


@pytest.mark.parametrize("missing", INCOMPLETE, ids=str)
@pytest.mark.parametrize("judged", WATCHING)
def test_nothing_found_in_an_incomplete_list_is_unknown(
    judged: Callable[[SoftwareFacts], Finding], missing: dict[str, object]
) -> None:
    assert judged(EMPTY).status == "pass"
    with pytest.raises(BlindError):
        judged(software(**missing))


FOUND = [
    (p2p, "qbittorrent", "installed"),
    (filter_bypass, "nordvpn", "installed"),
    (remote_access, "anydesk", "installed"),
]


@pytest.mark.parametrize(("judged", "name", "says"), FOUND, ids=lambda v: str(v)[:20])
@pytest.mark.parametrize("missing", INCOMPLETE[1:], ids=str)
def test_something_found_fails_even_in_an_incomplete_list(
    judged: Watching, name: str, says: str, missing: dict[str, object]
) -> None:
    finding = judged(software(name, **missing), now(running=Unseen("denied")), NOTHING, PUPIL)
    assert (finding.status, finding.says) == ("fail", says)


@pytest.mark.parametrize(("judged", "name", "says"), FOUND, ids=lambda v: str(v)[:20])
def test_the_schools_decision_takes_a_program_off_the_watch_list(
    judged: Watching, name: str, says: str
) -> None:
    assert judged(software(name), IDLE, agreed(name), PUPIL).status == "pass"


@pytest.mark.parametrize("judged", [p2p, filter_bypass, remote_access])
@pytest.mark.parametrize("blind", [{"running": Unseen("denied")}, {"hidden": 1}], ids=str)
def test_what_may_run_unseen_is_not_known_to_be_absent(
    judged: Watching, blind: dict[str, object]
) -> None:
    with pytest.raises(BlindError):
        judged(EMPTY, now(**blind), NOTHING, PUPIL)


@pytest.mark.parametrize(
    ("judged", "name"),
    [
        (p2p, "transmission-gtk"),
        (filter_bypass, "tor"),
        (filter_bypass, "openvpn"),
        (remote_access, "anydesk"),
    ],
)
def test_a_program_that_runs_without_being_installed_is_found(judged: Watching, name: str) -> None:
    finding = judged(EMPTY, now(running=["systemd", name]), NOTHING, PUPIL)
    assert (finding.status, finding.says) == ("fail", "runs")


@pytest.mark.parametrize(
    ("port", "status"),
    [
        (Port("tcp", 6881, False), "fail"),
        (Port("tcp", 6889, False), "fail"),
        (Port("tcp", 6880, False), "pass"),
        (Port("tcp", 6890, False), "pass"),
        (Port("tcp", 6881, True), "pass"),
        (Port("udp", 6881, False), "pass"),
    ],
)
def test_listening_where_file_sharing_does_counts_if_strangers_can_reach_it(
    port: Port, status: str
) -> None:
    assert p2p(EMPTY, now(listening=[port]), NOTHING, PUPIL).status == status


def test_tor_is_found_by_its_local_port() -> None:
    finding = filter_bypass(EMPTY, now(listening=[Port("tcp", 9050, True)]), NOTHING, PUPIL)
    assert (finding.status, finding.says, finding.args["titles"]) == ("fail", "runs", "Tor")


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"dns": [BrowserDns("firefox", "on", False)]}, "fail", "encrypted-names"),
        ({"dns": [BrowserDns("firefox", "on", True)]}, "pass", "none"),
        ({"dns": [BrowserDns("firefox", "default", False)]}, "pass", "none"),
        ({"dns": [BrowserDns("chromium", "off", False)]}, "pass", "none"),
        ({"proxies": ["gnome"]}, "fail", "own-proxy"),
        ({"extensions": ["gkojfkhlekighikafcpjkiklfbnlmeio"]}, "fail", "extension"),
        ({"extensions": ["a" * 32]}, "pass", "none"),
    ],
)
def test_browsers_and_proxies_lead_around_the_filter_where_people_set_them(
    changes: dict[str, object], status: str, says: str
) -> None:
    finding = filter_bypass(software(**changes), IDLE, NOTHING, PUPIL)
    assert (finding.status, finding.says) == (status, says)


@pytest.mark.parametrize("leaf", ["dns", "proxies", "extensions"])
def test_browsers_nobody_could_look_into_are_not_known_to_be_harmless(leaf: str) -> None:
    with pytest.raises(BlindError):
        filter_bypass(software(**{leaf: Unseen("denied")}), IDLE, NOTHING, PUPIL)


def test_vpn_tools_of_the_desktop_are_mentioned_and_running_ones_fail() -> None:
    tools = software("network-manager-openvpn", "wireguard-tools")
    assert filter_bypass(tools, IDLE, NOTHING, PUPIL).says == "came-along"
    assert filter_bypass(tools, now(running=["openvpn"]), NOTHING, PUPIL).status == "fail"


def test_a_desktops_own_games_accuse_nobody_and_a_launcher_does() -> None:
    assert games(software("gnome-mines"), NOTHING, PUPIL).status == "warn"
    both = games(software("gnome-mines", "steam-launcher"), NOTHING, PUPIL)
    assert (both.status, both.args["titles"]) == ("fail", "Steam")


@pytest.mark.parametrize("judged", [games, messaging, exec_control])
@pytest.mark.parametrize("profile", ["staff", "office", "board", "kiosk", "loan", "server"])
def test_what_is_asked_of_pupils_computers_is_asked_of_no_other(
    judged: Judge, profile: Profile
) -> None:
    device = Device("linux", profile)
    given_to = (now(), device) if judged is exec_control else (NOTHING, device)
    finding = judged(software("steam", "discord", places=Unseen("denied")), *given_to)
    assert finding.status == "not-applicable"


@pytest.mark.parametrize("judged", [games, messaging])
def test_without_a_profile_nobody_knows_whether_it_matters(judged: Judge) -> None:
    with pytest.raises(BlindError) as blind:
        judged(software("steam"), NOTHING, Device("linux"))
    assert blind.value.says == "profile-unset"


def test_screen_sharing_of_the_desktop_counts_only_while_it_runs() -> None:
    sharing = software("gnome-remote-desktop", "krfb")
    assert remote_access(sharing, IDLE, NOTHING, PUPIL).status == "pass"
    running = now(running=["krfb"])
    assert remote_access(sharing, running, NOTHING, PUPIL).says == "sharing-runs"


def title(name: str, version: str, *, system: bool = False) -> SoftwareFacts:
    return software(titles=[Title(name, version, "dpkg", system=system)])


@pytest.mark.parametrize(
    ("name", "version", "day", "status"),
    [
        ("nodejs", "20.20.2-1nodesource1", "2026-04-30", "warn"),
        ("nodejs", "20.20.2-1nodesource1", "2026-05-01", "fail"),
        ("nodejs", "20.20.2-1nodesource1", "2026-01-30", "warn"),  # 90 days
        ("nodejs", "20.20.2-1nodesource1", "2026-01-29", "pass"),  # 91
        ("nodejs", "14.1.0", "2026-11-22", "fail"),
        ("Microsoft Office Professional Plus 2016 - en-us", "16.0.1", "2026-11-22", "fail"),
        ("Microsoft Office Standard 2021 - en-gb", "16.0.1", "2026-10-13", "warn"),
        ("Microsoft Office Standard 2021 - en-gb", "16.0.1", "2026-10-14", "fail"),
        ("Microsoft 365 Apps for enterprise - en-us", "16.0.1", "2026-11-22", "pass"),
        ("Python 3.10.4 (64-bit)", "3.10.4150.0", "2026-11-22", "fail"),
        ("clamav-daemon", "1.0.7+dfsg-1~deb12u1", "2026-11-22", "fail"),
        ("clamav-daemon", "1.4.3+dfsg-1~deb12u1", "2026-11-22", "pass"),
        ("clamav-daemon", "1.5.1", "2026-11-22", "pass"),
    ],
)
def test_a_program_is_fixed_until_its_last_day(
    name: str, version: str, day: str, status: str
) -> None:
    date = datetime.date.fromisoformat(day)
    finding = supported(title(name, version), SOON, Moment.at(NOW, date))
    assert finding.status == status, finding


@pytest.mark.parametrize("version", ["", "latest"])
def test_a_program_that_is_dated_by_a_version_it_does_not_say_is_unknown(version: str) -> None:
    with pytest.raises(BlindError):
        supported(title("nodejs", version), SOON, MOMENT)


@pytest.mark.parametrize("version", ["26.1.0", "1:25.0-1", "v27.1"])
def test_a_program_newer_than_the_list_is_unknown(version: str) -> None:
    with pytest.raises(BlindError) as blind:
        supported(title("nodejs", version), SOON, MOMENT)
    assert blind.value.says == "newer-than-list"


def test_what_the_systems_maker_keeps_fixed_is_not_judged_by_its_first_makers_dates() -> None:
    assert supported(title("nodejs", "18.20.4", system=True), SOON, MOMENT).status == "pass"
    engine = title("clamav-daemon", "1.0.7", system=True)
    assert supported(engine, SOON, MOMENT).status == "fail"


@pytest.mark.parametrize(
    ("open_places", "status", "says"),
    [
        ([], "pass", "nothing-starts"),
        (["/dev/shm"], "warn", "some-places"),  # noqa: S108  (names of facts)
        (["/home"], "fail", "anything-starts"),
        (["/tmp", "/var/tmp"], "fail", "anything-starts"),  # noqa: S108  (names of facts)
    ],
)
def test_pupils_start_nothing_from_where_they_may_write(
    open_places: list[str], status: str, says: str
) -> None:
    places = [Place(place.path, place.path not in open_places) for place in SHUT]
    finding = exec_control(software(places=places), IDLE, PUPIL)
    assert (finding.status, finding.says) == (status, says)


def test_an_allow_list_counts_while_it_runs() -> None:
    open_home = [Place("/home", False)]
    listed = software(places=open_home, allow_list="enforcing")
    assert exec_control(listed, now(running=["fapolicyd"]), PUPIL).says == "allow-list"
    assert exec_control(listed, IDLE, PUPIL).says == "allow-list-stopped"
    lax = software(places=open_home, allow_list="permissive")
    assert exec_control(lax, now(running=["fapolicyd"]), PUPIL).says == "anything-starts"
    with pytest.raises(BlindError):
        exec_control(listed, now(running=Unseen("denied")), PUPIL)


@given(names=st.lists(st.text(min_size=1, max_size=200), max_size=12))
def test_no_title_whatever_it_says_breaks_a_judge(names: list[str]) -> None:
    facts = software(*names)
    assert unapproved(facts, list_of(), MOMENT).status in ("pass", "warn")
    for judged in (p2p, filter_bypass, remote_access):
        assert judged(facts, IDLE, NOTHING, PUPIL).status in ("pass", "warn", "fail")


def test_no_folder_looked_at_is_no_proof_that_nothing_starts() -> None:
    with pytest.raises(BlindError):
        exec_control(software(places=[]), IDLE, PUPIL)


def test_an_allow_list_hidden_from_us_is_not_called_stopped() -> None:
    listed = software(places=[Place("/home", False)], allow_list="enforcing")
    with pytest.raises(BlindError):
        exec_control(listed, now(hidden=1), PUPIL)
