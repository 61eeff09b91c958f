"""Judges of what is asked of a password and of whoever guesses one.

The numbers are Cyber Essentials': 12 characters, or 8 where common passwords are refused or a
second factor is asked for; no forced change; 10 guesses.
"""

from checks.accounts.facts import Account, AccountsFacts
from checks.judging import Settings, judge
from checks.unseen import BlindError, Unseen, each, known
from checks.verdicts import Finding, failed, passed, warned


class PasswordSettings(Settings, frozen=True):
    """`min_length`: characters a password must have at least, 0 where the school asks for nothing;
    `min_length_helped`: where common ones are refused or a second factor is asked for."""

    min_length: int
    min_length_helped: int


class LockoutSettings(Settings, frozen=True):
    """`attempts`: the most wrong passwords in a row; `window_seconds`: the time in which no more
    than that may be tried; `pin_length`: the fewest digits of a PIN."""

    attempts: int
    window_seconds: int
    pin_length: int


@judge("account-password-policy")
def password_policy(accounts: AccountsFacts, settings: PasswordSettings) -> Finding:
    """Passwords are long enough, none is empty, and none has to be changed for its age."""
    if settings.min_length == 0:
        return passed("not-asked")
    passwords, blind = _passwords(accounts)
    if "blank" in passwords:
        return failed("blank", count=passwords.count("blank"))
    length = known(accounts.min_length) or 0
    short = _too_short(accounts, length, settings)
    if short is not None:
        return short
    if blind:
        raise blind
    days = known(accounts.max_age_days)
    if days is not None and days > 0:
        return warned("expires", days=days)
    if "blank-allowed" in passwords:
        return warned("blank-allowed", count=passwords.count("blank-allowed"))
    by = known(accounts.rules_by)
    if by is None:
        return passed("long-enough", length=length)
    return passed("long-enough-by", length=length, by=by)


def _passwords(accounts: AccountsFacts) -> tuple[list[str], BlindError | None]:
    """How each account that is on asks for its password, and why some could not be seen."""
    if isinstance(accounts.accounts, Unseen):
        return [], BlindError(accounts.accounts.unseen)
    found, blind = each(accounts.accounts, _password)
    if blind or accounts.cut:
        return found, BlindError(blind[0] if blind else "too-large")
    return found, None


def _password(account: Account) -> str:
    """Accounts kept elsewhere have their passwords there."""
    if account.origin != "local" or not known(account.enabled):
        return "asked"
    return known(account.password)


def _too_short(accounts: AccountsFacts, length: int, settings: PasswordSettings) -> Finding | None:
    if length >= settings.min_length:
        return None
    if length == 0:
        return failed("no-rule", limit=settings.min_length)
    if length < settings.min_length_helped:
        return _short(accounts, length, settings)
    if not isinstance(accounts.deny_list, Unseen) and accounts.deny_list:
        return None
    if known(accounts.second_factor):
        return None
    known(accounts.deny_list)
    return _short(accounts, length, settings)


def _short(accounts: AccountsFacts, length: int, settings: PasswordSettings) -> Finding:
    by = accounts.rules_by
    if isinstance(by, Unseen) or by is None:
        return failed("too-short", length=length, limit=settings.min_length)
    return failed("too-short-by", length=length, limit=settings.min_length, by=by)


@judge("account-lockout")
def lockout(accounts: AccountsFacts, settings: LockoutSettings) -> Finding:
    """Whoever guesses passwords is stopped, and stays stopped long enough."""
    attempts = known(accounts.lockout_attempts) or 0
    if attempts <= 0:
        return failed("never", limit=settings.attempts)
    if attempts > settings.attempts:
        return failed("too-many", attempts=attempts, limit=settings.attempts)
    pin = known(accounts.pin_min_length)
    if pin is not None and pin < settings.pin_length:
        return failed("short-pin", digits=pin, limit=settings.pin_length)
    span, limit = settings.window_seconds, settings.attempts
    window = known(accounts.lockout_window_seconds)
    if window is not None and 0 < window < span and (attempts - 1) * -(-span // window) > limit:
        return warned("forgets", seconds=window)
    shut = known(accounts.lockout_seconds)
    if shut is not None and 0 < shut < span and attempts * -(-span // shut) > limit:
        return warned("opens-soon", seconds=shut)
    return passed("stops", attempts=attempts)
