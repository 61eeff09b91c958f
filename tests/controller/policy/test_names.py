"""A policy may have computers call on public names only, and on few (O21)."""

import pytest

from checks.policy import Ask, Policy
from controller.policy.trying import faults


def asks(setting: str, *names: str) -> list[str]:
    asked = [Ask("filter-effective", setting, [*names], "DSL")]
    if setting != "open":
        asked.append(Ask("filter-effective", "open", ["www.example.org"], "DSL"))
    return faults(Policy(name="Hill School", decisions=asked))


def test_public_names_are_fine() -> None:
    assert asks("blocked", "adult-test.example.com", "xn--bcher-kva.example.com") == []
    assert asks("block_page", "Hill School web filter") == []


@pytest.mark.parametrize(
    "name", ["192.168.1.1", "router.local", "https://example.com/", "printer", "Example.com"]
)
@pytest.mark.parametrize("setting", ["blocked", "open", "illegal"])
def test_addresses_and_names_of_a_house_are_refused(setting: str, name: str) -> None:
    (fault,) = asks(setting, name)
    assert fault.startswith(f"filter-effective.{setting}, asked by DSL: {name!r} is no public")


@pytest.mark.parametrize(("setting", "most"), [("blocked", 10), ("open", 5), ("illegal", 5)])
def test_a_long_list_is_refused(setting: str, most: int) -> None:
    names = [f"page{number}.example.com" for number in range(most + 1)]
    assert asks(setting, *names[:most]) == []
    (fault,) = asks(setting, *names)
    assert fault.endswith(f"more than {most} names.")


def test_a_filter_that_shows_no_page_is_a_choice_of_two_words() -> None:
    for word, fine in (("page", True), ("silence", True), ("sometimes", False)):
        asked = Ask("filter-effective", "blocks_by", word, "DSL")
        assert (faults(Policy(name="Hill School", decisions=[asked])) == []) is fine


def test_a_list_that_nothing_could_be_told_by_is_refused() -> None:
    blocked = Ask("filter-effective", "blocked", ["games.example.com"], "DSL")
    (fault,) = faults(Policy(name="Hill School", decisions=[blocked]))
    assert fault.startswith("filter-effective.open: name a page that must open")
    both = Ask("filter-effective", "open", ["games.example.com"], "DSL")
    (fault,) = faults(Policy(name="Hill School", decisions=[blocked, both]))
    assert fault == "filter-effective: games.example.com must be stopped and must open."


def test_words_that_a_test_page_bears_in_its_own_name_are_refused() -> None:
    wanted = {"blocked": ["test.filterhouse.com"], "open": ["www.example.org"]}
    asked = [Ask("filter-effective", one, names, "DSL") for one, names in wanted.items()]
    words = Ask("filter-effective", "block_page", ["FilterHouse"], "DSL")
    assert faults(Policy(name="Hill School", decisions=asked)) == []
    (fault,) = faults(Policy(name="Hill School", decisions=[*asked, words]))
    assert fault.startswith("filter-effective.block_page: 'FilterHouse' stands in a test page's")


@pytest.mark.parametrize(
    ("begins", "ends", "fine"),
    [(None, None, True), (30_600, 30_660, True), (30_600, 30_600, False), (None, 30_000, False)],
)
def test_hours_that_end_before_they_begin_are_refused(
    begins: int | None, ends: int | None, fine: bool
) -> None:
    edges = (("begins_seconds", begins), ("ends_seconds", ends))
    asked = [Ask("hotspot-uplink", name, at, "head") for name, at in edges if at is not None]
    found = faults(Policy(name="Hill School", decisions=[*asked]))
    assert found == ([] if fine else ["hotspot-uplink: its hours end before they begin."])
