"""Addresses where the register is changed."""

from django.urls import path, register_converter

import controller.serving.converters  # noqa: F401  it makes `<asset:…>` known
from controller.register.editing import (
    moving,
    views,
    views_many,
    views_searches,
    views_sheet,
    views_steps,
)


class StepId:
    """What one step is known by: a few letters and a ULID."""

    regex = "[a-z]{2,8}_[0-9A-HJKMNP-TV-Z]{26}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(StepId, "step")

urlpatterns = [
    path("register/new/", views.new, name="register_new"),
    path("register/found.csv", views_sheet.sheet, name="register_csv"),
    path("register/several/", views_many.several, name="register_several"),
    path("register/searches/", views_searches.searches, name="register_searches"),
    path("register/searches/keep/", views_searches.keep, name="register_search_keep"),
    path("register/steps/<step:batch>/", views_steps.step, name="register_step"),
    path("register/steps/<step:batch>/undo/", views_steps.undo, name="register_undo"),
    path("register/<asset:asset_id>/edit/", views.edit, name="register_edit"),
    path("register/<asset:asset_id>/state/", moving.move, name="register_state"),
    path("register/<asset:asset_id>/withdraw/", moving.withdraw, name="register_withdraw"),
]
