"""Django's name for the computers that report."""

from django.apps import AppConfig


class FleetConfig(AppConfig):
    """The fleet app."""

    name = "controller.fleet"
    label = "fleet"
    verbose_name = "Computers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follow the register: what a computer is for depends on who has it and where it is, and
        whether it may report on whether it is still the school's."""
        from controller.fleet import gone, purposes
        from controller.fleet.departing import KEYS
        from inventory import watching
        from inventory.disposal import departing
        from inventory.ghosts import telling

        watching.listen(purposes.changed)
        watching.listen(gone.changed)
        departing.listen(KEYS)
        telling.listen(gone.seen_again)
