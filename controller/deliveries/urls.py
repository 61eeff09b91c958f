"""Addresses of deliveries."""

from django.urls import path

import controller.serving.converters  # noqa: F401  it makes `<row:…>` known
from controller.deliveries import views

urlpatterns = [
    path("register/deliveries/", views.deliveries, name="deliveries"),
    path("register/deliveries/<row:delivery_id>/", views.delivery, name="delivery"),
    path("register/deliveries/<row:delivery_id>/arrived/", views.arrive, name="delivery_arrived"),
    path("register/deliveries/<row:delivery_id>/undo/", views.undo, name="delivery_undo"),
]
