"""Addresses of deliveries."""

from django.urls import path

from controller.deliveries import views

urlpatterns = [
    path("register/deliveries/", views.deliveries, name="deliveries"),
    path("register/deliveries/<str:delivery_id>/", views.delivery, name="delivery"),
    path("register/deliveries/<str:delivery_id>/arrived/", views.arrive, name="delivery_arrived"),
    path("register/deliveries/<str:delivery_id>/undo/", views.undo, name="delivery_undo"),
]
