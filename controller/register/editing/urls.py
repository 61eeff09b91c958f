"""Addresses where the register is changed."""

from django.urls import path

import controller.serving.converters  # noqa: F401  it makes `<asset:…>` known
from controller.register.editing import moving, views

urlpatterns = [
    path("register/new/", views.new, name="register_new"),
    path("register/<asset:asset_id>/edit/", views.edit, name="register_edit"),
    path("register/<asset:asset_id>/state/", moving.move, name="register_state"),
    path("register/<asset:asset_id>/withdraw/", moving.withdraw, name="register_withdraw"),
]
