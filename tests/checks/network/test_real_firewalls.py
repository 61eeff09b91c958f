"""Debian's own firewalls set up for real, each in a network of the test's own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import needs

ROOT = Path(__file__).parents[3]
PROGRAMS = {
    "nftables": (("nft", "nftables"),),
    "iptables": (("nft", "nftables"), ("iptables-legacy", "iptables")),
    "ufw": (("nft", "nftables"), ("ufw", "ufw")),
    "firewalld": (("nft", "nftables"), ("firewalld", "firewalld"), ("dbus-daemon", "dbus")),
}
OPEN = ["ipv4 False allow", "ipv6 False allow"]
LETS_IN = ["ipv4 True allow", "ipv6 True allow"]
CLOSED = ["ipv4 True block", "ipv6 True block"]


def steps(keeper: str, folder: Path) -> list[list[str]]:
    """What the reader saw after each step."""
    needs.root()
    for program, package in (*PROGRAMS[keeper], ("ip", "iproute2")):
        needs.program(program, package=package)
    apart = [needs.program("unshare", package="util-linux"), "--net", "--mount"]
    if subprocess.run([*apart, "true"], check=False, capture_output=True).returncode != 0:
        needs.impossible("this account may make no network of its own")
    ran = subprocess.run(
        [*apart, sys.executable, "-m", "tests.checks.network.apart", str(folder), keeper],
        cwd=ROOT,
        env={**os.environ, "PATH": needs.SEARCH},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    told: list[list[str]] = json.loads(ran.stdout.splitlines()[-1])
    return told


@pytest.mark.root
def test_rules_of_nftables_are_followed(tmp_path: Path) -> None:
    nothing, rules, one_too_many, asleep = steps("nftables", tmp_path)
    assert nothing == OPEN
    assert rules == CLOSED
    assert one_too_many == LETS_IN
    assert "block" not in " ".join(asleep), "a table that sleeps filters nothing"


@pytest.mark.root
def test_the_older_filter_counts_beside_the_newer_one(tmp_path: Path) -> None:
    one, both, beside, newer, gone = steps("iptables", tmp_path)
    assert one == ["ipv4 True block", "ipv6 False allow"]
    assert both == beside == CLOSED
    assert newer == ["ipv4 True allow", "ipv6 True block"]
    assert gone == CLOSED


@pytest.mark.root
def test_ufw_is_believed_by_what_it_loaded(tmp_path: Path) -> None:
    on, told_to_let_in, off, not_loaded = steps("ufw", tmp_path)
    assert on == [*CLOSED, "ufw"]
    assert told_to_let_in == [*LETS_IN, "ufw"]
    assert [word.rpartition(" ")[2] for word in off] == ["allow", "allow"]
    assert not_loaded == [*OPEN, "ufw"]


@pytest.mark.root
def test_a_zone_of_firewalld_that_trusts_all_is_open(tmp_path: Path) -> None:
    public, trusted = steps("firewalld", tmp_path)
    assert public == [*CLOSED, "firewalld"]
    assert trusted == [*LETS_IN, "firewalld"]
