"""Addresses of the September rollover."""

from django.urls import path, re_path

from controller.rollover import views

_STEP = r"^register/rollover/(?P<rollover_id>roll_[0-9A-HJKMNP-TV-Z]{26})/"
urlpatterns = [
    path("register/rollover/", views.rollover, name="rollover"),
    path("register/rollover/preview/", views.preview, name="rollover_preview"),
    path("register/rollover/do/", views.carry_out, name="rollover_do"),
    re_path(_STEP + "$", views.step, name="rollover_step"),
    re_path(_STEP + "undo/$", views.undo, name="rollover_undo"),
]
