"""Each report knows its line in the evidence log."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fleet", "0001_first"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="line",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="report",
            name="content_digest",
            field=models.CharField(blank=True, max_length=71),
        ),
        migrations.AlterField(
            model_name="report",
            name="digest",
            field=models.CharField(blank=True, max_length=71),
        ),
    ]
