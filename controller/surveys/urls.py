"""Addresses of Network → Who may ask."""

from django.urls import path

from controller.surveys import views

_ALL = "register/network/scopes/"

urlpatterns = [
    path(_ALL, views.rounds, name="survey_rounds"),
    path(f"{_ALL}new/", views.new, name="survey_scope_new"),
    path(f"{_ALL}signed/", views.bring, name="survey_scope_signed"),
    path(f"{_ALL}<int:number>/end/", views.end, name="survey_scope_end"),
    path(f"{_ALL}credentials/remove/", views.forget, name="survey_credential_remove"),
    path(f"{_ALL}credentials/<str:kind>/", views.credential, name="survey_credential"),
]
