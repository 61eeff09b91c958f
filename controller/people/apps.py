"""Django app of the accounts."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People, their sign-in and their roles."""

    name = "controller.people"
    label = "people"
    verbose_name = "People"
