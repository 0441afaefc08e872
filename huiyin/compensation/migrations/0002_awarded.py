from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("compensation", "0001_offers")]

    operations = [
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(
                fields=["-made_at"], condition=Q(state__in=["chosen", "fulfilled"]), name="offer_awarded"
            ),
        ),
    ]
