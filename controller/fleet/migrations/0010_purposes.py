"""What the join code says is kept beside what a computer is for, and whether it goes home."""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def keep_codes_word(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Until now it was the profile itself, unless a person had said another."""
    said = apps.get_model("fleet", "Device").objects.filter(profile_source="join_code")
    said.update(joined_profile=F("profile"))


class Migration(migrations.Migration):
    """Two columns, the first filled."""

    dependencies: ClassVar = [("fleet", "0009_doubts_and_parts")]

    operations: ClassVar = [
        migrations.AddField("device", "goes_home", models.BooleanField(default=False)),
        migrations.AddField(
            "device", "joined_profile", models.CharField(blank=True, default="", max_length=16)
        ),
        migrations.RunPython(keep_codes_word, migrations.RunPython.noop),
    ]
