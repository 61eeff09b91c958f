"""Addresses of the network's pages."""

from django.urls import path

from controller.network import views

_NETWORK = "register/network/"
urlpatterns = [
    path(_NETWORK, views.network_map, name="network"),
    path(_NETWORK + "things/", views.things, name="network_things"),
    path(_NETWORK + "things/<slug:mac_id>/", views.thing, name="network_thing"),
    path(_NETWORK + "wireless/", views.wireless, name="network_wireless"),
    path(_NETWORK + "rounds/", views.rounds, name="network_rounds"),
    path(_NETWORK + "rounds/<slug:survey_id>/", views.round_page, name="network_round"),
    path(_NETWORK + "devices/<slug:device_id>/", views.device, name="network_device"),
]
