from django.db import migrations, models

from huiyin.lib import indexes


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("intake", "0001_waiting")]

    operations = [
        indexes.AddIndex("waiting", models.Index(fields=["entered_at"], name="waiting_entered")),
    ]
