"""Addresses of jobs."""

from django.urls import path

import controller.serving.converters  # noqa: F401  it makes `<row:…>` known
from controller.jobs import views

urlpatterns = [
    path("register/jobs/", views.jobs, name="jobs"),
    path("register/jobs/<row:job_id>/done/", views.finish, name="job_done"),
]
