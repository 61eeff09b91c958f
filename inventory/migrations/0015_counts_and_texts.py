from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from inventory.by_key import StoreByKey

COUNT = (
    "INSERT INTO inventory_assettally (site_id, state, kind, n) "
    "SELECT site_id, state, kind, count(*) FROM inventory_asset GROUP BY site_id, state, kind"
)
COPY = (
    "INSERT INTO inventory_assettext (site_id, asset_id, text) "
    "SELECT site_id, id, haystack FROM inventory_asset"
)


def fill(_apps: Any, schema_editor: Any) -> None:
    """From the entries as they stand."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(COUNT)
        cursor.execute(COPY)
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or the table cannot be altered now


class Migration(migrations.Migration):
    dependencies = [("inventory", "0014_deliveries")]

    operations = [
        migrations.CreateModel(
            name="AssetTally",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "site_id",
                        "state",
                        "kind",
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
                ("state", models.CharField(max_length=32)),
                ("kind", models.CharField(max_length=32)),
                ("n", models.IntegerField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="AssetText",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "site_id",
                        "asset_id",
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
                (
                    "asset",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.asset",
                    ),
                ),
                ("text", models.TextField()),
            ],
            options={"abstract": False},
        ),
        StoreByKey("AssetTally"),
        StoreByKey("AssetText"),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveField(model_name="asset", name="haystack"),
        migrations.AddIndex(
            model_name="asset",
            index=models.Index(fields=["site", "tag", "id"], name="asset_by_tag"),
        ),
    ]
