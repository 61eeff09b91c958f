"""Addresses of drives."""

from django.urls import path

from controller.media import views

urlpatterns = [
    path("register/media/", views.listed, name="media"),
    path("register/media/new/", views.new, name="medium_new"),
    path("register/media/use/", views.publish, name="media_publish"),
    path("register/media/file/", views.payload, name="media_payload"),
    path("register/media/<slug:medium_id>/", views.medium, name="medium"),
    path("register/media/<slug:medium_id>/decide/", views.decide, name="medium_decide"),
    path("register/media/<slug:medium_id>/end/", views.end, name="medium_end"),
]
