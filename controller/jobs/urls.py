"""Addresses of jobs."""

from django.urls import path

from controller.jobs import views

urlpatterns = [
    path("register/jobs/", views.jobs, name="jobs"),
    path("register/jobs/<str:job_id>/done/", views.finish, name="job_done"),
]
