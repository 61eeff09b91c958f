"""Addresses of the register."""

from django.urls import path

import controller.serving.converters  # noqa: F401  it makes `<asset:…>` known
from controller.register import views

urlpatterns = [
    path("register/", views.register, name="register"),
    path("register/<asset:asset_id>/", views.entry, name="register_entry"),
]
