"""macOS: what is asked of passwords, and when an account shuts.

`pwpolicy -getaccountpolicies` prints the policies in force, those of a profile among them
(`checks.formats.pwpolicy`); com.apple.mobiledevice.passwordpolicy in Managed Preferences says that
a profile set them. macOS by itself asks for 4 characters and never shuts an account.
"""

from typing import Final

from checks.formats import pwpolicy
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, attempt
from checks.layers import Layer
from checks.macos import managed
from checks.unseen import Maybe, Unseen, known

OWN_LENGTH: Final = 4
"""What macOS itself asks for where nobody asked for more."""

Policy = Maybe[pwpolicy.Policy]


def local_policy(host: Host) -> pwpolicy.Policy:
    """The policies in force for local accounts. Raises CannotLook."""
    ran = host.run(["/usr/bin/pwpolicy", "-getaccountpolicies"])
    if ran.code != 0:
        raise CannotLook("denied" if not host.privileged else "parse-error", "pwpolicy")
    try:
        return pwpolicy.parse(ran.out)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error


def _seen(policy: Policy) -> pwpolicy.Policy:
    if isinstance(policy, Unseen):
        raise CannotLook(policy.unseen)
    return known(policy)


def layer(host: Host, policy: Policy) -> Layer | None:
    """Who set the length of passwords; None: a profile that nobody may read might. Raises
    CannotLook."""
    length = _seen(policy).min_length
    profile = attempt(managed, host, "com.apple.mobiledevice.passwordpolicy")
    if isinstance(profile, Unseen):
        return None
    if profile.get("minLength"):
        return "mdm"
    return "default" if length is None or length <= OWN_LENGTH else "local-policy"


def min_length(policy: Policy) -> int | None:
    """Characters a new password must have; None: nothing is asked."""
    return _seen(policy).min_length


def max_age_days(policy: Policy) -> int | None:
    """Days after which a password must be changed; None: never."""
    return _seen(policy).expires_days


def lockout_attempts(policy: Policy) -> int | None:
    """Wrong passwords until an account shuts; None: never."""
    return _seen(policy).attempts


def lockout_seconds(policy: Policy) -> int | None:
    """Seconds an account stays shut; 0: until an administrator opens it; None: it never shuts."""
    found = _seen(policy)
    return None if found.attempts is None else found.opens_after_seconds or 0
