"""The judge of wireless: nothing weak is joined unasked, and nothing unencrypted is in use now."""

from itertools import chain

from checks.judging import Judge, judge
from checks.unseen import BlindError, each, known
from checks.verdicts import Finding, failed, passed, warned
from checks.wireless.facts import Profile, WirelessFacts, WirelessNow
from checks.wireless.security import UNENCRYPTED, WEAK


@judge("wifi-client-profiles")
def client_profiles(wireless: WirelessFacts, now: WirelessNow) -> Finding:
    """What is certainly bad is said first, even where the rest could not be seen."""
    joined, blind_now = each([now], lambda seen: known(seen.links))
    links, blind_links = each(chain.from_iterable(joined), lambda link: known(link.security))
    if any(link in UNENCRYPTED for link in links):
        return failed("on-open-network", severity="critical")
    kept, blind_kept = each(wireless.sources, lambda source: known(source.profiles))
    profiles = list(chain.from_iterable(kept))
    automatic = [profile for profile in profiles if profile.autoconnect]
    weak = [profile for profile in automatic if _is_weak(profile)]
    if weak:
        return _joins_weak(weak)
    if any(link in WEAK for link in links):
        return failed("on-outdated-network")
    for reason in (*blind_kept, *blind_now, *blind_links):
        raise BlindError(reason)
    if "unknown" in [*links, *(profile.security for profile in automatic)]:
        raise BlindError("parse-error")
    return _well_kept(profiles)


def _is_weak(profile: Profile) -> bool:
    return profile.security in WEAK or profile.legacy


def _joins_weak(weak: list[Profile]) -> Finding:
    if any(profile.security in UNENCRYPTED for profile in weak):
        count = sum(profile.security in UNENCRYPTED for profile in weak)
        return failed("joins-open-one" if count == 1 else "joins-open", count=count)
    return failed("joins-outdated-one" if len(weak) == 1 else "joins-outdated", count=len(weak))


def _well_kept(profiles: list[Profile]) -> Finding:
    trusting = sum(profile.server_check == "anybody" for profile in profiles)
    if trusting:
        return warned("trusts-anybody-one" if trusting == 1 else "trusts-anybody", count=trusting)
    asked = sum(_is_weak(profile) for profile in profiles)
    if asked:
        return passed("weak-when-asked-one" if asked == 1 else "weak-when-asked", count=asked)
    return passed("all-encrypted" if profiles else "none-saved", count=len(profiles))


JUDGES: tuple[Judge, ...] = (client_profiles,)
