"""Guards on wiping, verifying, accepting and destroying (I2, I5, I9)."""

from inventory.disposal import events
from inventory.disposal.guards.any_step import is_person
from inventory.disposal.guards.media import medium_of
from inventory.disposal.now import Now, Wipe
from inventory.disposal.proving import needed
from inventory.disposal.refusing import Refused
from inventory.disposal.rules import Rules, at_least


def level_reached(now: Now, event: events.Sanitised, rules: Rules) -> None:
    """A technique reaches what it reaches on this class of medium, whatever was typed (I5)."""
    medium = medium_of(now, event)
    if medium is None:
        return
    reaches = rules.reached(event.technique, medium.family)
    if reaches is None or not at_least(reaches, event.level):
        raise Refused(
            "level_not_reached",
            serial=medium.serial,
            level=event.level,
            reaches=f"“{reaches}”" if reaches else "nothing",
        )


def wiped_since(now: Now, event: events.Sanitised, rules: Rules) -> None:
    """A wipe before it was taken out of use, or found again, proves nothing: it was used since."""
    if event.finished_at < now.withdrawn_at:
        raise Refused("wiped_before", serial=event.medium)


def after_doubt(now: Now, event: events.Sanitised, rules: Rules) -> None:
    """What a reading or a person spoke against does not count again, nor any wipe before it; nor
    one from before the drive was out of sight (I5)."""
    medium = medium_of(now, event)
    if medium and medium.doubted_at and event.finished_at <= medium.doubted_at:
        raise Refused("doubted_wipe", serial=event.medium)


def later_wipe(now: Now, event: events.Sanitised, rules: Rules) -> None:
    """An older log does not take the place of a newer one (I5)."""
    medium = medium_of(now, event)
    if medium and medium.wipe and event.finished_at < medium.wipe.finished_at:
        raise Refused("older_wipe", serial=event.medium)


def hidden_areas(now: Now, event: events.Sanitised, rules: Rules) -> None:
    """An overwrite does not reach what an ATA drive hides (§3.4)."""
    medium = medium_of(now, event)
    if medium is None or medium.kind != "hdd_ata" or event.technique != "overwrite":
        return
    unknown_is_fine = rules.wiping.hidden_areas_unknown and event.hidden_areas_clear is None
    if not event.hidden_areas_clear and not unknown_is_fine:
        raise Refused("hidden_areas", serial=medium.serial)


def was_encrypted(now: Now, event: events.Sanitised, rules: Rules) -> None:
    """Throwing away a key proves something only for what was encrypted with it (§1.1)."""
    medium = medium_of(now, event)
    how = rules.techniques.get(event.technique)
    if medium and how and how.by_key and medium.encrypted_since is None:
        raise Refused("not_encrypted", serial=medium.serial)


def keys_gone(now: Now, event: events.Sanitised, rules: Rules) -> None:
    """Every copy of the key counts, escrow included (§1.1)."""
    how = rules.techniques.get(event.technique)
    if how and how.by_key and not event.keys_destroyed:
        raise Refused("keys_left", serial=event.medium)


def offsite_allowed(now: Now, event: events.Sanitised | events.Destroyed, rules: Rules) -> None:
    """Media are wiped and destroyed here unless the rules say otherwise (I9)."""
    offsite = event.offsite if isinstance(event, events.Sanitised) else event.place == "off_site"
    if offsite and not rules.wiping.offsite:
        raise Refused("offsite_not_allowed")


def _last_wipe(now: Now, event: events.Verified | events.Validated) -> Wipe | None:
    medium = medium_of(now, event)
    return medium.wipe if medium else None


def of_last_wipe(now: Now, event: events.Verified | events.Validated, rules: Rules) -> None:
    """Reading and accepting are about the last write (I5)."""
    wipe = _last_wipe(now, event)
    if wipe is None or wipe.seq != event.wipe:
        raise Refused("not_last_wipe", serial=event.medium)


def read_after(now: Now, event: events.Verified, rules: Rules) -> None:
    """Verified after the last write (I5)."""
    wipe = _last_wipe(now, event)
    if wipe and event.finished_at < wipe.finished_at:
        raise Refused("before_wipe", serial=event.medium)


def verifier_apart(now: Now, event: events.Verified, rules: Rules) -> None:
    """Performer ≠ verifier; whoever entered the wipe counts as its performer (I2, S6)."""
    wipe = _last_wipe(now, event)
    if wipe and event.verifier in {wipe.performer, wipe.by}:
        raise Refused("same_verifier", serial=event.medium)


