"""The register: rooms, pools, people, allocations, papers, and every field of an entry."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def number(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Entries that were there know how many events they have, and what a search looks through."""
    asset = apps.get_model("inventory", "Asset")
    event = apps.get_model("inventory", "AssetEvent")
    for row in asset.objects.all().iterator():
        row.seq = event.objects.filter(asset_id=row.id).count()
        texts = (row.tag, row.name, row.make, row.model, row.serial)
        row.haystack = "\n".join(text.casefold() for text in texts if text)
        row.save(update_fields=["seq", "haystack"])
    event.objects.filter(actor__startswith="dev_").update(source="report")


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0004_settled_differences"),
    ]

    operations = [
        migrations.CreateModel(
            name="Allocation",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("since", models.BigIntegerField()),
                ("given_by", models.CharField(max_length=40)),
                ("due_on", models.CharField(blank=True, default="", max_length=10)),
                ("goes_home", models.BooleanField(default=False)),
                ("conditions", models.TextField(blank=True, default="")),
                ("signature", models.CharField(blank=True, default="", max_length=64)),
                ("until", models.BigIntegerField(null=True)),
                ("taken_by", models.CharField(blank=True, default="", max_length=40)),
                ("returned_as", models.CharField(blank=True, default="", max_length=16)),
                ("return_signature", models.CharField(blank=True, default="", max_length=64)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=120)),
                ("media_type", models.CharField(max_length=64)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                ("added_at", models.BigIntegerField()),
                ("added_by", models.CharField(max_length=40)),
                ("removed_at", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=16)),
                ("reference", models.CharField(blank=True, default="", max_length=64)),
                ("profile", models.CharField(blank=True, default="", max_length=16)),
                ("created_at", models.BigIntegerField()),
                ("left_on", models.CharField(blank=True, default="", max_length=10)),
            ],
        ),
        migrations.CreateModel(
            name="Pool",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("profile", models.CharField(blank=True, default="", max_length=16)),
                ("created_at", models.BigIntegerField()),
                ("ended_at", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("building", models.CharField(blank=True, default="", max_length=80)),
                ("order", models.IntegerField(default=0)),
                ("profile", models.CharField(blank=True, default="", max_length=16)),
                ("created_at", models.BigIntegerField()),
                ("ended_at", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="asset",
            name="acquired",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
        migrations.AddField(
            model_name="asset",
            name="bought_on",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="asset",
            name="condition",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
        migrations.AddField(
            model_name="asset",
            name="cost_pence",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="asset",
            name="due_on",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="asset",
            name="finance_number",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="asset",
            name="funding",
            field=models.CharField(blank=True, default="", max_length=128),
        ),
        migrations.AddField(
            model_name="asset",
            name="haystack",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="asset",
            name="holder",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
        migrations.AddField(
            model_name="asset",
            name="imei",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
        migrations.AddField(
            model_name="asset",
            name="invoice",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="asset",
            name="merged_into",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
        migrations.AddField(
            model_name="asset",
            name="notes",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="asset",
            name="order",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="asset",
            name="owner",
            field=models.CharField(blank=True, default="", max_length=128),
        ),
        migrations.AddField(
            model_name="asset",
            name="ownership",
            field=models.CharField(default="owned", max_length=16),
        ),
        migrations.AddField(
            model_name="asset",
            name="parent",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="holds",
                to="inventory.asset",
            ),
        ),
        migrations.AddField(
            model_name="asset",
            name="personal_data",
            field=models.CharField(blank=True, default="", max_length=8),
        ),
        migrations.AddField(
            model_name="asset",
            name="replace_on",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="asset",
            name="review_on",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="asset",
            name="security_mark",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="asset",
            name="seq",
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name="asset",
            name="supplier",
            field=models.CharField(blank=True, default="", max_length=128),
        ),
        migrations.AddField(
            model_name="asset",
            name="support_ends",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="asset",
            name="warranty_until",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="assetevent",
            name="batch",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
        migrations.AddField(
            model_name="assetevent",
            name="source",
            field=models.CharField(default="system", max_length=12),
        ),
        migrations.AddField(
            model_name="assetmark",
            name="entered",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="assetmark",
            name="lent_by",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
        migrations.AddField(
            model_name="assetmark",
            name="resting",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="assetevent",
            index=models.Index(
                condition=models.Q(("batch", ""), _negated=True),
                fields=["batch"],
                name="asset_event_batch",
            ),
        ),
        migrations.AddField(
            model_name="allocation",
            name="asset",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="allocations",
                to="inventory.asset",
            ),
        ),
        migrations.AddField(
            model_name="allocation",
            name="site",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.site",
            ),
        ),
        migrations.AddField(
            model_name="allocation",
            name="trolley",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.asset",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="asset",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="inventory.asset",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="site",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.site",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="site",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="inventory.site",
            ),
        ),
        migrations.AddField(
            model_name="allocation",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="allocations",
                to="inventory.person",
            ),
        ),
        migrations.AddField(
            model_name="pool",
            name="site",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pools",
                to="inventory.site",
            ),
        ),
        migrations.AddField(
            model_name="allocation",
            name="pool",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.pool",
            ),
        ),
        migrations.AddField(
            model_name="asset",
            name="pool",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assets",
                to="inventory.pool",
            ),
        ),
        migrations.AddField(
            model_name="room",
            name="site",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rooms",
                to="inventory.site",
            ),
        ),
        migrations.AddField(
            model_name="allocation",
            name="room",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.room",
            ),
        ),
        migrations.AddField(
            model_name="asset",
            name="room",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assets",
                to="inventory.room",
            ),
        ),
        migrations.AddIndex(
            model_name="asset",
            index=models.Index(fields=["site", "room"], name="asset_site_room"),
        ),
        migrations.AddIndex(
            model_name="asset",
            index=models.Index(fields=["site", "pool"], name="asset_site_pool"),
        ),
        migrations.AddIndex(
            model_name="asset",
            index=models.Index(fields=["site", "state", "kind"], name="asset_site_state"),
        ),
        migrations.AddIndex(
            model_name="asset",
            index=models.Index(
                condition=models.Q(("holder", ""), _negated=True),
                fields=["holder"],
                name="asset_holder",
            ),
        ),
        migrations.AddIndex(
            model_name="asset",
            index=models.Index(
                condition=models.Q(("due_on", ""), _negated=True),
                fields=["site", "due_on"],
                name="asset_due",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["site", "sha256"], name="document_content"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["site", "name", "id"], name="person_site_name"),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("site", "reference"),
                name="person_reference",
            ),
        ),
        migrations.AddConstraint(
            model_name="pool",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("site", "name"),
                name="pool_site_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("site", "building", "name"),
                name="room_site_name",
            ),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(fields=["site", "until", "due_on"], name="allocation_due"),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("asset",), name="allocation_open_once"
            ),
        ),
        migrations.RunPython(number, migrations.RunPython.noop),
    ]
