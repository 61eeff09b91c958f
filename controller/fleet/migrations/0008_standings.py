import hashlib
from itertools import groupby
from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def keep_sets(apps: Any, schema_editor: Any) -> None:
    """The set of results that each computer has, as judging keeps it from now on."""
    device_model, verdict_model, standing_model = (
        apps.get_model("fleet", name) for name in ("Device", "Verdict", "Standing")
    )
    rows = (
        verdict_model.objects.filter(device__state="active")
        .order_by("device_id", "check_id")
        .values_list("device_id", "device__site_id", "check_id", "status", "severity")
    )
    holders: dict[tuple[str, str], list[str]] = {}
    for (device, site), those in groupby(rows.iterator(), key=lambda row: row[:2]):
        results = ",".join(" ".join(result) for result in sorted(row[2:] for row in those))
        holders.setdefault((site, results), []).append(device)
    for (site, results), devices in sorted(holders.items()):
        digest = hashlib.sha256(results.encode()).hexdigest()[:32]
        made = standing_model.objects.create(
            site_id=site, digest=digest, results=results, used_at=0
        )
        for start in range(0, len(devices), 500):
            some = devices[start : start + 500]
            device_model.objects.filter(id__in=some).update(standing=made.id)


class Migration(migrations.Migration):
    """Sets of results that computers share, and indexes in which the front page counts."""

    dependencies = [
        ("fleet", "0007_ruled"),
        ("inventory", "0004_settled_differences"),
    ]

    operations = [
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "site",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.site",
                    ),
                ),
                ("digest", models.CharField(max_length=32)),
                ("results", models.TextField()),
                ("used_at", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("site", "digest"), name="standing_site_digest")
                ],
            },
        ),
        migrations.AddField(
            model_name="device",
            name="standing",
            field=models.BigIntegerField(null=True),
        ),
        migrations.RunPython(keep_sets, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="device", name="device_site_seen"),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(
                fields=[
                    *("site", "state", "last_seen_at", "id", "left_at"),
                    *("n_fail", "n_warn", "n_unknown", "n_pass", "worst", "standing"),
                ],
                name="device_site_stands",
            ),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(
                fields=["site", "since"],
                name="verdict_failing",
                condition=models.Q(("status", "fail")),
            ),
        ),
    ]
