"""The wireless networks a Linux machine is on now, and how each is protected.

Whether a card is joined at all the kernel knows (operstate `up`); how the network is protected is
asked of NetworkManager, then wpa_supplicant, then iw, until one knows this card. NetworkManager and
iw tell what the network offers, wpa_supplicant what was agreed. Nothing about neighbours is kept.
"""

from collections.abc import Callable

from checks.formats import iw, nmcli_terse, wpa_cli_status
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, read_text
from checks.unseen import Unseen
from checks.wireless.facts import Link
from checks.wireless.security import WifiSecurity, of_network, of_profile


def read_links(host: Host, cards: list[str]) -> list[Link]:
    """One link per card that is joined to a network. Raises CannotLook."""
    joined = [card for card in cards if _is_up(host, card)]
    return [_link(host, card) for card in joined]


def _is_up(host: Host, card: str) -> bool:
    state = read_text(host, f"/sys/class/net/{card}/operstate", 64)
    if state is None:
        raise CannotLook("unsupported", "operstate")
    return state.strip() == "up"


def _link(host: Host, card: str) -> Link:
    """The first answer; else the reason of the one that came closest, never a guess."""
    asked: tuple[Callable[[Host, str], Link | None], ...] = (_nm, _wpa_cli, _iw)
    why = CannotLook("tool-missing", "nothing here knows this card")
    for ask in asked:
        try:
            link = ask(host, card)
        except CannotLook as blind:
            why = why if blind.reason == "tool-missing" else blind
            continue
        except ParseError as error:
            why = CannotLook("parse-error", str(error))
            continue
        if link is not None:
            return link
    return Link(card, Unseen(why.reason), Unseen(why.reason))


def _nm(host: Host, card: str) -> Link | None:
    ran = host.run(list(nmcli_terse.WIFI_ARGV))
    if ran.code != 0:
        return None  # not running
    for one in nmcli_terse.parse_wifi(ran.out):
        if one.device == card:
            return _made(host, card, one.ssid.encode().hex(), of_words(one.security))
    return None


def of_words(words: list[str]) -> WifiSecurity:
    """NetworkManager's words for what a network offers. `OWE-TM` may be either of the two twins."""
    offers = set(words)
    if not offers:
        return "open"
    if "802.1X" in offers:
        if offers <= {"WPA3", "802.1X"}:
            return "wpa3-enterprise"
        return "wpa2-enterprise" if "WPA2" in offers else "unknown"
    if "WPA3" in offers:
        return "wpa3-sae" if offers == {"WPA3"} else "wpa3-transition"
    if "WPA2" in offers:
        return "wpa2-psk"
    single: dict[str, WifiSecurity] = {"WPA1": "wpa-psk", "WEP": "wep", "OWE": "owe"}
    return single.get(words[0], "unknown") if len(offers) == 1 else "unknown"


def _wpa_cli(host: Host, card: str) -> Link | None:
    ran = host.run(["wpa_cli", "-i", card, "status"])
    if b"Permission denied" in ran.err + ran.out:
        raise CannotLook("denied", "wpa_cli")
    if ran.code != 0:
        return None  # another program is in charge of the card
    status = wpa_cli_status.parse(ran.out)
    if not (status.connected and status.station):
        return None
    return _made(host, card, status.ssid_hex, of_agreed(status.key_mgmt, status.pairwise))


def of_agreed(key_mgmt: str, pairwise: str) -> WifiSecurity:
    """wpa_supplicant's words for what was agreed: `WPA2-PSK` with `CCMP`, `NONE` with `WEP-104`."""
    if pairwise.startswith("WEP") or "(no WPA)" in key_mgmt:
        return "wep"
    # `WPA2/IEEE 802.1X/EAP` and `WPA2-PSK` both begin with the protocol that was agreed.
    old = key_mgmt.startswith(("WPA-", "WPA/"))
    if "802.1X/EAP" in key_mgmt:
        ways = ["WPA-EAP"]
    elif key_mgmt == "NONE":
        ways = ["NONE"]
    else:
        way = key_mgmt.removeprefix("FT-").removeprefix("WPA2-").removeprefix("WPA-")
        ways = [f"WPA-{way}" if way.startswith(("PSK", "EAP")) else way]
    return of_profile(ways, has_wep_key=False, legacy=old or pairwise == "TKIP")


def _iw(host: Host, card: str) -> Link | None:
    link = iw.parse_link(_ran(host, ["iw", "dev", card, *iw.LINK]))
    if link is None:
        return None
    for bss in iw.parse(_ran(host, ["iw", "dev", card, *iw.SCAN])):
        if bss.joined and bss.bssid == link.bssid:
            return _made(host, card, link.ssid_hex, of_network(bss.privacy, bss.rsn, bss.wpa))
    raise CannotLook("stale", "the last scan does not hold the network")


def _ran(host: Host, argv: list[str]) -> bytes:
    ran = host.run(argv)
    if ran.code != 0:
        raise CannotLook("denied" if b"not permitted" in ran.err else "parse-error", argv[0])
    return ran.out


def _made(host: Host, card: str, ssid_hex: str, security: WifiSecurity) -> Link:
    return Link(card, host.alias("ssid", ssid_hex) if ssid_hex else None, security)
