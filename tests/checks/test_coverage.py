"""What docs/coverage.md calls live is read here, on this very machine."""

import pytest

from agent.collect.reading import read_domain
from agent.hosts.local import LocalHost
from checks.catalogue import catalogue
from checks.facts import Facts
from checks.unseen import NotHere
from deploy import coverage


@pytest.mark.parametrize("domain", [domain.name for domain in catalogue().domains])
def test_every_reader_reads_this_machine(domain: str) -> None:
    (known,) = (one for one in catalogue().domains if one.name == domain)
    for section, body in read_domain(LocalHost(b"k" * 32), known).items():
        assert isinstance(body, Facts | NotHere), (section.section, body)


def test_every_check_has_a_row_and_every_platform_a_cell() -> None:
    rows = list(coverage.rows())
    assert [check for _, check, _ in rows] == [
        check for domain in catalogue().domains for check in domain.checks
    ]
    assert {len(cells) for _, _, cells in rows} == {len(coverage.PLATFORMS)}


def test_no_reader_is_written_that_nothing_tries() -> None:
    untried = [check for _, check, cells in coverage.rows() if "**written, not tried**" in cells]
    assert untried == []
