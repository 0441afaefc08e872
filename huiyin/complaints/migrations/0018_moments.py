from django.db import migrations, models
from django.db.models import Q


def _by(column: str, name: str) -> migrations.AddIndex:
    known = Q(**{f"{column}__isnull": False})
    return migrations.AddIndex(
        model_name="complaint", index=models.Index(fields=[column], condition=known, name=name)
    )


class Migration(migrations.Migration):
    dependencies = [("complaints", "0017_reckoning")]

    operations = [
        _by("first_contact_at", "complaint_heard"),
        _by("replied_at", "complaint_replied"),
        _by("closed_at", "complaint_closed"),
    ]
