"""Addresses of programs, requests and licences."""

from django.urls import path

from controller.software import views, views_licences, views_requests

urlpatterns = [
    path("register/software/", views.titles, name="software"),
    path("register/software/decide/", views.decide, name="software_decide"),
    path("register/software/proposal/", views.proposal, name="software_proposal"),
    path("register/software/proposal/use/", views.publish, name="software_publish"),
    path("register/software/proposal/file/", views.payload, name="software_payload"),
    path("register/software/requests/", views_requests.listed, name="software_requests"),
    path("register/software/requests/new/", views_requests.ask, name="software_ask"),
    path(
        "register/software/requests/<slug:request_id>/decide/",
        views_requests.decide,
        name="software_request_decide",
    ),
    path("register/software/<slug:title_id>/", views.title, name="software_title"),
    path("register/software/<slug:title_id>/needs/", views.licence_needed, name="software_needs"),
    path("register/licences/", views_licences.listed, name="licences"),
    path("register/licences/new/", views_licences.new, name="licence_new"),
    path("register/licences/<slug:licence_id>/", views_licences.licence, name="licence"),
    path("register/licences/<slug:licence_id>/proof/", views_licences.proof, name="licence_proof"),
    path("register/licences/<slug:licence_id>/end/", views_licences.end, name="licence_end"),
]
