"""Roles at schools; a migration of its own because it needs the register's Site."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import controller.clock

ROLES = [
    "technician",
    "slt",
    "dsl",
    "business_manager",
    "governor",
    "provider",
    "trust",
    "auditor",
    "admin",
]


class Migration(migrations.Migration):
    """Make the table."""

    dependencies = [("people", "0001_initial"), ("inventory", "0001_first")]

    operations = [
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(choices=[(role, role) for role in ROLES], max_length=20)),
                (
                    "created_at",
                    models.BigIntegerField(default=controller.clock.now, editable=False),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.site",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "site", "role"), name="people_membership_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ROLES)), name="people_membership_known_role"
                    ),
                ],
            },
        ),
    ]
