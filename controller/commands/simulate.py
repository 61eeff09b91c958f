"""Fill a demonstration with an invented school, through the real intake with real signatures.

Starts a controller of its own on a folder made for demonstrations, never a real one; lets N
invented computers join and report for M nights; closes every night. The same --seed gives the same
school.
"""

import argparse
import time
from typing import Final

from controller import clock
from controller.commands import shared
from controller.commands.exits import OK
from controller.commands.quickstart import set_up, summary
from controller.commands.serve import LOCK, probe
from controller.commands.server_process import ServerProcess
from controller.config import Config, default_data
from controller.data import datafolder, folderlock

MOST_DEVICES: Final = 20_000
MOST_NIGHTS: Final = 400
DAY: Final = 86_400
JUDGING_PATIENCE_SECONDS: Final = 900


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("--devices", type=int, default=200, metavar="N", help="computers (200)")
    parser.add_argument("--nights", type=int, default=3, metavar="M", help="nights (3)")
    parser.add_argument("--seed", type=int, default=1, help="which invented school (1)")
    parser.add_argument("--port", type=int, help="port to listen on (8443)")
    parser.add_argument("--serve", action="store_true", help="go on serving the pages afterwards")


def main(options: argparse.Namespace) -> int:
    """Invent, run, close, say where to look."""
    if not 1 <= options.devices <= MOST_DEVICES or not 1 <= options.nights <= MOST_NIGHTS:
        raise shared.UsageError(
            f"Choose 1 to {MOST_DEVICES:,} devices and 1 to {MOST_NIGHTS} nights."
        )
    options.data = options.data or f"{default_data()}-demo"
    config = shared.settle(options, port=options.port)
    datafolder.prepare(config.folder, demo=True)
    if not datafolder.is_demo(config.folder):
        raise shared.CannotError(
            f"{config.folder} was made for real computers; choose an empty folder with --data."
        )
    with folderlock.take(config.folder, LOCK) as lock:
        probe(config)
        _run(config, lock.fileno(), options)
    return OK


def _run(config: Config, lock: int, options: argparse.Namespace) -> None:
    from controller.data.demo import drive_clock, release_clock, set_clock

    now = int(time.time())
    set_clock(config.folder, now - options.nights * DAY)
    drive_clock(config.folder)
    try:
        made = set_up(config, _school_name())
        with ServerProcess(config, lock):
            _nights(config, made.site, options, now)
    finally:
        release_clock(config.folder)
        clock.use(None)
    print(summary(f"https://127.0.0.1:{config.port}", made))
    if options.serve:
        with ServerProcess(config, lock) as server:
            server.wait()
    else:
        print(f"\nLook at it: caretaker serve --data {config.folder} --port {config.port}")


def _nights(config: Config, site: str, options: argparse.Namespace, now: int) -> None:
    from controller.data.demo import set_clock
    from controller.judging.ending import end_night
    from controller.keyfiles import signing_key
    from controller.simulation.roster import roster
    from controller.simulation.run import Simulation, nights_before
    from wire import keys

    machines = roster(options.devices, options.nights, options.seed)
    public = keys.public_bytes(signing_key(config.folder))
    simulation = Simulation(config.folder, config.port, public, site)
    start = now - options.nights * DAY - DAY // 2
    speakers = simulation.join(machines, options.seed, start, shared.bar)
    for night, at in nights_before(now, options.nights):
        round_ = simulation.night(speakers, night, at, shared.bar)
        _wait_for_judging()
        set_clock(config.folder, at + 600)
        closed = end_night(site, at + 600)
        print(
            f"Night of {closed.day}: {round_.heard} computers reported, {round_.silent} were off."
        )


def _wait_for_judging() -> None:
    """Until every report of the night has verdicts. Raises CannotError when that does not end."""
    from controller.fleet.models import Device

    for _ in range(JUDGING_PATIENCE_SECONDS * 5):
        if not Device.objects.filter(judge_due=True).exists():
            return
        time.sleep(0.2)
    raise shared.CannotError("Judging does not come to an end; try again with --verbose.")


def _school_name() -> str:
    from controller.simulation.roster import school

    return school().name
