"""Addresses of labels."""

from django.urls import path

from controller.labels import views, views_public

urlpatterns = [
    path("register/labels/", views.labels, name="labels"),
    path("register/labels/sheet/", views.sheet, name="labels_sheet"),
    path("register/labels/void/", views.void, name="labels_void"),
    path("l/<str:code>/", views_public.label, name="label"),
]
