"""Addresses of what is judged of the register."""

from django.urls import path

from controller.records import views

urlpatterns = [
    path("register/checks/", views.record_checks, name="record_checks"),
    path("register/checks/<slug:check_id>/", views.record_check, name="record_check"),
]
