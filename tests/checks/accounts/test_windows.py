"""Windows accounts where recordings do not reach: odd names, odd listings, permissions, secrets."""

import struct

import pytest

from agent.hosts.recorded import RecordedHost, alias
from agent.hosts.recording import Answer, Recording
from agent.hosts.scrubbing import Scrubber
from checks.accounts import windows
from checks.accounts import windows_people as people
from checks.accounts.windows_admins import read_admins
from checks.accounts.windows_homes import read_homes
from checks.accounts.windows_people import LocalAccount, read_accounts
from checks.accounts.windows_shares import read_shares
from checks.formats import icacls_save, net_localgroup, security_descriptor
from checks.formats.errors import ParseError
from checks.host import CannotLook
from checks.unseen import known

MACHINE = "S-1-5-21-1-2-3"
GROUP = ["wmi", "Win32_Group WHERE SID='S-1-5-32-544'", "root/cimv2", "Name", "SID"]
PAGES = ["registry", "HKLM", r"SYSTEM\CurrentControlSet\Control\Nls\CodePage", "64"]
ADMIN = LocalAccount("Jöns", f"{MACHINE}-500", True, True, False)
RULE = "-" * 79


def host(*answers: Answer, strict: bool = True) -> RecordedHost:
    return RecordedHost(
        Recording(
            schema="caretaker.recording/1",
            provenance="constructed",
            source="this test",
            platform="windows",
            os="Windows 11",
            build="26200",
            date="2026-11-22",
            at=1_795_336_200,
            privileged=True,
            answers=list(answers),
        ),
        strict=strict,
    )


def listing(*members: str, page: str = "850") -> RecordedHost:
    text = "\r\n".join(["Alias  x", "", RULE, *members, "Fertig.", "", ""])
    users = [
        {
            "name": "maya",
            "uid": f"{MACHINE}-1001",
            "home": r"C:\Users\maya",
            "shell": "",
            "kind": "human",
        }
    ]
    gives = {"code": 0, "out": {"hex": text.encode(f"cp{page}").hex()}}
    key = {"values": {"oemcp": {"type": "sz", "data": page}}, "subkeys": []}
    return host(
        Answer(ask=GROUP, gives=[{"Name": "Administratoren", "SID": "S-1-5-32-544"}]),
        Answer(ask=["run", "net.exe", "localgroup", "Administratoren"], gives=gives),
        Answer(ask=PAGES, gives=key),
        Answer(ask=["users"], gives=users),
    )


@pytest.mark.parametrize(
    ("member", "label"),
    [
        ("Jöns", "builtin"),
        (r"SCHULE\Jöns", "group"),
        (r".\Jöns", "builtin"),
        (r"SCHULE\Domänen-Admins", "directory-admins"),
        (r"SCHULE\Lehrer", "group"),
        (r"SCHULE\maya", "person"),
        (r"AzureAD\MayaJones", "person"),
        ("ict-support", "administration"),
        ("somebody else", "person"),
        ("S-1-12-1-1-2-3-4", "cloud-admins"),
        ("S-1-5-21-9-9-9-512", "directory-admins"),
        ("S-1-5-21-9-9-9-1104", "group"),
        (f"{MACHINE}-1001", "person"),
    ],
)
def test_each_kind_of_member_is_known_by_what_does_not_depend_on_a_language(
    member: str, label: str
) -> None:
    (found,) = read_admins(listing(member), [ADMIN])
    assert found.label == label


@pytest.mark.parametrize(("count", "label"), [(2, "cloud-admins"), (3, "group")])
def test_more_nameless_ones_of_entra_than_it_has_roles_are_nobody_agreed_to(
    count: int, label: str
) -> None:
    found = read_admins(listing(*(f"S-1-12-1-1-2-3-{one}" for one in range(count))), [ADMIN])
    assert [one.label for one in found] == [label] * count


def test_the_same_person_has_one_alias_in_the_group_and_among_accounts() -> None:
    (found,) = read_admins(listing("maya"), [ADMIN])
    assert found.user == alias("user", "maya")


def test_a_code_page_nobody_knows_is_no_listing() -> None:
    door = listing("Jöns")
    for answer in door.recording.answers:
        if answer.ask == PAGES:
            answer.gives["values"]["oemcp"]["data"] = "99999"
    with pytest.raises(CannotLook):
        read_admins(door, [ADMIN])


def test_accounts_that_are_gone_and_windows_own_helpers_are_nobodys() -> None:
    key = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList"
    sids = [f"{MACHINE}-1009", "S-1-5-18", "S-1-5-21-1-2-3-1001_Classes"]
    door = host(
        Answer(ask=["registry", "HKLM", key, "64"], gives={"values": {}, "subkeys": sids}),
        Answer(
            ask=["registry", "HKLM", rf"{key}\{MACHINE}-1009", "64"],
            gives={"values": {}, "subkeys": []},
        ),
        Answer(ask=["users"], gives=[]),
    )
    local = [
        LocalAccount("a\nb\x1b[31m", f"{MACHINE}-1001", True, True, False),
        LocalAccount("Guest", f"{MACHINE}-501", False, False, False),
        LocalAccount("defaultuser0", f"{MACHINE}-1000", True, True, False),
    ]
    (only,) = read_accounts(door, local)
    assert (only.label, only.used) == ("person", "never")
    assert "b" not in only.user.strip("0123456789abcdef")


