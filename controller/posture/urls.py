"""Addresses of the overview."""

from django.urls import path

from controller.posture import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("areas/<slug:domain>/", views.area, name="area"),
]
