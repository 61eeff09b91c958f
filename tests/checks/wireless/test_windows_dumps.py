"""Wireless cards in real answers of WMI, where they lie beside the project."""

import pytest

from agent.hosts.dumped import Dump, DumpedHost
from checks.host import CannotLook
from checks.wireless import windows
from tests.checks import corpus


def host(name: str) -> DumpedHost:
    dump = Dump()
    dump.add_wmi("MSFT_NetAdapter", corpus.need(f"glpi-agent/win32/wmi/{name}.wmi").read_bytes())
    return DumpedHost(dump, at=1_795_336_200)


@pytest.mark.parametrize("name", ["10-net-MSFT_NetAdapter", "vpn-up-MSFT_NetAdapter"])
def test_the_card_is_told_apart_from_cables_and_from_what_only_looks_like_a_card(name: str) -> None:
    assert [row["Name"] for row in windows._cards(host(name))] == ["Wi-Fi"]


def test_a_card_that_is_down_has_no_link_and_one_that_is_up_is_not_guessed_at() -> None:
    assert windows._links(host("10-net-MSFT_NetAdapter")) == []
    with pytest.raises(CannotLook):
        windows._links(host("vpn-up-MSFT_NetAdapter"))
