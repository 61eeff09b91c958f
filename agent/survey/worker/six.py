"""IPv6 neighbours: one greeting to all nodes of the link, which every node answers (RFC 4443).

No subnet of IPv6 is gone through address by address. Windows and phones may keep silent; what they
announce by themselves while the worker listens counts too.
"""

import ipaddress
from types import ModuleType

from agent.survey.worker.dissecting import Dissector
from agent.survey.worker.task import Address, private


class Six:
    """Makes the questions, and reads who answers."""

    def __init__(self, layers: ModuleType, mac: bytes, sources: list[str], number: int) -> None:
        """`number`: of the greeting, so that answers to others are not taken for ours."""
        self._layers, self._mac, self._number = layers, mac, number
        self._sources = [ipaddress.IPv6Address(one) for one in sources]

    def greetings(self) -> list[bytes]:
        """An echo request to all nodes from each address of the card: each is answered from the
        network it belongs to."""
        use = self._layers
        echo = use.ICMPv6EchoRequest(id=self._number, seq=1)
        return [
            bytes(self._ether("33:33:00:00:00:01") / use.IPv6(src=str(one), dst="ff02::1") / echo)
            for one in self._sources
        ]

    def answer(self, frame: bytes, dissector: Dissector) -> Address | None:
        """Whose address a frame tells of; None for what answers nothing of ours."""
        found = dissector.take(frame[6:12], lambda: self._read(frame))
        return found if isinstance(found, ipaddress.IPv6Address) and private(found) else None

    def _read(self, frame: bytes) -> Address | None:
        use = self._layers
        packet = use.IPv6(frame[14:])
        if use.ICMPv6EchoReply in packet:
            ours = packet[use.ICMPv6EchoReply].id == self._number
            return ipaddress.IPv6Address(packet.src) if ours else None
        if use.ICMPv6ND_NA in packet and packet.hlim == 255:  # nobody passed it on
            return ipaddress.IPv6Address(packet[use.ICMPv6ND_NA].tgt)
        return None

    def _ether(self, target: str) -> object:
        return self._layers.Ether(src=self._mac.hex(":"), dst=target)
