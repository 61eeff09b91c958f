"""Linux wireless: which networks are saved and by whom, and which the machine is on now.

Radios are interfaces with /sys/class/net/NAME/wireless or phy80211. A machine with neither a radio
nor a saved network has no wireless; one with saved networks and no radio is still judged, because
the next USB stick brings one. Seen: NetworkManager 1.42, wpa_supplicant 2.10, iw 5.19 of Debian 12,
without real radio.
"""

from checks.host import Host, attempt
from checks.unseen import NotHere
from checks.wireless.facts import WirelessFacts, WirelessNow
from checks.wireless.linux_links import read_links
from checks.wireless.linux_profiles import read_sources


def read(host: Host) -> WirelessFacts | NotHere:
    """Radios and saved networks."""
    radios = len(_radios(host))
    sources = read_sources(host)
    if radios == 0 and not sources:
        return NotHere("it has no wireless card")
    return WirelessFacts(radios=radios, sources=sources)


def read_now(host: Host) -> WirelessNow:
    """The links now; none without a radio."""
    return WirelessNow(links=attempt(read_links, host, _radios(host)))


def _radios(host: Host) -> list[str]:
    return [interface.name for interface in host.interfaces() if interface.kind == "wireless"]
