"""Numbers side by side as one bar, each with its word and tone: colour never stands alone."""

from dataclasses import dataclass
from typing import Final

from controller.wording.words import Tone


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a bar: where it starts and how long it is, in thousandths, and what it
    counts.
    """

    name: str
    tone: Tone
    label: str
    number: int
    start: int
    length: int


_TONES: Final[dict[str, Tone]] = {
    "attention": "bad",
    "look": "warn",
    "unchecked": "blind",
    "silent": "grey",
    "left": "grey",
    "kept": "good",
    "order": "good",
}
_LABELS: Final = {
    "attention": ("needs attention", "need attention"),
    "look": ("worth a look", "worth a look"),
    "unchecked": ("couldn’t be checked", "couldn’t be checked"),
    "silent": ("not heard from", "not heard from"),
    "left": ("taken off", "taken off"),
    "kept": ("kept", "kept"),
    "order": ("in order", "in order"),
}


def bar(numbers: dict[str, int]) -> list[Segment]:
    """Segments that fill 1,000 exactly; the smallest group still shows."""
    present = {name: number for name, number in numbers.items() if number > 0}
    total = sum(present.values())
    segments, start = [], 0
    for place, (name, number) in enumerate(present.items(), start=1):
        end = 1000 if place == len(present) else start + max(12, round(1000 * number / total))
        end = min(end, 1000 - 12 * (len(present) - place))
        label = _LABELS[name][0 if number == 1 else 1]
        segments.append(Segment(name, _TONES[name], label, number, start, end - start))
        start = end
    return segments
