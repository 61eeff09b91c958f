"""The network's pages in a real browser, at a desk and on a phone."""

import os
from pathlib import Path

import pytest

from inventory.models import NetworkDevice, NetworkMac, Site, Survey
from tests.controller.network import believable
from tests.e2e.conftest import Doorman
from tests.e2e.test_pages import SIZES, barriers

SHOTS = os.environ.get("SHOTS")


@pytest.mark.looks
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_network_is_seen_and_nothing_hangs_over_the_edge(
    size: str, willowbrook: Site, doorman: Doorman
) -> None:
    believable.seen(willowbrook)
    visit = doorman.open("technician", viewport=SIZES[size])
    switch = NetworkDevice.objects.get(name="Server room").id
    thing = NetworkMac.objects.get(address=believable.CONSOLE).id
    newest = Survey.objects.order_by("-began_at")[0].id
    wrong: dict[str, object] = {}
    for name, path in {
        "map": "",
        "device": f"devices/{switch}/",
        "things": "things/",
        "thing": f"things/{thing}/",
        "wireless": "wireless/",
        "rounds": "rounds/",
        "round": f"rounds/{newest}/",
    }.items():
        page = visit.go(f"/register/network/{path}")
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{size}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"], name
        if found := barriers(page):
            wrong[name] = found
    assert wrong == {}
    assert visit.trouble == []
