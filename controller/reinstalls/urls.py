"""Addresses of computers that are set up anew."""

from django.urls import path

from controller.reinstalls import views

urlpatterns = [
    path("register/setting-up/", views.reinstalls, name="reinstalls"),
    path("register/setting-up/<str:request_id>/", views.reinstall, name="reinstall"),
    path("register/setting-up/<str:request_id>/stop/", views.stop, name="reinstall_stop"),
]
