"""Addresses of computers, of the queue and of join codes."""

from django.urls import path

from controller.fleet import views, views_codes, views_expected, views_forks, views_waiting

urlpatterns = [
    path("computers/", views.computers, name="computers"),
    path("computers.csv", views.computers_csv, name="computers_csv"),
    path("computers/<slug:device_id>/", views.computer, name="computer"),
    path("computers/<slug:device_id>/purpose/", views.set_purpose, name="computer_purpose"),
    path("computers/<slug:device_id>/withdraw/", views.withdraw, name="computer_withdraw"),
    path("computers/<slug:device_id>/fork/", views_forks.say, name="computer_fork"),
    path("computers/<slug:device_id>/known/", views_forks.known, name="computer_known"),
    path("computers/<slug:device_id>/proof.zip", views_forks.proof, name="computer_proof"),
    path("waiting/", views_waiting.waiting, name="waiting"),
    path("waiting/let-in/", views_waiting.let_in, name="let_in"),
    path("waiting/delivered/", views_expected.let_in_delivered, name="let_in_delivered"),
    path("waiting/back/", views_expected.let_in_back, name="let_in_back"),
    path("waiting/<slug:device_id>/refuse/", views_waiting.refuse, name="refuse"),
    path("join-codes/", views_codes.join_codes, name="join_codes"),
    path("join-codes/<slug:code_id>/", views_codes.join_code, name="join_code"),
    path("join-codes/<slug:code_id>/end/", views_codes.end, name="join_code_end"),
]
