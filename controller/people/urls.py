"""Addresses of accounts; only the parts of allauth that we use."""

from allauth.account import views as allauth
from django.urls import path

from controller.people import views

urlpatterns = [
    path("sign-in/", allauth.login, name="account_login"),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("account/inactive/", allauth.account_inactive, name="account_inactive"),
    path("account/password/", views.change_password, name="change_password"),
]
