from django.db import migrations, models
from django.db.models import Q

from huiyin.lib import indexes


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("complaints", "0035_pauses_named")]

    operations = [
        indexes.AddIndex(
            "complaint",
            models.Index(fields=["filed_at"], condition=Q(intake_seconds__isnull=False), name="complaint_typed_in"),
        ),
    ]
