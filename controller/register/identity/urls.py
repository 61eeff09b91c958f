"""Addresses of doubts, and of merging and parting entries."""

from django.urls import path

import controller.serving.converters  # noqa: F401  it makes `<asset:…>` known
from controller.register.identity import views

urlpatterns = [
    path("register/doubts/", views.doubts, name="register_doubts"),
    path("register/doubts/<slug:device_id>/", views.decide, name="register_doubt"),
    path("register/<asset:asset_id>/merge/", views.merge, name="register_merge"),
    path("register/<asset:asset_id>/part/", views.part, name="register_part"),
]
