"""Whether a medium is proven empty or gone: what I5 asks of every one before anything leaves."""

from inventory.disposal.now import Medium, Now
from inventory.disposal.rules import Rules, at_least
from inventory.disposal.states import Level, Route, Technique


def needed(medium: Medium, technique: Technique | None, route: Route | None, rules: Rules) -> Level:
    """The least level that will do for a medium wiped like this on this way out (I5)."""
    least = rules.least_for(medium.family, route)
    if technique == "overwrite" and medium.family == "flash" and rules.wiping.overwrite_on_flash:
        least = "clear"
    return medium.at_least if at_least(medium.at_least, least) else least


def proven(medium: Medium, route: Route | None, rules: Rules) -> bool:
    """Destroyed before a witness who said so, kept, or not failed and wiped enough, verified after
    that and accepted; or a contractor's certificate says as much (I2, I5, I6, I9)."""
    if medium.missing or medium.unconfirmed:
        return False
    if medium.gone or medium.kept_as or medium.destroyed:
        return True
    line = medium.certified
    if line is not None and line.level == "destroy":
        return True
    if medium.failed:
        return False
    if line is not None and at_least(line.level, needed(medium, line.technique, route, rules)):
        return True
    return _wiped(medium, route, rules)


def done_here(medium: Medium, route: Route | None, rules: Rules) -> bool:
    """Whether the school itself proved it, without any certificate."""
    if medium.destroyed or medium.kept_as or medium.gone:
        return True
    unsure = medium.failed or medium.missing or medium.unconfirmed
    return not unsure and _wiped(medium, route, rules)


def _wiped(medium: Medium, route: Route | None, rules: Rules) -> bool:
    wipe = medium.wipe
    if wipe is None or medium.check is None or not medium.validated_by:
        return False
    return at_least(wipe.level, needed(medium, wipe.technique, route, rules))


def unproven(now: Now, rules: Rules) -> list[str]:
    """Serials that are not proven, in order."""
    return sorted(s for s, m in now.media.items() if not proven(m, now.route, rules))


def leaving(now: Now) -> set[str]:
    """Serials of the media that go where the thing goes."""
    return {serial for serial, medium in now.media.items() if medium.leaves}


def answered_for(now: Now) -> set[str]:
    """Serials of the media whose data somebody has to answer for where the thing is lost: what
    goes where it goes, and what is only said to be destroyed."""
    return leaving(now) | {serial for serial, one in now.media.items() if one.unconfirmed}


def uncertified(now: Now, rules: Rules) -> list[str]:
    """Serials of media that left and that a certificate has yet to name, as the rules ask, in order
    (I9, I10, T8)."""
    always = rules.wiping.certificate == "always"
    return sorted(
        serial
        for serial in leaving(now)
        if not now.media[serial].certified
        and (always or not done_here(now.media[serial], now.route, rules))
    )
