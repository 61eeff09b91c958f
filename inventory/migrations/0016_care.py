"""Recurring care: kinds, things under them, what was done."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0015_counts_and_texts"),
    ]

    operations = [
        migrations.CreateModel(
            name="CareKind",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("seq", models.IntegerField(default=1)),
                ("name", models.CharField(max_length=80)),
                ("every", models.IntegerField()),
                ("unit", models.CharField(max_length=8)),
                ("certificate", models.BooleanField(default=False)),
                ("created_at", models.BigIntegerField()),
                ("ended_at", models.BigIntegerField(null=True)),
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
        ),
        migrations.CreateModel(
            name="Care",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("seq", models.IntegerField(default=1)),
                ("first_due_on", models.CharField(max_length=10)),
                ("due_on", models.CharField(max_length=10)),
                ("last_on", models.CharField(blank=True, default="", max_length=10)),
                ("last_result", models.CharField(blank=True, default="", max_length=8)),
                ("stopped_at", models.BigIntegerField(null=True)),
                (
                    "asset",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care",
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
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="things",
                        to="inventory.carekind",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CareDone",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("batch", models.CharField(max_length=32)),
                ("on", models.CharField(max_length=10)),
                ("result", models.CharField(max_length=8)),
                ("who", models.CharField(blank=True, default="", max_length=80)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("certificate", models.CharField(blank=True, default="", max_length=32)),
                ("at", models.BigIntegerField()),
                ("noted_by", models.CharField(max_length=40)),
                ("undone_at", models.BigIntegerField(null=True)),
                ("undone_by", models.CharField(blank=True, default="", max_length=40)),
                (
                    "care",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="done",
                        to="inventory.care",
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
                    models.Index(fields=["batch"], name="care_done_batch"),
                    models.Index(fields=["site", "-at"], name="care_done_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("care", "batch"), name="care_done_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="carekind",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("site", "name"),
                name="care_kind_name",
            ),
        ),
        migrations.AddIndex(
            model_name="care",
            index=models.Index(
                condition=models.Q(("stopped_at", None)), fields=["site", "due_on"], name="care_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="care",
            constraint=models.UniqueConstraint(fields=("asset", "kind"), name="care_once"),
        ),
    ]
