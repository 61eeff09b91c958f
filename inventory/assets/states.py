"""Where an entry is in its life, and which step may follow which (S28, S29).

People move it; a report never does. `disposed` is reached only by a disposal that is complete
(`inventory.disposal.recording`), so no step here leads there; while one runs, nothing else moves
the entry (`inventory.assets.disposing`). `merged` is an entry that turned out to be another one,
`withdrawn` one that was made by mistake.
"""

from typing import Final, Literal, get_args

from inventory.assets.errors import RegisterError

State = Literal[
    "in_use", "stored", "repair", "lost", "stolen", "retired", "disposed", "merged", "withdrawn"
]
STATES: Final[tuple[State, ...]] = get_args(State)

_HELD: Final[frozenset[State]] = frozenset({"in_use", "stored", "repair"})
MOVES: Final[dict[State, frozenset[State]]] = {
    "in_use": frozenset({"stored", "repair", "lost", "stolen", "retired"}),
    "stored": frozenset({"in_use", "repair", "lost", "stolen", "retired"}),
    "repair": frozenset({"in_use", "stored", "lost", "stolen", "retired"}),
    "lost": frozenset({*_HELD, "stolen", "retired"}),
    "stolen": frozenset({*_HELD, "lost", "retired"}),
    "retired": frozenset({"in_use", "stored"}),
    "disposed": frozenset(),
    "merged": frozenset(),
    "withdrawn": frozenset(),
}
GONE: Final[frozenset[State]] = frozenset({"disposed", "merged", "withdrawn"})
"""States in which an entry counts nowhere but in its history."""
OWNED: Final = tuple(state for state in STATES if state not in GONE)


def check_move(before: str, after: str) -> None:
    """Raises RegisterError for a step that cannot be."""
    allowed: frozenset[str] = next(
        (to for state, to in MOVES.items() if state == before), frozenset()
    )
    if after not in allowed:
        possible = ", ".join(sorted(allowed)) or "nothing"
        raise RegisterError(
            "bad_move",
            f"What is {before.replace('_', ' ')} cannot become {after.replace('_', ' ')}; "
            f"it can become: {possible.replace('_', ' ')}.",
            "state",
        )
