import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="notice",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="notice_age"),
        ),
    ]
