"""The steps of `caretaker disposal` that are about single drives."""

from typing import TYPE_CHECKING, Any, Final, get_args

from controller.commands import shared
from controller.commands.disposal_told import Told, choice, flag, option, things
from controller.people.roles import Ability
from inventory.disposal.states import (
    MEDIUM_KINDS,
    Decision,
    DestroyMethod,
    Level,
    Place,
    Technique,
    VerifyMethod,
    VerifyResult,
)

if TYPE_CHECKING:
    from inventory.disposal.services import Recorded
    from inventory.disposal.values import FoundMedium

_DRIVE: Final = option("--drive", required=True, metavar="SERIAL", help="its serial number")
_REASON: Final = option("--reason", default="", help="why, in a sentence")
_FILES: Final = option("--evidence", action="append", default=[], metavar="FILE", help="repeatable")
_FINISHED: Final = option("--finished", required=True, metavar="TIME", help="2026-11-20T15:40")
_FOUND: Final = "SERIAL:KIND[:BYTES]"
_GONE: Final = "one that should be in it and is not; repeatable"


def _found(typed: str) -> "FoundMedium":
    """A drive as typed. Raises UsageError."""
    from inventory.disposal import serials
    from inventory.disposal.values import FoundMedium
    from inventory.disposal.wording import line

    serial, _, rest = typed.partition(":")
    kind, _, size = rest.partition(":")
    known = next((one for one in MEDIUM_KINDS if one == kind), None)
    number = size.isascii() and size.isdigit() and len(size) <= 15
    if known is None or not (number or not size):
        kinds = ", ".join(MEDIUM_KINDS)
        raise shared.UsageError(f"--drive wants {_FOUND}; KIND is one of: {kinds}.")
    key = serials.key(serial)
    if not key:
        raise shared.UsageError(
            f"{serial[:40]!r} identifies no drive. Without a serial number of its own, put a label "
            "with a number of yours on it and type that."
        )
    return FoundMedium(
        serial=key, kind=known, serial_raw=line(serial), size_bytes=int(size) if size else 0
    )


