"""Django's name for the verdicts on the register."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The records app."""

    name = "controller.records"
    label = "records"
    verbose_name = "What is judged of the register"
    default_auto_field = "django.db.models.BigAutoField"
