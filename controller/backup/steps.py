"""Names the moments at which a crash test ends the process; in use they do nothing."""

from collections.abc import Callable

_hook: Callable[[str], None] | None = None


def step(name: str) -> None:
    """A moment after which the disk looks different."""
    if _hook is not None:
        _hook(name)


def watch(hook: Callable[[str], None] | None) -> None:
    """Let a test see each step."""
    global _hook  # noqa: PLW0603  one process, one test
    _hook = hook
