"""Codes on labels."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0005_register"),
    ]

    operations = [
        migrations.CreateModel(
            name="LabelCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=16, unique=True)),
                ("made_at", models.BigIntegerField()),
                ("made_by", models.CharField(max_length=40)),
                ("void_at", models.BigIntegerField(null=True)),
                ("void_by", models.CharField(blank=True, default="", max_length=40)),
                (
                    "asset",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="labels",
                        to="inventory.asset",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.site",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("void_at", None)),
                        fields=("asset",),
                        name="label_good_once",
                    )
                ],
            },
        ),
    ]
