"""Addresses of the places of a school."""

from django.urls import path, register_converter

from controller.places import views, views_trolleys


class PlaceId:
    """A room, a set, or an entry that holds others."""

    regex = "(?:room|pool|asset)_[0-9A-HJKMNP-TV-Z]{26}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(PlaceId, "place")

_ONE = "register/places/<place:place_id>/"
urlpatterns = [
    path("register/places/", views.places, name="places"),
    path("register/places/add/", views.add, name="place_add"),
    path("register/places/order/", views.order, name="place_order"),
    path(_ONE, views.place, name="place"),
    path(_ONE + "change/", views.change, name="place_change"),
    path(_ONE + "end/", views.end, name="place_end"),
    path(_ONE + "empty/", views.empty, name="place_empty"),
    path(_ONE + "put-in/", views.put_in, name="place_put_in"),
    path(_ONE + "take-out/", views.take_out, name="place_take_out"),
    path(_ONE + "count/", views_trolleys.count, name="trolley_count"),
    path(_ONE + "lend/", views_trolleys.lend, name="trolley_lend"),
    path(_ONE + "back/", views_trolleys.back, name="trolley_back"),
]
