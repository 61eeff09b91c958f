"""Addresses of programs, and the page on which they are let in."""

from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

import controller.serving.converters  # noqa: F401  it makes `<asset:…>` known
from controller.api import endpoints, views
from controller.api.answering import nothing


class TokenId(StringConverter):
    """`key_` and a ULID."""

    regex = "key_[0-9A-HJKMNP-TV-Z]{26}"


register_converter(TokenId, "token")

_V1 = "api/v1/"
urlpatterns = [
    path("register/programs/", views.programs, name="programs"),
    path("register/programs/<token:token_id>/end/", views.end, name="program_end"),
    path(f"{_V1}openapi.yaml", endpoints.description, name="api_description"),
    path(f"{_V1}token", endpoints.TOKEN, name="api_token"),
    path(f"{_V1}entries", endpoints.LISTED, name="api_entries"),
    path(f"{_V1}entries/<asset:asset_id>", endpoints.ONE, name="api_entry"),
    path(f"{_V1}rooms", endpoints.ROOMS, name="api_rooms"),
    path(f"{_V1}pools", endpoints.POOLS, name="api_pools"),
    path(f"{_V1}people", endpoints.PEOPLE, name="api_people"),
    path(f"{_V1}loans", endpoints.LOANS, name="api_loans"),
    re_path(r"^api(?:/.*)?$", nothing, name="api_nothing"),
]
