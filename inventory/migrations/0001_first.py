"""The register's tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Asset",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("tag", models.CharField(blank=True, default="", max_length=64)),
                ("kind", models.CharField(default="computer", max_length=32)),
                ("make", models.CharField(blank=True, default="", max_length=128)),
                ("model", models.CharField(blank=True, default="", max_length=128)),
                ("serial", models.CharField(blank=True, default="", max_length=128)),
                ("uuid", models.CharField(blank=True, default="", max_length=64)),
                ("name", models.CharField(blank=True, default="", max_length=255)),
                ("state", models.CharField(default="in_use", max_length=32)),
                ("created_at", models.BigIntegerField()),
                ("fixed_by_person", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("timezone", models.CharField(default="Europe/London", max_length=64)),
                ("created_at", models.BigIntegerField(default=0)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LedgerHead",
            fields=[
                (
                    "site",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="inventory.site",
                    ),
                ),
                ("seq", models.BigIntegerField(default=0)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.BigIntegerField()),
                ("at", models.BigIntegerField()),
                ("actor", models.CharField(max_length=40)),
                ("verb", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=40)),
                ("before_digest", models.CharField(blank=True, default="", max_length=71)),
                ("after_digest", models.CharField(blank=True, default="", max_length=71)),
                ("reason_digest", models.CharField(blank=True, default="", max_length=71)),
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
            name="AssetMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("value", models.CharField(max_length=128)),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
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
        ),
        migrations.CreateModel(
            name="AssetEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.IntegerField()),
                ("at", models.BigIntegerField()),
                ("actor", models.CharField(max_length=40)),
                ("verb", models.CharField(max_length=40)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("nonce", models.CharField(max_length=32)),
                (
                    "asset",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
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
        ),
        migrations.AddField(
            model_name="asset",
            name="site",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assets",
                to="inventory.site",
            ),
        ),
        migrations.CreateModel(
            name="EventNote",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="note",
                        serialize=False,
                        to="inventory.event",
                    ),
                ),
                ("nonce", models.CharField(max_length=32)),
                ("text", models.TextField(blank=True)),
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
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["subject", "site", "seq"], name="event_subject"),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(fields=("site", "seq"), name="event_site_seq"),
        ),
        migrations.AddIndex(
            model_name="assetmark",
            index=models.Index(fields=["site", "kind", "value"], name="mark_lookup"),
        ),
        migrations.AddConstraint(
            model_name="assetmark",
            constraint=models.UniqueConstraint(fields=("asset", "kind", "value"), name="mark_once"),
        ),
        migrations.AddConstraint(
            model_name="assetevent",
            constraint=models.UniqueConstraint(fields=("asset", "seq"), name="asset_event_seq"),
        ),
        migrations.AddIndex(
            model_name="asset",
            index=models.Index(fields=["site", "name", "id"], name="asset_site_name"),
        ),
        migrations.AddConstraint(
            model_name="asset",
            constraint=models.UniqueConstraint(
                condition=models.Q(("tag", ""), _negated=True),
                fields=("site", "tag"),
                name="asset_site_tag",
            ),
        ),
    ]