def verifier_speaks(now: Now, event: events.Verified, rules: Rules) -> None:
    """A verifier is the person who records it, or a machine that signed it (I1, I2)."""
    by_machine = event.verifier.startswith("machine:")
    in_person = event.verifier == event.actor and is_person(event.actor)
    if not by_machine and not in_person:
        raise Refused("speaks_for_other")


def method_fits(now: Now, event: events.Verified, rules: Rules) -> None:
    """A way of verifying says something about some techniques only (§3.4)."""
    wipe = _last_wipe(now, event)
    how = rules.techniques.get(wipe.technique) if wipe else None
    if how and event.method not in how.verify:
        methods = ", ".join(method.replace("_", " ") for method in how.verify)
        raise Refused("proves_nothing", serial=event.medium, methods=methods)


def sample_allowed(now: Now, event: events.Verified, rules: Rules) -> None:
    """A full reading is the default (§3.1)."""
    if event.method == "sample" and not rules.verifying.sample:
        raise Refused("sample_not_allowed", serial=event.medium)


def sample_bound(now: Now, event: events.Verified, rules: Rules) -> None:
    """A sample says how much it may have missed, and that is little enough (§3.1)."""
    if event.method != "sample":
        return
    if not 0 < event.bound_ppb <= rules.verifying.sample_bound_ppb:
        raise Refused("sample_too_small", serial=event.medium)


def read_whole(now: Now, event: events.Verified, rules: Rules) -> None:
    """A full reading reads to the end (I5)."""
    medium = medium_of(now, event)
    if medium is None or event.method != "full" or event.result != "clean":
        return
    if event.bytes_read < max(medium.size_bytes, 1):
        raise Refused(
            "short_read", serial=medium.serial, read=event.bytes_read, size=medium.size_bytes
        )


def size_known(now: Now, event: events.Verified, rules: Rules) -> None:
    """Who reads all of a drive knows how much that is (I5); a machine saw its size itself."""
    medium = medium_of(now, event)
    clean = event.method == "full" and event.result == "clean"
    if medium and clean and not medium.size_bytes and is_person(event.verifier):
        raise Refused("size_unsaid", serial=medium.serial)


def verified_first(now: Now, event: events.Validated, rules: Rules) -> None:
    """A wipe is accepted on a clean reading of it (I5)."""
    medium = medium_of(now, event)
    if event.decision == "approved" and medium and medium.check is None:
        raise Refused("not_verified", serial=medium.serial)


def validator_apart(now: Now, event: events.Validated, rules: Rules) -> None:
    """Performer ≠ validator (I2, S6)."""
    wipe = _last_wipe(now, event)
    if wipe and event.actor in {wipe.performer, wipe.by}:
        raise Refused("same_validator", serial=event.medium)


def strong_enough(now: Now, event: events.Validated, rules: Rules) -> None:
    """A wipe is accepted at the level that this way out needs (I5); `proving` counts again."""
    medium = medium_of(now, event)
    if event.decision != "approved" or medium is None or medium.wipe is None:
        return
    wanted = needed(medium, medium.wipe.technique, now.route, rules)
    if not at_least(medium.wipe.level, wanted):
        raise Refused("too_weak", serial=medium.serial, wanted=wanted, level=medium.wipe.level)


def witness_apart(now: Now, event: events.Destroyed, rules: Rules) -> None:
    """Somebody else sees it destroyed (I2)."""
    if event.witness == event.actor or not is_person(event.witness):
        raise Refused("same_witness", serial=event.medium)


def witness_asked(now: Now, event: events.Destroyed, rules: Rules) -> None:
    """Nobody records a destruction that counts without its witness's own word (I2)."""
    if not event.awaits_witness:
        raise Refused("witness_unasked", serial=event.medium)


def of_this_destruction(now: Now, event: events.Witnessed, rules: Rules) -> None:
    """A witness speaks of the destruction that is recorded last (I2)."""
    medium = medium_of(now, event)
    if medium and (medium.unconfirmed is None or medium.unconfirmed.seq != event.destruction):
        raise Refused("not_this_destruction", serial=event.medium)


def witness_speaks(now: Now, event: events.Witnessed, rules: Rules) -> None:
    """The witness who was named says so themselves (I1, I2)."""
    medium = medium_of(now, event)
    if medium and medium.unconfirmed and event.actor != medium.unconfirmed.witness:
        raise Refused("other_witness", serial=event.medium)
