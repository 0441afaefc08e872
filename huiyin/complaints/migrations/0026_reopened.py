from django.db import migrations, models

from huiyin.lib import indexes


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("complaints", "0025_lapsed")]

    operations = [
        indexes.AddIndex(
            "complaint",
            models.Index(
                condition=models.Q(("reopened_at__isnull", False)), fields=["reopened_at"], name="complaint_reopened"
            ),
        ),
    ]
