from django.db import migrations, models


class Migration(migrations.Migration):
    """What is typed of a call is kept apart from what is typed of a letter."""

    dependencies = [("complaints", "0038_notes_withdrawn")]

    operations = [
        migrations.AlterField(
            "draft",
            "form",
            models.CharField(
                choices=[("notes", "备注"), ("letters", "答复"), ("calls", "通话记录"), ("intake", "受理登记")],
                max_length=8,
            ),
        ),
    ]
