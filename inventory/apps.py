"""Django's name for the register."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """The register app."""

    name = "inventory"
    label = "inventory"
    verbose_name = "Register"
    default_auto_field = "django.db.models.BigAutoField"
