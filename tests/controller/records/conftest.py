"""The schools of the pages' tests, with a clock that stands still."""

from tests.controller.web.conftest import (  # noqa: F401  fixtures by name
    controller_keys,
    elsewhere,
    place,
    signed_in,
    standing_clock,
    stranger,
    technician,
)
