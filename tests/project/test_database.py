"""The database that tests run on: the one this run asked for, made by the committed migrations."""

import os

import pytest
from django.core.management import call_command
from django.db import connection

from tests.environment import DATABASE


@pytest.mark.django_db
def test_the_run_uses_the_database_it_was_asked_to() -> None:
    assert connection.vendor == ("postgresql" if DATABASE in os.environ else "sqlite")


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    # Exits, and so fails the test, when a migration is missing.
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
