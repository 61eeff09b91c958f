"""The steps of `caretaker disposal`, one verb each: what they ask for, and how they are taken."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args

from controller.commands import acting, disposal_drives, disposal_readings, shared
from controller.commands.disposal_told import Told, choice, flag, option, things
from controller.people.roles import Ability
from inventory.disposal.states import (
    ASKED,
    Breach,
    ExceptionKind,
    ExceptionOutcome,
    HoldKind,
    LossKind,
    Outcome,
)

if TYPE_CHECKING:
    from inventory.disposal.services import Recorded

Do = Callable[[Told], "list[Recorded]"]
_REASON: Final = option("--reason", required=True, help="why, in a sentence")
_ROLE: Final = option("--role", required=True, help="as what they decide, e.g. slt")
_MINUTE: Final = option("--minute", default="", help="the reference of a committee's minute")
_FILES: Final = option("--evidence", action="append", default=[], metavar="FILE", help="repeatable")


class Verb(NamedTuple):
    """One step; one of `abilities` is needed at the school."""

    help: str
    abilities: tuple[Ability, ...]
    do: Do
    options: tuple[Any, ...]


def _withdraw(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    return services.withdraw(
        told.site,
        told.entries,
        reason=told.reason,
        personal_data=told.options.personal_data,
        told=told.proposals(),
        by=told.by,
    )


def _request(told: Told) -> "list[Recorded]":
    from inventory.disposal import services
    from inventory.disposal.values import Offer

    offers = [one.partition(":") for one in told.options.offer]
    asked = services.Asked(
        route=told.options.route,
        value_pence=told.pence("value"),
        licences_checked=told.options.licences_checked,
        reason=told.reason,
        offers=tuple(
            Offer(pence=told.pence_of(pounds), evidence=told.file(path, "offer"))
            for pounds, _, path in offers
        ),
    )
    return services.request_all(told.site, told.seen, asked, by=told.by)


def _approve(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    approval = services.Approval(
        told.role, told.options.comment, told.options.minute, told.files("minute")
    )
    return services.approve_all(told.site, told.seen, approval, by=told.by)


def _reject(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    done = services.reject(
        told.site, told.one, role=told.role, comment=told.options.comment, by=told.by, seen=told.at
    )
    return [done]


def _hold(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    kind, reason = told.options.kind, told.reason
    held = services.hold(told.site, told.one, kind=kind, reason=reason, by=told.by, seen=told.at)
    return [held]


def _release(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    done = services.release_hold(
        told.site,
        told.one,
        hold=told.options.hold,
        role=told.role,
        reason=told.reason,
        by=told.by,
        seen=told.at,
    )
    return [done]


def _reinstate(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    return [services.reinstate(told.site, told.one, reason=told.reason, by=told.by, seen=told.at)]


def _recipient(told: Told) -> str:
    """Somebody of the school by id, or nobody’s name: the event is signed and never erased (I2)."""
    from inventory.disposal import services

    if told.options.recipient:
        return told.person("recipient")
    if not told.options.outside:
        raise shared.UsageError(
            "Say --recipient, or --outside: it went to somebody who is not of the school, and who "
            "neither asked for this nor approved it."
        )
    return services.stranger()


def _hand_over(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    done = services.hand_over(
        told.site,
        told.one,
        outcome=told.options.outcome,
        recipient=_recipient(told),
        outsider=not told.options.recipient and told.options.outside,
        evidence=told.files("handover"),
        price_pence=told.pence("price"),
        by=told.by,
        seen=told.at,
    )
    return [done]


def _lose(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    (asset_id,) = told.entries
    proposals = told.proposals()
    last = proposals.get(asset_id)
    loss = services.Loss(
        kind=told.options.kind,
        discovered_at=told.moment("discovered"),
        encryption=last.encryption if last else "unknown",
        reported_at=last.heard_at if last else None,
        reason=told.reason,
    )
    running = told.running(asset_id)
    if running is not None:
        return [services.lose(told.site, running, loss, by=told.by, seen=None)]
    return [services.report_lost(told.site, asset_id, loss, told=proposals, by=told.by)]


def _find(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    return [services.find(told.site, told.one, reason=told.reason, by=told.by, seen=told.at)]


def _write_off(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    assessment = services.Assessment(
        role=told.role,
        value_pence=told.pence("value"),
        breach=told.options.breach,
        reason=told.reason,
        minute=told.options.minute,
        evidence=told.files("other"),
    )
    return [services.write_off(told.site, told.one, assessment, by=told.by, seen=told.at)]


def _open(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    done = services.open_exception(
        told.site,
        told.one,
        kind=told.options.kind,
        due=told.moment("due"),
        medium=told.options.drive,
        reason=told.reason,
        by=told.by,
        seen=told.at,
    )
    return [done]


def _settle(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    settled = services.Settled(
        exception=told.options.exception,
        outcome=told.options.outcome,
        reason=told.reason,
        entry=told.entry_of("entry"),
        evidence=told.files("other"),
        role=told.role_if_said,
        minute=told.options.minute,
    )
    return [services.close_exception(told.site, told.one, settled, by=told.by, seen=told.at)]


def _correct(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    done = services.correct(
        told.site,
        told.one,
        corrects=told.options.step,
        second=told.person("second"),
        reason=told.reason,
        evidence=told.files("other"),
        by=told.by,
        seen=told.at,
    )
    return [done]


_ASK: Final = (Ability.REQUEST_DISPOSAL,)
_DECIDE: Final = (Ability.APPROVE_DISPOSAL,)
_EITHER: Final = (*_ASK, *_DECIDE)
_REPORT: Final = (Ability.REPORT_LOSS,)
_STOP: Final = (Ability.HOLD_DISPOSAL,)
_COMMENT: Final = option("--comment", default="", help="a remark, which can be erased later")
_VALUE: Final = option("--value", required=True, metavar="POUNDS", help="what it is worth now")
VERBS: Final[dict[str, Verb]] = {
    "withdraw": Verb(
        "take things out of use, as one step",
        _ASK,
        _withdraw,
        (
            *(things("entries"), _REASON),
            choice("--personal-data", ("yes", "no", "unknown"), default=None, required=False),
        ),
    ),
    "request": Verb(
        "ask for a way out",
        _ASK,
        _request,
        (
            *(things("several"), choice("--route", ASKED), _VALUE),
            option("--reason", default="", help="why this way"),
            flag("--licences-checked", "what was licensed to it is free again or moved"),
            option(
                "--offer", action="append", default=[], metavar="POUNDS:FILE", help="repeatable"
            ),
        ),
    ),
    "approve": Verb(
        "approve what was asked for, with the media it has",
        _DECIDE,
        _approve,
        (things("several"), _ROLE, _COMMENT, _MINUTE, _FILES),
    ),
    "reject": Verb("turn a request down", _DECIDE, _reject, (things("one"), _ROLE, _COMMENT)),
    "hold": Verb(
        "nothing may be wiped or let go from now on",
        _STOP,
        _hold,
        (things("one"), choice("--kind", get_args(HoldKind)), _REASON),
    ),
    "release-hold": Verb(
        "end a hold",
        _STOP,
        _release,
        (things("one"), option("--hold", required=True, metavar="ID"), _ROLE, _REASON),
    ),
    "reinstate": Verb("keep it after all", _ASK, _reinstate, (things("one"), _REASON)),
    "hand-over": Verb(
        "it was donated, sold, transferred, returned, or is used again here",
        _DECIDE,
        _hand_over,
        (
            *(things("one"), choice("--outcome", get_args(Outcome)), _FILES),
            option("--recipient", default="", metavar="ID", help="somebody of this school"),
            flag("--outside", "to somebody else, who neither asked for this nor approved it"),
            option("--price", default="0", metavar="POUNDS"),
        ),
    ),
    "lose": Verb(
        "it is lost or stolen; 72 hours begin",
        _REPORT,
        _lose,
        (
            *(things("entries"), choice("--kind", get_args(LossKind)), _REASON),
            option("--discovered", required=True, metavar="TIME", help="2026-11-20T08:30"),
        ),
    ),
    "find": Verb("it is here again, and begins anew", _REPORT, _find, (things("one"), _REASON)),
    "write-off": Verb(
        "give up what is missing",
        _DECIDE,
        _write_off,
        (
            *(things("one"), choice("--breach", get_args(Breach)), _VALUE, _ROLE, _REASON),
            *(_MINUTE, _FILES),
        ),
    ),
    "open-exception": Verb(
        "something does not fit",
        _EITHER,
        _open,
        (
            *(things("one"), choice("--kind", get_args(ExceptionKind)), _REASON),
            option("--due", required=True, metavar="TIME", help="by when: 2026-12-04T17:00"),
            option("--drive", default="", metavar="SERIAL"),
        ),
    ),
    "close-exception": Verb(
        "what did not fit is explained",
        _EITHER,
        _settle,
        (
            *(things("one"), option("--exception", required=True, metavar="ID")),
            *(choice("--outcome", get_args(ExceptionOutcome)), _REASON, _FILES),
            option("--entry", default="", metavar="THING", help="where a missing drive lives now"),
            option("--role", default="", help="as what they give up an approved drive, e.g. slt"),
            _MINUTE,
        ),
    ),
    "correct": Verb(
        "two people remark on a step; what happened stands",
        _DECIDE,
        _correct,
        (
            *(things("one"), option("--step", required=True, type=int, metavar="N"), _REASON),
            *(option("--second", required=True, metavar="ID", help="the other person"), _FILES),
        ),
    ),
    **{name: Verb(*told) for name, told in disposal_drives.VERBS.items()},
    **{name: Verb(*told) for name, told in disposal_readings.VERBS.items()},
}


def arguments(verbs: Any) -> None:
    """Declare a verb for each step."""
    for name, verb in VERBS.items():
        parser = verbs.add_parser(name, help=verb.help)
        for names, said in verb.options:
            parser.add_argument(*names, **said)
        acting.arguments(parser)


def take(site: str, options: argparse.Namespace) -> "list[Recorded]":
    """Take one step. Raises RegisterError and CannotError."""
    verb = VERBS[options.verb]
    by, school = acting.acting(options, site, verb.abilities)
    return verb.do(Told(site, school.timezone, options, by))
