from django.db import migrations, models


class Migration(migrations.Migration):
    """What an item of the scorecard looks at, in the company's own words; the default card has none."""

    dependencies = [("coaching", "0005_draw_card")]

    operations = [
        migrations.AddField(
            "scoreitem",
            "looks_at",
            models.CharField(blank=True, db_default="", default="", max_length=300, verbose_name="看什么"),
        ),
    ]
