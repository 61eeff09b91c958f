"""One walk along one card: what to send when, and what comes of all that is heard.

Touches no card and no clock: whoever drives it hands in both.
"""

from collections.abc import Iterator
from types import ModuleType
from typing import Any, Final

from agent.survey.worker import arp, datagram, dhcp, names
from agent.survey.worker.dissecting import Dissector
from agent.survey.worker.six import Six
from agent.survey.worker.sweep import Sweep
from agent.survey.worker.table import Table
from agent.survey.worker.task import Task

_SERVER, _CLIENT = 67, 68
_IPV6: Final = b"\x86\xdd"
_ICMPV6: Final = 58


def needs_layers(task: Task) -> bool:
    """Whether scapy has to be loaded: a sweep by ARP alone does without."""
    return bool(task.six_sources) or task.offers or task.clients or task.names


class Walk:
    """Asked again and again what is `due`, and told each frame, until it is `over`."""

    def __init__(
        self, task: Task, layers: ModuleType | None, *, number: int = 0, port: int = 0
    ) -> None:
        """`number`: drawn at random, marks our questions; `port`: where SSDP is answered."""
        self._task, self._layers = task, layers
        self._mac = bytes.fromhex(task.mac.replace(":", ""))
        self._number, self._port = number & 0xFFFFFFFF, port
        self._table, self._dissector = Table(), Dissector()
        self._offers: dhcp.Offers | None = None
        self._six: Six | None = None
        if layers is not None and task.offers:
            self._offers = dhcp.Offers(layers, self._mac, self._number, self._dissector)
        if layers is not None and task.six_sources:
            self._six = Six(layers, self._mac, task.six_sources, self._number & 0xFFFF)
        self.sweep = Sweep(task, self._table)
        self._until: float | None = None
        self._frames = 0

    def due(self, now: float) -> Iterator[bytes]:
        """Frames to send at this moment."""
        if self._until is None:
            self._until = now + self._longest()
            yield from self._first()
        for frame in self.sweep.due(now):
            self._frames += 1
            yield frame

    def wait(self, now: float) -> float:
        """Seconds in which nothing has to be sent, a quarter of one at most."""
        asked = self.sweep.wait(now)
        return min(0.25, 0.25 if asked is None else max(0.0, asked))

    def over(self, now: float) -> bool:
        """Whether all was asked and heard."""
        return self._until is not None and now >= self._until and self.sweep.over(now)

    def take(self, frame: bytes) -> None:
        """A frame from the card."""
        if int.from_bytes(frame[12:14], "big") == arp.KIND:
            self.sweep.take(frame)
        elif frame[12:14] == _IPV6 and len(frame) >= 62 and frame[20] == _ICMPV6:
            self._answered(frame)
        else:
            one = datagram.read(frame)
            if one is not None and self._layers is not None:
                self._heard(one, self._layers)

    def progress(self) -> dict[str, int]:
        """How far it is."""
        return {"sent": self._frames, "found": len(self._table)}

    def lines(self) -> Iterator[dict[str, Any]]:
        """All that was found, and last what it came to."""
        for thing in self._table.lines():
            yield {"heard": thing}
        for offer in self._offers.found.values() if self._offers else ():
            yield {"offer": offer}
        cut = {"cut": self._table.cut, "passed_over": self._dissector.cut}
        yield {"done": {"frames": self._frames, "asked": self.sweep.asked, **cut}}

    def _longest(self) -> float:
        task = self._task
        answers = 2 * task.wait_ms / 1_000 if self._six is not None else 0.0
        return max(answers, float(task.listen_seconds), task.offer_seconds if self._offers else 0.0)

    def _first(self) -> Iterator[bytes]:
        """What is asked of everybody, once."""
        frames: list[bytes] = []
        if self._offers is not None:
            frames.append(self._offers.discover())
        if self._layers is not None and self._task.names and self._task.source:
            source, port = self._task.source, self._port
            frames += names.questions(self._layers, self._mac, source, port)
        if self._six is not None:
            frames += self._six.greetings()
        self._frames += len(frames)
        yield from frames

    def _answered(self, frame: bytes) -> None:
        if self._six is None:
            return
        address = self._six.answer(frame, self._dissector)
        if address is not None:
            self._table.note(frame[6:12], "ndp", address)

    def _heard(self, one: datagram.Datagram, layers: ModuleType) -> None:
        sender, target = one.ports
        if target == _CLIENT and self._offers is not None:
            self._offers.take(one)
        elif target == _SERVER and self._task.clients:
            dhcp.client(layers, one, self._table, self._dissector)
        elif self._task.names and target == names.MDNS:
            names.mdns(layers, one, self._table, self._dissector)
        elif self._task.names and names.SSDP in (sender, target):
            names.ssdp(one, self._table)