@pytest.mark.parametrize(
    "data",
    [b"", b"no rule", f"{RULE}\n{RULE}\nx\nok".encode(), RULE.encode(), b"\xff\xfe\x00" * 40],
    ids=["nothing", "no-rule", "two-rules", "cut", "junk"],
)
def test_what_is_no_listing_of_a_group_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        net_localgroup.parse(data)


def test_an_empty_group_has_no_members_and_a_mark_is_never_part_of_a_name() -> None:
    assert net_localgroup.parse(f"x\r\n{RULE}\r\nDone.\r\n".encode()) == []
    with pytest.raises(ParseError):
        net_localgroup.members(f"x\n{RULE}\nJ\xf6ns\nok".encode("latin-1"), "65001")


# --- security descriptors ------------------------------------------------------------------------

USERS = bytes.fromhex("01020000000000052000000021020000")
EVERYONE = bytes.fromhex("010100000000000100000000")


def descriptor(*entries: tuple[int, int, int, bytes], control: int = 0x8004) -> bytes:
    aces = b"".join(
        struct.pack("<BBHI", kind, flags, 8 + len(sid), mask) + sid
        for kind, flags, mask, sid in entries
    )
    head = struct.pack("<BBHIIII", 1, 0, control, 0, 0, 0, 20)
    return head + struct.pack("<BBHHH", 2, 0, 8 + len(aces), len(entries), 0) + aces


def test_only_who_is_allowed_something_here_and_now_is_listed() -> None:
    data = descriptor(
        (0, 0, 0x1F01FF, USERS),
        (1, 0, 0x1F01FF, EVERYONE),
        (0, 8, 1, EVERYONE),
        (0, 0, 0, EVERYONE),
    )
    assert security_descriptor.parse(data).allowed == ["S-1-5-32-545"]


def test_no_list_at_all_allows_everybody() -> None:
    assert security_descriptor.parse(descriptor(control=0x8000)).allowed is None


@pytest.mark.parametrize("length", [0, 1, 19, 27, 30, 43])
def test_a_descriptor_cut_short_is_refused(length: int) -> None:
    whole = descriptor((0, 0, 1, USERS))
    assert security_descriptor.parse(whole).allowed == ["S-1-5-32-545"]
    with pytest.raises(ParseError):
        security_descriptor.parse(whole[:length])


# --- folders -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "readers"),
    [
        ("(A;OICI;FA;;;SY)", ["S-1-5-18"]),
        ("(A;;0x1200a9;;;BU)", ["S-1-5-32-545"]),
        ("(A;;0x1200a0;;;WD)", []),
        ("(A;;FX;;;WD)", []),
        ("(A;;FRFX;;;AU)", ["S-1-5-11"]),
        ("(A;OICIIO;FA;;;WD)", []),
        ("(D;;FA;;;WD)", []),
        ("(A;ID;GR;;;DU)", ["DU"]),
        ("(A;;FA;;;S-1-5-21-1-2-3-1001)", ["S-1-5-21-1-2-3-1001"]),
        ("(A;;0x10000000;;;WD)", ["S-1-1-0"]),
    ],
)
def test_who_may_look_into_a_folder(entry: str, readers: list[str]) -> None:
    text = f"maya\r\nO:SYG:SYD:PAI{entry}\r\n"
    for data in (text.encode("utf-16"), text.encode("utf-16-le"), text.encode()):
        assert icacls_save.parse(data) == [icacls_save.Entry("maya", readers)]


@pytest.mark.parametrize(
    "text", ["maya\n", "maya\nomar\n", "maya\nD:(XA;;FA;;;WD;(a==1))\n", "D:(A;;FA;;;WD)\nmaya\n"]
)
def test_what_is_no_list_of_permissions_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        icacls_save.parse(text.encode("utf-16"))


def test_a_listing_of_another_night_is_none() -> None:
    path = r"C:\Windows\security\caretaker-homes.txt"
    old = {"kind": "file", "size": 1, "mode": 0, "uid": 0, "gid": 0, "mtime": 1_795_336_200 - 3_601}
    user = {"name": "maya", "uid": "S", "home": r"C:\Users\maya", "shell": "", "kind": "human"}
    key = ["registry", "HKLM", r"SOFTWARE\Microsoft\Windows NT\CurrentVersion", "64"]
    run = ["run", "icacls.exe", r"C:\Users\*", "/save", path, "/c", "/q"]
    door = host(
        Answer(ask=["users"], gives=[user]),
        Answer(ask=key, absent=True),
        Answer(ask=run, gives={"code": 5, "out": ""}),
        Answer(ask=["stat", path], gives=old),
    )
    with pytest.raises(CannotLook):
        read_homes(door)


