"""How a parser answered: a refusal's code, or `accepted`. Any other exception fails the test."""

from collections.abc import Callable

from wire.errors import CODES, WireError

ACCEPTED = "accepted"


def refusal(call: Callable[[], object]) -> WireError | None:
    """Give the refusal, or None if there was none."""
    try:
        call()
    except WireError as error:
        return error
    return None


def code(call: Callable[[], object]) -> str:
    """Give the refusal's code, having checked that its sentence may be shown to anyone."""
    error = refusal(call)
    if error is None:
        return ACCEPTED
    assert error.code in CODES
    assert error.sentence.isprintable()
    assert 10 < len(error.sentence) <= 300
    return error.code
