from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0003_chat")]

    operations = [
        migrations.AddField(
            "chatmessage", "conversation_id", models.CharField(blank=True, db_default="", default="", max_length=128)
        ),
    ]
