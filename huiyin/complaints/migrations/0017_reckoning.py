import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0016_untold"), ("org", "0006_duty")]

    operations = [
        migrations.CreateModel(
            name="Reckoning",
            fields=[
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="org.change",
                    ),
                ),
                ("total", models.PositiveIntegerField()),
                ("looked", models.PositiveIntegerField(default=0)),
                ("moved", models.PositiveIntegerField(default=0)),
                ("after", models.BigIntegerField(default=0)),
                ("began_at", models.DateTimeField()),
                ("is_over", models.BooleanField(default=False)),
            ],
            options={"ordering": ["-change"]},
        ),
    ]
