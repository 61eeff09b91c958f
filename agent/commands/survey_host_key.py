"""`caretaker-agent survey host-key`: which SSH key each switch or access point has, as a person
compared it at the device. Without that nothing is sent to it, no name and no password.
"""

import argparse
import ipaddress
import sys

from agent.commands import shared
from agent.commands.exits import COULD_NOT, OK
from agent.state import State


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="pin|list|forget")
    pin = verbs.add_parser("pin", help="believe this key at this address")
    listed = verbs.add_parser("list", help="which are believed")
    forget = verbs.add_parser("forget", help="ask the device no more")
    for one in (pin, forget):
        one.add_argument("address", metavar="ADDRESS", help="of the device, such as 10.20.0.2")
    pin.add_argument(
        "fingerprint",
        metavar="FINGERPRINT",
        help="SHA256:… as the device shows it, or `ssh-keygen -lf` of its public key",
    )
    for one in (pin, listed, forget):
        shared.add_data(one)


def main(options: argparse.Namespace) -> int:
    """Do one of the three. Raises UsageError, OSError."""
    from agent.survey import held

    state = shared.state_of(options)
    try:
        if options.verb == "list":
            return _list(state)
        address = _address(options.address)
        before = held.pins(state.key).get(address)
        if options.verb == "forget":
            return _forget(state, address, known=before is not None)
        held.pin(state.key, address, options.fingerprint)
    except held.HeldError as error:
        print(f"caretaker-agent: {shared.cleaned(str(error))}", file=sys.stderr)
        return COULD_NOT
    print(f"{address} is asked over SSH only while it shows this key.")
    if before not in (None, options.fingerprint):
        print(f"Until now it was {before}.")
    return OK


def _list(state: State) -> int:
    from agent.survey import held

    found = held.pins(state.key)
    for address, fingerprint in sorted(found.items()):
        print(f"{address}  {fingerprint}")
    if not found:
        print("No host key is pinned here, so no device is asked over SSH.")
    return OK


def _forget(state: State, address: str, *, known: bool) -> int:
    from agent.survey import held

    if not known:
        print(f"caretaker-agent: no host key is pinned for {address}.", file=sys.stderr)
        return COULD_NOT
    held.pin(state.key, address, "")
    print("Gone.")
    return OK


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise shared.UsageError("ADDRESS is a number such as 10.20.0.2, not a name.") from None
