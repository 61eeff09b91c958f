"""The steps of `caretaker disposal` about what comes back: receipts, certificates, differences."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from controller.commands import shared
from controller.commands.disposal_collections import (
    COLLECTION,
    Verb,
    contractor,
    day,
    told_of,
    whole,
)
from controller.commands.disposal_told import Told, choice, option
from controller.people.roles import Ability
from inventory.disposal.states import LEVELS, Technique

if TYPE_CHECKING:
    from inventory.assets.writing import By

_LONGEST: Final = 64 * 1024
_REASON: Final = option("--reason", default="", help="why, in a sentence")
_WHY: Final = option("--reason", required=True, help="why, in a sentence")
_FILE: Final = option("--file", required=True, metavar="FILE", help="the paper as it came")
_DAY: Final = option("--day", required=True, metavar="DAY", help="as it stands there")


def _typed(told: Told) -> str:
    """Lines as typed, each a `--line`, then those of the file `--lines`. Raises UsageError."""
    said = list(told.options.line)
    if told.options.lines:
        with Path(told.options.lines).open("rb") as file:
            data = file.read(_LONGEST + 1)
        if len(data) > _LONGEST:
            raise shared.UsageError("--lines: this file is larger than 64 KB.")
        try:
            said.append(data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise shared.UsageError("--lines: this file is no text in UTF-8.") from error
    return "\n".join(said)


def _because(told: Told) -> "By":
    import msgspec

    return msgspec.structs.replace(told.by, reason=told.reason)


def _receipt(told: Told) -> dict[str, Any]:
    from inventory.collections import receipts, returns
    from inventory.collections.typed import received

    held, said = whole(told).values, told.options
    came = returns.one([told.site], held["id"])
    lines, on = received(_typed(told)), day(said.day)
    firm = contractor(told, said.contractor) if said.contractor else held["contractor_id"]
    given = receipts.Given(
        contractor=firm,
        day=on,
        accepts=said.accepts == "yes",
        clause=said.clause,
        lines=lines,
        evidence=told.file(said.file, "receipt"),
        reason=said.reason,
    )
    number = came.receipts[0]["number"] if came and came.receipts else 0
    made = receipts.take_in(told.site, held["id"], given, seen=number, by=told.by)
    return told_of(told, held["id"]) | {"receipt": made}


def _certificate(told: Told) -> dict[str, Any]:
    from inventory.collections import certificates, claimed
    from inventory.disposal.proof import storing

    held, said = whole(told).values, told.options
    one = certificates.Line(
        serial="", level=said.level, technique=said.technique, tool=said.tool, day=day(said.day)
    )
    typed = claimed.typed(_typed(told), one)
    firm = contractor(told, said.contractor) if said.contractor else held["contractor_id"]
    kept = storing.by_digest([told.site], told.file(said.file, "certificate"))
    read = claimed.lines(kept.claims, one) if kept and not typed else ()
    given = certificates.Given(
        contractor=firm,
        reference=said.reference,
        day=one.day,
        lines=typed or read,
        evidence=kept.sha256 if kept else "",
        read_as=kept.format if kept and read else "",
    )
    made = certificates.enter(told.site, held["id"], given, by=told.by)
    return told_of(told, held["id"]) | {"certificate": made, "lines": len(given.lines)}


def _row(told: Told) -> dict[str, Any]:
    """The certificate that is meant. Raises CannotError."""
    from inventory.collections import returns

    found = returns.certificate([told.site], told.options.certificate)
    if found is None:
        raise shared.CannotError(
            "There is no such certificate here. Try: caretaker disposal collection ID"
        )
    return found


def _confirm(told: Told) -> dict[str, Any]:
    from inventory.collections import certificates

    row = _row(told)
    certificates.confirm(told.site, row["id"], seen=row["seq"], by=told.by)
    return told_of(told, row["collection_id"])


def _refuse(told: Told) -> dict[str, Any]:
    from inventory.collections import certificates

    row = _row(told)
    certificates.refuse(told.site, row["id"], seen=row["seq"], by=_because(told))
    return told_of(told, row["collection_id"])


def _difference(told: Told) -> dict[str, Any]:
    """The difference that is meant. Raises CannotError."""
    from inventory.collections import returns

    found = returns.difference([told.site], told.options.difference)
    if found is None:
        raise shared.CannotError(
            "There is no such difference here. Try: caretaker disposal reconcile ID"
        )
    return found


def _settle(told: Told) -> dict[str, Any]:
    from inventory.collections import settling

    row = _difference(told)
    closed = settling.settle(told.site, row["id"], seen=row["seq"], by=_because(told))
    answer = told_of(told, row["collection_id"]) | {"settled": closed}
    return answer if closed else answer | {"next": "Somebody else looks at it and confirms."}


def _take_over(told: Told) -> dict[str, Any]:
    from inventory.collections import settling

    row = _difference(told)
    settling.take_over(told.site, row["id"], seen=row["seq"], by=told.by)
    return told_of(told, row["collection_id"])


def _turn_down(told: Told) -> dict[str, Any]:
    from inventory.collections import settling

    row = _difference(told)
    settling.turn_down(told.site, row["id"], seen=row["seq"], by=told.by)
    return told_of(told, row["collection_id"])


_RECEIVE: Final = (Ability.RECEIVE_DISPOSAL,)
_EITHER: Final = (*_RECEIVE, Ability.REQUEST_DISPOSAL)
_CONTRACTOR: Final = option(
    "--contractor", default="", metavar="NAME", help="whose paper it is, if not who collected"
)
_LINES: Final = option("--lines", default="", metavar="FILE", help="such lines in a text file")
_CERTIFICATE: Final[Any] = (("certificate",), {"metavar": "CERTIFICATE", "help": "its id"})
_DIFFERENCE: Final[Any] = (("difference",), {"metavar": "DIFFERENCE", "help": "its id"})
VERBS: Final[dict[str, Verb]] = {
    "receipt": Verb(
        "take in the company's receipt, or a corrected one",
        _RECEIVE,
        _receipt,
        (
            *(COLLECTION, _FILE, _DAY, _CONTRACTOR, _LINES),
            choice("--accepts", ("yes", "no"), help="responsibility for destroying personal data"),
            option("--clause", default="", help="the words in which it does"),
            option(
                *("--line",),
                action="append",
                default=[],
                metavar="TAG,SERIAL...",
                help="a thing on it with its drives; repeatable",
            ),
            option("--reason", default="", help="why there is another receipt"),
        ),
    ),
    "certificate": Verb(
        "enter a certificate; its lines are read from the file where none are typed",
        _EITHER,
        _certificate,
        (
            *(COLLECTION, _FILE, _DAY, _CONTRACTOR, _LINES),
            choice("--level", LEVELS, help="what it says they did"),
            choice(
                "--technique",
                get_args(Technique),
                required=False,
                default="",
                help="where they wiped",
            ),
            option("--tool", default=""),
            option("--reference", default="", metavar="NUMBER"),
            option(
                *("--line",),
                action="append",
                default=[],
                metavar="SERIAL[,TAG][,WORD]",
                help="a drive on it; WORD is wiped, destroyed or failed; repeatable",
            ),
        ),
    ),
    "confirm": Verb(
        "it says what its paper says: by somebody else than entered it",
        _RECEIVE,
        _confirm,
        (_CERTIFICATE,),
    ),
    "refuse": Verb("it does not; nothing of it counts", _RECEIVE, _refuse, (_CERTIFICATE, _WHY)),
    "settle": Verb(
        "say how a difference was settled, or confirm what somebody else said",
        _EITHER,
        _settle,
        (_DIFFERENCE, _REASON),
    ),
    "take-over": Verb("see to a difference", _EITHER, _take_over, (_DIFFERENCE,)),
    "turn-down": Verb("what somebody said does not settle it", _EITHER, _turn_down, (_DIFFERENCE,)),
}
