"""Keys and names of people are in readable columns: no question for one ever leaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.snmp_values import Recording
from checks.snmp import columns, denied, scalars
from checks.snmp import wireless_columns as wireless
from checks.snmp.denied import DENIED, DeniedError
from checks.snmp.recorded import Recorded

INDEX = st.lists(st.integers(0, (1 << 32) - 1), max_size=20)
SECRETS = st.sampled_from(sorted(DENIED))


def refused(oid: str) -> bool:
    """Whether it is refused by the list and by both doors alike."""
    nobody = Recorded(Recording(values={}, skipped=0))
    said = list[bool]()
    for ask in (denied.permit, nobody.walk, lambda one: nobody.get([one])):
        try:
            ask(oid)
            said.append(False)
        except DeniedError:
            said.append(True)
    assert len(set(said)) == 1
    return said[0]


@given(SECRETS, INDEX)
def test_nothing_in_or_below_a_denied_column_is_ever_asked(secret: str, index: list[int]) -> None:
    assert refused(".".join([secret, *map(str, index)]))


@given(SECRETS, st.integers(1, 30))
def test_no_beginning_of_a_denied_column_is_walked(secret: str, length: int) -> None:
    assert refused(".".join(secret.split(".")[:length]))


@given(SECRETS, st.sampled_from(["{}.", ".{}", "{} ", "0{}", "iso{}", "{}.x", "{}\n", "{}.-1"]))
def test_no_other_spelling_opens_it(secret: str, spelling: str) -> None:
    assert refused(spelling.format(secret))


@given(st.lists(st.integers(0, 20), min_size=1, max_size=14))
def test_what_is_on_no_list_is_refused(parts: list[int]) -> None:
    oid = "1.3.6.1.4.1." + ".".join(map(str, parts))
    known = any(oid == one or oid.startswith(one + ".") for one in denied.allowed())
    assert refused(oid) is not known


@pytest.mark.parametrize("oid", sorted(denied.allowed()))
def test_what_is_on_the_list_may_be_asked_and_is_no_branch(oid: str) -> None:
    denied.permit(oid)
    assert oid.count(".") >= 8, "a whole table would have keys in it one day"
    assert not any(other.startswith(oid + ".") for other in denied.allowed())


@pytest.mark.parametrize("oid", sorted(columns.ALL | wireless.ALL))
def test_a_maker_s_own_column_is_read_one_row_at_a_time(oid: str) -> None:
    # GETBULK reads on past a column's end, and keys stand in those behind it.
    beside = oid.rpartition(".")[0]
    if any(secret.startswith(beside + ".") for secret in DENIED):
        assert denied.alone(oid)


@pytest.mark.parametrize("secret", sorted(DENIED))
def test_a_column_right_before_a_secret_is_never_walked(secret: str) -> None:
    table, _, last = secret.rpartition(".")
    with pytest.raises(DeniedError):
        Recorded(Recording(values={}, skipped=0)).walk(f"{table}.{int(last) - 1}")


@given(st.lists(st.integers(-5, 1 << 40), max_size=200))
def test_an_index_that_a_device_made_up_asks_for_nothing_else(index: list[int]) -> None:
    try:
        oid = denied.below(columns.LLDP_NAME, tuple(index))
    except DeniedError:
        return
    assert oid == columns.LLDP_NAME or oid.startswith(columns.LLDP_NAME + ".")
    denied.permit(oid)


def test_the_table_of_makers_asks_for_single_answers_below_each_makers_own_branch() -> None:
    for place in scalars.table().serials:
        for oid in place.asked():
            assert scalars.number(oid) in (place.maker, 2604), "Sophos has two numbers"
