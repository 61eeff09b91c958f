"""What a thing is, by its own words and what it does."""

import pytest

from checks.snmp import columns
from checks.snmp.collecting import collect
from checks.snmp.recorded import Recorded
from tests.checks.snmp.devices import recording, system


@pytest.mark.parametrize(
    ("object_id", "descr", "kind"),
    [
        ("1.3.6.1.4.1.318.1.3.4.5", b"APC Web/SNMP Management Card", "pdu"),
        ("1.3.6.1.4.1.318.1.3.27", b"APC Web/SNMP Management Card", "ups"),
        ("1.3.6.1.4.1.9.1.2694", b"Cisco IOS Software [Everest], Catalyst L3 Switch", "switch"),
        ("1.3.6.1.4.1.9.1.1", b"Cisco Adaptive Security Appliance Version 9.8(2)", "firewall"),
        ("1.3.6.1.4.1.14988.1", b"RouterOS CCR1009", "router"),
        ("1.3.6.1.4.1.8072.3.2.10", b"Linux UAP-AC-Pro 4.4.153", "access-point"),
        ("1.3.6.1.4.1.368.4.1", b" ; AXIS P1355; Network Camera; 5.40", "camera"),
        ("1.3.6.1.4.1.2435.2.3.9.1", b"Brother NC-8300w", "printer"),
        ("1.3.6.1.4.1.25053.3.1.5.15", b"Ruckus Wireless ZD1200", "wireless-controller"),
        ("1.3.6.1.4.1.4526.100.1", b"GS724T", "switch"),
        ("1.3.6.1.4.1.311.1.1.3.1.2", b"Hardware: Intel64 - Software: Windows", "server"),
        ("1.3.6.1.4.1.99999.1", b"something new", "unknown"),
        ("", b"", "unknown"),
        ("1.3.6.1.4.1.", b"", "unknown"),
        ("1.3.6.1.4.1.x", b"", "unknown"),
    ],
)
def test_what_a_thing_is(object_id: str, descr: bytes, kind: str) -> None:
    assert collect(Recorded(recording(system(descr, object_id)))).kind == kind


@pytest.mark.parametrize(
    ("said", "engine"),
    [
        (bytes.fromhex("800000090300f47f3593af81"), "800000090300f47f3593af81"),
        (bytes.fromhex("8000000903000000000000"), ""),
        (bytes.fromhex("80000009ff"), ""),
        (b"", ""),
        (7, ""),
    ],
)
def test_an_engine_that_is_called_like_every_other_has_no_name(
    said: bytes | int, engine: str
) -> None:
    found = collect(Recorded(recording(system(), {columns.ENGINE_ID: said})))
    assert found.identity.engine_id == engine
