import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """A rule may draw by no severity at all."""

    dependencies = [("coaching", "0006_item_looks_at")]

    operations = [
        migrations.AlterField(
            "samplingrule",
            "severities",
            django.contrib.postgres.fields.ArrayField(models.PositiveSmallIntegerField(), blank=True, default=list),
        ),
    ]
