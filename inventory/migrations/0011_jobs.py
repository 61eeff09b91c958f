"""Jobs told by labels."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0010_software"),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("said", models.CharField(blank=True, default="", max_length=500)),
                ("contact", models.CharField(blank=True, default="", max_length=120)),
                ("told_at", models.BigIntegerField()),
                ("done_at", models.BigIntegerField(null=True)),
                ("done_by", models.CharField(blank=True, default="", max_length=40)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.asset",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.site",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)),
                        fields=["site", "told_at"],
                        name="job_open",
                    ),
                    models.Index(fields=["site", "told_at", "id"], name="job_newest"),
                ],
            },
        ),
    ]
