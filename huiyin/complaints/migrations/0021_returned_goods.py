from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('complaints', '0020_archived_and_tiered')]

    operations = [
        migrations.AddIndex(
            "clock",
            models.Index(condition=models.Q(("code", "CK-RET")), fields=["started_at"], name="clock_returned_goods"),
        ),
    ]
