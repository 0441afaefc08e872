from django.db import migrations, models

from huiyin.lib import indexes


class Migration(migrations.Migration):
    atomic = False
    dependencies = [('complaints', '0020_archived_and_tiered')]

    operations = [
        indexes.AddIndex(
            "clock",
            models.Index(condition=models.Q(("code", "CK-RET")), fields=["started_at"], name="clock_returned_goods"),
        ),
    ]
