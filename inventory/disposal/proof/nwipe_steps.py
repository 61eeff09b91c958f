"""The steps that nwipe logs of one drive when it carries its options out to the end, in order.

Read off its published source (method.c of 0.33 and 0.42) and the logs of real runs of each method.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from inventory.disposal.proof.claims import Verified

PASSES: Final = {
    "Fill With Zeros": 1,
    "Fill With Ones": 1,
    "PRNG Stream": 1,
    "DoD Short": 3,
    "DoD 5220.22-M": 7,
    "Gutmann Wipe": 35,
    "RCMP TSSIT OPS-II": 8,
    "HMG IS5 Enhanced": 3,
    "Bruce Schneier 7-Pass": 7,
    "BMB21-2019": 6,
}
"""Methods that write over the whole drive, by nwipe's names, and their passes in a round."""
OPS2: Final = "RCMP TSSIT OPS-II"
"""Ends with a pass of its own, and blanks nothing."""
IS5: Final = "HMG IS5 Enhanced"
"""Reads its last pass back whatever the options say."""

Wanted = tuple[str, tuple[int, ...]]
"""A step by its kind and its numbers; bytes are compared apart."""


class Plan(NamedTuple):
    """What a run was told to do. `most`: steps that are of interest."""

    method: str
    rounds: int
    verify: Verified
    blank: bool
    most: int


def wanted_steps(plan: Plan) -> Iterator[Wanted]:
    """The steps of a whole run, `plan.most` at most. The method is one of PASSES."""
    return islice(_steps(plan), plan.most)


def _steps(plan: Plan) -> Iterator[Wanted]:
    yield ("invoked", ())
    for turn in range(1, plan.rounds + 1):
        yield ("round", (turn, plan.rounds))
        for number in range(1, PASSES[plan.method] + 1):
            yield from _pass(plan, (number, PASSES[plan.method], turn, plan.rounds))
        yield ("round_ended" if turn < plan.rounds else "ended", (turn, plan.rounds))
    reads = plan.verify in ("full", "last")
    if plan.method == OPS2:
        yield from (("last_random", ()), ("written", ()))
        if reads:
            yield from (("verifying_random", ()), ("read", ()), ("verified_random", ()))
    elif plan.blank:
        yield from (("blanking", ()), ("written", ()))
        if reads:
            yield from (("verifying_blank", ()), ("read", ()), ("verified_blank", ()))
        yield ("blanked", ())


def _pass(plan: Plan, here: tuple[int, int, int, int]) -> Iterator[Wanted]:
    number, passes, turn, rounds = here
    yield from (("pass", here), ("written", ()))
    last = (number, turn) == (passes, rounds) and not plan.blank and plan.method != OPS2
    always = plan.method == IS5 and number == passes
    if plan.verify == "full" or (plan.verify == "last" and last) or always:
        yield from (("verifying", here), ("read", ()), ("verified", here))
    yield ("passed", here)


def missing(wanted: Wanted) -> str:
    """The problem where this step is missing."""
    return "not_read_back" if wanted[0].startswith(("verif", "read")) else "incomplete"


_TOLD: Final = {
    "invoked": "Invoking method",
    "round": "Starting round {0} of {1}",
    "pass": "Starting pass {0}/{1}, round {2}/{3}",
    "written": "… bytes written",
    "verifying": "Verifying pass {0} of {1}, round {2} of {3}",
    "read": "… bytes read",
    "verified": "Verified pass {0} of {1}, round {2} of {3}",
    "passed": "Finished pass {0}/{1}, round {2}/{3}",
    "round_ended": "Finished round {0} of {1}",
    "ended": "Finished final round {0} of {1}",
    "blanking": "Blanking device",
    "verifying_blank": "Verifying that … is empty.",
    "verified_blank": "[SUCCESS] Verified that … is empty.",
    "blanked": "[SUCCESS] Blanked device",
    "last_random": "Writing final random pattern",
    "verifying_random": "Verifying final random pattern FRP",
    "verified_random": "[SUCCESS] Verified FRP",
}


def told(wanted: Wanted) -> str:
    """What is missing where a step is, as nwipe would write it."""
    return f"«{_TOLD[wanted[0]].format(*wanted[1])}» is missing here"
