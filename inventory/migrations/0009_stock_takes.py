"""Counts of what is really there: sessions, rooms, what was expected in each, scans."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0008_loan_terms"),
    ]

    operations = [
        migrations.CreateModel(
            name="StockTake",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("begun_at", models.BigIntegerField()),
                ("begun_by", models.CharField(max_length=40)),
                ("finished_at", models.BigIntegerField(null=True)),
                ("finished_by", models.CharField(blank=True, default="", max_length=40)),
                ("stopped_at", models.BigIntegerField(null=True)),
                ("batch", models.CharField(blank=True, default="", max_length=32)),
                ("digest", models.CharField(blank=True, default="", max_length=71)),
                ("signed_at", models.BigIntegerField(null=True)),
                ("signed_by", models.CharField(blank=True, default="", max_length=40)),
                ("signed_name", models.CharField(blank=True, default="", max_length=120)),
                ("signature", models.CharField(blank=True, default="", max_length=64)),
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
            name="CountedRoom",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("begun_at", models.BigIntegerField(null=True)),
                ("begun_by", models.CharField(blank=True, default="", max_length=40)),
                ("closed_at", models.BigIntegerField(null=True)),
                ("closed_by", models.CharField(blank=True, default="", max_length=40)),
                ("result", models.JSONField(default=dict)),
                (
                    "room",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.room",
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
                    "take",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rooms",
                        to="inventory.stocktake",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CountScan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("at", models.BigIntegerField()),
                ("scanned_by", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=8)),
                ("how", models.CharField(blank=True, default="", max_length=8)),
                ("text", models.CharField(blank=True, default="", max_length=128)),
                (
                    "asset",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.asset",
                    ),
                ),
                (
                    "counted",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scans",
                        to="inventory.countedroom",
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
                        condition=models.Q(("kind__in", ["seen", "with"])),
                        fields=["asset", "id"],
                        name="count_scan_asset",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("counted", "key"), name="count_scan_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="Expected",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("trolley", models.CharField(blank=True, default="", max_length=32)),
                (
                    "asset",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.asset",
                    ),
                ),
                (
                    "counted",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="expected",
                        to="inventory.countedroom",
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
                "constraints": [
                    models.UniqueConstraint(fields=("counted", "asset"), name="expected_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="stocktake",
            index=models.Index(fields=["site", "id"], name="stocktake_site"),
        ),
        migrations.AddConstraint(
            model_name="countedroom",
            constraint=models.UniqueConstraint(fields=("take", "room"), name="counted_room_once"),
        ),
    ]
