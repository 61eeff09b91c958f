"""Addresses of what is away for repair."""

from django.urls import path

from controller.register import urls as _register  # noqa: F401  the converter of these addresses
from controller.repairs import views

_ONE = "register/repairs/<asset:asset_id>/"
urlpatterns = [
    path("register/repairs/", views.repairs, name="repairs"),
    path(_ONE, views.repair, name="repair"),
    path(_ONE + "send/", views.send, name="repair_send"),
    path(_ONE + "back/", views.back, name="repair_back"),
    path(_ONE + "answer/", views.answer, name="repair_answer"),
    path(_ONE + "drive/", views.drive, name="repair_drive"),
]
