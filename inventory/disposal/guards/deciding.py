"""Guards on asking, approving, holds, exceptions, loss and writing off (I2, I10, I13, I14)."""

from typing import Final

from inventory.disposal import events
from inventory.disposal.guards.any_step import is_person
from inventory.disposal.now import Now
from inventory.disposal.proving import answered_for, done_here
from inventory.disposal.refusing import Refused
from inventory.disposal.rules import Rules
from inventory.disposal.states import ASKED, HERE

_ROLES: Final = {
    "slt": "the head or a senior leader",
    "dsl": "the safeguarding lead",
    "business_manager": "the business manager",
    "admin": "an administrator",
    "governors": "the governors",
}


def _pounds(pence: int) -> str:
    return f"£{pence // 100:,}.{pence % 100:02}"


def _titles(roles: tuple[str, ...]) -> str:
    return " or ".join(_ROLES.get(role, role.replace("_", " ")) for role in roles)


def route_asked(now: Now, event: events.Requested, rules: Rules) -> None:
    """Lost and stolen are found out, not asked for (I14)."""
    if event.route not in ASKED:
        raise Refused("not_a_request")


def licences_checked(now: Now, event: events.Requested, rules: Rules) -> None:
    """What was licensed to it is freed (I15, T2)."""
    if not event.licences_checked:
        raise Refused("licences_not_checked")


def enough_offers(now: Now, event: events.Requested, rules: Rules) -> None:
    """A sale from some value on has written offers (§1.6); one file counts once."""
    approving = rules.approving
    if event.route != "sale" or event.value_pence < approving.offers_from_pence:
        return
    have = len({offer.evidence for offer in event.offers})
    if have < approving.min_offers:
        raise Refused(
            "too_few_offers",
            value=_pounds(event.value_pence),
            wanted=approving.min_offers,
            have=have,
        )


def approver_apart(now: Now, event: events.Approved, rules: Rules) -> None:
    """Requester ≠ approver (I2, S6)."""
    if event.actor == now.requester:
        raise Refused("same_approver")


def role_covers(now: Now, event: events.Approved | events.WrittenOff, rules: Rules) -> None:
    """The approver's role covers the value (I2); a loss is worth at least what was asked."""
    value = now.value_pence
    if isinstance(event, events.WrittenOff):
        value = max(value, event.value_pence)
    roles = rules.approvers(value)
    if event.role not in roles:
        raise Refused("role_too_low", value=_pounds(value), roles=_titles(roles))


Lessens = events.Retained | events.ExceptionClosed
"""Steps by which there is less to account for than was approved."""


def _lessens(now: Now, event: Lessens) -> bool:
    if isinstance(event, events.ExceptionClosed) and event.outcome == "never_there":
        return True
    gives_up = isinstance(event, events.Retained) or event.outcome in {"lost", "elsewhere"}
    return gives_up and now.approved_at is not None


def may_lessen(now: Now, event: Lessens, rules: Rules) -> None:
    """What the approver saw shrinks by the word of somebody who could have approved it (I2, I3)."""
    roles = rules.approvers(now.value_pence)
    if _lessens(now, event) and event.role not in roles:
        raise Refused("may_not_lessen", value=_pounds(now.value_pence), roles=_titles(roles))


def minuted(now: Now, event: events.Approved | events.WrittenOff | Lessens, rules: Rules) -> None:
    """A committee's decision is its minute and its paper (I2)."""
    by_minute = event.role in rules.approving.by_minute
    if by_minute and not (event.minute.strip() and event.evidence):
        raise Refused("no_minute")


def hold_is_open(now: Now, event: events.HoldReleased, rules: Rules) -> None:
    """Only what is held is released (I13)."""
    if event.hold not in now.holds:
        raise Refused("no_such_hold")


def may_release(now: Now, event: events.HoldReleased, rules: Rules) -> None:
    """Who answers for it releases a hold (I13)."""
    roles = rules.approving.release_holds
    if event.role not in roles:
        raise Refused("may_not_release", roles=_titles(roles))


def releaser_apart(now: Now, event: events.HoldReleased, rules: Rules) -> None:
    """Whoever wants it gone does not release it (I2, I13)."""
    if event.actor == (now.requester or now.withdrawn_by):
        raise Refused("same_releaser")


