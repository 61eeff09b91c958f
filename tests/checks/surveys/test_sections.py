"""What a survey tells can be written down and read back, each section whole."""

import msgspec
import pytest

from checks.facts import Facts, decode_section, encode_section
from checks.surveys import air, equipment, lan
from checks.unseen import Unseen

SECTIONS: list[type[Facts]] = [*air.SECTIONS, *equipment.SECTIONS, *lan.SECTIONS]
UNSEEN = Unseen("timeout")
DEVICE = equipment.Equipment(
    address="10.20.0.2",
    way="snmp-v3",
    credential="cred_1",
    kind="switch",
    identity=equipment.Identity("hall", "", "", "", "", None),
    parts=UNSEEN,
    ports=UNSEEN,
    learnt=UNSEEN,
    neighbours=UNSEEN,
    bindings=UNSEEN,
    wireless=equipment.Wireless(UNSEEN, UNSEEN, UNSEEN, 0),
    printing=None,
    power=None,
    default_community=UNSEEN,
)
SEEN = msgspec.structs.replace(
    DEVICE,
    parts=[equipment.Part("chassis", "S1", "M1", "F1")],
    ports=[equipment.Port(1, "Gi1", "", True, "00:00:5e:00:53:01", "wired", ["00:00:5e:00:53:02"])],
    learnt=True,
    neighbours=[
        equipment.Neighbour(1, "lldp", "00:00:5e:00:53:03", "2", "core", "", ["bridge"]),
    ],
    bindings=[equipment.Binding("00:00:5e:00:53:06", "10.20.0.9")],
    wireless=equipment.Wireless(
        ssids=[equipment.Ssid("pupils", True, "wpa2-psk", False, "off", False)],
        points=[equipment.Point("00:00:5e:00:53:04", "ap1", "m", "s", "10.20.0.4")],
        rogues=[equipment.Rogue("00:00:5e:00:53:05", True, False, "malicious")],
        others=3,
    ),
    printing=equipment.Printing("m", "s", 10, 0),
    power=equipment.Power("m", "s", "normal", False, 20),
    default_community="none",
)


@pytest.mark.parametrize("kind", SECTIONS, ids=lambda kind: kind.section)
def test_a_section_that_nobody_could_fill_is_read_back(kind: type[Facts]) -> None:
    assert decode_section(encode_section(UNSEEN), kind.schema, kind) == UNSEEN


def test_equipment_is_read_back_with_each_group_unseen_or_seen() -> None:
    kind = equipment.EquipmentSurvey
    for device in (DEVICE, SEEN):
        survey = kind(scope="", asked_at=0, devices=[device])
        read = decode_section(encode_section(survey), kind.schema, kind)
        assert encode_section(read) == encode_section(survey)
