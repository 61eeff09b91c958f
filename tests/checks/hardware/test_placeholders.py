"""Which serials, board identities and addresses identify something, and which only look like it."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.hardware.placeholders import (
    is_made_up_mac,
    is_placeholder,
    is_placeholder_mac,
    is_placeholder_name,
    is_placeholder_uuid,
    same_uuid,
    uuid_key,
)

JUNK = [
    *(".........", "XXXXXXXXXX", "0"),  # three that other inventories let through
    *(
        "",
        " ",
        "   \t",
        "\0\0\0\0",
        "\N{REPLACEMENT CHARACTER}" * 12,
        "----",
        "N/A",
        "None",
        "0000000000",
        "1111111",
        "0101",
    ),
    *("To Be Filled By O.E.M.", "to be filled by o.e.m", "To be filled by O.E.M. by ASRock"),
    *(
        "Default string",
        "System Serial Number",
        "Not Specified",
        "  Not   Specified ",
        "<BAD INDEX>",
    ),
    *("0123456789", "123456789", "12345678901234567", "12345678901234567890123456789012"),
    *("SN-1234567890", "MB-1234567890", "SYS-9876543210", "Asset-1234567890", "EVAL", "IATPASS"),
    *("Chassis Serial Number", "No Asset Tag     ", "empty", "$$$$$$$$", "ABC", "1.2"),
    *(
        "A55ET Tag#",
        "SKU#",
        "OEM_Serial",
        "Serial Number xxxxxx",
        "FFFFFFFF",
        "Type1ProductConfigId",
    ),
]
REAL = [
    *("2WF88P2", "CNF01207X6", "PF0XAMPLE", "KDXPC16", "X2735244G", "$$T02XB1K9"),
    *("AB1.2CD", "5.1.2-77XY", "R90.1.22"),  # digit-dot-digit is no placeholder
    *(".2WF88P2.CNIVC007CQ1846.", "..CN717035A80217.", "489089M+16324B2191"),
    *("VMware-56 4d db dd 11 e3 8d 66-84 9e 15 8e 49 23 7c 97", "1023", "12346", "0123456788"),
    *("NONESUCH1", "EMPTY77", "SCH-0417", "Serial Number 4711AB"),
]


@pytest.mark.parametrize("text", JUNK)
def test_what_a_maker_left_unset_is_refused(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", REAL)
def test_a_real_serial_is_kept(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize("name", ["HP", "X1", "Dell Inc.", "ThinkPad L13", "NUC7i5BNH", "3659"])
def test_a_short_make_or_model_is_kept(name: str) -> None:
    assert not is_placeholder_name(name)


@pytest.mark.parametrize(
    "name", ["System manufacturer", "All Series", "To Be Filled By O.E.M.", "*", "", "xxxx"]
)
def test_a_make_or_model_left_unset_is_refused(name: str) -> None:
    assert is_placeholder_name(name)


SHARED = [
    "00000000-0000-0000-0000-000000000000",
    "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
    "EEEEEEEE-EEEE-EEEE-EEEE-EEEEEEEEEEEE",
    "03000200-0400-0500-0006-000700080009",
    "00020003-0004-0005-0006-000700080009",  # the same, read in the other byte order
    "01010101-0101-0101-0101-010101010101",
    "Not Settable",
    "",
    "2",
]


@pytest.mark.parametrize("text", SHARED)
def test_a_board_identity_many_machines_share_is_refused(text: str) -> None:
    assert is_placeholder_uuid(text)


def test_a_board_identity_made_of_a_network_address_is_kept() -> None:
    assert not is_placeholder_uuid("00000000-0000-0000-0000-AC1F6B0A1B2C")


@given(st.uuids())
def test_both_readings_of_a_board_identity_are_one_machine(one: uuid.UUID) -> None:
    swapped = uuid.UUID(bytes=one.bytes_le)  # what old firmware shows
    assert same_uuid(str(one), str(swapped).upper())
    assert uuid_key(str(one)) == uuid_key(f"{{{swapped}}}")


@given(st.uuids(), st.uuids())
def test_two_boards_are_one_machine_only_if_one_is_a_reading_of_the_other(
    one: uuid.UUID, other: uuid.UUID
) -> None:
    readings = {one, uuid.UUID(bytes=one.bytes_le)}
    assert same_uuid(str(one), str(other)) == (other in readings)


@pytest.mark.parametrize(
    "mac",
    [
        "00:00:00:00:00:00",
        "ff:ff:ff:ff:ff:ff",
        "01:00:5e:00:00:fb",
        "00-1A-7D-DA-71-0A",
        "0050.56C0.0008",
        "eth0",
        "",
    ],
)
def test_an_address_that_is_nobodys_or_everybodys_is_refused(mac: str) -> None:
    assert is_placeholder_mac(mac)


def test_a_made_up_address_is_no_identity_but_no_placeholder_either() -> None:
    assert is_made_up_mac("02:fc:00:00:00:01")
    assert not is_placeholder_mac("02:fc:00:00:00:01")
    assert not is_made_up_mac("3c:52:82:00:00:01")


@given(st.text())
def test_no_text_breaks_the_rules(text: str) -> None:
    for rule in (is_placeholder, is_placeholder_name, is_placeholder_uuid, is_placeholder_mac):
        assert rule(text) in (True, False)


@given(st.from_regex(r"[A-HJ-NP-Z]{2}[0-9][A-HJ-NP-Z0-9]{5}[XYZ][0-9]", fullmatch=True))
def test_a_serial_of_a_makers_own_scheme_is_kept(text: str) -> None:
    assert not is_placeholder(text)
