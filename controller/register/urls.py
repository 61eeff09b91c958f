"""Addresses of the register."""

from django.urls import path

from controller.register import views

urlpatterns = [
    path("register/", views.register, name="register"),
    path("register/<slug:asset_id>/", views.entry, name="register_entry"),
]