@pytest.mark.parametrize(
    ("who", "open_to"),
    [
        ("DU", 1),
        ("S-1-5-21-7-7-7-513", 1),
        ("S-1-5-21-7-7-7-514", 1),
        ("S-1-5-21-7-7-7-512", 0),
        ("S-1-5-21-7-7-7-1513", 0),
    ],
)
def test_a_folder_all_users_of_a_domain_may_look_into_is_open(who: str, open_to: int) -> None:
    path = r"C:\Windows\security\caretaker-homes.txt"
    text = f"maya\r\nD:PAI(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;{who})\r\n"
    new = {"kind": "file", "size": 1, "mode": 0, "uid": 0, "gid": 0, "mtime": 1_795_336_200}
    user = {"name": "maya", "uid": "S", "home": r"C:\Users\maya", "shell": "", "kind": "human"}
    key = ["registry", "HKLM", r"SOFTWARE\Microsoft\Windows NT\CurrentVersion", "64"]
    run = ["run", "icacls.exe", r"C:\Users\*", "/save", path, "/c", "/q"]
    door = host(
        Answer(ask=["users"], gives=[user]),
        Answer(ask=key, absent=True),
        Answer(ask=run, gives={"code": 0, "out": ""}),
        Answer(ask=["stat", path], gives=new),
        Answer(ask=["read", path], gives={"hex": text.encode("utf-16").hex()}),
    )
    assert read_homes(door).open == open_to


SHARES = ["registry", "HKLM", r"SYSTEM\CurrentControlSet\Services\LanmanServer"]


@pytest.mark.parametrize(
    ("rid", "open_to"), [(513, ["everyone"]), (514, ["guests"]), (512, []), (1_513, [])]
)
def test_a_share_for_all_users_of_a_domain_is_open(rid: int, open_to: list[str]) -> None:
    sid = bytes.fromhex("0105000000000005") + struct.pack("<5I", 21, 7, 7, 7, rid)
    top = {"values": {"work": {"type": "multi_sz", "data": ["Path=D:\\work", "Type=0"]}}}
    shut = {"values": {"work": {"type": "binary", "data": descriptor((0, 0, 1, sid)).hex()}}}
    door = host(
        Answer(ask=[*SHARES, "64"], absent=True),
        Answer(ask=[*SHARES[:2], rf"{SHARES[2]}\Shares", "64"], gives={**top, "subkeys": []}),
        Answer(
            ask=[*SHARES[:2], rf"{SHARES[2]}\Shares\Security", "64"],
            gives={**shut, "subkeys": []},
        ),
    )
    assert [share.open_to for share in read_shares(door)] == open_to


# --- recordings ----------------------------------------------------------------------------------


def test_a_recording_never_holds_the_password_of_autologon() -> None:
    winlogon = ["registry", "HKLM", r"SOFTWARE\…\Winlogon", "64"]
    key = {
        "values": {
            "defaultpassword": {"type": "sz", "data": "Sunflower-7"},
            "autoadminlogon": {"type": "sz", "data": "1"},
        },
        "subkeys": [],
    }
    door = host(strict=False)
    (clean,) = Scrubber(door).answers([Answer(ask=winlogon, gives=key)])
    assert "Sunflower" not in str(clean.gives)
    assert clean.gives["values"]["defaultpassword"]["data"]
    assert clean.gives["values"]["autoadminlogon"]["data"] == "1"


@pytest.mark.parametrize(
    ("domain", "label"),
    [(None, "builtin"), ("SUITE-04", "builtin"), (".", "builtin"), ("SCHOOL", "person")],
)
def test_who_signs_in_by_itself_is_the_domains_where_one_is_named(
    domain: str | None, label: str
) -> None:
    said = {"autoadminlogon": "1", "defaultusername": "Jöns", "defaultdomainname": domain}
    values = {name: {"type": "sz", "data": one} for name, one in said.items() if one is not None}
    logon = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon"
    name = r"SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName"
    here = {"computername": {"type": "sz", "data": "SUITE-04"}}
    rows = [
        {
            "Name": "Jöns",
            "SID": f"{MACHINE}-500",
            "Disabled": False,
            "PasswordRequired": True,
            "PasswordExpires": False,
        }
    ]
    asked = ["wmi", people.CLASS, "root/cimv2", *people.PROPERTIES]
    door = host(
        Answer(ask=["registry", "HKLM", logon, "64"], gives={"values": values, "subkeys": []}),
        Answer(ask=["registry", "HKLM", name, "64"], gives={"values": here, "subkeys": []}),
        Answer(ask=asked, gives=rows),
        Answer(ask=["users"], gives=[]),
        strict=False,
    )
    (found,) = known(windows.read(door).autologon)
    assert found.label == label
