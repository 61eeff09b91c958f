"""Close the night: judge every computer again, count, and say who was not heard from.

Run it once a night, after the round. Running it again counts the night again. What has been kept
long enough is let go.
"""

import argparse

from controller import clock
from controller.commands import shared
from controller.commands.exits import OK


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    shared.add_format(parser)


def main(options: argparse.Namespace) -> int:
    """Close the night at every school."""
    shared.ready(options)
    from controller.judging import everything, watch
    from controller.judging.ending import end_night
    from inventory import queries
    from inventory.ledger import services as ledger
    from inventory.software import queries as programs

    at = clock.now()
    if (last := ledger.last_at()) > at + watch.CLOCK_SLACK_SECONDS:
        raise shared.CannotError(
            f"This machine's clock is {(last - at) // 60} minutes behind its own records. "
            "Set it right; until then no night is closed."
        )
    if clock.held() is not None:
        raise shared.CannotError(
            "This machine's clock jumped; until it is right no night is closed. "
            "If it is right now, say so: caretaker doctor --clock-is-right"
        )
    everything.judge_everything(at)
    closed = [end_night(site, at) for site in queries.site_ids()]
    wrong = sum(programs.differed(site) for site in queries.site_ids())
    if options.format == "json":
        shared.print_json({"schema": "caretaker.nightly/1", "nights": closed})
        return OK
    for night in closed:
        total = night.heard + night.stale
        print(f"Night of {night.day} closed: {night.heard} of {total} computers heard from.")
        if night.stale:
            print(f"Not heard from for 36 hours or more: {night.stale}. See: caretaker fleet")
    if wrong:
        print(f"The software register had {wrong} wrong counts; they are right now.")
    return OK
