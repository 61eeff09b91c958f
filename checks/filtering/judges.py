"""The judges of filtering: test pages are stopped, and what watches over pupils is running.

Both are asked of no computer until the school's policy names something.
"""

from typing import Final

from checks.filtering.facts import Agent, FilteringFacts
from checks.judging import Judge, Settings, judge
from checks.tried import Answered
from checks.unseen import BlindError, Unseen, known
from checks.verdicts import Finding, Severity, failed, not_applicable, passed

SURE: Final[frozenset[Answered]] = frozenset({"block-page", "sinkhole", "proxy-refused"})
"""What only a filter answers, once it is known that other pages open."""
SILENT: Final[frozenset[Answered]] = frozenset({"no-name", "refused", "reset"})
"""What a filter without a page answers, and a page that is simply gone."""


class PageSettings(Settings, frozen=True):
    """Host names to try, and how this school's filter says no."""

    blocked: list[str]
    open: list[str]
    illegal: list[str]
    block_page: list[str]
    blocks_by: str


class AgentSettings(Settings, frozen=True):
    """Globs of the services or programs that have to run."""

    agents: list[str]


@judge("filter-effective")
def effective(filtering: FilteringFacts, settings: PageSettings) -> Finding:
    """What must be stopped is stopped, by a filter and not by a dead line: other pages open."""
    stopped = sorted({*settings.blocked, *settings.illegal})
    if not stopped:
        return not_applicable("no-pages")
    found = {page.name: page.found for page in known(filtering.pages)}
    for names, one, several in (
        (settings.illegal, "illegal-opened", "illegal-opened-several"),
        (settings.blocked, "opened", "opened-several"),
    ):
        opened = sorted({name for name in names if found.get(name) == "open"})
        if opened:
            said = one if len(opened) == 1 else several
            worst: Severity | None = "critical" if names is settings.illegal else None
            return failed(said, severity=worst, page=opened[0], count=len(opened))
    shut = sorted(name for name in {*settings.open} if found.get(name) == "block-page")
    if shut:
        return failed("too-strict", page=shut[0], count=len(shut))
    _line_open(settings, found)
    _all_stopped(stopped, settings, found)
    return passed("stops", count=len(stopped))


def _line_open(settings: PageSettings, found: dict[str, Answered]) -> None:
    """Raise BlindError unless every page that must open did: else nothing was tried at all."""
    if not settings.open:
        raise BlindError("unsupported", says="nothing-to-compare")
    waiting = sorted(name for name in settings.open if name not in found)
    if waiting:
        raise BlindError("deferred", says="not-tried", page=waiting[0])
    closed = sorted(name for name in settings.open if found[name] != "open")
    if len(closed) == len(settings.open):
        raise BlindError("timeout", says="no-line")
    if closed:
        raise BlindError("timeout", says="did-not-open", page=closed[0])


def _all_stopped(names: list[str], settings: PageSettings, found: dict[str, Answered]) -> None:
    """Raise BlindError for a page of which nobody can say that a filter stopped it."""
    counts = SURE | SILENT if settings.blocks_by == "silence" else SURE
    for name in names:
        if name not in found:
            raise BlindError("deferred", says="not-tried", page=name)
        if found[name] not in counts:
            says = "perhaps-gone" if found[name] in SILENT else "not-sure"
            raise BlindError("parse-error", says=says, page=name)


@judge("monitor-agent")
def monitored(filtering: FilteringFacts, settings: AgentSettings) -> Finding:
    """Every program the policy names runs; one that does not is told although another is unseen."""
    wanted = sorted(set(settings.agents))
    if not wanted:
        return not_applicable("none-named")
    there = {agent.asked: agent for agent in known(filtering.agents)}
    off: list[Agent] = []
    blind: BlindError | None = None
    for name in wanted:
        agent = there.get(name)
        if agent is None:
            blind = blind or BlindError("deferred", says="not-asked-yet")
        elif isinstance(agent.running, Unseen):
            blind = blind or BlindError(agent.running.unseen)
        elif not agent.running:
            off.append(agent)
    if off:
        return failed(_why(off[0]), agent=off[0].asked, count=len(off))
    if blind is not None:
        raise blind
    return passed("running" if len(wanted) == 1 else "running-all", count=len(wanted))


def _why(agent: Agent) -> str:
    absent = not isinstance(agent.installed, Unseen) and not agent.installed
    return "missing" if absent else "stopped"


JUDGES: tuple[Judge, ...] = (effective, monitored)
