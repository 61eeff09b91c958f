"""The end of a school's night, whoever ends it: counts, the log read, programs counted again, what
is past its days, a signed checkpoint.

The server, `caretaker nightly` and a simulation all end nights here, so none forgets a part.
"""

import logging

from controller.config import current
from controller.data.datafolder import DataFolderError
from controller.evidence import audit
from controller.evidence import services as checkpoints
from controller.fleet import gone, purposes, retention
from controller.importing import waiting as sheets
from controller.judging import appearing, nights, surveyed
from controller.judging.nights import Closed
from controller.personal import retention as people
from controller.records import judging as records
from controller.software import reading
from inventory.allocation import letting_go
from inventory.care import letting_go as care
from inventory.collections import letting_go as collections
from inventory.contractors import letting_go as contractors
from inventory.disposal import late
from inventory.disposal import letting_go as disposal
from inventory.ghosts import letting_go as ghosts
from inventory.jobs import letting_go as jobs
from inventory.ledger import services as ledger
from inventory.media import letting_go as media
from inventory.network import letting_go as network
from inventory.reinstalls import letting_go as reinstalls
from inventory.repairs import letting_go as repairs
from inventory.software import letting_go as asked
from inventory.stocktake import letting_go as counts

log = logging.getLogger("caretaker.judging")


def end_night(site: str, at: int) -> Closed:
    """Close it, judge the register, read the whole log, prune, and sign how far it reaches."""
    closed, data = nights.close(site, at), current().folder
    try:
        audit.night(site, at, data)
    except DataFolderError:
        log.exception("code=log_unread site=%s", site)
    if wrong := reading.rebuild(site, at):
        log.error("code=software_differed site=%s counts=%d", site, wrong)
    surveyed.follow_all(site)
    records.judge_site(site, at)
    retention.prune(site, at)
    records.prune(site, at)
    people.prune(at)  # accounts belong to no one school; pruning twice is pruning once
    letting_go.let_go(at)  # likewise
    asked.let_go(at)  # likewise
    purposes.follow_all(site, at=at)
    gone.follow_all(site, at=at)
    late.open_late(site, at)
    appearing.follow_all(site)
    counts.let_go(at)
    jobs.let_go(at)
    care.let_go(at)
    repairs.let_go(at)
    sheets.let_go(at)
    media.let_go(at)
    reinstalls.let_go(at)
    contractors.let_go(at)
    collections.let_go(at)
    disposal.let_go(at)
    ghosts.let_go(at)
    network.let_go(at)
    try:
        checkpoints.make(site, actor=ledger.SYSTEM, at=at, data=data)
    except DataFolderError:
        # A folder from before there was a log key: a night is closed all the same.
        log.exception("code=no_checkpoint site=%s", site)
    return closed
