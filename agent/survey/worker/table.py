"""What was heard, by MAC: bounded, whatever a stranger sends."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from agent.survey.worker.task import Address

MOST_THINGS: Final = 4_096
MOST_ADDRESSES: Final = 64
MOST_SERVICES: Final = 24
MOST_ASKED: Final = 64
LONGEST: Final = 64

_ZERO: Final = bytes(6)


class Table:
    """One line for each thing, and whether any was left out."""

    def __init__(self) -> None:
        self._things: dict[bytes, dict[str, Any]] = {}
        self.cut = False

    def __len__(self) -> int:
        return len(self._things)

    def note(
        self,
        mac: bytes,
        by: str,
        address: Address | None = None,
        *,
        services: Iterable[str] = (),
        **said: object,
    ) -> None:
        """Add what one frame tells. A group's address, or none, is nobody's."""
        if len(mac) != 6 or mac[0] & 1 or mac == _ZERO:
            return
        thing = self._things.get(mac)
        if thing is None:
            if len(self._things) >= MOST_THINGS:
                self.cut = True
                return
            thing = self._things[mac] = {"by": {}, "addresses": {}, "services": {}}
        thing["by"][by] = None
        if address is not None:
            self._add(thing["addresses"], str(address), MOST_ADDRESSES)
        for service in services:
            self._add(thing["services"], service, MOST_SERVICES)
        thing.update({name: value for name, value in said.items() if value})

    def _add(self, among: dict[str, None], one: str, most: int) -> None:
        if one in among:
            return
        if len(among) >= most:
            self.cut = True
        else:
            among[one] = None

    def lines(self) -> Iterator[dict[str, Any]]:
        """One for each thing."""
        for mac, thing in self._things.items():
            lists = {name: [*thing[name]] for name in ("by", "addresses", "services")}
            yield {"mac": mac.hex(":"), **thing, **lists}
