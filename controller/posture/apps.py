"""Django app of the overview; it has no tables of its own."""

from django.apps import AppConfig


class PostureConfig(AppConfig):
    """Overview pages."""

    name = "controller.posture"
    label = "posture"
    verbose_name = "How safe we are"
