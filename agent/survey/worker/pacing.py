"""A token bucket: how often something may happen. Times are seconds of any one clock."""


class Bucket:
    """`rate` a second in the long run, never more than `burst` at once."""

    def __init__(self, rate: float, burst: float = 1.0) -> None:
        if rate <= 0 or burst < 1:
            raise ValueError("a bucket needs a rate, and room for one")
        self._rate, self._burst = rate, burst
        self._held = burst
        self._at: float | None = None

    def take(self, now: float) -> bool:
        """Whether it may happen now; then it counts as done."""
        self._fill(now)
        if self._held < 1:
            return False
        self._held -= 1
        return True

    def wait(self, now: float) -> float:
        """Seconds until it may happen; 0: now."""
        self._fill(now)
        return max(0.0, (1 - self._held) / self._rate)

    def _fill(self, now: float) -> None:
        """A clock that went back fills nothing, and takes nothing away."""
        if self._at is not None and now > self._at:
            # A little more than fractions add up to, or a token would be late by one turn.
            gained = (now - self._at) * self._rate
            self._held = min(self._burst, self._held + gained + 1e-9)
        self._at = now
