"""The fleet's tables.

Trap: in the tables stored by their key, the columns of the key come first, in its order. SQLite 3.40's
`quick_check` reports NULLs that are not there when they do not.
"""

import django.db.models.deletion
from django.db import migrations, models

from controller.fleet.migrations._by_key import StoreByKey


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("inventory", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="JoinCode",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("label", models.CharField(blank=True, default="", max_length=120)),
                ("profile", models.CharField(blank=True, default="", max_length=16)),
                ("max_uses", models.IntegerField(null=True)),
                ("uses", models.IntegerField(default=0)),
                ("expires_at", models.BigIntegerField(null=True)),
                ("revoked_at", models.BigIntegerField(null=True)),
                ("created_by", models.CharField(max_length=40)),
                ("created_at", models.BigIntegerField()),
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
            name="Device",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("asset_doubt", models.CharField(blank=True, default="", max_length=16)),
                ("name", models.CharField(blank=True, default="", max_length=255)),
                ("platform", models.CharField(blank=True, default="", max_length=16)),
                ("os_name", models.CharField(blank=True, default="", max_length=128)),
                ("model", models.CharField(blank=True, default="", max_length=128)),
                ("profile", models.CharField(blank=True, default="", max_length=16)),
                ("profile_source", models.CharField(blank=True, default="", max_length=16)),
                ("state", models.CharField(default="pending", max_length=16)),
                ("public_key", models.BinaryField()),
                ("key_id", models.CharField(max_length=64, unique=True)),
                ("words", models.CharField(max_length=120)),
                ("factors", models.JSONField(default=dict)),
                ("binding", models.CharField(blank=True, default="", max_length=71)),
                ("weak_binding", models.BooleanField(default=True)),
                ("was", models.CharField(blank=True, default="", max_length=40)),
                ("enrolled_at", models.BigIntegerField()),
                ("approved_at", models.BigIntegerField(null=True)),
                ("approved_by", models.CharField(blank=True, default="", max_length=40)),
                ("ended_at", models.BigIntegerField(null=True)),
                ("head_seq", models.BigIntegerField(default=0)),
                ("head_hash", models.CharField(blank=True, default="", max_length=71)),
                ("content_digest", models.CharField(blank=True, default="", max_length=71)),
                ("last_seen_at", models.BigIntegerField(null=True)),
                ("last_created_at", models.BigIntegerField(null=True)),
                ("skew_seconds", models.BigIntegerField(default=0)),
                ("agent_version", models.CharField(blank=True, default="", max_length=32)),
                ("boot", models.CharField(blank=True, default="", max_length=64)),
                ("n_forks", models.IntegerField(default=0)),
                ("judge_due", models.BooleanField(default=False)),
                ("judge_turn", models.BigIntegerField(default=0)),
                ("malformed", models.JSONField(default=list)),
                ("judged_seq", models.BigIntegerField(default=0)),
                ("judged_policy", models.CharField(blank=True, default="", max_length=71)),
                ("judged_catalogue", models.CharField(blank=True, default="", max_length=71)),
                ("judged_at", models.BigIntegerField(null=True)),
                ("n_fail", models.IntegerField(default=0)),
                ("n_warn", models.IntegerField(default=0)),
                ("n_unknown", models.IntegerField(default=0)),
                ("n_pass", models.IntegerField(default=0)),
                ("worst", models.SmallIntegerField(default=0)),
                (
                    "asset",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
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
                (
                    "join_code",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to="fleet.joincode",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Night",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "site_id",
                        "day",
                        "check_id",
                        "status",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
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
                ("day", models.CharField(max_length=10)),
                ("check_id", models.CharField(blank=True, max_length=64)),
                ("status", models.CharField(max_length=16)),
                ("n", models.IntegerField()),
                ("closed_at", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PastVerdict",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "device_id",
                        "check_id",
                        "since",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="past",
                        to="fleet.device",
                    ),
                ),
                ("check_id", models.CharField(max_length=64)),
                ("since", models.BigIntegerField()),
                ("status", models.CharField(max_length=16)),
                ("severity", models.CharField(max_length=16)),
                ("says", models.CharField(max_length=64)),
                ("args", models.JSONField(default=dict)),
                ("assurance", models.CharField(default="self-reported", max_length=24)),
                ("agent_version", models.CharField(blank=True, default="", max_length=32)),
                ("policy", models.CharField(blank=True, default="", max_length=71)),
                ("catalogue", models.CharField(blank=True, default="", max_length=71)),
                ("until", models.BigIntegerField()),
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
            name="Report",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "device_id",
                        "seq",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("seq", models.BigIntegerField()),
                ("digest", models.CharField(max_length=71)),
                ("received_at", models.BigIntegerField()),
                ("created_at", models.BigIntegerField()),
                ("envelope", models.BinaryField()),
                ("content_digest", models.CharField(max_length=71)),
                (
                    "device",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="fleet.device",
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=71)),
                ("body", models.BinaryField()),
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
            name="Held",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "device_id",
                        "name",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="held",
                        to="fleet.device",
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                ("schema", models.IntegerField()),
                ("digest", models.CharField(max_length=71)),
                ("report_seq", models.BigIntegerField()),
                ("since", models.BigIntegerField()),
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
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="fleet.section",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SitePolicy",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "site_id",
                        "version",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.IntegerField()),
                ("digest", models.CharField(max_length=71)),
                ("body", models.BinaryField()),
                ("set_at", models.BigIntegerField()),
                ("set_by", models.CharField(max_length=40)),
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "site_id",
                        "check_id",
                        "status",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
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
                ("check_id", models.CharField(max_length=64)),
                ("status", models.CharField(max_length=16)),
                ("n", models.IntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "device_id",
                        "check_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verdicts",
                        to="fleet.device",
                    ),
                ),
                ("check_id", models.CharField(max_length=64)),
                ("status", models.CharField(max_length=16)),
                ("severity", models.CharField(max_length=16)),
                ("says", models.CharField(max_length=64)),
                ("args", models.JSONField(default=dict)),
                ("assurance", models.CharField(default="self-reported", max_length=24)),
                ("agent_version", models.CharField(blank=True, default="", max_length=32)),
                ("policy", models.CharField(blank=True, default="", max_length=71)),
                ("catalogue", models.CharField(blank=True, default="", max_length=71)),
                ("since", models.BigIntegerField()),
                ("evidence", models.JSONField(default=list)),
                ("agent_status", models.CharField(blank=True, default="", max_length=16)),
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
            name="Wanted",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "device_id",
                        "name",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wanted",
                        to="fleet.device",
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                ("schema", models.IntegerField()),
                ("digest", models.CharField(max_length=71)),
                ("size", models.IntegerField()),
                ("report_seq", models.BigIntegerField()),
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                (
                    "device",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="enrolment",
                        serialize=False,
                        to="fleet.device",
                    ),
                ),
                ("digest", models.CharField(max_length=71)),
                ("envelope", models.BinaryField()),
                ("received_at", models.BigIntegerField()),
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
            name="Manifest",
            fields=[
                (
                    "device",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="manifest",
                        serialize=False,
                        to="fleet.device",
                    ),
                ),
                ("digest", models.CharField(max_length=71)),
                ("report_seq", models.BigIntegerField()),
                ("body", models.BinaryField(default=b"")),
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Fork",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.BigIntegerField()),
                ("digest", models.CharField(max_length=71)),
                ("envelope", models.BinaryField()),
                ("same_hardware", models.BooleanField()),
                ("received_at", models.BigIntegerField()),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="forks",
                        to="fleet.device",
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
                    models.UniqueConstraint(fields=("device", "digest"), name="fork_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(fields=["name", "id"], name="device_name"),
        ),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(fields=["site", "name", "id"], name="device_site_name"),
        ),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(fields=["-worst", "-n_fail", "name", "id"], name="device_worst"),
        ),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(
                fields=["site", "-worst", "-n_fail", "name", "id"], name="device_site_worst"
            ),
        ),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(
                fields=["site", "state", "last_seen_at", "id"], name="device_site_seen"
            ),
        ),
        migrations.AddIndex(
            model_name="pastverdict",
            index=models.Index(fields=["check_id", "until", "since", "status"], name="past_when"),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.UniqueConstraint(
                fields=("site", "digest"), name="section_site_digest"
            ),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(
                condition=models.Q(("status__in", ("warn", "fail", "unknown"))),
                fields=["check_id", "status", "device"],
                name="verdict_open",
            ),
        ),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(
                condition=models.Q(("judge_due", True)), fields=["id"], name="device_judge_due"
            ),
        ),
        StoreByKey("Held"),
        StoreByKey("Wanted"),
        StoreByKey("Verdict"),
        StoreByKey("PastVerdict"),
        StoreByKey("Tally"),
        StoreByKey("Night"),
    ]
