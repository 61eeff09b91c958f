"""Addresses of what was seen again."""

from django.urls import path

from controller.ghosts import views

_ONE = "register/disposal/seen/<slug:alarm_id>/"
urlpatterns = [
    path("register/disposal/seen/", views.ghosts, name="ghosts"),
    path(_ONE, views.ghost, name="ghost"),
    path(_ONE + "answer/", views.answer, name="ghost_answer"),
    path(_ONE + "proof/", views.proof, name="ghost_proof"),
]
