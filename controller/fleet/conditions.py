"""What state a computer is in, as one word: in SQL for lists and counts, in Python for one page.

Order matters: a computer that Caretaker was taken off is said first (S15), then silence, because a
trolley left shut is one line and not sixteen findings (S2), then a known fault, then what could not
be checked. Only a computer that was heard from lately, judged, and found good in everything is in
order; age never looks like a green tick.
"""

from typing import Final, Literal

from django.db.models import Case, CharField, Q, Value, When

from controller.fleet.models import Device
from controller.fresh import FRESH_SECONDS

Condition = Literal["attention", "silent", "unchecked", "look", "order", "left"]
CONDITIONS: Final[tuple[Condition, ...]] = (
    *("attention", "silent", "unchecked", "look", "order"),
    "left",
)


def heard(now: int) -> Q:
    """Heard from lately enough to count as checked."""
    return Q(last_seen_at__gte=now - FRESH_SECONDS, left_at=None)


def left() -> Q:
    """Taken off, as its own last report said, and not heard from since."""
    return Q(left_at__isnull=False)


def silent(now: int) -> Q:
    """Let in, but not heard from lately, or never; nobody said why."""
    return (Q(last_seen_at=None) | Q(last_seen_at__lt=now - FRESH_SECONDS)) & ~left()


def condition_sql(now: int) -> Case:
    """The condition as a SQL expression over `Device`."""
    return Case(
        When(left(), then=Value("left")),
        When(silent(now), then=Value("silent")),
        When(n_fail__gt=0, then=Value("attention")),
        When(Q(n_unknown__gt=0) | Q(n_pass=0, n_warn=0), then=Value("unchecked")),
        When(n_warn__gt=0, then=Value("look")),
        default=Value("order"),
        output_field=CharField(),
    )


def condition_of(device: Device, now: int) -> Condition:
    """The condition of one computer; the same rule as `condition_sql` (a test compares them)."""
    if device.left_at is not None:
        return "left"
    if is_silent(device, now):
        return "silent"
    if device.n_fail:
        return "attention"
    if device.n_unknown or not (device.n_pass or device.n_warn):
        return "unchecked"
    return "look" if device.n_warn else "order"


def is_silent(device: Device, now: int) -> bool:
    """Whether what it last said is no news any more: too old, never said, or a farewell."""
    if device.left_at is not None:
        return True
    return device.last_seen_at is None or device.last_seen_at < now - FRESH_SECONDS


def condition_q(condition: Condition, now: int) -> Q:
    """The filter behind a tab."""
    if condition == "left":
        return left()
    if condition == "silent":
        return silent(now)
    if condition == "attention":
        return Q(n_fail__gt=0) & heard(now)
    rest = Q(n_fail=0) & heard(now)
    blind = Q(n_unknown__gt=0) | Q(n_pass=0, n_warn=0)
    if condition == "unchecked":
        return rest & blind
    rest &= ~blind
    return rest & (Q(n_warn__gt=0) if condition == "look" else Q(n_warn=0))
