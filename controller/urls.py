"""Every address people may open. `/v1` for agents never reaches Django (`controller/wsgi.py`)."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
