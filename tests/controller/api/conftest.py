"""The schools, the clock and the browsers of the pages' tests."""

from tests.controller.web.conftest import (
    controller_keys,
    elsewhere,
    place,
    signed_in,
    standing_clock,
)

__all__ = ["controller_keys", "elsewhere", "place", "signed_in", "standing_clock"]