def missing_by_step(now: Now, event: events.ExceptionOpened, rules: Rules) -> None:
    """A missing medium is recorded on the medium, or it could be explained away (I3)."""
    if event.kind == "medium_missing":
        raise Refused("missing_by_itself")


def exception_is_open(now: Now, event: events.ExceptionClosed, rules: Rules) -> None:
    """Only what is open is closed (I10)."""
    if event.exception not in now.exceptions:
        raise Refused("no_such_exception")


def closer_apart(now: Now, event: events.ExceptionClosed, rules: Rules) -> None:
    """Opener ≠ closer; what a machine opened is not closed by the requester (I2, I10)."""
    found = now.exceptions.get(event.exception)
    if found is None:
        return
    opener = found.by if is_person(found.by) else now.requester or now.withdrawn_by
    if event.actor == opener:
        raise Refused("same_closer")


def outcome_fits(now: Now, event: events.ExceptionClosed, rules: Rules) -> None:
    """A missing medium is accounted for; anything else is explained (I3, I10, I16)."""
    found = now.exceptions.get(event.exception)
    if found is None:
        return
    if found.kind == "medium_missing":
        fits = event.outcome in {"found", "lost", "never_there"} or (
            event.outcome == "elsewhere" and event.entry not in {"", now.asset}
        )
    else:
        fits = event.outcome in {"resolved", "mistaken"}
    if not fits:
        raise Refused("wrong_outcome")


def loss_assessed(now: Now, event: events.ExceptionClosed, rules: Rules) -> None:
    """A drive is given up as lost on the paper of its assessment (I3, I14)."""
    if event.outcome == "lost" and not event.evidence:
        raise Refused("lost_unproven")


def given_up_apart(now: Now, event: events.ExceptionClosed, rules: Rules) -> None:
    """What there is does not shrink by the word of whoever wants it gone (I2, I3)."""
    if _lessens(now, event) and event.actor == (now.requester or now.withdrawn_by):
        raise Refused("same_giver_up")


def never_seen(now: Now, event: events.ExceptionClosed, rules: Rules) -> None:
    """An inspection outranks a report (I3): what nobody ever had in their hands, while somebody can
    still look, need not have been there. Anything else is found, elsewhere or lost (I16)."""
    found = now.exceptions.get(event.exception)
    medium = now.media.get(found.medium) if found else None
    if event.outcome != "never_there" or medium is None:
        return
    if medium.handled or not now.inspected or now.state not in HERE:
        raise Refused("was_there", serial=medium.serial)


def held_stays(now: Now, event: events.ExceptionClosed, rules: Rules) -> None:
    """What is held is not given up, and lives nowhere else (I13); it may be found."""
    if now.holds and event.outcome in {"lost", "elsewhere", "never_there"}:
        raise Refused("held")


def discovered_by_now(now: Now, event: events.Missing, rules: Rules) -> None:
    """The 72 hours run from when somebody knew (I14)."""
    if event.discovered_at > event.at:
        raise Refused("discovered_later")


def encryption_told(now: Now, event: events.Missing, rules: Rules) -> None:
    """How each medium was encrypted goes with the loss (I14)."""
    untold = sorted(answered_for(now) - {one.serial for one in event.encryption})
    if untold:
        raise Refused("encryption_untold", serials=", ".join(untold))


def writer_off_apart(now: Now, event: events.WrittenOff, rules: Rules) -> None:
    """Whoever reported a loss, or wanted it gone, does not write it off (I2)."""
    loss = now.loss
    if event.actor in {now.requester, now.withdrawn_by, loss.reported_by if loss else ""}:
        raise Refused("same_writer_off")


def assessed(now: Now, event: events.WrittenOff, rules: Rules) -> None:
    """“No personal data” is an answer where there was none, or all of it was wiped (I14)."""
    if event.breach != "no_personal_data" or now.personal_data == "no":
        return
    proven_here = all(done_here(medium, now.route, rules) for medium in now.media.values())
    if not (proven_here and (now.media or now.none_confirmed)):
        raise Refused("not_assessed")
