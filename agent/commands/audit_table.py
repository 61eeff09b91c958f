"""An audit for a person at a terminal: when and where, what was found, what could not be seen."""

import datetime

from agent.collect.looking import Look
from checks.host import Host
from checks.page import page, wrapped
from checks.policy import DEFAULT_POLICY, PROFILES
from checks.verdicts import Verdict
from checks.words import clean

_NOT_PRIVILEGED = (
    "You are not an administrator, so some things could not be seen. "
    "Run it with sudo to check everything."
)

_SAY = f"Say it with --profile: {', '.join(PROFILES[:-1])} or {PROFILES[-1]}."


def table(
    host: Host,
    seen: Look,
    shown: list[Verdict],
    name: str,
    *,
    colours: bool,
    by_choice: bool = False,
) -> str:
    """The whole page as text, no newline at its end.

    `by_choice`: an administrator was not wanted.
    """
    platform = seen.device.platform
    *body, summary = page(seen.catalogue, platform, shown, _SAY, colours=colours)
    advice = [] if host.privileged or by_choice else [*wrapped(_NOT_PRIVILEGED, ""), ""]
    return "\n".join([*_title(host, seen, name), "", *body, *advice, summary])


def _title(host: Host, seen: Look, name: str) -> list[str]:
    when = datetime.datetime.fromtimestamp(seen.seen_at, tz=datetime.UTC)
    where = f"{clean(name, 40)} ({host.platform})"
    title = f"Caretaker looked at {where} on {when.day} {when:%B %Y, %H:%M} UTC"
    if seen.policy == DEFAULT_POLICY:
        return [title]
    return [title, *wrapped(f"Judged by the policy “{clean(seen.policy.name, 60)}”.", "")]