def _inspect(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    media = [_found(one) for one in told.options.drive]
    none = told.options.none
    if bool(media) == none:
        raise shared.UsageError("Say each --drive that is in it, or --none.")
    named = (_not_there(told, one) for one in told.options.missing)
    gone = {one.serial: one for one in named}
    if twice := gone.keys() & {one.serial for one in media}:
        raise shared.UsageError(f"{min(twice)} is in it, or it is missing: not both.")
    looked = {"media": media, "none_confirmed": none, "missing": tuple(gone.values())}
    return [services.inspect(told.site, told.one, **looked, by=told.by, seen=told.at)]


def _not_there(told: Told, typed: str) -> "FoundMedium":
    """A drive that the disposal knows, or its computer told. Raises UsageError for any other."""
    from controller.disposal.inspecting import proposed
    from controller.disposal.reported import reported
    from inventory.disposal import lists, serials
    from inventory.disposal.media import propose
    from inventory.disposal.values import FoundMedium

    key = serials.key(typed)
    if key and key in {row["key"] for row in lists.media([told.one])}:
        return FoundMedium(serial=key, kind="unknown")
    whole = lists.one([told.site], told.one)
    said = reported([told.site], [whole.row["asset_id"]] if whole else [])
    every = (one for report in said.values() for one in propose(report, told.by.at).media)
    found = next((one for one in every if key and one.key == key), None)
    if found is None:
        raise shared.UsageError(
            f"Nobody knew of a drive {typed[:40]!r} in it, so it cannot be missing. Name one that "
            "its disposal lists or its computer reported."
        )
    return proposed(found)


def _appear(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    medium = _found(told.options.drive)
    return [services.appear(told.site, told.one, medium=medium, by=told.by, seen=told.at)]


def _miss(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    drive = told.options.drive
    return [services.miss(told.site, told.one, medium=drive, by=told.by, seen=told.at)]


def _fail(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    done = services.fail(
        told.site,
        told.one,
        medium=told.options.drive,
        evidence=told.files("wipe_log"),
        reason=told.reason,
        by=told.by,
        seen=told.at,
    )
    return [done]


def _wiped(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    said = told.options
    hidden = {"yes": True, "no": False, "unknown": None}[said.hidden_areas_clear]
    wiped = services.Wiped(
        medium=said.drive,
        level=said.level,
        technique=said.technique,
        tool=said.tool,
        tool_version=said.tool_version,
        performer=told.person("performer") if said.performer else told.by.actor,
        finished_at=told.moment("finished"),
        hidden_areas_clear=hidden,
        keys_destroyed=said.keys_destroyed,
        evidence=told.files("wipe_log"),
        reason=told.reason,
    )
    return [services.sanitise(told.site, told.one, wiped, by=told.by, seen=told.at)]


def _read(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    said = told.options
    read = services.Read(
        medium=said.drive,
        method=said.method,
        verifier=told.by.actor,
        result=said.result,
        finished_at=told.moment("finished"),
        evidence=told.files("reading"),
        bytes_read=said.bytes,
        bound_ppb=said.bound_ppb,
    )
    return [services.verify(told.site, told.one, read, by=told.by, seen=told.at)]


def _accept(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    done = services.validate(
        told.site,
        told.one,
        medium=told.options.drive,
        decision=told.options.decision,
        reason=told.reason,
        by=told.by,
        seen=told.at,
    )
    return [done]


def _destroy(told: Told) -> "list[Recorded]":
    from controller.disposal.witnessing import witnesses
    from inventory.disposal import services

    said, witness = told.options, told.person("witness")
    if witness not in witnesses(told.site):
        raise shared.CannotError(
            "--witness: by the roles they hold at this school they could not confirm it. Name "
            "somebody who takes part in disposals."
        )
    destruction = services.Destruction(
        medium=said.drive,
        method=said.method,
        witness=witness,
        place=said.place,
        particle_mm=said.particle_mm,
        evidence=told.files("destruction"),
    )
    return [services.destroy(told.site, told.one, destruction, by=told.by, seen=told.at)]


def _witness(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    done = services.witness(
        told.site,
        told.one,
        medium=told.options.drive,
        saw=not told.options.not_seen,
        reason=told.reason,
        by=told.by,
        seen=told.at,
    )
    return [done]


def _retain(told: Told) -> "list[Recorded]":
    from inventory.disposal import services

    done = services.retain(
        told.site,
        told.one,
        medium=told.options.drive,
        entry=told.entry_of("entry"),
        keeper=services.Keeper(
            role=told.role_if_said, minute=told.options.minute, evidence=told.files("minute")
        ),
        by=told.by,
        seen=told.at,
    )
    return [done]


_ASK: Final = (Ability.REQUEST_DISPOSAL,)
_DECIDE: Final = (Ability.APPROVE_DISPOSAL,)
_EITHER: Final = (*_ASK, *_DECIDE)
_ONE: Final = things("one")
VERBS: Final[dict[str, tuple[str, tuple[Ability, ...], Any, tuple[Any, ...]]]] = {
    "inspect": (
        "somebody looked inside: all that is in it",
        _ASK,
        _inspect,
        (
            *(_ONE, flag("--none", "there is no drive in it")),
            option("--drive", action="append", default=[], metavar=_FOUND, help="repeatable"),
            option("--missing", action="append", default=[], metavar="SERIAL", help=_GONE),
        ),
    ),
    "drive-appeared": (
        "a drive that nobody knew of",
        _ASK,
        _appear,
        (_ONE, option("--drive", required=True, metavar=_FOUND)),
    ),
    "drive-missing": ("a drive is not in it", _ASK, _miss, (_ONE, _DRIVE)),
    "drive-failed": (
        "a drive cannot be wiped: only destroying it will do",
        _ASK,
        _fail,
        (_ONE, _DRIVE, _REASON, _FILES),
    ),
    "wiped": (
        "a drive was wiped",
        _ASK,
        _wiped,
        (
            *(_ONE, _DRIVE, choice("--level", get_args(Level))),
            *(choice("--technique", get_args(Technique)), _FINISHED, _FILES, _REASON),
            option("--tool", required=True, help="what it was wiped with"),
            option("--tool-version", default=""),
            option("--performer", default="", metavar="ID", help="who did it, if not --as"),
            choice(
                "--hidden-areas-clear", ("yes", "no", "unknown"), required=False, default="unknown"
            ),
            flag("--keys-destroyed", "every copy of its key is gone, those in escrow too"),
        ),
    ),
    "read-back": (
        "somebody else read a wiped drive",
        _EITHER,
        _read,
        (
            *(_ONE, _DRIVE, choice("--method", get_args(VerifyMethod))),
            *(choice("--result", get_args(VerifyResult)), _FINISHED, _FILES),
            option("--bytes", type=int, default=0, metavar="N", help="how much was read"),
            option("--bound-ppb", type=int, default=0, metavar="N", help="what a sample may miss"),
        ),
    ),
    "accept": (
        "accept a wipe, or not",
        _DECIDE,
        _accept,
        (_ONE, _DRIVE, choice("--decision", get_args(Decision)), _REASON),
    ),
    "destroyed": (
        "a drive was destroyed before a witness, who confirms it with witness",
        _ASK,
        _destroy,
        (
            *(_ONE, _DRIVE, choice("--method", get_args(DestroyMethod)), _FILES),
            option("--witness", required=True, metavar="ID", help="who saw it"),
            choice("--place", get_args(Place), required=False, default="on_site"),
            option("--particle-mm", type=int, default=0, metavar="N"),
        ),
    ),
    "witness": (
        "say, as its witness, that you saw a drive destroyed",
        (*_EITHER, Ability.HOLD_DISPOSAL),
        _witness,
        (_ONE, _DRIVE, flag("--not-seen", "you did not see it; say why"), _REASON),
    ),
    "retained": (
        "a drive was taken out and is kept as an entry of its own",
        _EITHER,
        _retain,
        (
            *(_ONE, _DRIVE, option("--entry", required=True, metavar="THING")),
            option("--role", default="", help="after the approval, as what they decide: slt"),
            option("--minute", default="", help="the reference of a committee's minute"),
            _FILES,
        ),
    ),
}
