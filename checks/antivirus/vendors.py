"""The products that answer a command of their own: Defender, Bitdefender, SentinelOne.

None of them could be installed where this was written: commands and fields are those their users'
public inventories read, and anything else they answer is "could not look". What their commands do
not say (removable drives, scans) stays unseen.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from checks.antivirus.facts import Product, Realtime
from checks.antivirus.products import Known
from checks.formats import bduitool, mdatp, sentinelctl
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host
from checks.unseen import Maybe, Unseen

BLIND = Unseen("unsupported")
T = TypeVar("T")


class Answer(msgspec.Struct, frozen=True):
    """What a product says of itself."""

    version: str | None
    realtime: Maybe[Realtime]
    definitions_version: Maybe[str | None]
    definitions_at: Maybe[int | None]
    managed: Maybe[bool] = BLIND
    tamper: Maybe[bool] = BLIND


def product(
    product_id: str,
    known: Known,
    said: Answer | Unseen | None,
    running: Maybe[bool],
    *,
    sees: bool = True,
) -> Product:
    """A product by its own answer (None: it has no command, Unseen: it gave none) and whether it
    runs. `sees`: whether the system lets it see files; where not, its "on" is not believed."""
    realtime: Maybe[Realtime] = said if isinstance(said, Unseen) else BLIND
    version: Maybe[str | None] = said if isinstance(said, Unseen) else BLIND
    managed: Maybe[bool] = True if known.console else BLIND
    tamper: Maybe[bool] = BLIND
    if not isinstance(said, Unseen) and said is not None:
        version, tamper = said.version, said.tamper
        off = not isinstance(said.realtime, Unseen) and said.realtime == "off"
        realtime = said.realtime if sees or off else BLIND
        managed = managed if known.console else said.managed
    return Product(
        id=product_id,
        name=known.name,
        version=version,
        definitions=known.definitions,
        running=running,
        realtime="off" if running is False else realtime,
        removable=BLIND,
        updating=BLIND,
        managed=managed,
        tamper=tamper,
    )


def ask(host: Host, product: str) -> Answer | None:
    """The product's answer; None for a product without a command. Raises CannotLook."""
    question = _QUESTIONS.get(product)
    return None if question is None else question(host)


def defender(host: Host) -> Answer:
    """Raises CannotLook."""
    said = _parsed(mdatp.parse, host, [["mdatp", "health", "--output", "json"]])
    on = said.realtime is True and said.passive is not True
    realtime: Maybe[Realtime] = BLIND if said.realtime is None else ("on" if on else "off")
    tamper: Maybe[bool] = BLIND
    if said.tamper_protection is not None:
        tamper = said.tamper_protection.lower() == "block"
    return Answer(
        *(said.version, realtime, said.definitions_version, said.definitions_at),
        managed=BLIND if said.licensed is None else said.licensed,  # only by its console
        tamper=tamper,
    )


def _bitdefender(host: Host) -> Answer:
    tool = "/opt/bitdefender-security-tools/bin/bduitool"
    said = _parsed(bduitool.parse, host, [[tool, "get", "ps"]])
    realtime: Maybe[Realtime] = BLIND
    if said.antimalware is not None:
        realtime = "on" if said.antimalware else "off"
    at: Maybe[int | None] = BLIND if said.updated_at is None else said.updated_at
    return Answer(said.version, realtime, said.engines, at)


def _sentinelone(host: Host) -> Answer:
    tool = "/opt/sentinelone/bin/sentinelctl"
    return sentinelone(host, [[tool, "version"], [tool, "control", "status"]])


def sentinelone(host: Host, commands: list[list[str]]) -> Answer:
    """What its tool says, by the commands of this system. Raises CannotLook."""
    said = _parsed(sentinelctl.parse, host, commands)
    realtime: Maybe[Realtime] = BLIND
    if said.enabled is not None:
        realtime = "on" if said.enabled else "off"
    return Answer(said.version, realtime, BLIND, BLIND)


_QUESTIONS: dict[str, Callable[[Host], Answer]] = {
    "defender": defender,
    "bitdefender": _bitdefender,
    "sentinelone": _sentinelone,
}


def _parsed(parse: Callable[[bytes], T], host: Host, commands: list[list[str]]) -> T:
    """All answers read as one. Raises CannotLook."""
    ran = [host.run(command) for command in commands]
    if any(one.code != 0 for one in ran):
        # These tools answer only root, and exit 1 while their service is stopped.
        raise CannotLook("denied" if not host.privileged else "parse-error", commands[0][0])
    try:
        return parse(b"\n".join(one.out for one in ran))
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
