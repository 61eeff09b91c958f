"""Where the first migration looks for the step that now lies beside the register."""

from inventory.by_key import StoreByKey

__all__ = ["StoreByKey"]
