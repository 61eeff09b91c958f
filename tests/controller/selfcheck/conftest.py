"""The controller of the intake tests, for the looks that ask the database."""

from tests.controller.intake.conftest import controller, data, standing_clock

__all__ = ["controller", "data", "standing_clock"]
