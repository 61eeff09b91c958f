"""Django app of the tokens."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens, and what they open."""

    name = "controller.api"
    label = "api"
    verbose_name = "Programs"
    default_auto_field = "django.db.models.BigAutoField"
