"""Addresses of the register."""

from django.urls import path, register_converter

from controller.register import views


class AssetId:
    """`asset_` and a ULID, so that no page beside an entry is ever taken for one."""

    regex = "asset_[0-9A-HJKMNP-TV-Z]{26}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(AssetId, "asset")

urlpatterns = [
    path("register/", views.register, name="register"),
    path("register/<asset:asset_id>/", views.entry, name="register_entry"),
]
