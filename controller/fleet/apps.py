"""Django's name for the computers that report."""

from django.apps import AppConfig


class FleetConfig(AppConfig):
    """The fleet app."""

    name = "controller.fleet"
    label = "fleet"
    verbose_name = "Computers"
    default_auto_field = "django.db.models.BigAutoField"
