r"""What a Windows computer's wireless cards hear.

- Cards: `MSFT_NetAdapter` in `root/StandardCimv2`, `NdisPhysicalMedium` 9 (802.11).
- `netsh wlan show networks mode=bssid`: the list Windows keeps from its own scans. It is read in
  any language by form; how a network is protected is a word, and a word nobody knows is `unknown`.
  One cipher is told for each name, so TKIP beside AES, management frames and WPS are unseen.
- Windows 11 24H2 and later tell nobody without consent to location, and netsh then ends with an
  error: unseen, as where the wireless service does not run.
No Windows computer was at hand: read on lists of other people's, in six languages.
"""

from typing import Final, cast, get_args

from checks.formats import netsh_networks, ssids
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host
from checks.policy import Policy
from checks.surveys import hearing
from checks.surveys.air import AirFacts
from checks.surveys.hearing import NOT_SAID, Point
from checks.unseen import Maybe, NotHere, Unseen
from checks.windows import row_flag, row_number
from checks.wireless.security import WifiSecurity

ARGV: Final = ("netsh.exe", "wlan", "show", "networks", "mode=bssid")
_NAMESPACE: Final = "root/StandardCimv2"
_ADAPTER: Final = ("HardwareInterface", "NdisPhysicalMedium")
_WIFI: Final = 9
_KINDS: Final = frozenset(get_args(WifiSecurity))
_ACCESS_DENIED: Final = 5
_CIPHERS: Final = {"ccmp": 4, "aes": 4, "tkip": 2, "gcmp": 8, "gcmp-256": 9, "ccmp-256": 10}
_REPLACED: Final = "�"
"""What stands for bytes that are no text on this computer: such a name is nobody's."""


def read_now(host: Host, policy: Policy) -> AirFacts | NotHere:
    """What the cards hear, of what the school's policy names. Raises CannotLook."""
    rows = host.wmi("MSFT_NetAdapter", _NAMESPACE, _ADAPTER)
    if not any(
        row_number(row, "NdisPhysicalMedium") == _WIFI
        and row_flag(row, "HardwareInterface") is not False
        for row in rows
    ):
        return NotHere("it has no wireless card")
    names = [one.ssid for one in policy.ssids]
    if not names:
        return AirFacts(via="netsh", heard=NOT_SAID)
    points = [point for network in _networks(host) for point in _points(network)]
    return hearing.facts("netsh", points, names)


def _networks(host: Host) -> list[netsh_networks.Network]:
    ran = host.run(list(ARGV))
    if ran.code != 0:
        denied = ran.code == _ACCESS_DENIED or b"location" in (ran.out + ran.err).lower()
        raise CannotLook("denied" if denied else "unsupported", "netsh")
    try:
        return netsh_networks.parse(ran.out)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error


def _points(network: netsh_networks.Network) -> list[Point]:
    known = network.security in _KINDS
    security = cast("WifiSecurity", network.security) if known else "unknown"
    name = "" if _REPLACED in network.ssid else ssids.text(network.ssid.encode())
    found = [
        Point(
            bssid=point.bssid,
            ssid=name,
            security=security,
            pairwise=_pairwise(network.cipher),
            channel=point.channel,
            # Windows: -50 dBm and louder is 100, -100 is 0.
            dbm=None if point.signal_percent is None else point.signal_percent // 2 - 100,
        )
        for point in network.points
    ]
    return found or [Point(bssid="", ssid=name, security=security)]


def _pairwise(cipher: str) -> Maybe[list[int]]:
    """TKIP is told where nothing better is offered; of AES nobody says what stands beside it."""
    number = _CIPHERS.get(cipher.strip().casefold())
    return [number] if number == _CIPHERS["tkip"] else Unseen("unsupported")
