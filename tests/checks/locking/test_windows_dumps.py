"""Windows locking as real machines' own files of the registry have it, beside the project."""

import lzma
from typing import cast

import pytest

from agent.hosts.dumped import PERSON, Dump, DumpedHost
from checks.host import Host, User
from checks.locking import windows
from checks.unseen import Unseen, known
from tests.checks import corpus

AT = 1_795_336_200


def hive(name: str) -> bytes:
    return lzma.decompress(corpus.need(f"hives/{name}.xz").read_bytes())


class Signed(DumpedHost):
    """The dump, and whose hive it is."""

    def users(self) -> list[User]:
        return [User("somebody", PERSON, "a" * 16, r"C:\Users\somebody", "", "human")]


def machine(*hives: tuple[str, str]) -> Host:
    dump = Dump()
    for name, root in hives:
        dump.add_hive(hive(name), root)
    return cast("Host", Signed(dump, AT))


@pytest.mark.parametrize(
    ("name", "grace"), [("NTUSER_with_winscp.DAT", 900), ("NTUSER-WSL.DAT", 0)]
)
def test_a_real_account_as_windows_made_it_has_no_screen_saver(name: str, grace: int) -> None:
    host = machine((name, rf"HKU\{PERSON}"))
    (rule,) = known(windows.read(host).rules)
    assert (rule.loaded, rule.idle_seconds, rule.locks) == (True, 0, True)
    # Whether it is switched off for everybody stands in SOFTWARE, which nobody saved.
    assert isinstance(rule.possible, Unseen)
    assert (rule.changeable, rule.decided_by, rule.wake_grace_seconds) == (True, "default", grace)


def test_a_real_machine_as_windows_made_it_asks_when_it_wakes() -> None:
    host = machine(("SYSTEM_WIN_10_1709", r"HKLM\SYSTEM"), ("NTUSER-WSL.DAT", rf"HKU\{PERSON}"))
    (rule,) = known(windows.read(host).rules)
    # The policy's key is in SOFTWARE, which nobody saved: not the same as "no policy".
    assert isinstance(rule.on_resume, Unseen)
    scheme = windows._scheme(host)
    assert scheme is None
