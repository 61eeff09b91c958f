"""Linux accounts over real files: groups, sudo's rules, PAM, display managers, homes, passwd."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.hosts import running
from checks.accounts import linux_people, linux_rules
from checks.accounts.facts import AdminSource
from checks.accounts.linux import read
from checks.accounts.linux_admins import read_sources
from checks.accounts.linux_shares import read_shares
from checks.accounts.linux_signing_in import read_autologon, read_guest
from checks.host import RUN_TIMEOUT, CannotLook, Ran
from checks.unseen import Unseen, known
from tests import needs
from tests.checks.rooted import RootedHost

PASSWD = (
    "root:x:0:0:root:/root:/bin/bash\n"
    "ict:x:1000:1000::/home/ict:/bin/bash\n"
    "maya:x:1001:27::/home/maya:/bin/bash\n"
    "omar:x:1002:1002::/home/omar:/usr/sbin/nologin\n"
    "a b:x:1003\n"
)
GROUP = "root:x:0:\nsudo:x:27:ict\nict:x:1000:\nhelpers:x:50:omar,ict\n"
SHADOW = "ict:!:20000:0:99999:7:::\nmaya::20000:0:99999:7:::\nomar:$y$x:20000:0:60:7:::\n"


@pytest.fixture
def host(tmp_path: Path) -> RootedHost:
    made = RootedHost(tmp_path)
    made.put("/etc/passwd", PASSWD, 0o644)
    made.put("/etc/group", GROUP, 0o644)
    return made


def users(host: RootedHost, source: AdminSource) -> list[tuple[str, str]]:
    names = ["ict", "maya", "omar", "toor", "class3"]
    known_as = {host.alias(kind, name): name for kind in ("user", "group") for name in names}
    return sorted((known_as.get(one.user, "?"), one.label) for one in known(source.members))


# --- administrators ------------------------------------------------------------------------------


def test_whose_own_group_it_is_counts_as_well_as_whom_the_group_lists(host: RootedHost) -> None:
    group, _, twins = read_sources(host)
    assert users(host, group) == [("ict", "administration"), ("maya", "person")]
    assert known(twins.members) == []


def test_an_account_with_roots_number_is_an_administrator(host: RootedHost) -> None:
    host.put("/etc/passwd", PASSWD + "toor:x:0:0::/root:/bin/sh\n", 0o644)
    assert users(host, read_sources(host)[2]) == [("toor", "administration")]


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ("root ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\n", ["ict", "maya"]),
        ("omar ALL=(ALL) NOPASSWD: ALL\n", ["omar"]),
        ("omar ALL=(ALL) NOPASSWD: /usr/bin/apt, ALL\n", ["omar"]),
        ("omar ALL=(root) /usr/bin/apt update\n", []),
        ("omar ALL=(ALL) !ALL\n", []),
        ("#omar ALL=(ALL) ALL\n", []),
        ("#1002 ALL=(ALL) ALL\n", ["omar"]),
        ("%#50 ALL=(ALL) ALL\n", ["ict", "omar"]),
        ("omar, maya ALL = (ALL) ALL\n", ["maya", "omar"]),
        ("omar,!maya ALL = (ALL) ALL\n", ["omar"]),
        ("User_Alias TEAM = omar, maya\nTEAM ALL=ALL\n", ["maya", "omar"]),
        ("Cmnd_Alias ANY = ALL\nomar ALL=(ALL) ANY\n", ["omar"]),
        ("omar \\\n ALL=(ALL) \\\n ALL\n", ["omar"]),
        ("omar suite-*=(root, maya) SETENV: EXEC: ALL\n", ["omar"]),
        ("Defaults targetpw\nALL ALL=(ALL) ALL\n", []),
        ("Defaults:maya !targetpw\nALL ALL=(ALL) ALL\n", ["?"]),
        ("nonsense\n=\n==ALL\n\\\n", []),
    ],
)
def test_only_rules_that_let_somebody_run_everything_count(
    host: RootedHost, rules: str, found: list[str]
) -> None:
    host.put("/etc/sudoers", rules)
    assert [name for name, _ in users(host, read_sources(host)[1])] == found


def test_rules_are_read_from_every_file_they_name_and_no_other(host: RootedHost) -> None:
    host.put("/etc/sudoers", "@includedir /etc/sudoers.d\n#include more\n@include /etc/sudoers\n")
    host.put("/etc/sudoers.d/one", "maya ALL=(ALL) ALL\n")
    host.put("/etc/sudoers.d/two.dpkg-old", "omar ALL=(ALL) ALL\n")
    host.put("/etc/sudoers.d/three~", "omar ALL=(ALL) ALL\n")
    host.put("/etc/more", "ict ALL=(ALL) ALL\n")
    assert [name for name, _ in users(host, read_sources(host)[1])] == ["ict", "maya"]


def test_a_directorys_group_is_told_as_one(host: RootedHost) -> None:
    host.put("/etc/sudoers", "%domain\\ admins ALL=(ALL) ALL\n%SCHOOL\\\\staff ALL=(ALL) ALL\n")
    labels = [one.label for one in known(read_sources(host)[1].members)]
    assert sorted(labels) == ["directory-admins", "group"]


# --- signing in ----------------------------------------------------------------------------------

GDM = "/etc/gdm3/daemon.conf"
LIGHTDM = "/usr/share/lightdm/lightdm.conf.d"


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        (GDM, "[daemon]\nAutomaticLoginEnable = True\nAutomaticLogin = maya\n", "gdm"),
        (GDM, "[daemon]\n#AutomaticLoginEnable = true\n", None),
        ("/etc/gdm/custom.conf", "[daemon]\nTimedLoginEnable=true\nTimedLogin=maya\n", "gdm"),
        (GDM, "[daemon]\nAutomaticLoginEnable=false\nAutomaticLogin=maya\n", None),
        ("/etc/lightdm/lightdm.conf", "[Seat:*]\nautologin-user=maya\n", "lightdm"),
        (f"{LIGHTDM}/50.conf", "[SeatDefaults]\nautologin-user=maya\n", "lightdm"),
        ("/etc/lightdm/lightdm.conf", "[XDMCPServer]\nautologin-user=maya\n", None),
        ("/etc/sddm.conf.d/a.conf", "[Autologin]\nUser=maya\nSession=plasma\n", "sddm"),
        ("/etc/sddm.conf", "[Autologin]\nUser=\n", None),
        ("/etc/lxdm/lxdm.conf", "[base]\nautologin=maya\n", "lxdm"),
        (
            "/etc/systemd/system/getty@tty1.service.d/auto.conf",
            "[Service]\nExecStart=\nExecStart=-/sbin/agetty --autologin maya --noclear %I $TERM\n",
            "console",
        ),
        ("/etc/group", GROUP + "nopasswdlogin:x:90:maya\n", "no-password-group"),
    ],
)  # fmt: skip
def test_every_way_of_signing_in_unasked_is_found(
    host: RootedHost, path: str, text: str, found: str | None
) -> None:
    host.put(path, text, 0o644)
    ways = read_autologon(host)
    assert [way.by for way in ways] == ([found] if found else [])
    assert all(way.user == host.alias("user", "maya") for way in ways)


def test_only_the_display_manager_that_starts_counts(host: RootedHost) -> None:
    host.put("/etc/lightdm/lightdm.conf", "[Seat:*]\nautologin-user=maya\n", 0o644)
    link = host.root / "etc/systemd/system/display-manager.service"
    link.parent.mkdir(parents=True)
    link.symlink_to("/lib/systemd/system/gdm3.service")
    assert read_autologon(host) == []
    link.unlink()
    link.symlink_to("/lib/systemd/system/lightdm.service")
    assert [way.by for way in read_autologon(host)] == ["lightdm"]


def test_lightdm_offers_guests_a_session_unless_told_not_to(host: RootedHost) -> None:
    host.put("/usr/sbin/lightdm", "")
    assert not read_guest(host, {})
    host.put("/usr/sbin/guest-account", "")
    assert read_guest(host, {})
    host.put("/etc/lightdm/lightdm.conf.d/50.conf", "[Seat:*]\nallow-guest=false\n", 0o644)
    assert not read_guest(host, {})


# --- PAM -----------------------------------------------------------------------------------------

UNIX = "password [success=1 default=ignore] pam_unix.so obscure yescrypt"
QUALITY = f"password requisite pam_pwquality.so retry=3\n{UNIX} use_authtok"


@pytest.mark.parametrize(
    ("rules", "conf", "length", "deny"),
    [
        (UNIX, "", 6, False),
        (f"{UNIX} minlen=12", "", 12, False),
        (QUALITY, "", 8, True),
        (QUALITY, "minlen = 12\n", 12, True),
        (QUALITY, "# minlen = 12\n", 8, True),
        (QUALITY, "minlen = 12\nlcredit = 2\nucredit=-1\n", 10, True),
        (QUALITY, "minlen = 12\ndictcheck = 0\n", 12, False),
        (QUALITY, "minlen = 12\nenforcing = 0\n", 0, False),
        (QUALITY, "minlen = 4\n", 6, True),
        (QUALITY.replace("retry=3", "minlen=14"), "minlen = 9\n", 14, True),
        ("password required pam_cracklib.so minlen=10\n" + UNIX, "minlen = 20\n", 10, True),
        ("-password requisite pam_pwquality.so minlen=9\n" + UNIX, "", 9, True),
    ],
)
def test_what_pam_asks_of_a_password(
    host: RootedHost, rules: str, conf: str, length: int, deny: bool
) -> None:
    host.put("/etc/pam.d/common-password", rules + "\n", 0o644)
    host.put("/etc/security/pwquality.conf", conf, 0o644)
    asked = linux_rules.read_passwords(host)
    assert (asked.min_length, asked.deny_list) == (length, deny)


def test_a_number_that_is_none_is_no_rule_at_all(host: RootedHost) -> None:
    host.put("/etc/pam.d/common-password", f"{UNIX} minlen=twelve\n", 0o644)
    assert linux_rules.read_passwords(host).min_length == Unseen("parse-error")


LOCK = "auth required pam_faillock.so preauth\nauth [default=die] pam_faillock.so authfail\n"


@pytest.mark.parametrize(
    ("rules", "conf", "found"),
    [
        ("auth required pam_unix.so nullok\n", "deny = 5\n", (0, None, None)),
        (LOCK, "", (3, 900, 600)),
        (LOCK, "deny = 5\nfail_interval = 300\nunlock_time = never\n", (5, 300, 0)),
        (LOCK, "deny = 0\n", (0, 900, 600)),
        (LOCK.replace("authfail", "authfail deny=7 unlock_time=60"), "deny = 5\n", (7, 900, 60)),
        ("auth required pam_faillock.so preauth\n", "deny = 5\n", (0, None, None)),
        ("auth required pam_tally2.so deny=4 unlock_time=1200\n", "", (4, None, 1200)),
    ],
)
def test_what_pam_does_about_wrong_passwords(
    host: RootedHost, rules: str, conf: str, found: tuple[int, int | None, int | None]
) -> None:
    host.put("/etc/pam.d/common-auth", rules, 0o644)
    host.put("/etc/security/faillock.conf", conf, 0o644)
    shut = linux_rules.read_lockout(host)
    assert (shut.attempts, shut.window_seconds, shut.seconds) == found


def test_the_weaker_of_two_stacks_counts(host: RootedHost) -> None:
    host.put("/etc/pam.d/system-auth", LOCK + QUALITY + "\n", 0o644)
    host.put("/etc/pam.d/password-auth", "auth required pam_unix.so\n" + UNIX + "\n", 0o644)
    assert linux_rules.read_lockout(host).attempts == 0
    asked = linux_rules.read_passwords(host)
    assert (asked.min_length, asked.deny_list) == (6, False)
    assert not linux_rules.second_factor(host)


def test_without_shared_rules_nobody_can_say(host: RootedHost) -> None:
    assert linux_rules.read_lockout(host).attempts == Unseen("unsupported")
    assert linux_rules.read_passwords(host).min_length == Unseen("unsupported")


# --- homes, use, shares --------------------------------------------------------------------------


def home(host: RootedHost, name: str, uid: int, mode: int, *, gid: int | None = None) -> Path:
    path = host.root / "home" / name
    path.mkdir(parents=True)
    path.chmod(mode)
    os.chown(path, uid, uid if gid is None else gid)
    return path


@pytest.mark.parametrize(
    ("mode", "gid", "opened"),
    [
        (0o700, 1000, 0),
        (0o750, 1000, 0),
        (0o750, 50, 1),
        (0o755, 1000, 1),
        (0o701, 1000, 1),
    ],
)
def test_a_home_is_open_if_somebody_else_may_look_in(
    host: RootedHost, mode: int, gid: int, opened: int
) -> None:
    needs.root()
    home(host, "ict", 1000, mode, gid=gid)
    found = linux_people.read_homes(host)
    assert (found.looked_at, found.open) == (1, opened)


def test_last_use_is_the_newest_trace_in_a_home(host: RootedHost) -> None:
    needs.root()
    now = host.clock()
    path = home(host, "ict", 1000, 0o700)
    (path / ".cache").mkdir()
    for place, days in ((path / ".cache", 20), (path, 300)):
        os.utime(place, (now - days * 86_400,) * 2)
    made = known(read(host).accounts)
    assert [account.used for account in made] == ["month", "never", "never"]
    os.utime(path / ".cache", (now - 40 * 86_400,) * 2)
    oldest = known(read(host).accounts)[0]
    assert (oldest.used, oldest.since) == ("before", now - 40 * 86_400)


def test_homes_of_a_directory_are_accounts_too(host: RootedHost) -> None:
    needs.root()
    (host.root / "home/SCHOOL").mkdir(parents=True)
    (host.root / "home/SCHOOL/class3").mkdir()
    os.chown(host.root / "home/SCHOOL/class3", 70_001, 70_001)
    home(host, "ict.before", 1000, 0o700)  # an old folder of somebody who has another now
    accounts = known(read(host).accounts)
    assert len(accounts) == 4
    found = accounts[-1]
    assert (found.origin, found.label, found.used, found.enabled) == (
        "directory",
        "class",
        "week",
        True,
    )


@pytest.mark.parametrize(
    ("conf", "found"),
    [
        ("[global]\nmap to guest = Bad User\n[a]\npath=/a\nguest ok = yes\n", ["guests"]),
        ("[global]\n[a]\npath=/a\npublic = yes\n", ["everyone"]),
        ("[a]\npath=/a\nvalid users = @staff\n", []),
        ("[homes]\nbrowseable=no\n[printers]\nguest ok = no\n", []),
        ("[a]\npath=/srv/%U\n", []),
        ("[a]\npath=/a\navailable = no\n", []),
    ],
)
def test_shares_that_samba_opens(host: RootedHost, conf: str, found: list[str]) -> None:
    host.put("/etc/samba/smb.conf", conf, 0o644)
    assert read_shares(host) == []
    host.put("/usr/sbin/smbd", "")
    assert [share.open_to for share in read_shares(host)] == found


def test_shares_that_stand_elsewhere_are_not_none(host: RootedHost) -> None:
    host.put("/usr/sbin/smbd", "")
    host.put("/etc/samba/smb.conf", "[global]\ninclude = registry\n", 0o644)
    with pytest.raises(CannotLook):
        read_shares(host)


# --- the real passwd -----------------------------------------------------------------------------


class WithPasswd(RootedHost):
    """The real `passwd`, made to look at the folder that stands for `/`."""

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        assert argv[0] == "passwd"
        return running.run(["passwd", "-R", str(self.root), *argv[1:]], timeout)


def test_the_real_passwd_tells_how_each_password_is_kept(tmp_path: Path) -> None:
    needs.root()
    needs.program("passwd", package="passwd")
    host = WithPasswd(tmp_path)
    host.put("/etc/passwd", PASSWD, 0o644)
    host.put("/etc/group", GROUP, 0o644)
    host.put("/etc/shadow", SHADOW)
    facts = read(host)
    states = [(one.enabled, one.password) for one in known(facts.accounts)]
    assert states == [(False, "none"), (True, "blank"), (False, "none")]
    assert facts.max_age_days is None, "omar cannot sign in, and maya has none to change"
    host.put("/etc/passwd", PASSWD.replace("/usr/sbin/nologin", "/bin/bash"), 0o644)
    assert read(WithPasswd(tmp_path)).max_age_days == 60
    assert linux_people.statuses(host)["maya"].changed_at == 20_000 * 86_400
