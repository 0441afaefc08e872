from django.db import migrations, models


class Migration(migrations.Migration):
    """The scorecard stays with the draw; draws from before have none, and are asked what is in force."""

    dependencies = [("coaching", "0004_defaults_kept")]

    operations = [migrations.AddField("draw", "card", models.JSONField(null=True))]
