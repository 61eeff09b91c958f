"""The Windows readers of accounts over what real machines saved, where those files are."""

import pytest

from agent.hosts.dumped import Dump, DumpedHost
from checks.accounts import windows_people
from checks.accounts.windows import read
from checks.unseen import Unseen
from tests.checks import corpus

FILE = "glpi-agent/win32/wmi/10-StandAlone-Win32_UserAccount.wmi"


@pytest.fixture
def door() -> DumpedHost:
    dump = Dump()
    dump.add_wmi("Win32_UserAccount", corpus.need(FILE).read_bytes())
    return DumpedHost(dump, 1_795_336_200)


def test_a_french_windows_has_its_guest_and_its_administrator_known_by_number(
    door: DumpedHost,
) -> None:
    local = windows_people.local_accounts(door)
    by_number = {account.rid: account for account in local}
    assert not by_number["500"].enabled
    assert not by_number["501"].enabled
    assert not windows_people.guest(local)
    assert len(by_number) == len(local)


def test_what_was_not_saved_is_unseen_and_nothing_else(door: DumpedHost) -> None:
    facts = read(door)
    assert facts.guest_enabled is False
    assert facts.accounts == Unseen("unsupported")
    assert all(source.members == Unseen("unsupported") for source in facts.admins)
