"""Addresses of the overview, of areas and of checks."""

from django.urls import path

from controller.posture import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("areas/<slug:domain>/", views.area, name="area"),
    path("checks/", views.checks, name="checks"),
    path("checks/<slug:check_id>/", views.check, name="check"),
]
