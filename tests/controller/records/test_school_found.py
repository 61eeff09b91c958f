"""The small school's survey as its controller has it judged: each planted fault is found, and
nothing else is said."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.survey import planning
from checks.surveys.equipment import EquipmentSurvey
from checks.surveys.lan import LanSurvey, SurveyRun
from controller.records.on_network import reasons
from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.identity.recognising import learn_marks
from inventory.models import DhcpServer
from inventory.network import acknowledging, computers, rounds
from inventory.network.computers import Said
from inventory.places.services import create_site
from tests.agent.survey.test_school_surveyed import Nothing
from tests.survey_school import ADDRESSES, MACS, opened
from wire.scope import Service

pytestmark = [
    pytest.mark.root,
    pytest.mark.django_db,
    pytest.mark.allow_hosts(["127.0.0.1", *filter(None, ADDRESSES.values())]),
]
DAY = 86_400


def told(printed: str, days: int) -> rounds.Told:
    """A survey as its report tells it, some days later."""
    sections: dict[str, Any] = msgspec.json.decode(printed)["sections"]
    lan = msgspec.convert(sections["lan"], LanSurvey)
    run = msgspec.convert(sections["survey"], SurveyRun)
    found = sections.get("equipment")
    asked = msgspec.convert(found, EquipmentSurvey) if found else None
    later, replace = days * DAY, msgspec.structs.replace
    return rounds.Told(
        "dev_SCANNER",
        replace(lan, began_at=lan.began_at + later, ended_at=lan.ended_at + later),
        replace(asked, asked_at=asked.asked_at + later) if asked else None,
        replace(run, began_at=run.began_at + later, ended_at=run.ended_at + later),
    )


def test_every_planted_fault_is_found_and_nothing_else_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.commands.run.at_once", lambda *_: Nothing())
    monkeypatch.setattr(planning, "OFFER_SECONDS", 1)
    with opened(tmp_path) as school:
        telnet = Service(name="telnet", port=23)
        scope = school.scope(credentials=[school.credential()], services=[telnet])
        with school.listening("switch", 23):
            ran = school.agent("survey", "--scope", str(scope), "--listen", "1", "--format", "json")
    assert ran.returncode == 0, ran.stderr
    first = told(ran.stdout, 0)
    assert first.run is not None
    now = first.run.ended_at
    site = create_site(name="Hill School", at=now - DAY)
    by = By("system", now - DAY)
    for who, kind in (("gateway", "router"), ("switch", "network_switch"), ("printer", "printer")):
        learn_marks(assets.add(site, {"name": who, "kind": kind}, by=by), {"mac": [MACS[who]]})
    rounds.take(site, first, now + 60)
    gateway = DhcpServer.objects.get(site=site, server=ADDRESSES["gateway"])
    acknowledging.server_known(site, gateway.id, reason="The provider's router", by=by)
    rounds.take(site, told(ran.stdout, 2), now + 2 * DAY + 60)
    scanner = Said("dev_SCANNER", 1, now + 2 * DAY, cards=[MACS["scanner"]])
    computers.take(site, [scanner])  # its own report names its card
    said = sorted(
        (one.status, check, one.says, one.name)
        for check, some in reasons(site, now + 2 * DAY + 3_600).items()
        for one in some
    )
    assert [one for one in said if one[0] != "unknown"] == [
        ("fail", "net-games-console", "console", "Sony Interactive Entertainment Inc."),
        ("fail", "net-unknown-device", "hands-out-addresses", "10.77.0.66 c0:25:e9:00:00:66"),
        ("fail", "net-unknown-device", "unknown", "Apple, Inc."),
        ("fail", "net-unknown-device", "unknown", "TP-LINK TECHNOLOGIES CO.,LTD."),
        ("fail", "net-weak-management", "open-telnet", "sw-hall"),
    ]
    # Nothing here has a radio, no least firmware is set, and default words were not allowed.
    assert {(check, says) for status, check, says, _ in said if status == "unknown"} >= {
        ("net-wifi-encryption", "names-unset"),
        ("net-firmware-supported", "no-minimum"),
        ("net-weak-management", "not-tried"),
    }
