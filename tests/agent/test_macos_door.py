"""What a Mac's own programs say of it (constructed after Apple's manual pages: no Mac is at
hand)."""

import plistlib

import pytest

from agent.hosts import macos
from checks.host import CannotLook, Interface, Listener, Ran, User
from tests.agent.conftest import machine

USERS = [
    {"RecordName": ["root", "BUILTIN\\Local System"], "UniqueID": ["0"]},
    {"RecordName": ["_spotlight"], "UniqueID": ["89"]},
    {"RecordName": ["nobody"], "UniqueID": ["-2"]},
    {
        "RecordName": ["maya"],
        "UniqueID": ["501"],
        "NFSHomeDirectory": ["/Users/maya"],
        "UserShell": ["/bin/zsh"],
    },
    {"RecordName": ["_late"], "UniqueID": ["600"]},
    {"RecordName": ["omar"], "UniqueID": ["1471826938"], "NFSHomeDirectory": ["/Users/omar"]},
    {"RecordName": ["odd"], "UniqueID": ["many"]},
    {"UniqueID": ["502"]},
]

PS = """    1     0 /sbin/launchd
  410   501 /Applications/Microsoft Teams.app/Contents/MacOS/MSTeams
  411   501 -zsh
  412     0 sshd: maya [priv]
  413   501 sshd-session: maya@ttys000
  414   501 ./my tools/run me
  415   501 (nobody knows)
  416   501 ...
  x     y z
"""

INET = """Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp4       0      0  127.0.0.1.631          *.*                    LISTEN
tcp4       0      0  *.5900                 *.*                    LISTEN
tcp4       0      0  10.0.0.5.50112         17.57.146.20.443       ESTABLISHED
udp4       0      0  *.5353                 *.*
udp4       0      0  10.0.0.5.60000         8.8.8.8.53
"""
INET6 = """tcp6       0      0  *.22                                          *.*    LISTEN
tcp6       0      0  fe80::1%lo0.88                                *.*    LISTEN
udp6       0      0  *.*                                           *.*
"""

IFCONFIG = """lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384
\tinet 127.0.0.1 netmask 0xff000000
en0: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
\tether 3c:22:fb:00:11:22
\tinet 10.0.0.5 netmask 0xffffff00 broadcast 10.0.0.255
utun0: flags=8010<POINTOPOINT,MULTICAST> mtu 1500
"""


class Mac:
    """A machine whose programs say this."""

    def __init__(self, said: dict[str, bytes]) -> None:
        self._said = said
        self.alias = machine().alias

    def run(self, argv: list[str], timeout: int = 20) -> Ran:
        name = argv[0].rpartition("/")[2] + (argv[-1] if "netstat" in argv[0] else "")
        return Ran(0, self._said[name]) if name in self._said else Ran(1, b"")

    def users(self) -> list[User]:
        return macos.users(self)  # type: ignore[arg-type]  # as much of a host as is asked


def mac() -> Mac:
    rows = [{f"dsAttrTypeStandard:{k}": v for k, v in user.items()} for user in USERS]
    return Mac(
        {
            "dscl": plistlib.dumps(rows),
            "ps": PS.encode(),
            "netstatinet": INET.encode(),
            "netstatinet6": INET6.encode(),
            "ifconfig": IFCONFIG.encode(),
        }
    )


def test_people_of_a_mac_are_told_from_its_services() -> None:
    users = mac().users()
    assert {user.name: user.kind for user in users} == {
        "root": "root",
        "_spotlight": "service",
        "nobody": "service",
        "maya": "human",
        "_late": "service",
        "omar": "human",
    }
    maya = next(user for user in users if user.name == "maya")
    assert (maya.uid, maya.home, maya.shell) == ("501", "/Users/maya", "/bin/zsh")


@pytest.mark.parametrize("said", [b"", b"<plist>", b"<plist><string>x</string></plist>", b"\xff"])
def test_what_is_no_list_of_accounts_is_not_an_empty_one(said: bytes) -> None:
    with pytest.raises(CannotLook, match="parse-error"):
        Mac({"dscl": said}).users()


def test_a_list_without_root_says_nothing_about_people() -> None:
    renamed = [{f"dsAttrTypeNative:{k}": v for k, v in user.items()} for user in USERS]
    for rows in ([], renamed):
        with pytest.raises(CannotLook, match="parse-error"):
            Mac({"dscl": plistlib.dumps(rows)}).users()


def test_what_is_said_around_the_list_of_accounts_is_passed_over() -> None:
    around = mac()
    around._said["dscl"] = b"No such key: UserShell\n" + around._said["dscl"] + b"\n"
    assert around.users() == mac().users()


def test_programs_have_their_whole_path_spaces_included() -> None:
    found = macos.processes(mac())  # type: ignore[arg-type]  # as above
    assert [(one.pid, one.name, one.exe) for one in found] == [
        (1, "launchd", "/sbin/launchd"),
        (410, "MSTeams", "/Applications/Microsoft Teams.app/Contents/MacOS/MSTeams"),
        (411, "zsh", None),
        (412, "sshd", None),
        (413, "sshd-session", None),
        (414, "run", None),
        (415, "nobody", None),
        (416, "", None),
    ]
    assert "maya" not in str(found)
    assert found[0].user == machine().alias("user", "root")


def test_only_what_listens_is_a_listener() -> None:
    found = macos.listeners(mac())  # type: ignore[arg-type]  # as above
    anywhere = "0.0.0.0"  # noqa: S104  (a word read, nothing is bound)
    assert found == [
        Listener("tcp", "::", 22, None),
        Listener("tcp", "fe80::1", 88, None),
        Listener("tcp", "127.0.0.1", 631, None),
        Listener("tcp", anywhere, 5900, None),
        Listener("udp", anywhere, 5353, None),
    ]


def test_cards_have_the_address_that_stands_below_their_name() -> None:
    assert macos.interfaces(mac()) == [  # type: ignore[arg-type]  # as above
        Interface("en0", "3c:22:fb:00:11:22", None, "other", True),
        Interface("lo0", None, None, "loopback", True),
        Interface("utun0", None, None, "virtual", False),
    ]


def test_a_program_that_fails_is_not_an_empty_list() -> None:
    for look in (macos.listeners, macos.interfaces, macos.users):
        with pytest.raises(CannotLook, match="parse-error"):
            look(Mac({}))  # type: ignore[arg-type]  # as above
