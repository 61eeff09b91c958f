"""Programs: titles, spellings, what each computer has, requests, licences."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0009_stock_takes"),
    ]

    operations = [
        migrations.CreateModel(
            name="SoftwareRegister",
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
                ("policy", models.CharField(blank=True, default="", max_length=71)),
                ("lists", models.CharField(blank=True, default="", max_length=71)),
                ("rebuilt_at", models.BigIntegerField(null=True)),
                ("differed", models.IntegerField(default=0)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ComputerSoftware",
            fields=[
                ("computer", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("asset", models.CharField(blank=True, db_index=True, default="", max_length=32)),
                ("platform", models.CharField(blank=True, default="", max_length=16)),
                ("section", models.CharField(blank=True, default="", max_length=71)),
                ("names", models.BinaryField(default=b"")),
                ("own_parts", models.IntegerField(default=0)),
                ("whole", models.BooleanField(default=True)),
                ("present", models.BooleanField(default=True)),
                ("counted", models.BooleanField(default=False)),
                ("read_at", models.BigIntegerField()),
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
        migrations.CreateModel(
            name="Licence",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("seq", models.IntegerField(default=1)),
                ("name", models.CharField(max_length=120)),
                ("counts", models.CharField(max_length=8)),
                ("seats", models.IntegerField(null=True)),
                ("given", models.IntegerField(null=True)),
                ("supplier", models.CharField(blank=True, default="", max_length=128)),
                ("order", models.CharField(blank=True, default="", max_length=64)),
                ("cost_pence", models.BigIntegerField(null=True)),
                ("bought_on", models.CharField(blank=True, default="", max_length=10)),
                ("expires_on", models.CharField(blank=True, default="", max_length=10)),
                ("renews", models.CharField(blank=True, default="", max_length=4)),
                ("key_kept", models.CharField(blank=True, default="", max_length=120)),
                ("document", models.CharField(blank=True, default="", max_length=32)),
                ("notes", models.CharField(blank=True, default="", max_length=1000)),
                ("created_at", models.BigIntegerField()),
                ("created_by", models.CharField(max_length=40)),
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
            name="SoftwareTitle",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=80)),
                ("title", models.CharField(max_length=120)),
                ("maker", models.CharField(blank=True, default="", max_length=120)),
                ("paid", models.BooleanField(default=False)),
                ("needs_licence", models.CharField(blank=True, default="", max_length=4)),
                ("watch", models.CharField(blank=True, default="", max_length=120)),
                ("computers", models.IntegerField(default=0)),
                ("versions", models.IntegerField(default=0)),
                ("standing", models.CharField(default="not", max_length=8)),
                ("ends_on", models.CharField(blank=True, default="", max_length=10)),
                ("first_seen_at", models.BigIntegerField()),
                ("last_seen_at", models.BigIntegerField()),
                ("wish", models.CharField(blank=True, default="", max_length=8)),
                ("wish_at", models.BigIntegerField(null=True)),
                ("wish_by", models.CharField(blank=True, default="", max_length=40)),
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
            name="SoftwareRequest",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("seq", models.IntegerField(default=1)),
                ("key", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=120)),
                ("purpose_text", models.CharField(max_length=500)),
                ("how_many", models.IntegerField()),
                ("used_by", models.CharField(blank=True, default="", max_length=120)),
                ("link", models.CharField(blank=True, default="", max_length=300)),
                ("cost_pence", models.BigIntegerField(null=True)),
                ("personal_data", models.CharField(max_length=8)),
                ("age_from", models.IntegerField(null=True)),
                ("state", models.CharField(default="asked", max_length=12)),
                ("asked_at", models.BigIntegerField()),
                ("asked_by", models.CharField(max_length=40)),
                ("looked_at", models.BigIntegerField(null=True)),
                ("looked_by", models.CharField(blank=True, default="", max_length=40)),
                ("decided_at", models.BigIntegerField(null=True)),
                ("decided_by", models.CharField(blank=True, default="", max_length=40)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
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
                    "title",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="requests",
                        to="inventory.softwaretitle",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SoftwareName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=200)),
                ("version", models.CharField(blank=True, default="", max_length=80)),
                ("platform", models.CharField(max_length=16)),
                ("source", models.CharField(max_length=16)),
                ("app_id", models.CharField(blank=True, default="", max_length=200)),
                ("maker", models.CharField(blank=True, default="", max_length=120)),
                ("system", models.BooleanField(default=False)),
                ("computers", models.IntegerField(default=0)),
                ("agreed", models.BooleanField(default=False)),
                ("ends_on", models.CharField(blank=True, default="", max_length=10)),
                ("changed_at", models.BigIntegerField()),
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
                    "title",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="inventory.softwaretitle",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LicenceTitle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "licence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="titles",
                        to="inventory.licence",
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
                    "title",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="licences",
                        to="inventory.softwaretitle",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="licence",
            index=models.Index(
                condition=models.Q(("ended_at", None)),
                fields=["site", "name", "id"],
                name="licence_list",
            ),
        ),
        migrations.AddIndex(
            model_name="softwaretitle",
            index=models.Index(fields=["site", "-computers", "title", "id"], name="software_list"),
        ),
        migrations.AddConstraint(
            model_name="softwaretitle",
            constraint=models.UniqueConstraint(fields=("site", "key"), name="software_key"),
        ),
        migrations.AddIndex(
            model_name="softwarerequest",
            index=models.Index(fields=["site", "state", "id"], name="software_request_open"),
        ),
        migrations.AddIndex(
            model_name="softwarerequest",
            index=models.Index(fields=["site", "key"], name="software_request_key"),
        ),
        migrations.AddConstraint(
            model_name="softwarename",
            constraint=models.UniqueConstraint(
                fields=("site", "digest"), name="software_name_digest"
            ),
        ),
        migrations.AddConstraint(
            model_name="licencetitle",
            constraint=models.UniqueConstraint(
                fields=("licence", "title"), name="licence_title_once"
            ),
        ),
    ]
