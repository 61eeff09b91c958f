"""Every reason behind the checks of the network, in words."""

import pytest

from checks.records.catalogue import records
from controller.records import judging
from controller.records.models import RecordVerdict
from controller.records.on_network import reasons
from inventory.models import NetworkMac
from inventory.network.rounds import take
from inventory.places.services import create_site
from tests.inventory.network import surveys
from tests.inventory.network.surveys import NOW, STRANGER, heard, night, whole

DAY = 86_400

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


def test_all_there_is_to_say_is_listed_the_worst_first(site: str) -> None:
    for at in (NOW, NOW + DAY + 3_600):
        take(site, whole(at), at + 100)
    found = reasons(site, NOW + DAY + 7_200)["net-unknown-device"]
    says = [one.says for one in found]
    assert says[0] == "hands-out-addresses"
    assert (says.count("unknown"), says.count("no-entry")) == (2, 5)
    stranger = next(
        one for one in found if one.about == NetworkMac.objects.get(address=STRANGER).id
    )
    assert "name-10.20.0.2 9" in stranger.sentence
    consoles = reasons(site, NOW + DAY + 7_200)["net-games-console"]
    assert [one.status for one in consoles] == ["warn"]


def test_the_verdict_is_the_worst_reason(site: str) -> None:
    take(site, whole(), NOW + 100)
    at = NOW + 3_600
    judging.judge_site(site, at)
    told = reasons(site, at)
    for row in RecordVerdict.objects.filter(check_id__in=list(told)):
        assert row.says == told[row.check_id][0].says, row.check_id


def test_what_devices_say_is_harmless_in_every_sentence(site: str) -> None:
    bad = "<b>\u202e\x07evil" + "x" * 300
    evil = surveys.core(
        identity=surveys.core().identity.__class__(bad, bad, bad, bad, bad, None),
        default_community="public",
    )
    take(site, night(evil, hosts=[heard(STRANGER, vendor_class="PS5")]), NOW + 100)
    for check, some in reasons(site, NOW + 3_600).items():
        assert records().check(check)
        for one in some:
            assert "\u202e" not in one.sentence
            assert "\x07" not in one.sentence
            assert len(one.sentence) < 400


def test_a_school_without_a_round_has_one_thing_to_do(site: str) -> None:
    found = reasons(site, NOW)
    assert {one.says for check in found for one in found[check]} == {"never", "names-unset"}
