from django.db import migrations, models
from django.db.models import Q

from huiyin.lib import indexes


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("channels", "0007_robot_secret")]

    operations = [
        indexes.AddIndex(
            "message",
            models.Index(fields=["-sent_at"], condition=Q(channel="sms", status="sent"), name="message_sms_sent"),
        ),
    ]
