"""Addresses of what is lost or stolen."""

from django.urls import path

import controller.serving.converters  # noqa: F401  it makes `<asset:…>` and `<row:…>` known
from controller.losses import views

_ONE = "register/disposal/<row:disposal_id>/lost/"
urlpatterns = [
    path("register/disposal/lost/", views.losses, name="losses"),
    path("register/disposal/lost/limit/", views.limit, name="loss_limit"),
    path("register/disposal/lost/<asset:asset_id>/", views.report, name="loss_report"),
    path(_ONE, views.loss, name="loss"),
    path(_ONE + "pack/", views.pack, name="loss_pack"),
    path(_ONE + "found/", views.found, name="loss_found"),
    path(_ONE + "write-off/", views.write_off, name="loss_write_off"),
]
