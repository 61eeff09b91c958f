"""The evidence log: lines, the end of each school's tree, and a line for each event so far."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from inventory.by_key import StoreByKey


def log_what_was(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Give every event of an earlier release its line, in the order of its number."""
    from inventory.ledger import log
    from inventory.ledger.services import said

    for head in apps.get_model("inventory", "LedgerHead").objects.order_by("site_id"):
        tail = log.take([head.site_id])[head.site_id]
        events = apps.get_model("inventory", "Event").objects.filter(site_id=head.site_id)
        for event in events.order_by("seq"):
            event.line = tail.add(event.at, said(event))
            event.save(update_fields=["line"])
        log.write([tail])


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0001_first"),
    ]

    operations = [
        migrations.AddField("ledgerhead", "size", models.BigIntegerField(default=0)),
        migrations.AddField("ledgerhead", "frontier", models.BinaryField(default=b"")),
        migrations.AddField(
            "event", "line", models.BigIntegerField(default=0), preserve_default=False
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "site_id",
                        "idx",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("idx", models.BigIntegerField()),
                ("at", models.BigIntegerField()),
                ("text", models.CharField(max_length=490)),
                ("digest", models.BinaryField(default=b"")),
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
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Waypoint",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "site_id",
                        "size",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("size", models.BigIntegerField()),
                ("frontier", models.BinaryField()),
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
            options={"abstract": False},
        ),
        StoreByKey("Line"),
        StoreByKey("Waypoint"),
        migrations.RunPython(log_what_was, migrations.RunPython.noop),
    ]
