from django.db import migrations, models


class Migration(migrations.Migration):
    """When a computer said that it leaves, and how."""

    dependencies = [
        ("fleet", "0005_published_policies"),
    ]

    operations = [
        migrations.AddField(
            model_name="device",
            name="left_at",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="device",
            name="left_how",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
    ]
