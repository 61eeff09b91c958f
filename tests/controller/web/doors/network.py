"""The network: whoever may see computers reads."""

from inventory.models import DhcpServer, NetworkDevice, NetworkMac, Survey
from tests.controller.network import believable
from tests.controller.web.conftest import Place
from tests.controller.web.doors.door import KEEPERS, READERS, Door


def _seen(place: Place) -> None:
    if not Survey.objects.filter(site=place.site).exists():
        believable.seen(place.site)


def a_switch(place: Place) -> str:
    """The core switch."""
    _seen(place)
    return NetworkDevice.objects.get(site=place.site, name="Server room").id


def a_strange_thing(place: Place) -> str:
    """Something nobody knows."""
    _seen(place)
    return NetworkMac.objects.get(site=place.site, address=believable.STRANGER).id


def a_round(place: Place) -> str:
    """The newest round."""
    _seen(place)
    return Survey.objects.filter(site=place.site).order_by("-began_at")[0].id


def a_server(place: Place) -> str:
    """Who hands out addresses."""
    _seen(place)
    return DhcpServer.objects.get(site=place.site).id


_SAID = (("trust", "known"), ("reason", "The till"))
_NETWORK = "/register/network/"
DOORS = {
    "network": Door(_NETWORK, READERS),
    "network_things": Door(_NETWORK + "things/", READERS),
    "network_thing": Door(_NETWORK + "things/{strange_thing}/", READERS, names_a_thing=True),
    "network_say": Door(
        _NETWORK + "things/{strange_thing}/say/", KEEPERS, "post", names_a_thing=True, data=_SAID
    ),
    "network_take_back": Door(
        _NETWORK + "things/{strange_thing}/back/", KEEPERS, "post", names_a_thing=True
    ),
    "network_enter": Door(
        _NETWORK + "things/{strange_thing}/enter/", KEEPERS, "post", names_a_thing=True
    ),
    "network_enter_device": Door(
        _NETWORK + "devices/{network_switch}/enter/", KEEPERS, "post", names_a_thing=True
    ),
    "network_server": Door(
        _NETWORK + "servers/{network_server}/", KEEPERS, "post", names_a_thing=True
    ),
    "network_wireless": Door(_NETWORK + "wireless/", READERS),
    "network_rounds": Door(_NETWORK + "rounds/", READERS),
    "network_round": Door(_NETWORK + "rounds/{network_round}/", READERS, names_a_thing=True),
    "network_device": Door(_NETWORK + "devices/{network_switch}/", READERS, names_a_thing=True),
}
NAMES = {
    "strange_thing": a_strange_thing,
    "network_round": a_round,
    "network_server": a_server,
    "network_switch": a_switch,
}
