"""Ids as parts of addresses: what is not spelled like one is no page, before anything is asked."""

from django.urls import register_converter


class AssetId:
    """`asset_` and a ULID, so that no page beside an entry is ever taken for one."""

    regex = "asset_[0-9A-HJKMNP-TV-Z]{26}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


class RowId(AssetId):
    """Any other id: a short word and a ULID. A NUL, which PostgreSQL takes in no text, is none."""

    regex = "[a-z]{2,8}_[0-9A-HJKMNP-TV-Z]{26}"


register_converter(AssetId, "asset")
register_converter(RowId, "row")
