"""Addresses of collections."""

from django.urls import path

import controller.serving.converters  # noqa: F401  it makes `<row:…>` known
from controller.collections import views, views_day

_ALL = "register/collections/"
_ONE = f"{_ALL}<row:collection_id>/"

urlpatterns = [
    path(_ALL, views.collections, name="collections"),
    path(f"{_ALL}new/", views.new, name="collection_new"),
    path(_ONE, views.collection, name="collection"),
    path(f"{_ONE}change/", views.change, name="collection_change"),
    path(f"{_ONE}choose/", views.choose, name="collection_choose"),
    path(f"{_ONE}lines/", views.describe, name="collection_describe"),
    path(f"{_ONE}cancel/", views.cancel, name="collection_cancel"),
    path(f"{_ONE}list/", views_day.sheet, name="collection_sheet"),
    path(f"{_ONE}list.pdf", views_day.pdf, name="collection_pdf"),
    path(f"{_ONE}day/", views_day.day, name="collection_day"),
    path(f"{_ONE}driver/", views_day.forget_driver, name="collection_driver"),
]
