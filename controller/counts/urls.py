"""Addresses of the counts."""

from django.urls import path

import controller.serving.converters  # noqa: F401  it makes `<row:…>` known
from controller.counts import views, views_rooms

_TAKE = "register/counts/<row:take_id>/"
_ROOM = "register/counts/rooms/<row:counted_id>/"

urlpatterns = [
    path("register/counts/", views.counts, name="counts"),
    path("register/counts/begin/", views.begin, name="count_begin"),
    path(_ROOM, views_rooms.room, name="count_room"),
    path(f"{_ROOM}begin/", views_rooms.begin, name="count_room_begin"),
    path(f"{_ROOM}scan/", views_rooms.scan, name="count_scan"),
    path(f"{_ROOM}mark/", views_rooms.mark, name="count_mark"),
    path(f"{_ROOM}new/", views_rooms.new, name="count_new"),
    path(f"{_ROOM}add/", views_rooms.add, name="count_add"),
    path(f"{_ROOM}close/", views_rooms.close, name="count_room_close"),
    path(f"{_ROOM}open/", views_rooms.reopen, name="count_room_open"),
    path(_TAKE, views.count, name="count"),
    path(f"{_TAKE}sheet/", views.sheet, name="count_sheet"),
    path(f"{_TAKE}finish/", views.finish, name="count_finish"),
    path(f"{_TAKE}stop/", views.stop, name="count_stop"),
    path(f"{_TAKE}sign/", views.sign, name="count_sign"),
    path(f"{_TAKE}lost/", views.lost, name="count_lost"),
]
