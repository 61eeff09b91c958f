"""Django app of the reporting computers."""

from django.apps import AppConfig


class FleetConfig(AppConfig):
    """Devices, reports, verdicts."""

    name = "controller.fleet"
    label = "fleet"
    verbose_name = "Computers"
