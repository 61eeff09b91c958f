"""How this computer gets out: the proxy and the trust that a person sets, from now on.

A proxy with a name and password is read from standard input (`--proxy -`), so that it stays out of
the list of running programs.
"""

import argparse
import sys

import msgspec

from agent import settings
from agent.commands import shared
from agent.state import State


def add_proxy(parser: argparse.ArgumentParser) -> None:
    """`--proxy`."""
    parser.add_argument(
        "--proxy",
        metavar="URL",
        help="http://host:port, none, or auto, from now on; - reads it from standard input",
    )


def settle(options: argparse.Namespace, state: State) -> None:
    """Put the proxy in force for this process: the one asked for now, else the one set before.

    Raises UsageError.
    """
    from agent.deliver import proxy
    from agent.deliver.answers import DeliveryError

    if options.proxy is None:
        proxy.settle(state.spool)
        return
    if options.proxy == "-":
        options.proxy = sys.stdin.readline(4096).strip()
    try:
        if options.proxy not in (proxy.AUTO, proxy.NONE):
            proxy.read(options.proxy)
    except DeliveryError as error:
        raise shared.UsageError(error.sentence) from error
    settings.use_proxy(options.proxy)


def remember(options: argparse.Namespace, state: State) -> None:
    """Keep what was asked for; the sender cannot, and is not asked."""
    if options.proxy is not None:
        from agent.deliver import proxy

        proxy.remember(state.spool, options.proxy)
    identity = state.identity()
    if options.trust is not None and identity is not None and identity.trust != options.trust:
        state.remember(msgspec.structs.replace(identity, trust=options.trust))
