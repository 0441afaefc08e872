from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0022_paused")]

    operations = [
        migrations.AddField(
            "complaint", "is_red", models.BooleanField(db_default=False, default=False, verbose_name="红色通道"),
        ),
    ]
