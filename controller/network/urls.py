"""Addresses of the network's pages."""

from django.urls import path

from controller.network import acting, views

_NETWORK = "register/network/"
urlpatterns = [
    path(_NETWORK, views.network_map, name="network"),
    path(_NETWORK + "things/", views.things, name="network_things"),
    path(_NETWORK + "things/<slug:mac_id>/", views.thing, name="network_thing"),
    path(_NETWORK + "things/<slug:mac_id>/say/", acting.say, name="network_say"),
    path(_NETWORK + "things/<slug:mac_id>/back/", acting.take_back, name="network_take_back"),
    path(_NETWORK + "things/<slug:mac_id>/enter/", acting.enter, name="network_enter"),
    path(_NETWORK + "servers/<slug:server_id>/", acting.server, name="network_server"),
    path(_NETWORK + "wireless/", views.wireless, name="network_wireless"),
    path(_NETWORK + "rounds/", views.rounds, name="network_rounds"),
    path(_NETWORK + "rounds/<slug:survey_id>/", views.round_page, name="network_round"),
    path(_NETWORK + "devices/<slug:device_id>/", views.device, name="network_device"),
    path(
        _NETWORK + "devices/<slug:device_id>/enter/",
        acting.enter_device,
        name="network_enter_device",
    ),
]
